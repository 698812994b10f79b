// Django, with the package as it is installed, and tokens that live two seconds.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";

import { python } from "./shipped.mjs";

const SCRIPT = fileURLToPath(new URL("server.py", import.meta.url));
export const LIFE = 2;

// Serves until the tests of the file are over; returns the address.
export async function serve(environ = {}) {
  const folder = await mkdtemp(join(tmpdir(), "auth-client-"));
  const port = await freePort();
  const env = { ...process.env, ...environ };
  const server = spawn(python, [SCRIPT, port, join(folder, "db.sqlite3")], { env });
  let output = "";
  for (const stream of [server.stdout, server.stderr])
    stream.on("data", (text) => (output += text));
  after(async () => {
    server.stdin.end();
    await new Promise((done) => server.once("exit", done));
    await rm(folder, { recursive: true });
  });
  const address = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 300 && server.exitCode === null; attempt++) {
    if (await fetch(`${address}/test/requests/`).catch(() => null)) return address;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`The server has not come up:\n${output}`);
}

function freePort() {
  return new Promise((done) => {
    const listener = createServer().listen(0, "127.0.0.1", () => {
      const { port } = listener.address();
      listener.close(() => done(port));
    });
  });
}
