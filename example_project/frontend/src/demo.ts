import { createStore } from "./store";
import { send } from "./traffic";

/** What this server tells of itself, so that its pages can be tried. */
export interface Demo {
  /** Seconds for which a refresh token that has been replaced still meets its successor. */
  reuse_grace: number;
  /** Who may try it; in production nobody. */
  user: { username: string; email: string; password: string } | null;
}

export const demo = createStore<Demo>({ reuse_grace: 30, user: null });

export async function introduce() {
  const response = await send("/api/demo/");
  if (response.ok) demo.set(await response.json());
}
