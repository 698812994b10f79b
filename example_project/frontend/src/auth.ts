/** Who is signed in: the one client of this page, and what the screens tell of it. */

import { AuthError, createAuthClient, type AuthState } from "jwt_signin/auth-client.js";
import { useSyncExternalStore } from "react";
import { local, session } from "./storage";
import { createStore } from "./store";
import { send, spoil } from "./traffic";

export interface User {
  id: string;
  username: string;
}

export type Transport = "cookie" | "body";

export const transport: Transport =
  local.getItem("transport") === "body" ? "body" : "cookie";

/** A page has one client, so another transport begins with another page. */
export function travelBy(chosen: Transport) {
  local.setItem("transport", chosen);
  location.reload();
}

/** When the access token was last replaced, and whether this tab had asked for it. */
export const renewed = createStore({ at: 0, byThisTab: true });

let asked = false;

export const auth = createAuthClient<User>({
  baseUrl: "/api/auth/",
  transport,
  // Where there is no cookie, this is what survives a reload; every script can read it.
  storage: local,
  // Below the REUSE_GRACE of this project, which is short enough to be watched.
  timeout: 4000,
  async fetch(input, init) {
    const response = await send(input, init);
    if (response.ok && /\/(signin|refresh)\/$/.test(response.url)) asked = true;
    return response;
  },
});

const state = () => auth.state;

export const useAuth = () => useSyncExternalStore(auth.subscribe, state);

/** Whether a session is gone without a word, as it is where the browser has refused the cookie. */
export const vanished = createStore(false);

/** Whether the server has yet to hear of a sign-out. */
export const untold = createStore(false);

const HERE = "signed-in";
let expiresAt: number | null = null;

function follow({ status, reason, expiresAt: next }: AuthState<User>) {
  if (status === "signed-in") {
    if (next !== expiresAt) renewed.set({ at: Date.now(), byThisTab: asked });
    expiresAt = next;
    asked = false;
    session.setItem(HERE, transport);
  } else if (status === "signed-out") {
    vanished.set(reason === null && session.getItem(HERE) === "cookie");
    session.removeItem(HERE);
  }
}

auth.subscribe(follow);

/** Finds out who is signed in; a server that does not answer leaves that open. */
export const restore = () => auth.restore().then(noted, noted);

export async function signOut(options?: { everywhere?: boolean }) {
  try {
    await auth.signOut(options);
    untold.set(false);
  } catch {
    untold.set(transport === "cookie" && auth.state.status === "signed-out");
  }
}

/** Lets the server refuse the access token that is held, unless it does so by itself. */
export async function expire() {
  if ((auth.state.expiresAt ?? 0) > Date.now()) spoil(await auth.getAccess());
}

/** Asks the API as whoever is signed in. */
export async function ask<Answer>(path: string, init?: RequestInit): Promise<Answer> {
  const response = await auth.fetch(path, init);
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new AuthError(response.status, answer);
  return answer;
}

/** Looks whether the server answers, and whether the session has been ended elsewhere. */
export async function look() {
  if (auth.state.status === "unknown") await restore();
  else if (auth.state.status === "signed-in") await ask("/api/auth/me/").catch(noted);
}

/** For what the banner and the log tell already. */
export function noted() {}

export { AuthError };
