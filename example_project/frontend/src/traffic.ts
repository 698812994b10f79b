/** What goes over the wire: every request to the API passes here, and is written down. */

import { language } from "./language";
import { createStore } from "./store";

export interface Entry {
  id: number;
  at: number;
  method: string;
  path: string;
  /** 0 where no answer came. */
  status: number;
  /** Why it was refused: the server's `reason`, or its `code`. */
  why: string | null;
  milliseconds: number;
}

const KEPT = 60;
let count = 0;
let refused = "";

/** The newest first. */
export const log = createStore<readonly Entry[]>([]);

/** Whether the server answers; one in trouble does not. */
export const reachable = createStore(true);

/** Lets the server refuse this access token from now on, as it does once the token has expired. */
export function spoil(access: string) {
  refused = `Bearer ${access}`;
}

/** `fetch` in the language of the page. */
export async function send(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  request.headers.set("Accept-Language", language.get());
  if (request.headers.get("Authorization") === refused) {
    request.headers.set("Authorization", `${refused.slice(0, -8)}tampered`);
  }
  const at = Date.now();
  try {
    const response = await fetch(request);
    await write(request, at, response);
    return response;
  } catch (error) {
    if (!request.signal.aborted) await write(request, at);
    throw error;
  }
}

async function write({ method, url }: Request, at: number, response?: Response) {
  const milliseconds = Date.now() - at;
  const status = response?.status ?? 0;
  const answer = response?.ok ? null : await response?.clone().json().catch(() => null);
  const why = answer?.reason ?? answer?.code ?? null;
  const path = new URL(url).pathname;
  const entry = { id: ++count, at, method, path, status, why, milliseconds };
  log.set([entry, ...log.get()].slice(0, KEPT));
  reachable.set(status > 0 && status < 500);
}
