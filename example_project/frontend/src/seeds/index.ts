/** Front ends that were written against views of their own, each as it was and after the change. */

import * as first from "./first";
import firstText from "./first?raw";
import * as firstAfter from "./first.after";
import firstAfterText from "./first.after?raw";
import * as second from "./second";
import secondText from "./second?raw";
import * as secondAfter from "./second.after";
import secondAfterText from "./second.after?raw";

export interface Version {
  handleLogin(account: string, password: string): Promise<void>;
  load(): Promise<unknown>;
  text: string;
}

export const seeds = {
  first: {
    account: "username",
    before: { ...first, text: firstText },
    after: { ...firstAfter, text: firstAfterText },
  },
  second: {
    account: "email",
    before: { ...second, text: secondText },
    after: { ...secondAfter, text: secondAfterText },
  },
} as const satisfies Record<string, { account: string; before: Version; after: Version }>;

/** The lines of one text that another has not, blank ones apart. */
export function linesApart(text: string, other: string): Set<string> {
  const those = new Set(other.split("\n"));
  return new Set(text.split("\n").filter((line) => line.trim() && !those.has(line)));
}
