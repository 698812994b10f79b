// What a page has and Node has not: an address, URLs relative to it, and a jar of cookies.

const { fetch: send, Request: AbsoluteRequest } = globalThis;

export class Jar {
  #cookies = new Map();

  // Keeps and brings cookies as a browser does for a request to the page's own origin.
  fetch = async (input, init) => {
    const request = new AbsoluteRequest(input, init);
    const { pathname, origin } = new URL(request.url);
    const mine = request.credentials === "include" || origin === globalThis.location?.origin;
    if (mine && request.credentials !== "omit") {
      const cookies = [...this.#cookies.values()].filter(({ path }) => pathname.startsWith(path));
      const header = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
      if (header) request.headers.set("Cookie", header);
    }
    const response = await send(request);
    if (mine) response.headers.getSetCookie().forEach((line) => this.#keep(line));
    return response;
  };

  // What comes to the copy is lost to this one.
  copy() {
    const copy = new Jar();
    copy.#cookies = new Map(this.#cookies);
    return copy;
  }

  #keep(line) {
    const [pair, ...attributes] = line.split(/;\s*/);
    const [name, value] = pair.split(/=(.*)/);
    const found = (key) => attributes.find((each) => each.toLowerCase().startsWith(`${key}=`));
    const path = found("path")?.slice(5) ?? "/";
    if (found("max-age") === "Max-Age=0") this.#cookies.delete(`${name} ${path}`);
    else this.#cookies.set(`${name} ${path}`, { name, value, path });
  }

  get size() {
    return this.#cookies.size;
  }
}

// Makes this process a page of `address`; returns its jar.
export function openPage(address) {
  const jar = new Jar();
  globalThis.location = new URL(address);
  globalThis.fetch = (input, init) => jar.fetch(new Request(input, init));
  globalThis.Request = class Request extends AbsoluteRequest {
    constructor(input, init) {
      super(input instanceof AbsoluteRequest ? input : new URL(input, address), init);
    }
  };
  return jar;
}
