// Another service, in another language, checks our access tokens through a rotation of keys.
// Needs the package `jose`; `PYTHON` names the Python that has this package and its tests.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, test } from "node:test";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";

const PASSWORD = "a passphrase";
let server, lines, base;

before(async () => {
  const script = fileURLToPath(new URL("rotating_server.py", import.meta.url));
  server = spawn(process.env.PYTHON ?? "python", [script], { stdio: ["pipe", "pipe", "inherit"] });
  lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  base = (await lines.next()).value;
});

after(() => server.stdin.end());

async function enter(stage) {
  server.stdin.write("next\n");
  assert.equal((await lines.next()).value, stage);
}

async function signIn() {
  const response = await fetch(`${base}/auth/signin/`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ username: "ada", password: PASSWORD }),
  });
  assert.equal(response.status, 200);
  return (await response.json()).access;
}

const newSet = () => createRemoteJWKSet(new URL(`${base}/auth/jwks.json`));

const check = (token, keys) => jwtVerify(token, keys, {
  issuer: "https://us.example",
  typ: "at+jwt",
  algorithms: ["ES256", "EdDSA"],
  requiredClaims: ["sid", "exp"],
});

test("before, during and after a rotation no token of ours is refused", async () => {
  await enter("before");
  const first = await signIn();
  assert.equal((await check(first, newSet())).protectedHeader.alg, "ES256");

  await enter("shown");
  const kept = newSet(); // fetched now, and never again
  const second = await signIn();
  await check(second, kept);

  await enter("switched");
  const third = await signIn();
  for (const token of [first, second, third]) {
    await check(token, kept);
    await check(token, newSet());
  }
  assert.equal((await check(third, kept)).protectedHeader.alg, "EdDSA");

  await enter("removed");
  const fourth = await signIn();
  await check(third, newSet());
  await check(fourth, kept);
  await assert.rejects(check(first, newSet()), errors.JWKSNoMatchingKey);
});

test("what is not ours is refused", async () => {
  const token = await signIn();
  const [header, , signature] = token.split(".");
  const claims = Buffer.from(JSON.stringify({ sub: "mallory" })).toString("base64url");

  await assert.rejects(
    check(`${header}.${claims}.${signature}`, newSet()), errors.JWSSignatureVerificationFailed,
  );
});
