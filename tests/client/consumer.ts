// Uses the whole interface as a project would. It is checked, and never run.

import {
  AuthError,
  createAuthClient,
  type AuthClient,
  type AuthSession,
  type AuthState,
} from "../../src/jwt_signin/static/jwt_signin/auth-client.js";

interface User {
  id: string;
  username: string;
}

const auth: AuthClient<User> = createAuthClient<User>({
  baseUrl: "/api/auth/",
  transport: "body",
  storage: localStorage,
  leeway: 20,
  timeout: 10_000,
  origins: ["https://files.example.com"],
  map: ({ access_token, ...answer }) => ({ ...answer, access: access_token }),
  fetch: window.fetch,
  locks: navigator.locks,
  Channel: BroadcastChannel,
  shareAccess: false,
});
createAuthClient({ baseUrl: "/", locks: null, Channel: null });

const state: AuthState<User> = auth.state;
const name: string | undefined = state.user?.username;
const remaining: number = (state.expiresAt ?? 0) - Date.now();
const stop: () => void = auth.subscribe(({ status, reason }) => console.log(status, reason));

async function everything(): Promise<void> {
  const restored: AuthState<User> = await auth.restore();
  if (restored.status === "signed-out") {
    await auth.signIn({ identifier: "ada", password: "…", remember: false, code: "123456" });
  }
  const token: string = await auth.getAccess({ force: true });
  const response: Response = await auth.fetch(new URL("/api/notes/", location.href), {
    method: "POST",
    headers: { "X-Token": token },
  });
  const sessions: AuthSession[] = await auth.sessions();
  for (const { id, current } of sessions) if (!current) await auth.revoke(id);
  await auth.signOut({ everywhere: response.ok });
  auth.dispose();
}

// The functions need no `this`, so that they can be handed to libraries.
const { fetch, subscribe } = auth;
const send: typeof globalThis.fetch = fetch;

everything().catch((error: unknown) => {
  if (error instanceof AuthError) {
    const told: [number, string | null, string | null, number] = [
      error.status,
      error.code,
      error.reason,
      error.retryAfter,
    ];
    console.log(told, error.detail, error.data, name, remaining, stop, send, subscribe);
  }
});

// @ts-expect-error there is no third transport
createAuthClient({ baseUrl: "/", transport: "header" });
// @ts-expect-error the address is needed
createAuthClient({ transport: "cookie" });
// @ts-expect-error the state is not to be changed
auth.state.status = "signed-in";
// @ts-expect-error a password is needed
auth.signIn({ username: "ada" });
