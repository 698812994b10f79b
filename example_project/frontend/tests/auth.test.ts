import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PAIR, paths, refusal, serve } from "./server";

type Auth = typeof import("../src/auth");
const SIGNIN = "/api/auth/signin/";
const REFRESH = "/api/auth/refresh/";
const LOGOUT = "/api/auth/logout/";
const CREDENTIALS = { username: "demo", password: "demo-password" };
const opened: Auth[] = [];

/** Another tab, or the same one after a reload. */
async function open(): Promise<Auth> {
  vi.resetModules();
  const tab = await import("../src/auth");
  opened.push(tab);
  return tab;
}

const settled = () => new Promise((done) => setTimeout(done, 20));

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

afterEach(() => opened.splice(0).forEach(({ auth }) => auth.dispose()));

test("a renewal by this tab is told from one by another", async () => {
  serve({ [SIGNIN]: [200, PAIR], [REFRESH]: [200, { ...PAIR, access: "access-2" }] });
  const [one, other] = [await open(), await open()];
  await one.auth.signIn(CREDENTIALS);
  await settled();
  expect([one, other].map(({ renewed }) => renewed.get().byThisTab)).toEqual([true, false]);

  await other.auth.getAccess({ force: true });
  await settled();

  expect([one, other].map(({ renewed }) => renewed.get().byThisTab)).toEqual([false, true]);
});

test("a browser that brings no cookie is found out", async () => {
  serve({ [SIGNIN]: [200, PAIR], [REFRESH]: [401, refusal("refresh_missing")] });
  const { auth } = await open();
  await auth.signIn(CREDENTIALS);
  await settled();

  const { restore, vanished } = await open();
  await restore();
  await settled();

  expect(vanished.get()).toBe(true);
});

test.each([
  ["nobody had signed in", "refresh_missing", {}, false],
  ["the session was ended", "session_revoked", { reason: "admin" }, true],
])("nothing is said of cookies where %s", async (_name, code, rest, isSignedIn) => {
  serve({ [SIGNIN]: [200, PAIR], [REFRESH]: [401, refusal(code, rest)] });
  if (isSignedIn) {
    const { auth } = await open();
    await auth.signIn(CREDENTIALS);
    await settled();
  }

  const { restore, vanished } = await open();
  await restore();
  await settled();

  expect(vanished.get()).toBe(false);
});

test("a server in trouble leaves open who is signed in", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  serve({ [REFRESH]: [503, refusal("unavailable")] });
  const { auth, restore } = await open();

  await restore();

  expect(auth.state.status).toBe("unknown");
});

test("a sign-out that the server has not heard of can be told again", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  const routes: Parameters<typeof serve>[0] = { [SIGNIN]: [200, PAIR], [LOGOUT]: [503] };
  serve(routes);
  const { auth, signOut, untold } = await open();
  await auth.signIn(CREDENTIALS);

  await signOut();
  expect([auth.state.status, untold.get()]).toEqual(["signed-out", true]);

  routes[LOGOUT] = [204];
  await signOut();
  expect(untold.get()).toBe(false);
});

test.each([
  ["that is good", 300, [401, 200]],
  ["that is past its end", 0, [200]],
])("a token %s is expired by no more than one refresh", async (_name, expires_in, statuses) => {
  const good = "Bearer access-2";
  const asked = serve({
    [SIGNIN]: [200, { ...PAIR, expires_in }],
    [REFRESH]: [200, { ...PAIR, access: "access-2" }],
    "/api/a": ({ headers }) => [headers.get("Authorization") === good ? 200 : 401, {}],
  });
  const { auth, expire } = await open();
  const { log } = await import("../src/traffic");
  await auth.signIn(CREDENTIALS);

  await expire();
  await auth.fetch("/api/a");

  const answers = log.get().filter(({ path }) => path === "/api/a").map(({ status }) => status);
  expect(answers.reverse()).toEqual(statuses);
  expect(paths(asked).filter((path) => path === REFRESH)).toHaveLength(1);
});

test("a refusal of the API is an error with the server's words", async () => {
  serve({ [SIGNIN]: [200, PAIR], "/api/staff": [403, refusal("permission_denied")] });
  const { auth, ask } = await open();
  await auth.signIn(CREDENTIALS);

  await expect(ask("/api/staff")).rejects.toMatchObject({ status: 403, code: "permission_denied" });

  expect(auth.state.status).toBe("signed-in");
});
