// What the clients of several pages do together, and what one does when its page is put away.

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { answers, BASE, Clock, FakeAPI, held, Locks, NOTES, offline, Shelf } from "./fake.mjs";
import { createAuthClient } from "./shipped.mjs";

const ADA = { username: "ada", password: "right" };
const BOB = { username: "bob", password: "right" };

let clock, api, locks, shelf, opened;

beforeEach(() => {
  mock.restoreAll();
  mock.method(Math, "random", () => 0);
  clock = new Clock();
  api = new FakeAPI(clock);
  [locks, shelf, opened] = [new Locks(), new Shelf(), []];
});

afterEach(() => opened.forEach((auth) => auth.dispose()));

function tab(options) {
  const common = { baseUrl: BASE, transport: "cookie", storage: shelf, fetch: api.fetch, locks };
  const auth = createAuthClient({ ...common, ...options });
  opened.push(auth);
  return auth;
}

// Messages between pages take a while, and nothing tells that there will be none.
const settled = () => new Promise((done) => setTimeout(done, 40));
const call = async (auth) => (await auth.fetch(NOTES)).status;
const wake = (tabs) => Promise.all(tabs.map(call));

async function signedInTabs(count, options) {
  const tabs = Array.from({ length: count }, () => tab(options));
  await tabs[0].signIn(ADA);
  await settled();
  return tabs;
}

for (const transport of ["cookie", "body"]) {
  describe(`tabs in ${transport} transport`, () => {
    test("that wake together refresh once, even where tokens are good but once", async () => {
      const tabs = await signedInTabs(4, { transport });

      for (const round of [1, 2, 3]) {
        clock.pass(301);
        assert.deepEqual(await wake(tabs), [200, 200, 200, 200]);
        assert.equal(api.to("refresh/").length, round);
      }
    });

    test("that may not share the access token take turns", async () => {
      const tabs = Array.from({ length: 3 }, () => tab({ transport, shareAccess: false }));
      await tabs[0].signIn(ADA);
      assert.deepEqual(await wake(tabs), [200, 200, 200]);
      clock.pass(301);

      assert.deepEqual(await wake(tabs), [200, 200, 200]);
      assert.equal(api.to("refresh/").length, 5);
    });

    test("without channels take the token that is in store by then", async () => {
      const tabs = Array.from({ length: 3 }, () => tab({ transport, Channel: null }));
      await tabs[0].signIn(ADA);

      assert.deepEqual(await wake(tabs), [200, 200, 200]);
    });

    test("follow a sign-in, and a sign-out with its reason", async () => {
      const [one, other] = await signedInTabs(2, { transport });
      assert.deepEqual(other.state.user, { username: "ada" });

      await one.signOut();
      await settled();

      assert.deepEqual([other.state.status, other.state.reason], ["signed-out", "logged_out"]);
      await one.signIn(BOB);
      await settled();
      assert.deepEqual(other.state.user, { username: "bob" });
    });
  });
}

describe("other tabs", () => {
  test("follow a sign-in also where it finds a refresh under way", async () => {
    const [one, other] = await signedInTabs(2, { locks: null });
    const slow = held();
    api.next("refresh/", slow);
    const refresh = other.getAccess({ force: true }).catch((error) => error);
    await slow.asked;

    await one.signIn(BOB);
    await settled();

    assert.equal((await refresh).name, "AbortError");
    assert.deepEqual(other.state.user, { username: "bob" });
    clock.pass(301);
    assert.equal(await call(other), 200);
  });

  test("learn from one of them that the session is over", async () => {
    const tabs = await signedInTabs(3);
    api.end("password_changed");

    assert.equal(await call(tabs[0]), 401);
    await settled();

    for (const { state } of tabs) assert.equal(state.reason, "password_changed");
    assert.equal(api.to("refresh/").length, 1);
  });

  test("are not signed out by one that is opened and finds no cookie", async () => {
    const [one] = await signedInTabs(1);
    api.next("refresh/", answers(401, "refresh_missing"));
    const late = tab({ Channel: class extends BroadcastChannel {} });
    late.restore();

    await settled();

    assert.equal(late.state.status, "signed-out");
    assert.equal(one.state.status, "signed-in");
  });

  test("do not bring back who has signed out here", async () => {
    const [one, other] = await signedInTabs(2);
    const post = new BroadcastChannel(BASE);
    await one.signOut();
    await settled();

    post.postMessage({ access: "s0:1:1", expires_in: 300, user: { username: "ada" } });
    await settled();
    post.close();

    assert.deepEqual([one.state.status, other.state.status], ["signed-out", "signed-out"]);
  });

  test("say nothing that is taken for something else", async () => {
    const [one] = await signedInTabs(1);
    const { state } = one;
    const post = new BroadcastChannel(BASE);
    for (const message of [{}, { access: 7 }, { access: null }, { hello: "world" }, []]) {
      post.postMessage(message);
    }
    await settled();
    post.close();

    assert.equal(one.state, state);
    assert.equal(await call(one), 200);
  });

  test("do not meet where each page has a session of its own, in memory", async () => {
    const [one, other] = [0, 1].map(() => tab({ transport: "body", storage: undefined }));
    await one.signIn(ADA);
    await other.signIn(BOB);
    await settled();
    assert.deepEqual(one.state.user, { username: "ada" });

    await one.signOut();
    await settled();

    assert.equal(other.state.status, "signed-in");
  });

  test("see no refresh token in a message", async () => {
    const messages = [];
    const listener = new BroadcastChannel(BASE);
    listener.onmessage = ({ data }) => messages.push(data);
    const [one] = await signedInTabs(1, { transport: "body" });
    await one.getAccess({ force: true });
    await settled();
    listener.close();

    assert.equal(messages.length, 2);
    assert.ok(messages.every((message) => !JSON.stringify(message).includes("s0.")));
  });

  test("count a shared token from when it was asked for", async () => {
    const slow = held();
    api.next("signin/", slow);
    const [one, other] = [tab(), tab()];
    const signIn = one.signIn(ADA);
    await slow.asked;
    clock.pass(9);
    slow.release();
    await signIn;
    await settled();

    assert.equal(other.state.expiresAt, one.state.expiresAt);
  });
});

describe("the lock", () => {
  test("is held while a refresh is under way, and then no longer", async () => {
    const [one] = await signedInTabs(1);
    const slow = held();
    api.next("refresh/", slow);
    const refresh = one.getAccess({ force: true });
    await slow.asked;
    assert.equal(locks.held, 1);

    slow.release();
    await refresh;
    await settled();

    assert.equal(locks.held, 0);
  });

  test("makes a sign-in wait for another tab's refresh: its cookie would be late", async () => {
    const [one, other] = await signedInTabs(2);
    const slow = held();
    api.next("refresh/", slow);
    const refresh = one.getAccess({ force: true });
    await slow.asked;
    const signIn = other.signIn(BOB);
    await settled();
    assert.equal(api.to("signin/").length, 1);

    slow.release();
    await Promise.all([refresh, signIn]);
    await settled();

    assert.deepEqual(one.state.user, { username: "bob" });
  });

  test("is done without after five seconds, and the task is not done twice", async () => {
    const { setTimeout } = globalThis;
    const waits = [];
    mock.method(globalThis, "setTimeout", (task, ms) =>
      setTimeout(task, (waits.push(ms), ms / 500)),
    );
    const stolen = locks.request(BASE, () => new Promise((done) => setTimeout(done, 60)));
    const one = tab();

    await one.signIn(ADA);
    assert.equal(one.state.status, "signed-in");
    assert.ok(waits.includes(5000));
    await stolen;
    await settled();

    assert.equal(api.to("signin/").length, 1);
  });

  test("may be refused to the page", async () => {
    const request = () => Promise.reject(new DOMException("no", "SecurityError"));
    const one = tab({ locks: { request } });

    await one.signIn(ADA);
    await one.getAccess({ force: true });

    assert.equal(api.requests.length, 2);
  });

  test("that is free is not waited for", async () => {
    const one = tab();
    const begun = process.hrtime.bigint();

    await one.signIn(ADA);

    assert.ok(process.hrtime.bigint() - begun < 1_000_000_000n);
  });
});

describe("a page", () => {
  let page;

  beforeEach(() => {
    page = new EventTarget();
    globalThis.addEventListener = page.addEventListener.bind(page);
    globalThis.document = { hidden: false };
  });

  afterEach(() => {
    delete globalThis.addEventListener;
    delete globalThis.document;
  });

  const happens = async (type, more) => {
    page.dispatchEvent(Object.assign(new Event(type), more));
    await settled();
  };

  for (const type of ["visibilitychange", "online"]) {
    test(`refreshes what has expired, on ${type}`, async () => {
      await signedInTabs(1);
      await happens(type);
      assert.equal(api.to("refresh/").length, 0);
      clock.pass(301);

      await happens(type);

      assert.equal(api.to("refresh/").length, 1);
    });
  }

  test("that is hidden, or nobody has signed in to, asks nothing", async () => {
    const [one] = await signedInTabs(1);
    clock.pass(301);
    document.hidden = true;
    await happens("online");
    document.hidden = false;
    await one.signOut();

    await happens("online");

    assert.equal(api.to("refresh/").length, 0);
  });

  test("that comes back asks the server, be it shown or not", async () => {
    await signedInTabs(1);
    document.hidden = true;

    await happens("pageshow", { persisted: true });

    assert.equal(api.to("refresh/").length, 1);
  });

  test("fails in silence where the server is not there yet", async () => {
    const [one] = await signedInTabs(1, { transport: "body" });
    clock.pass(301);
    api.next("refresh/", offline, offline, offline);

    await happens("online");

    assert.equal(one.state.status, "signed-in");
  });

  test("that is put away holds no channel open, and hears again when it is back", async () => {
    const [one, other] = await signedInTabs(2);
    await happens("pagehide");
    document.hidden = true;
    await happens("visibilitychange");
    await one.signOut();
    await settled();
    assert.equal(other.state.status, "signed-in");

    document.hidden = false;
    await happens("visibilitychange");
    await happens("pageshow", { persisted: true });

    assert.deepEqual([other.state.status, other.state.reason], ["signed-out", null]);
    await one.signIn(BOB);
    await settled();
    assert.deepEqual(other.state.user, { username: "bob" });
  });

  test("does not lose what was said while it was frozen", async () => {
    const [one, other] = await signedInTabs(2);
    one.signOut();

    await happens("visibilitychange");

    assert.equal(other.state.reason, "logged_out");
  });

  test("is left alone after dispose", async () => {
    const [one, other] = await signedInTabs(2);
    const told = [];
    other.subscribe((state) => told.push(state));

    other.dispose();
    await one.signOut();
    await settled();

    assert.equal(other.state.status, "signed-in");
    one.dispose();
    clock.pass(301);
    for (const type of ["online", "visibilitychange", "pageshow"]) {
      await happens(type, { persisted: true });
    }
    assert.equal(api.to("refresh/").length, 0);
    await other.signOut();
    assert.deepEqual(told, []);
  });
});
