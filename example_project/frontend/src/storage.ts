/** What a reload survives; in memory where the browser, asked for no cookies, refuses it as well. */

type Kept = Pick<Storage, "getItem" | "setItem" | "removeItem">;

function kept(name: "localStorage" | "sessionStorage"): Kept {
  try {
    return window[name];
  } catch {
    const items = new Map<string, string>();
    return {
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => void items.set(key, value),
      removeItem: (key) => void items.delete(key),
    };
  }
}

export const local = kept("localStorage");
export const session = kept("sessionStorage");
