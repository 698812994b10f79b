// What the client does alone in its page.

import assert from "node:assert/strict";
import { beforeEach, describe, mock, test } from "node:test";

import * as fake from "./fake.mjs";
import { answers, BASE, Clock, FakeAPI, held, lost, NOTES, offline, Shelf } from "./fake.mjs";
import { AuthError, createAuthClient } from "./shipped.mjs";

const ADA = { username: "ada", password: "right" };
const BOB = { username: "bob", password: "right" };

let clock, api;

beforeEach(() => {
  mock.restoreAll();
  mock.method(Math, "random", () => 0); // a retry waits no longer than it is told to
  clock = new Clock();
  api = new FakeAPI(clock);
});

function client(options) {
  const silence = { locks: null, Channel: null };
  return createAuthClient({
    baseUrl: BASE,
    transport: "body",
    fetch: api.fetch,
    ...silence,
    ...options,
  });
}

async function signedIn(options) {
  const auth = client(options);
  await auth.signIn(ADA);
  return auth;
}

async function rejection(promise) {
  return promise.then(
    () => assert.fail("this was to be refused"),
    (error) => error,
  );
}

const statuses = (responses) => responses.map(({ status }) => status);
const burst = (auth, count = 5) =>
  Promise.all(Array.from({ length: count }, () => auth.fetch(NOTES)));
const settled = () => new Promise((done) => setTimeout(done, 30));
const tokenOf = ({ headers }) => headers.get("authorization");

describe("sign-in", () => {
  test("tells who is signed in, and until when", async () => {
    const auth = client();

    const state = await auth.signIn(ADA);

    assert.equal(state, auth.state);
    assert.deepEqual(state, {
      status: "signed-in",
      reason: null,
      user: { username: "ada" },
      expiresAt: clock.now + 300_000,
    });
  });

  test("names its transport, whatever the credentials say", async () => {
    await client({ transport: "cookie" }).signIn({ ...ADA, remember: false, transport: "body" });

    assert.deepEqual(api.requests[0].body, { ...ADA, remember: false, transport: "cookie" });
  });

  test("refuses a wrong password once, and asks for no refresh", async () => {
    const auth = client();

    const error = await rejection(auth.signIn({ ...ADA, password: "wrong" }));

    assert.ok(error instanceof AuthError);
    assert.deepEqual(
      [error.name, error.status, error.code, error.detail, error.reason, error.retryAfter],
      ["AuthError", 401, "invalid_credentials", "invalid_credentials", null, 0],
    );
    assert.equal(api.requests.length, 1);
    assert.equal(auth.state.status, "unknown");
  });

  test("is not sent twice: it may have been counted", async () => {
    const auth = client();
    api.next("signin/", offline);

    const error = await rejection(auth.signIn(ADA));

    assert.deepEqual([error.status, error.code], [0, "network_error"]);
    assert.equal(api.requests.length, 1);
  });

  test("tells how long to wait, and which fields are wrong", async () => {
    const auth = client();
    api.next("signin/", answers(429, "throttled", { retry_after: 40 }));
    api.next("signin/", answers(400, "invalid_request", { fields: { password: ["?"] } }));

    const throttled = await rejection(auth.signIn(ADA));
    const invalid = await rejection(auth.signIn(ADA));

    assert.deepEqual([throttled.code, throttled.retryAfter], ["throttled", 40]);
    assert.deepEqual(invalid.data.fields, { password: ["?"] });
  });

  test("that fails leaves the former session as it is", async () => {
    const auth = await signedIn();

    await rejection(auth.signIn({ ...BOB, password: "wrong" }));

    assert.equal(auth.state.user.username, "ada");
    assert.deepEqual(statuses(await burst(auth)), [200, 200, 200, 200, 200]);
  });
});

describe("a request", () => {
  test("carries the token", async () => {
    const auth = await signedIn();

    const response = await auth.fetch(NOTES, { method: "POST", body: '{"text":"a"}' });

    assert.deepEqual(await response.json(), {
      path: "/notes/",
      method: "POST",
      body: { text: "a" },
    });
    assert.match(tokenOf(api.requests.at(-1)), /^Bearer s0:/);
  });

  test("is sent as it is where nobody is signed in", async () => {
    const auth = await signedIn();
    await auth.signOut();

    const response = await auth.fetch(NOTES);

    assert.equal(response.status, 401);
    assert.equal(tokenOf(api.requests.at(-1)), null);
    assert.equal(api.to("refresh/").length, 0);
  });

  test("waits for the session to be restored where that is not known", async () => {
    const shelf = new Shelf();
    await signedIn({ storage: shelf });

    const auth = client({ storage: shelf });

    assert.deepEqual(statuses(await burst(auth)), [200, 200, 200, 200, 200]);
    assert.equal(api.to("refresh/").length, 1);
    assert.equal(auth.state.status, "signed-in");
  });

  test("is sent as it is where there is nothing to restore", async () => {
    const response = await client().fetch(NOTES);

    assert.equal(response.status, 401);
    assert.equal((await response.json()).code, "not_authenticated");
  });

  test("can be given up", async () => {
    const auth = await signedIn();

    const error = await rejection(auth.fetch(NOTES, { signal: AbortSignal.abort() }));

    assert.equal(error.name, "AbortError");
  });
});

describe("a token that has expired", () => {
  test("is refreshed once, however many ask", async () => {
    const auth = await signedIn();
    clock.pass(301);

    assert.deepEqual(statuses(await burst(auth)), [200, 200, 200, 200, 200]);
    assert.equal(api.to("refresh/").length, 1);
    assert.equal(api.to("/notes/").length, 5);
  });

  for (const [life, leeway, margin] of [
    [300, undefined, 20],
    [40, undefined, 10],
    [300, 60, 60],
    [300, 0, 0],
  ]) {
    test(`of ${life} s is renewed in the last ${margin} s, while it is used`, async () => {
      api.life = life;
      const auth = await signedIn({ leeway });
      const first = await auth.getAccess();
      clock.pass(life - margin);
      if (margin) {
        assert.equal(await auth.getAccess(), first);
        await settled();
        assert.equal(api.to("refresh/").length, 0);
        clock.pass(0.001);
        assert.equal(await auth.getAccess(), first);
      } else {
        assert.notEqual(await auth.getAccess(), first);
      }

      await settled();

      assert.equal(api.to("refresh/").length, 1);
      assert.notEqual(await auth.getAccess(), first);
    });
  }

  test("is still used where its renewal fails before its time", async () => {
    const auth = await signedIn();
    clock.pass(290);
    api.next("refresh/", offline, offline, offline);

    assert.deepEqual(statuses(await burst(auth)), [200, 200, 200, 200, 200]);
    await settled();
    assert.equal(auth.state.status, "signed-in");
  });

  test("does not depend on how the clock of the machine stands", async () => {
    for (const seconds of [-600, 600]) {
      clock.set(seconds);
      const auth = await signedIn();
      clock.pass(270);
      assert.deepEqual(statuses(await burst(auth)), [200, 200, 200, 200, 200]);
      assert.equal(api.to("refresh/").length, 0);
    }
  });

  test("costs no failure where the clock is set while it lives", async () => {
    for (const seconds of [-600, 600]) {
      const auth = await signedIn();
      clock.set(seconds);
      clock.pass(301);
      assert.deepEqual(statuses(await burst(auth)), [200, 200, 200, 200, 200]);
    }
    assert.equal(api.to("refresh/").length, 2);
    assert.equal(api.to("/notes/").length, 10);
  });

  test("is known after the machine has slept", async () => {
    const auth = await signedIn();
    clock.sleep(301);

    assert.deepEqual(statuses(await burst(auth)), [200, 200, 200, 200, 200]);
    assert.equal(api.to("/notes/").length, 5);
  });

  test("is counted from when it was asked for: the answer may have been slow", async () => {
    const auth = client();
    const slow = held();
    api.next("signin/", slow);
    const signIn = auth.signIn(ADA);
    await slow.asked;
    clock.pass(9);
    slow.release();

    await signIn;

    assert.equal(auth.state.expiresAt, clock.now + 291_000);
  });

  test("is asked about where the server does not tell its lifetime", async () => {
    const map = ({ access, refresh }) => ({ access, refresh });
    const auth = await signedIn({ map });
    assert.equal(auth.state.expiresAt, Infinity);
    clock.pass(301);

    assert.deepEqual(statuses(await burst(auth)), [200, 200, 200, 200, 200]);
    assert.equal(api.to("refresh/").length, 1);
    assert.equal(api.to("/notes/").length, 10);
  });
});

describe("a 401", () => {
  test("is answered by one refresh and one more try", async () => {
    const auth = await signedIn();
    api.next("/notes/", answers(401, "token_not_valid"));

    assert.equal((await auth.fetch(NOTES)).status, 200);
    assert.equal(api.to("refresh/").length, 1);
    assert.equal(api.to("/notes/").length, 2);
  });

  test("that stays is handed on", async () => {
    const auth = await signedIn();
    api.next("/notes/", answers(401, "no"), answers(401, "still_no"));

    const response = await auth.fetch(NOTES);

    assert.equal((await response.json()).code, "still_no");
    assert.equal(api.to("refresh/").length, 1);
    assert.equal(auth.state.status, "signed-in");
  });

  test("to an older token is sent again without a refresh", async () => {
    const auth = await signedIn();
    const slow = held();
    api.next("/notes/", async (answer, request) => {
      await slow(answer, request);
      return fake.refusal(401, "token_expired");
    });
    const late = auth.fetch(NOTES);
    await slow.asked;
    await auth.getAccess({ force: true });
    slow.release();

    assert.equal((await late).status, 200);
    assert.equal(api.to("refresh/").length, 1);
  });

  test("has the body sent again", async () => {
    const auth = await signedIn();
    const stream = new Blob(['{"text":"b"}']).stream();
    const bodies = [{ body: '{"text":"b"}' }, { body: stream, duplex: "half" }];
    for (const body of bodies) {
      api.next("/notes/", answers(401, "token_expired"));
      const response = await auth.fetch(NOTES, { method: "POST", ...body });
      assert.deepEqual((await response.json()).body, { text: "b" });
    }
  });

  test("tells why the session is over", async () => {
    const auth = await signedIn();
    api.end("password_changed");

    const responses = await burst(auth);

    assert.deepEqual(statuses(responses), [401, 401, 401, 401, 401]);
    assert.equal((await responses[0].json()).reason, "password_changed");
    assert.deepEqual([auth.state.status, auth.state.reason], ["signed-out", "password_changed"]);
    assert.equal(auth.state.user, null);
    assert.equal(api.to("refresh/").length, 1);
  });

  test("of the resource is the answer where the session is over", async () => {
    const auth = await signedIn();
    api.end("admin");
    api.next("/notes/", answers(401, "of_the_resource"));

    assert.equal((await (await auth.fetch(NOTES)).json()).code, "of_the_resource");
    assert.equal(auth.state.reason, "admin");
  });

  test("is also the answer where the refresh came first: nothing is sent as nobody", async () => {
    const auth = await signedIn();
    api.end("admin");
    clock.pass(301);

    const response = await auth.fetch(NOTES, { method: "POST" });

    assert.deepEqual([response.status, (await response.json()).reason], [401, "admin"]);
    assert.equal(api.to("/notes/").length, 0);
  });

  test("is no reason to sign out while the server is in trouble", async () => {
    const auth = await signedIn();
    clock.pass(301);
    const trouble = answers(503, "unavailable");
    api.next("refresh/", trouble, trouble, trouble);

    const error = await rejection(auth.fetch(NOTES));

    assert.deepEqual([error.status, error.code], [503, "unavailable"]);
    assert.equal(auth.state.status, "signed-in");
    assert.deepEqual(statuses(await burst(auth)), [200, 200, 200, 200, 200]);
  });

  test("is handed on where somebody else has signed in meanwhile", async () => {
    const auth = await signedIn();
    const slow = held();
    api.next("/notes/", async (answer, request) => {
      await slow(answer, request);
      return fake.refusal(401, "session_revoked");
    });
    const late = auth.fetch(NOTES, { method: "POST" });
    await slow.asked;
    await auth.signIn(BOB);
    slow.release();

    assert.equal((await late).status, 401);
    assert.equal(api.to("/notes/").length, 1);
  });
});

describe("the token goes", () => {
  const destinations = [
    [NOTES, true],
    ["https://API.test:443/notes/", true],
    ["https://friend.test/notes/", true],
    ["https://page.test/notes/", true],
    ["http://api.test/notes/", false],
    ["https://api.test:8443/notes/", false],
    ["https://api.test.evil.test/notes/", false],
    ["https://evil.test/https://api.test/", false],
    ["https://evil.test#@api.test/", false],
    ["https://sub.api.test/notes/", false],
    ["data:application/json,{}", false],
  ];

  for (const [url, goes] of destinations) {
    test(`${goes ? "to" : "not to"} ${url}`, async (t) => {
      globalThis.location = new URL("https://page.test/notes");
      t.after(() => delete globalThis.location);
      const auth = await signedIn({ origins: ["https://friend.test/some/path"] });

      await auth.fetch(url);

      assert.equal(tokenOf(api.requests.at(-1)) !== null, goes);
    });
  }

  test("to no opaque origin: each of them is spelled null", async (t) => {
    globalThis.location = new URL("about:srcdoc");
    t.after(() => delete globalThis.location);
    const auth = await signedIn();

    await auth.fetch("data:application/json,{}");

    assert.equal(tokenOf(api.requests.at(-1)), null);
  });

  test("in the place of a header that the caller has set", async () => {
    const auth = await signedIn();

    await auth.fetch(NOTES, { headers: { Authorization: "Bearer of yesterday" } });

    assert.match(tokenOf(api.requests.at(-1)), /^Bearer s0:/);
  });

  test("to a foreign server nothing is asked again: its 401 is its own affair", async () => {
    const auth = await signedIn();
    api.next("https://evil.test/", answers(401, "session_revoked"));

    await auth.fetch("https://evil.test/");

    assert.equal(api.to("refresh/").length, 0);
  });
});

describe("its own requests", () => {
  test("are followed nowhere: a redirect would take the password along", async () => {
    const auth = await signedIn();
    await auth.getAccess({ force: true });
    await auth.signOut();

    const modes = api.requests.map(({ path, request }) => [path, request.redirect]);

    assert.deepEqual(modes, [
      ["signin/", "error"],
      ["refresh/", "error"],
      ["logout/", "error"],
    ]);
  });

  for (const [transport, credentials] of [
    ["cookie", "include"],
    ["body", "same-origin"],
  ]) {
    test(`bring cookies in ${transport} transport: ${credentials}`, async () => {
      const auth = await signedIn({ transport });
      await auth.getAccess({ force: true });
      await auth.signOut();
      await auth.fetch(NOTES);

      const modes = api.requests.map(({ request }) => request.credentials);

      assert.deepEqual(modes, [credentials, credentials, credentials, "same-origin"]);
    });
  }

  test("take a baseUrl with or without its slash", async () => {
    await signedIn({ baseUrl: BASE.slice(0, -1) });

    assert.equal(api.requests[0].href, `${BASE}signin/`);
  });
});

describe("a refresh", () => {
  const keys = () => api.to("refresh/").map(({ headers }) => headers.get("idempotency-key"));

  for (const [name, faults] of Object.entries({
    "the server is in trouble twice": [answers(503, "unavailable"), fake.page(502)],
    "its answer is lost": [lost],
    "its answer is cut short": [fake.cut],
    "a captive portal answers": [fake.page(200)],
    "something else answers": [() => fake.json(200, { status: "ok" })],
    "there are too many requests": [answers(429, "throttled", { retry_after: 0.01 })],
  })) {
    test(`is sent again, with the same key, where ${name}`, async () => {
      const auth = await signedIn();
      clock.pass(301);
      api.next("refresh/", ...faults);

      assert.deepEqual(statuses(await burst(auth)), [200, 200, 200, 200, 200]);
      assert.equal(keys().length, faults.length + 1);
      assert.equal(new Set(keys()).size, 1);
      assert.ok(keys()[0].length >= 16);
    });
  }

  test("has a key of its own, each", async () => {
    const auth = await signedIn();

    await auth.getAccess({ force: true });
    await auth.getAccess({ force: true });

    assert.equal(new Set(keys()).size, 2);
  });

  test("is given up after three tries, and keeps its key for the next", async () => {
    const auth = await signedIn();
    clock.pass(301);
    api.next("refresh/", lost, offline, offline);

    const error = await rejection(auth.getAccess());
    assert.deepEqual([error.status, error.code], [0, "network_error"]);
    assert.equal(keys().length, 3);
    clock.pass(86_400);

    assert.equal((await auth.fetch(NOTES)).status, 200);
    assert.equal(new Set(keys()).size, 1);
  });

  for (const transport of ["body", "cookie"]) {
    test(`whose answer was lost is known after a reload, in ${transport} transport`, async () => {
      const shelf = new Shelf();
      const before = await signedIn({ transport, storage: shelf });
      api.next("refresh/", lost, offline, offline);
      await rejection(before.getAccess({ force: true }));

      const after = client({ transport, storage: shelf });

      assert.equal((await after.restore()).status, "signed-in");
      assert.equal(new Set(keys()).size, 1);
    });
  }

  test("that is to wait longer than ten seconds does not", async () => {
    const auth = await signedIn();
    api.next("refresh/", answers(429, "throttled", { retry_after: 11 }));

    const error = await rejection(auth.getAccess({ force: true }));

    assert.deepEqual([error.code, error.retryAfter], ["throttled", 11]);
    assert.equal(api.to("refresh/").length, 1);
    assert.equal(auth.state.status, "signed-in");
  });

  test("waits as long as it is told", async () => {
    const auth = await signedIn();
    api.next("refresh/", answers(503, "unavailable", { retry_after: 0.2 }));
    const begun = process.hrtime.bigint();

    await auth.getAccess({ force: true });

    assert.ok(process.hrtime.bigint() - begun >= 190_000_000n);
  });

  test("waits longer each time, by chance", async () => {
    mock.restoreAll();
    mock.method(Math, "random", () => 0.5);
    const waits = [];
    const { setTimeout } = globalThis;
    mock.method(globalThis, "setTimeout", (task, ms) => setTimeout(task, (waits.push(ms), 0)));
    const auth = await signedIn();
    api.next("refresh/", offline, offline);

    await auth.getAccess({ force: true });

    assert.deepEqual(waits, [10, 300, 600]);
  });

  for (const [name, fault] of Object.entries({
    "is malformed": answers(400, "invalid_request"),
    "comes from a foreign origin": answers(403, "origin_not_allowed"),
    "is not allowed": answers(403, "permission_denied"),
    "meets the 401 of a gateway": fake.page(401),
  })) {
    test(`that ${name} ends nothing, and is not sent again`, async () => {
      const auth = await signedIn();
      clock.pass(301);
      api.next("refresh/", fault);

      const error = await rejection(auth.fetch(NOTES));

      assert.ok(error instanceof AuthError);
      assert.equal(api.to("refresh/").length, 1);
      assert.equal(auth.state.status, "signed-in");
      assert.equal((await auth.fetch(NOTES)).status, 200);
    });
  }

  test("is given up after its time", async () => {
    const auth = await signedIn({ timeout: 20 });
    api.next("refresh/", fake.silent, fake.silent, fake.silent);

    const error = await rejection(auth.getAccess({ force: true }));

    assert.equal(error.code, "network_error");
    assert.equal(api.to("refresh/").length, 3);
  });

  test("keeps the token that is not replaced", async () => {
    const rotates = ({ refresh, ...answer }) => (auth ? answer : { refresh, ...answer });
    let auth = null;
    auth = await signedIn({ map: rotates });
    await auth.getAccess({ force: true });
    await rejection(auth.getAccess({ force: true }));

    const brought = api.to("refresh/").map(({ body }) => body.refresh);

    assert.deepEqual(brought, ["s0.0", "s0.0"]);
  });

  for (const [code, more, reason] of [
    ["session_revoked", { reason: "reuse_detected" }, "reuse_detected"],
    ["session_revoked", {}, "session_revoked"],
    ["refresh_expired", {}, "refresh_expired"],
    ["refresh_missing", {}, null],
  ]) {
    test(`refused as ${code} signs out, for ${reason}`, async () => {
      const auth = await signedIn();
      api.next("refresh/", answers(401, code, more));

      await rejection(auth.getAccess({ force: true }));

      assert.deepEqual([auth.state.status, auth.state.reason], ["signed-out", reason]);
      const error = await rejection(auth.getAccess());
      assert.deepEqual([error.status, error.code], [401, "not_authenticated"]);
      assert.equal(error.detail, "not_authenticated");
    });
  }

  test("that tells no user leaves him as he was", async () => {
    const auth = await signedIn({
      map: ({ user, ...answer }) => (api.requests.length > 1 ? answer : { user, ...answer }),
    });

    await auth.getAccess({ force: true });

    assert.deepEqual(auth.state.user, { username: "ada" });
  });
});

describe("restore", () => {
  test("asks once, however often it is called", async () => {
    const shelf = new Shelf();
    await signedIn({ storage: shelf });
    const auth = client({ storage: shelf });

    const states = await Promise.all([auth.restore(), auth.restore()]);
    states.push(await auth.restore());

    assert.equal(new Set(states).size, 1);
    assert.equal(states[0].status, "signed-in");
    assert.equal(api.to("refresh/").length, 1);
  });

  test("finds nobody where the cookie is absent, and that is no error", async () => {
    const auth = client({ transport: "cookie" });

    const state = await auth.restore();

    assert.deepEqual([state.status, state.reason], ["signed-out", null]);
    assert.equal(await auth.restore(), state);
    assert.equal(api.requests.length, 1);
  });

  test("asks nobody where no token is kept", async () => {
    assert.equal((await client().restore()).status, "signed-out");
    assert.equal(api.requests.length, 0);
  });

  test("tells why the session is over", async () => {
    const shelf = new Shelf();
    await signedIn({ storage: shelf });
    api.end("inactive_user");

    const { status, reason } = await client({ storage: shelf }).restore();

    assert.deepEqual([status, reason], ["signed-out", "inactive_user"]);
  });

  test("leaves open what it cannot find out", async () => {
    const shelf = new Shelf();
    await signedIn({ storage: shelf });
    const auth = client({ storage: shelf });
    api.next("refresh/", offline, offline, offline);

    const error = await rejection(auth.restore());

    assert.equal(error.code, "network_error");
    assert.equal(auth.state.status, "unknown");
    assert.equal((await auth.restore()).status, "signed-in");
  });
});

test("a sign-in that another page has made is found when it is asked for", async () => {
  const auth = client({ transport: "cookie" });
  await auth.restore();
  await signedIn({ transport: "cookie" });

  await auth.getAccess({ force: true });

  assert.equal(auth.state.user.username, "ada");
});

describe("sign-out", () => {
  test("forgets at once, and tells the server", async () => {
    const shelf = new Shelf();
    const auth = await signedIn({ storage: shelf });

    const done = auth.signOut();

    assert.deepEqual([auth.state.status, auth.state.reason], ["signed-out", "logged_out"]);
    await done;
    assert.equal(api.requests.at(-1).body.refresh, "s0.0");
    assert.ok([...shelf.items.values()].every((item) => !item.trim()));
    assert.equal((await client({ storage: shelf }).restore()).status, "signed-out");
  });

  test("is tried again, and says where the server cannot be told", async () => {
    const auth = await signedIn();
    api.next("logout/", offline);
    await auth.signOut();
    assert.equal(api.to("logout/").length, 2);

    api.next("logout/", offline, offline, fake.page(200));
    const error = await rejection(auth.signOut());
    assert.equal(error.code, "network_error");
  });

  test("works for who is not known to be signed in", async () => {
    const shelf = new Shelf();
    await signedIn({ storage: shelf });

    await client({ storage: shelf }).signOut();

    assert.equal(api.requests.at(-1).body.refresh, "s0.0");
  });

  test("everywhere ends all, and then itself", async () => {
    const auth = await signedIn();

    await auth.signOut({ everywhere: true });

    assert.deepEqual(
      api.requests.slice(1).map(({ path }) => path),
      ["logout/all/", "logout/"],
    );
    assert.equal(auth.state.status, "signed-out");
  });

  test("everywhere that fails leaves everything as it is", async () => {
    const auth = await signedIn();
    api.next("logout/all/", answers(503, "unavailable"));

    const error = await rejection(auth.signOut({ everywhere: true }));

    assert.equal(error.code, "unavailable");
    assert.equal(auth.state.status, "signed-in");
  });
});

describe("what a sign-in or sign-out finds under way", () => {
  for (const deaf of [false, true]) {
    test(`is given up: a refresh${deaf ? " whose answer comes all the same" : ""}`, async () => {
      const auth = await signedIn();
      clock.pass(301);
      const slow = held({ deaf });
      api.next("refresh/", slow);
      const waiting = burst(auth).catch((error) => error);
      await slow.asked;

      const done = auth.signOut();
      slow.release();
      await done;

      assert.equal((await waiting).name, "AbortError");
      assert.equal(api.to("refresh/")[0].request.signal.aborted, true);
      await settled();
      assert.equal(auth.state.status, "signed-out");
      assert.equal(api.to("/notes/").length, 0);
    });

    test(`is given up for another user${deaf ? ", also where it is late" : ""}`, async () => {
      const auth = await signedIn();
      clock.pass(301);
      const slow = held({ deaf });
      api.next("refresh/", slow);
      const waiting = auth.fetch(NOTES, { method: "POST" }).catch((error) => error);
      await slow.asked;

      await auth.signIn(BOB);
      slow.release();

      assert.equal((await waiting).name, "AbortError");
      await settled();
      assert.equal(auth.state.user.username, "bob");
      assert.match(await auth.getAccess(), /^s1:/);
      assert.equal(api.to("/notes/").length, 0);
    });
  }

  test("ends nobody else's session: a refusal that comes late", async () => {
    const auth = await signedIn();
    const slow = held({ deaf: true });
    api.next("refresh/", async (answer, request) => {
      await slow(answer, request);
      return fake.refusal(401, "session_revoked");
    });
    const refused = auth.getAccess({ force: true }).catch((error) => error);
    await slow.asked;

    await auth.signIn(BOB);
    slow.release();
    await refused;
    await settled();

    assert.equal(auth.state.user.username, "bob");
    assert.equal((await auth.fetch(NOTES)).status, 200);
  });

  test("is given up: a sign-in by a second one", async () => {
    const auth = client();
    const slow = held();
    api.next("signin/", slow);
    const first = auth.signIn(ADA).catch((error) => error);
    await slow.asked;

    await auth.signIn(BOB);

    assert.equal((await first).name, "AbortError");
    assert.equal(auth.state.user.username, "bob");
  });

  test("is given up: a wait for the next try", async () => {
    const auth = await signedIn();
    api.next("refresh/", answers(503, "unavailable", { retry_after: 0.2 }));
    const waiting = auth.getAccess({ force: true }).catch((error) => error);
    await settled();

    await auth.signOut();

    assert.equal((await waiting).name, "AbortError");
    assert.equal(api.to("refresh/").length, 1);
  });

  for (const former of [null, ADA]) {
    test(`waits: a request while ${former ? "another" : "somebody"} signs in`, async () => {
      const auth = client();
      if (former) await auth.signIn(former);
      const [refresh, slow] = [held(), held()];
      api.next("refresh/", refresh);
      api.next("signin/", slow);
      if (former) {
        auth.getAccess({ force: true }).catch(() => {});
        await refresh.asked;
      }
      const signIn = auth.signIn(BOB);
      await slow.asked;
      await settled();
      const request = auth.fetch(NOTES);
      await settled();
      slow.release();

      assert.equal((await request).status, 200);
      assert.match(tokenOf(api.requests.at(-1)), former ? /^Bearer s1:/ : /^Bearer s0:/);
      await signIn;
      assert.equal(api.to("refresh/").length, former ? 1 : 0);
    });
  }

  test("is given up: everything, by dispose", async () => {
    const auth = await signedIn();
    const slow = held();
    api.next("refresh/", slow);
    const refresh = auth.getAccess({ force: true }).catch((error) => error);
    await slow.asked;

    auth.dispose();

    assert.equal((await refresh).name, "AbortError");
  });
});

describe("the state", () => {
  test("is one object until it changes, and cannot be changed", async () => {
    const auth = await signedIn();
    const { state } = auth;

    await auth.fetch(NOTES);

    assert.equal(auth.state, state);
    assert.throws(() => (state.status = "signed-out"), TypeError);
  });

  test("is told to who has subscribed, until he no longer does", async () => {
    const auth = client();
    const told = [];
    const unsubscribe = auth.subscribe((state) => told.push(state.status));
    await auth.signIn(ADA);
    await auth.signOut();
    unsubscribe();

    await auth.signIn(ADA);

    assert.deepEqual(told, ["signed-in", "signed-out"]);
  });

  test("reaches every subscriber, whatever the others do", async () => {
    const auth = client();
    const told = [];
    const thrown = [];
    mock.method(globalThis, "queueMicrotask", (task) =>
      Promise.resolve()
        .then(task)
        .catch((error) => thrown.push(error.message)),
    );
    auth.subscribe(() => {
      throw new Error("of a component");
    });
    auth.subscribe((state) => told.push(state.status));

    await auth.signIn(ADA);

    assert.deepEqual(thrown, ["of a component"]);
    assert.deepEqual(told, ["signed-in"]);
    assert.equal(auth.state.status, "signed-in");
  });
});

describe("storage", () => {
  test("holds the refresh token of body transport, and nothing of cookie transport", async () => {
    for (const [transport, kept] of [
      ["body", "s0.0"],
      ["cookie", ""],
    ]) {
      const shelf = new Shelf();
      await signedIn({ transport, storage: shelf });
      assert.deepEqual(
        [...shelf.items.values()].map((item) => item.trim()),
        [kept],
      );
    }
  });

  test("holds no refresh token in cookie transport, whatever the server answers", async () => {
    const shelf = new Shelf();
    const auth = client({ transport: "cookie", storage: shelf });
    api.next("signin/", () => fake.json(200, { access: "a", refresh: "r", expires_in: 300 }));

    await auth.signIn(ADA);

    assert.deepEqual([...shelf.items.values()], [""]);
  });

  test("that is full or refused is done without", async () => {
    const refuse = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    for (const storage of [
      { getItem: () => "of yesterday", setItem: refuse },
      { getItem: refuse, setItem: refuse },
    ]) {
      const auth = await signedIn({ storage });
      await auth.getAccess({ force: true });
      await auth.getAccess({ force: true });
      assert.equal(auth.state.status, "signed-in");
    }
  });

  test("is the page's own in cookie transport, for the key, where there is one", async (t) => {
    const shelf = new Shelf();
    Object.defineProperty(globalThis, "localStorage", { value: shelf, configurable: true });
    t.after(() => delete globalThis.localStorage);
    const before = await signedIn({ transport: "cookie" });
    api.next("refresh/", lost, offline, offline);
    await rejection(before.getAccess({ force: true }));

    assert.equal((await client({ transport: "cookie" }).restore()).status, "signed-in");
    shelf.items.clear();
    await signedIn({ transport: "body" });
    assert.equal(shelf.items.size, 0);
  });

  test("may be forbidden to the page", async (t) => {
    const get = () => {
      throw new DOMException("forbidden", "SecurityError");
    };
    Object.defineProperty(globalThis, "localStorage", { get, configurable: true });
    t.after(() => delete globalThis.localStorage);

    const auth = await signedIn({ transport: "cookie" });

    assert.equal(auth.state.status, "signed-in");
  });
});

describe("sessions", () => {
  test("are listed, and ended one by one", async () => {
    const auth = await signedIn();

    assert.deepEqual(await auth.sessions(), [{ id: "s0", current: true }]);
    await auth.revoke("s1");

    const { path, request } = api.requests.at(-1);
    assert.deepEqual([request.method, path], ["DELETE", "sessions/s1/"]);
    await auth.revoke("../../users/7");
    assert.equal(api.requests.at(-1).path, "sessions/..%2F..%2Fusers%2F7/");
  });

  test("are refused with an error", async () => {
    const auth = client();

    const error = await rejection(auth.sessions());

    assert.deepEqual([error.status, error.code], [401, "not_authenticated"]);
  });
});

test("another shape is mapped", async () => {
  const fetch = async (input, init) => {
    const response = await api.fetch(input, init);
    if (!/signin|refresh/.test(input) || !response.ok) return response;
    const { access, refresh } = await response.json();
    return fake.json(200, { access_token: access, refresh_token: refresh });
  };
  const map = (answer) => ({
    access: answer.access_token,
    refresh: answer.refresh_token,
    expires_in: 300,
  });
  const auth = await signedIn({ fetch, map });
  clock.pass(301);

  assert.deepEqual(statuses(await burst(auth)), [200, 200, 200, 200, 200]);
  assert.equal(auth.state.user, null);
});

test("a refusal in another shape is an error all the same", async () => {
  const auth = await signedIn();
  api.next("refresh/", () => fake.json(401, { error: "It is over." }));

  const error = await rejection(auth.getAccess({ force: true }));

  assert.deepEqual([error.status, error.code, error.data], [401, null, { error: "It is over." }]);
  assert.equal(auth.state.status, "signed-out");
});
