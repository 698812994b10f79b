/**
 * A small client that keeps a page signed in to django-jwt-signin.
 *
 * One module without dependencies, at most 3 072 bytes of gzip as it is shipped: it is indented
 * with tabs and has few comments for that reason, and is explained here.
 *
 * ```js
 * export const auth = createAuthClient({ baseUrl: "/api/auth/" });
 * await auth.restore();
 * const response = await auth.fetch("/api/notes/");
 * ```
 *
 * Make one client for a page, in a module of its own.
 */

/** What a client is made of; all but `baseUrl` is optional. */
export interface AuthClientOptions {
  /** Where `jwt_signin.urls` is included, relative to the page or absolute. */
  baseUrl: string;

  /**
   * How the refresh token travels: in an HttpOnly cookie (`"cookie"`, the default), or in the body,
   * where the page has to keep it (`"body"`).
   */
  transport?: "cookie" | "body";

  /**
   * What outlives a reload, and is shared by tabs: `localStorage`, or what looks like it.
   *
   * In body transport it holds the refresh token, which every script of the page can read; where it
   * is absent the token is kept in memory, and each tab has a session of its own.
   * Not `sessionStorage`: a duplicated tab gets a copy, and the second use of it ends the session.
   *
   * In cookie transport it is `localStorage` by itself, and holds no token: only the
   * `Idempotency-Key` of a refresh that has had no answer yet, by which the server knows it again
   * after a reload.
   *
   * One that is full, or refused to the page, is done without.
   */
  storage?: AuthStorage;

  /**
   * Seconds before its end at which an access token is renewed, while it is still used; a quarter
   * of its lifetime where that is less. 20 by default.
   */
  leeway?: number;

  /**
   * Milliseconds after which a request of the client's own is given up; 10 000 by default.
   *
   * Keep it below the server's `REUSE_GRACE`: an answer that comes later than that could put an
   * older cookie over a newer one. Engines without `AbortSignal.any` (before 2024) do not give up.
   */
  timeout?: number;

  /** Further origins that may see the access token, beside those of the page and of `baseUrl`. */
  origins?: readonly string[];

  /** Translates the answers of sign-in and refresh where they have another shape. */
  map?: (answer: any) => TokenAnswer;

  /** Sends requests in the place of `globalThis.fetch`. */
  fetch?: typeof globalThis.fetch;

  /**
   * Lets one tab at a time refresh or sign in: `navigator.locks` by default.
   *
   * Where it is `null` or absent, or the lock is not had within five seconds, the server alone
   * settles races, as it does for every other client; await `signOut()` before `signIn()` then.
   */
  locks?: Pick<LockManager, "request"> | null;

  /**
   * Tells other tabs of sign-ins, refreshes and sign-outs: `BroadcastChannel` by default, and
   * `null` for none. It is not used in body transport without `storage`.
   */
  Channel?: typeof BroadcastChannel | null;

  /**
   * Whether other tabs of the origin are handed the access token; `true` by default. Where they are
   * not, each refreshes for itself, and learns of a sign-out, but not of a sign-in.
   */
  shareAccess?: boolean;
}

/** The part of the Web Storage interface that is used. */
export interface AuthStorage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
}

/** What is read of an answer to sign-in and refresh; the shape `default` has these names. */
export interface TokenAnswer {
  access: string;
  /** In body transport, where it has been replaced. */
  refresh?: string;
  /** Seconds; where it is absent, the first 401 tells that the token has expired. */
  expires_in?: number;
  user?: unknown;
}

/** The fields of a sign-in; which of the names is asked for is `SIGNIN_BY`'s to say. */
export interface Credentials {
  username?: string;
  email?: string;
  identifier?: string;
  password: string;
  /** `false` for a session that ends with the browser. */
  remember?: boolean;
  /** What a project's own `BEFORE_SESSION` asks for. */
  [field: string]: unknown;
}

/** Who is signed in: one frozen object until something changes. */
export interface AuthState<User = any> {
  /** `"unknown"` until `restore()` or a request has found out. */
  readonly status: "unknown" | "signed-in" | "signed-out";

  /**
   * Why the session is over: the server's `reason` (such as `"password_changed"`), or its `code`
   * where it gave none (such as `"refresh_expired"`); `"logged_out"` in every tab after
   * `signOut()`. `null` where there was no session, or its refresh token has gone: a browser that
   * refuses the cookie looks like this after the first refresh.
   */
  readonly reason: string | null;

  /** The `user` of the last answer. */
  readonly user: User | null;

  /**
   * When the access token ends, by the clock of this machine, in milliseconds; `Infinity` where the
   * server does not tell. It is renewed by itself.
   */
  readonly expiresAt: number | null;
}

/** A session as the server lists it. */
export interface AuthSession {
  id: string;
  /** Whether it is the one that asks. */
  current: boolean;
  label: string;
  ip: string | null;
  user_agent: string;
  transport: string;
  created_at: string;
  last_used_at: string;
  expires_at: string;
}

/**
 * A refusal, or the lack of an answer.
 *
 * What is under way when somebody signs in or out is given up with a `DOMException` named
 * `AbortError` instead, as an aborted `fetch` is.
 */
export class AuthError extends Error {
  constructor(status: number, data?: unknown);
  readonly name: "AuthError";
  /** The HTTP status; 0 where no answer came, or one that is none of the server's. */
  readonly status: number;
  /** The server's stable code; `"network_error"` where `status` is 0, `null` in other shapes. */
  readonly code: string | null;
  /** The server's sentence, in the language of the request; the code where there is none. */
  readonly detail: string | null;
  /** Why a session is over. */
  readonly reason: string | null;
  /** Seconds to wait before another try; 0 where the server did not say. */
  readonly retryAfter: number;
  /** The whole body, such as `fields`; `undefined` where it was no JSON. */
  readonly data: any;
}

/** What `createAuthClient()` makes; its functions need no `this`. */
export interface AuthClient<User = any> {
  /** Who is signed in. */
  readonly state: AuthState<User>;

  /**
   * Calls `listener` after each change of `state`, never before this returns.
   *
   * In React: `useSyncExternalStore(auth.subscribe, () => auth.state)`.
   *
   * @returns what ends it.
   */
  subscribe(this: void, listener: (state: AuthState<User>) => void): () => void;

  /**
   * Signs in; it is sent once, since a failure may have been counted.
   *
   * What the former session has under way is given up.
   *
   * @throws {AuthError} `invalid_credentials`, `invalid_request` with `data.fields`, `throttled`
   * with `retryAfter`, …
   */
  signIn(this: void, credentials: Credentials): Promise<AuthState<User>>;

  /**
   * Signs out: here at once, in the other tabs, and on the server.
   *
   * It rejects where the server could not be told: in cookie transport the browser still has the
   * cookie then, so call it again.
   *
   * @param options `everywhere` ends every session of the user first; where that fails, nobody is
   * signed out.
   */
  signOut(this: void, options?: { everywhere?: boolean }): Promise<void>;

  /**
   * Finds out whether somebody is signed in, once; call it when the page loads, as often as you
   * like.
   *
   * @throws {AuthError} that cannot be found out just now; the state stays `"unknown"`.
   */
  restore(this: void): Promise<AuthState<User>>;

  /**
   * Returns an access token that is good now, for what cannot use `fetch` (a WebSocket, an upload).
   *
   * @param options `force` asks the server for a new one, also where nobody is signed in here: the
   * way to notice a sign-in that another page has made.
   * @throws {AuthError} `not_authenticated` where nobody is signed in; the refusal of the refresh;
   * a network error where there is no token that is good.
   */
  getAccess(this: void, options?: { force?: boolean }): Promise<string>;

  /**
   * `fetch` with the access token, for the origins that may see it; give it to axios, ky, others.
   *
   * After a 401 it refreshes once, for however many requests, and sends the request once more.
   * Where the session turns out to be over, the answer is that 401; where that cannot be found out,
   * it rejects, and nobody is signed out. Nothing that was begun in one session is sent in another.
   */
  fetch(this: void, input: RequestInfo | URL, init?: RequestInit): Promise<Response>;

  /** Lists the live sessions of the user. */
  sessions(this: void): Promise<AuthSession[]>;

  /** Ends one of them; for the one of this page there is `signOut()`. */
  revoke(this: void, id: string): Promise<void>;

  /** Lets go of the page: no events, no channel, no subscribers, nothing under way. */
  dispose(this: void): void;
}

/** Makes a client, and asks nobody anything yet. */
export function createAuthClient<User = any>(options: AuthClientOptions): AuthClient<User>;
