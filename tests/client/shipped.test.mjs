// The file as it is served.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import * as shipped from "./shipped.mjs";

const source = await readFile(shipped.path, "utf8");

test("has at most 3 072 bytes, as gzip -9 makes them of the file", () => {
  const name = Buffer.from("auth-client.js\0"); // gzip writes it into what it makes of a file

  assert.ok(gzipSync(source, { level: 9 }).length + name.length <= 3072);
});

test("is one module that needs no other: a hash in its name breaks nothing", () => {
  assert.doesNotMatch(source, /\bimport\b|\brequire\b|\bfrom\s+["']|sourceMappingURL/);
});

test("exports what its types tell, and makes a client of what they tell", async () => {
  const types = await readFile(shipped.path.replace(/\.js$/, ".d.ts"), "utf8");
  const exported = [...types.matchAll(/^export (?:class|function) (\w+)/gm)].map(
    ([, name]) => name,
  );
  const { dispose, ...rest } = shipped.createAuthClient({ baseUrl: "https://api.test/" });
  dispose();
  const [, members] = types.match(/interface AuthClient<.*?> \{(.*?)^\}/ms);

  assert.deepEqual(exported.sort(), ["AuthError", "createAuthClient"]);
  for (const name of exported) assert.equal(typeof shipped[name], "function");
  const told = [...members.matchAll(/^  (?:readonly )?(\w+)[(:]/gm)].map(([, name]) => name);
  assert.deepEqual(told.sort(), ["dispose", ...Object.keys(rest)].sort());
});

test("takes the options that its types tell", async () => {
  const types = await readFile(shipped.path.replace(/\.js$/, ".d.ts"), "utf8");
  const [, told] = types.match(/interface AuthClientOptions \{(.*?)^\}/ms);
  const [, taken] = source.match(/function createAuthClient\(\{(.*?)^\}\)/ms);

  const names = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => name).sort();

  assert.deepEqual(names(told, /^  (\w+)\??:/gm), names(taken, /^\t(\w+)/gm));
});
