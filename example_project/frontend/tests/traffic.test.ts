import { beforeEach, expect, test, vi } from "vitest";
import { refusal, serve } from "./server";

let traffic: typeof import("../src/traffic");
let language: typeof import("../src/language");

beforeEach(async () => {
  vi.resetModules();
  localStorage.clear();
  traffic = await import("../src/traffic");
  language = await import("../src/language");
});

test("the server is asked in the language of the page", async () => {
  const asked = serve({ "/api/a": [200, {}] });

  for (const each of ["ko", "en"] as const) {
    language.speak(each);
    await traffic.send("/api/a");
  }

  expect(asked.map(({ headers }) => headers.get("Accept-Language"))).toEqual(["ko", "en"]);
});

test("a request is written down with why it was refused", async () => {
  serve({
    "/api/a": [200, {}],
    "/api/b": [401, refusal("session_revoked", { reason: "admin" })],
    "/api/c": [403, refusal("permission_denied")],
    "/api/d": [404],
  });

  for (const path of ["a", "b", "c", "d"]) await traffic.send(`/api/${path}`);

  const told = traffic.log.get().map(({ path, status, why }) => [path, status, why]);
  expect(told).toEqual([
    ["/api/d", 404, null],
    ["/api/c", 403, "permission_denied"],
    ["/api/b", 401, "admin"],
    ["/api/a", 200, null],
  ]);
});

test("what was read for the log can still be read", async () => {
  serve({ "/api/a": [401, refusal("token_expired")] });

  const response = await traffic.send("/api/a");

  expect(await response.json()).toEqual(refusal("token_expired"));
});

test.each([
  ["no answer", new Error("offline"), false],
  ["500", [500], false],
  ["503", [503, refusal("unavailable")], false],
  ["499", [499], true],
  ["401", [401], true],
] as const)("after %s the server is reachable: %s", async (_name, answer, isReachable) => {
  traffic.reachable.set(!isReachable);
  serve({ "/api/a": answer as [number] | Error });

  await traffic.send("/api/a").catch(() => {});

  expect(traffic.reachable.get()).toBe(isReachable);
});

test("what the page itself gives up says nothing of the server", async () => {
  const controller = new AbortController();
  serve({
    "/api/a"() {
      controller.abort();
      return new Error("aborted");
    },
  });

  await traffic.send("/api/a", { signal: controller.signal }).catch(() => {});

  expect(traffic.reachable.get()).toBe(true);
  expect(traffic.log.get()).toEqual([]);
});

test("a spoilt token is not sent as it was, and its successor is", async () => {
  const asked = serve({ "/api/a": [200, {}] });
  traffic.spoil("aaaaaaaaaaaa");

  for (const token of ["aaaaaaaaaaaa", "bbbbbbbbbbbb"]) {
    await traffic.send("/api/a", { headers: { Authorization: `Bearer ${token}` } });
  }

  const sent = asked.map(({ headers }) => headers.get("Authorization"));
  expect(sent[0]).not.toBe("Bearer aaaaaaaaaaaa");
  expect(sent[1]).toBe("Bearer bbbbbbbbbbbb");
});

test("the log is bounded", async () => {
  serve({ "/api/a": [200, {}] });

  for (let i = 0; i < 70; i++) await traffic.send("/api/a");

  expect(traffic.log.get()).toHaveLength(60);
});
