import { vi } from "vitest";

type Answer = [status: number, body?: unknown] | Error;
type Handler = (request: Request) => Answer | Promise<Answer>;

/** Stands for Django: answers by path, and keeps what it was asked. */
export function serve(routes: Record<string, Answer | Handler>) {
  const asked: Request[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    asked.push(request.clone());
    const { pathname } = new URL(request.url);
    const route = routes[pathname];
    if (route === undefined) throw new Error(`nobody is to ask for ${pathname}`);
    const answer = typeof route === "function" ? await route(request) : route;
    if (answer instanceof Error) throw answer;
    const [status, body] = answer;
    const response = new Response(body === undefined ? null : JSON.stringify(body), { status });
    Object.defineProperty(response, "url", { value: request.url });
    return response;
  });
  return asked;
}

export const PAIR = { access: "access-1", expires_in: 300, user: { id: "1", username: "demo" } };

export const refusal = (code: string, rest: object = {}) => ({ detail: `server: ${code}`, code, ...rest });

export const paths = (asked: Request[]) => asked.map(({ url }) => new URL(url).pathname);
