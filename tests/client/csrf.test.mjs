// The client of docs/how-to/use-cookies.md that brings Django's token, as it stands there.

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { openPage } from "./page.mjs";
import { serve } from "./server.mjs";
import { createAuthClient, path } from "./shipped.mjs";

const DOCS = new URL("../../docs/how-to/use-cookies.md", import.meta.url);
// Where git does not look.
const folder = new URL("node_modules/.csrf/", import.meta.url);
const ADA = { username: "ada", password: "correct horse" };

const address = await serve({ TEST_CSRF: "django" });
openPage(`${address}/`);
const [cookie] = (await fetch("/")).headers.get("Set-Cookie").split(";");
globalThis.document = { cookie: `theme=dark; ${cookie}`, addEventListener() {} };

const [, block] = /^```js\n(.*?)^```$/ms.exec(await readFile(DOCS, "utf8"));
await mkdir(folder, { recursive: true });
const code = block.replace("./auth-client.js", pathToFileURL(path).href);
await writeFile(new URL("auth.mjs", folder), code);
const { auth } = await import(new URL("auth.mjs", folder));
after(() => auth.dispose());

test("without Django's token nobody signs in", async () => {
  const without = createAuthClient({ baseUrl: "/api/auth/" });

  await assert.rejects(without.signIn(ADA), { status: 403, code: "csrf_failed" });
  without.dispose();
});

test("with it a session begins, goes on and ends", async () => {
  await auth.signIn(ADA);
  assert.match(await auth.getAccess({ force: true }), /^eyJ/);
  assert.equal((await auth.fetch("/api/notes/")).status, 200);

  await auth.signOut();

  assert.equal(auth.state.status, "signed-out");
});

test("another origin is not told the token", async () => {
  const seen = [];
  const foreign = createServer((request, response) => {
    seen.push(request.headers["x-csrftoken"]);
    response.end("{}");
  });
  await new Promise((done) => foreign.listen(0, "127.0.0.1", done));

  await auth.fetch(`http://127.0.0.1:${foreign.address().port}/`);

  assert.deepEqual(seen, [undefined]);
  foreign.close();
  foreign.closeAllConnections();
});
