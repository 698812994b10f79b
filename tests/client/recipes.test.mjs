// The code of docs/how-to/front-ends.md, run as it stands there, against Django.

import assert from "node:assert/strict";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { openPage } from "./page.mjs";
import { LIFE, serve } from "./server.mjs";
import { path } from "./shipped.mjs";

const DOCS = new URL("../../docs/how-to/front-ends.md", import.meta.url);
// Where the packages are found that the recipes import, and git does not look.
const folder = new URL("node_modules/.recipes/", import.meta.url);
const ADA = { username: "ada", password: "correct horse" };
const NOTES = [{ text: "of ada" }];
const five = (task) => Promise.all(Array.from({ length: 5 }, (_, i) => task(i)));

const address = await serve();
const page = await readFile(DOCS, "utf8");
const blocks = new Map(
  [...page.matchAll(/^```js\n(\/\/ (\S+)\n.*?)^```$/gms)].map(([, code, name]) => [name, code]),
);
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
await writeFile(new URL("package.json", folder), '{"type": "module"}');
await copyFile(path, new URL("auth-client.js", folder));
for (const [name, code] of blocks) await writeFile(new URL(name, folder), code);

openPage(`${address}/`);
const run = new Set();
const recipe = (name) => {
  run.add(name);
  return import(fileURLToPath(new URL(name, folder)));
};
const { auth } = await recipe("auth.js");
after(() => auth.dispose());
const counted = async () => (await fetch("/test/requests/")).json();

async function afterExpiry(task) {
  await auth.getAccess().catch(() => {});
  await sleep(LIFE * 1000 + 100);
  await counted();
  const answers = await five(task);
  const { "/api/auth/refresh/": refreshes, "/api/notes/": requests } = await counted();
  return { answers, refreshes, requests };
}

test("sign-in.js", async () => {
  const { start, signIn } = await recipe("sign-in.js");
  const { FormData } = globalThis;
  globalThis.FormData = class {
    constructor(form) {
      return new Map(Object.entries(form));
    }
  };
  assert.equal(await start(), "signed-out");

  const said = await signIn({ ...ADA, password: "wrong" });
  assert.match(said, /No active account/);
  assert.equal(await signIn(ADA), "");

  assert.equal(auth.state.user.username, "ada");
  globalThis.FormData = FormData;
});

test("use-auth.js", async () => {
  const { useAuth } = await recipe("use-auth.js");
  const { createElement } = await import("react");
  const { renderToString } = await import("react-dom/server");
  const Greeting = () => createElement("p", null, useAuth().user.username);

  assert.equal(renderToString(createElement(Greeting)), "<p>ada</p>");
});

for (const name of ["with-fetch.js", "with-axios.js", "with-ky.js", "with-openapi-fetch.js"]) {
  test(name, async () => {
    const { notes } = await recipe(name);

    const { answers, refreshes, requests } = await afterExpiry(notes);

    assert.deepEqual(answers, Array(5).fill(NOTES));
    assert.deepEqual([refreshes, requests], [1, 5]);
  });
}

test("with-axios.js sends a body again", async () => {
  const { api } = await recipe("with-axios.js");
  await auth.getAccess({ force: true });
  const { now } = Date;
  await sleep(LIFE * 1000 + 100);
  await counted();
  Date.now = performance.now = () => 0; // a page that takes its token for a good one

  const { status, data } = await api.post("notes/", { text: "of axios" });

  Date.now = now;
  delete performance.now;
  assert.deepEqual([status, data], [201, { text: "of axios" }]);
  assert.equal((await counted())["/api/notes/"], 2);
});

test("with-rtk-query.js", async () => {
  const { configureStore } = await import("@reduxjs/toolkit");
  const { api, forget } = await recipe("with-rtk-query.js");
  const store = configureStore({
    reducer: { [api.reducerPath]: api.reducer },
    middleware: (defaults) => defaults().concat(api.middleware),
  });
  const stop = forget(store);

  const { answers, refreshes, requests } = await afterExpiry((page) =>
    store.dispatch(api.endpoints.notes.initiate(page)),
  );

  assert.deepEqual(
    answers.map(({ data }) => data),
    Array(5).fill(NOTES),
  );
  assert.deepEqual([refreshes, requests], [1, 5]);
  assert.equal(Object.keys(store.getState().api.queries).length, 5);
  await auth.signOut();
  assert.equal(Object.keys(store.getState().api.queries).length, 0);
  stop();
  await auth.signIn(ADA);
});

test("with-tanstack-query.js", async () => {
  const { queries, notes } = await recipe("with-tanstack-query.js");

  const { answers, refreshes, requests } = await afterExpiry((page) =>
    queries.fetchQuery(notes(page)),
  );

  assert.deepEqual(answers, Array(5).fill(NOTES));
  assert.deepEqual([refreshes, requests], [1, 5]);
  await auth.signOut();
  assert.equal(queries.getQueryCache().getAll().length, 0);
  const error = await queries.fetchQuery({ ...notes(0), retry: undefined }).catch((each) => each);
  assert.equal(error.status, 401);
  assert.equal((await counted())["/api/notes/"], 1);
});

test("sign-in.js signs out", async () => {
  const { signOut } = await recipe("sign-in.js");
  await auth.signIn(ADA);

  await signOut();

  assert.equal(auth.state.reason, "logged_out");
});

test("axios-alone.js", async () => {
  openPage(`${address}/`);
  const { default: axios } = await import("axios");
  axios.defaults.adapter = "fetch"; // XMLHttpRequest is a browser's
  const { signIn, notes } = await recipe("axios-alone.js");
  assert.equal((await signIn(ADA)).username, "ada");

  const { answers, refreshes } = await afterExpiry(notes);

  assert.deepEqual(answers, Array(5).fill(NOTES));
  assert.equal(refreshes, 1);
  await fetch("/test/password/?username=ada");
  const error = await notes().catch((each) => each);
  assert.equal(error.response.status, 401);
  assert.equal(error.response.data.reason, "password_changed");
});

test("every recipe has been run", () => {
  assert.deepEqual([...run].sort(), [...blocks.keys()].sort());
  assert.equal(page.match(/^```js$/gm).length, blocks.size);
});
