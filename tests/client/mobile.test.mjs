// The client of a React Native app of docs/how-to/mobile-and-cli.md, as it stands there.

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { serve } from "./server.mjs";
import { path } from "./shipped.mjs";

const DOCS = new URL("../../docs/how-to/mobile-and-cli.md", import.meta.url);
// Where git does not look.
const folder = new URL("node_modules/.mobile/", import.meta.url);
const ADA = { username: "ada", password: "correct horse" };

const address = await serve();
const [, block] = /^```js\n(.*?)^```$/ms.exec(await readFile(DOCS, "utf8"));
await mkdir(folder, { recursive: true });
await writeFile(
  new URL("auth.mjs", folder),
  block
    .replace("https://api.example.com", address)
    .replace("./auth-client.js", pathToFileURL(path).href),
);
const { authOf } = await import(new URL("auth.mjs", folder));

// What a start of the app finds in the keychain, and leaves there.
function start(keychain) {
  const auth = authOf(keychain.values, (values) => (keychain.values = values));
  return { auth, notes: () => auth.fetch(`${address}/api/notes/`) };
}

test("an app that is started again is signed in", async () => {
  const keychain = { values: {} };
  const first = start(keychain);
  await first.auth.signIn(ADA);
  first.auth.dispose();

  const second = start(keychain);

  assert.equal((await second.auth.restore()).status, "signed-in");
  assert.equal((await second.notes()).status, 200);
  assert.match(JSON.stringify(keychain.values), /eyJ/);
  await second.auth.signOut();
  second.auth.dispose();
  assert.doesNotMatch(JSON.stringify(keychain.values), /eyJ/);

  const third = start(keychain);
  assert.equal((await third.auth.restore()).status, "signed-out");
  third.auth.dispose();
});
