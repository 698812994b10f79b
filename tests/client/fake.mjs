// An API inside the process, for what a real server cannot be asked for: answers that are lost,
// late, cut or no answers at all. It is the strictest server there can be: a refresh token is
// good once, and again only with the Idempotency-Key that it was spent with.

import { mock } from "node:test";

export const BASE = "https://api.test/auth/";
export const NOTES = "https://api.test/notes/";

export class FakeAPI {
  life = 300;
  requests = [];
  #faults = [];
  #sessions = [];
  #jar = "";
  #serial = 0;

  constructor(clock) {
    this.clock = clock;
  }

  fetch = async (input, init) => {
    const request = new Request(input, init);
    const { href, pathname } = new URL(request.url);
    const path = pathname.replace(/^\/auth\//, "");
    const text = await request.clone().text();
    const told = { href, path, request, headers: request.headers, body: text && JSON.parse(text) };
    this.requests.push(told);
    request.signal.throwIfAborted();
    const answer = () => this.#answer(told);
    const index = this.#faults.findIndex(([of]) => of === path);
    const [[, fault]] = index < 0 ? [[path, answer]] : this.#faults.splice(index, 1);
    const response = await fault(answer, request);
    this.#jar = response.headers.get("x-cookie") ?? this.#jar; // what does not come sets none
    return response;
  };

  // Lets the next request of a path meet `faults`, one after the other.
  next(path, ...faults) {
    this.#faults.push(...faults.map((fault) => [path, fault]));
  }

  to(path) {
    return this.requests.filter((request) => request.path === path);
  }

  end(reason) {
    for (const session of this.#sessions) session.over ??= reason;
  }

  #answer({ path, request, headers, body }) {
    const session = this.#session(headers.get("authorization"));
    if (path === "signin/") return this.#signIn(body);
    if (path === "refresh/") return this.#refresh(body, request, headers.get("idempotency-key"));
    if (path === "logout/") return this.#logout(body, request);
    if (session.refused) return refusal(401, session.refused, { reason: session.over });
    if (path === "logout/all/") {
      this.end("revoked_by_user");
      return json(200, { ended: 1 });
    }
    if (path === "sessions/") return json(200, [{ id: session.id, current: true }]);
    if (path.startsWith("sessions/")) return new Response(null, { status: 204 });
    return json(200, { path, method: request.method, body });
  }

  #signIn({ username, password, transport }) {
    if (password !== "right") return refusal(401, "invalid_credentials");
    const session = { id: `s${this.#sessions.length}`, user: username, generation: 0, transport };
    this.#sessions.push(session);
    return this.#pair(session);
  }

  #refresh({ refresh }, request, key) {
    const token = refresh || (request.credentials === "include" && this.#jar);
    if (!token) return refusal(401, "refresh_missing");
    const [id, generation] = token.split(".");
    const session = this.#sessions.find((each) => each.id === id);
    if (session.over) return refusal(401, "session_revoked", { reason: session.over });
    if (+generation === session.generation) {
      session.generation += 1;
      session.key = key;
    } else if (+generation !== session.generation - 1 || key !== session.key) {
      session.over = "reuse_detected";
      return refusal(401, "session_revoked", { reason: session.over });
    }
    return this.#pair(session);
  }

  #logout({ refresh }, request) {
    const token = refresh || (request.credentials === "include" && this.#jar) || "";
    const session = this.#sessions.find(({ id }) => id === token.split(".")[0]);
    if (session) session.over ??= "logged_out";
    return new Response(null, { status: 204, headers: { "x-cookie": "" } });
  }

  #pair(session) {
    const refresh = `${session.id}.${session.generation}`;
    const until = this.clock.now + this.life * 1000;
    const access = `${session.id}:${until}:${(this.#serial += 1)}`;
    const answer = { access, expires_in: this.life, user: { username: session.user } };
    if (session.transport === "body") return json(200, { ...answer, refresh });
    return Response.json(answer, { headers: { "x-cookie": refresh } });
  }

  #session(header) {
    if (!header) return { refused: "not_authenticated" };
    const [id, until] = header.replace("Bearer ", "").split(":");
    const session = this.#sessions.find((each) => each.id === id);
    if (!session) return { refused: "token_not_valid" };
    if (session.over) return { ...session, refused: "session_revoked" };
    if (+until <= this.clock.now) return { refused: "token_expired" };
    return session;
  }
}

export const json = (status, body) => Response.json(body, { status });
export const refusal = (status, code, more) => json(status, { detail: code, code, ...more });

// --- faults

export const answers = (status, code, more) => () => refusal(status, code, more);
export const page = (status) => () => new Response("<h1>Sign in to the Wi-Fi</h1>", { status });
export const offline = () => {
  throw new TypeError("fetch failed");
};
export const lost = async (answer) => {
  answer();
  throw new TypeError("terminated");
};
export const cut = async (answer) => {
  const text = await answer().text();
  return new Response(text.slice(0, -5), { status: 200 });
};
export const silent = (answer, { signal }) => givenUp(signal);
const givenUp = (signal) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

// An answer that is held back until `release()`; `deaf` comes even when it is given up.
export function held({ deaf = false } = {}) {
  const gate = Promise.withResolvers();
  const asked = Promise.withResolvers();
  const fault = async (answer, { signal }) => {
    const ready = answer();
    asked.resolve();
    await (deaf ? gate.promise : Promise.race([gate.promise, givenUp(signal)]));
    return ready;
  };
  return Object.assign(fault, { release: gate.resolve, asked: asked.promise });
}

// --- the time, as the server and as the two clocks of a page have it

export class Clock {
  now = 1_800_000_000_000;
  #wall = 0;
  #steady = 5000;

  constructor() {
    mock.method(Date, "now", () => this.now + this.#wall);
    mock.method(performance, "now", () => this.#steady);
  }

  pass(seconds) {
    this.now += seconds * 1000;
    this.#steady += seconds * 1000;
  }

  // The machine is suspended: the monotonic clock stands still in most browsers.
  sleep(seconds) {
    this.now += seconds * 1000;
  }

  // Somebody sets the clock of the machine.
  set(seconds) {
    this.#wall += seconds * 1000;
  }
}

// --- what pages share

export class Shelf {
  items = new Map();
  getItem = (name) => this.items.get(name) ?? null;
  setItem = (name, value) => this.items.set(name, value);
}

// Web Locks without the browser: one holder a name, in order.
export class Locks {
  #last = Promise.resolve();
  held = 0;

  request(name, task) {
    const turn = this.#last.then(() => {
      this.held += 1;
      return task();
    });
    this.#last = turn.catch(() => {}).then(() => (this.held -= 1));
    return turn;
  }
}
