// The client and the server, as they are.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { Shelf } from "./fake.mjs";
import { Jar } from "./page.mjs";
import { LIFE, serve } from "./server.mjs";
import { createAuthClient } from "./shipped.mjs";

const ADA = { username: "ada", password: "correct horse" };
const address = await serve();
const notes = `${address}/api/notes/`;

const expiry = () => sleep(LIFE * 1000 + 100);
const burst = (auth) => Promise.all(Array.from({ length: 5 }, () => auth.fetch(notes)));
const statuses = (responses) => responses.map(({ status }) => status);
const counted = async () => (await fetch(`${address}/test/requests/`)).json();
const refused = (promise) =>
  promise.then(
    () => assert.fail("this was to be refused"),
    (error) => error,
  );

for (const transport of ["body", "cookie"]) {
  describe(`${transport} transport`, () => {
    let jar, shelf, auth;
    const open = (options) =>
      createAuthClient({
        baseUrl: `${address}/api/auth/`,
        transport,
        storage: shelf,
        fetch: jar.fetch,
        locks: null,
        Channel: null,
        ...options,
      });

    before(async () => {
      [jar, shelf] = [new Jar(), new Shelf()];
      auth = open();
    });

    test("refuses a wrong password", async () => {
      const error = await refused(auth.signIn({ ...ADA, password: "wrong" }));

      assert.deepEqual([error.status, error.code], [401, "invalid_credentials"]);
      assert.match(error.detail, /No active account/);
    });

    test("names the fields that are missing", async () => {
      const error = await refused(auth.signIn({ username: "ada" }));

      assert.deepEqual([error.status, error.code], [400, "invalid_request"]);
      assert.ok(error.data.fields.password);
    });

    test("signs in", async () => {
      const state = await auth.signIn(ADA);

      assert.equal(state.status, "signed-in");
      assert.equal(state.user.username, "ada");
      assert.ok(Math.abs(state.expiresAt - Date.now() - LIFE * 1000) < 1500);
      assert.equal(jar.size, transport === "cookie" ? 1 : 0);
      assert.equal(shelf.items.values().next().value.startsWith("eyJ"), transport === "body");
    });

    test("refreshes once for five requests, time after time", async () => {
      for (const _round of [1, 2]) {
        await expiry();
        await counted();
        assert.deepEqual(statuses(await burst(auth)), [200, 200, 200, 200, 200]);
        const { "/api/auth/refresh/": refreshes, "/api/notes/": requests } = await counted();
        assert.deepEqual([refreshes, requests], [1, 5]);
      }
    });

    test("sends a body again", async () => {
      await auth.getAccess();
      await expiry();
      const live = open({ leeway: 0, map: ({ expires_in, ...answer }) => answer });
      await live.restore();
      await expiry();

      const response = await live.fetch(notes, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ text: "of Ada" }),
      });

      assert.deepEqual([response.status, await response.json()], [201, { text: "of Ada" }]);
    });

    test("is restored after a reload", async () => {
      auth = open();

      assert.equal((await auth.restore()).user.username, "ada");
    });

    test("knows an answer that was lost, when the grace is long over", async () => {
      await expiry();
      const lossy = async (...request) => {
        await jar.copy().fetch(...request);
        throw new TypeError("terminated");
      };
      const before = open({ fetch: lossy });
      assert.equal((await refused(before.restore())).code, "network_error");
      await sleep(1500);

      auth = open();

      assert.equal((await auth.restore()).status, "signed-in");
      assert.deepEqual(statuses(await burst(auth)), [200, 200, 200, 200, 200]);
    });

    test("survives tabs without locks and channels", async () => {
      const tabs = Array.from({ length: 4 }, () => open());
      await expiry();

      const woken = await Promise.all(tabs.map((tab) => tab.fetch(notes)));

      assert.deepEqual(statuses(woken), [200, 200, 200, 200]);
    });

    test("lists sessions and ends another", async () => {
      const other = createAuthClient({
        baseUrl: `${address}/api/auth/`,
        transport: "body",
        locks: null,
      });
      await other.signIn(ADA);
      const sessions = await auth.sessions();
      assert.equal(sessions.length, 2);
      const { id } = sessions.find(({ current }) => !current);

      await auth.revoke(id);

      assert.equal((await other.fetch(notes)).status, 401);
      assert.deepEqual([other.state.status, other.state.reason], ["signed-out", "revoked_by_user"]);
      assert.equal((await refused(auth.revoke("no-such-id"))).code, "not_found");
    });

    test("signs out, and nothing is left", async () => {
      await auth.signOut();

      assert.equal(jar.size, 0);
      const state = await open().restore();
      assert.deepEqual([state.status, state.reason], ["signed-out", null]);
      assert.equal((await auth.fetch(notes)).status, 401);
    });

    test("learns that the password was changed elsewhere", async () => {
      await auth.signIn(ADA);
      await fetch(`${address}/test/password/?username=ada`);

      assert.equal((await auth.fetch(notes)).status, 401);

      assert.deepEqual([auth.state.status, auth.state.reason], ["signed-out", "password_changed"]);
    });

    test("signs out everywhere", async () => {
      const other = open({
        storage: undefined,
        fetch: transport === "body" ? fetch : new Jar().fetch,
      });
      await auth.signIn(ADA);
      await other.signIn(ADA);

      await auth.signOut({ everywhere: true });

      assert.equal(auth.state.status, "signed-out");
      assert.equal((await other.fetch(notes)).status, 401);
      assert.equal(other.state.reason, "revoked_by_user");
      assert.equal(jar.size, 0);
    });
  });
}

describe("a foreign server", () => {
  let seen, foreign;

  before(async () => {
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization ?? null);
      response.end("{}");
    });
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    server.unref();
    foreign = `http://127.0.0.1:${server.address().port}/`;
  });

  test("gets no token, asked straight or by a redirect of the API", async () => {
    seen = [];
    const auth = createAuthClient({
      baseUrl: `${address}/api/auth/`,
      transport: "body",
      locks: null,
    });
    await auth.signIn(ADA);

    await auth.fetch(foreign);
    await auth.fetch(`${address}/away/?to=${foreign}`);

    assert.deepEqual(seen, [null, null]);
  });

  test("gets no password by a redirect of the API", async () => {
    seen = [];
    const baseUrl = `${address}/away/?to=${foreign}#`;
    const auth = createAuthClient({ baseUrl, transport: "body", locks: null });

    const error = await refused(auth.signIn(ADA));

    assert.equal(error.code, "network_error");
    assert.deepEqual(seen, []);
  });
});

test("another shape is mapped", async () => {
  const auth = createAuthClient({
    baseUrl: `${address}/simplejwt/`,
    transport: "body",
    locks: null,
    map: ({ access, refresh }) => ({ access, refresh, expires_in: LIFE }),
  });
  await auth.signIn(ADA);
  await expiry();
  await counted();

  assert.deepEqual(statuses(await burst(auth)), [200, 200, 200, 200, 200]);
  assert.equal((await counted())["/simplejwt/refresh/"], 1);
});
