import { expect, test } from "vitest";
import { linesApart, seeds } from "../src/seeds";

test.each(Object.entries(seeds))("six lines move the %s to memory and a cookie", (_name, seed) => {
  const gone = linesApart(seed.before.text, seed.after.text);
  const come = linesApart(seed.after.text, seed.before.text);

  expect(gone.size).toBe(6);
  expect(come.size).toBeLessThanOrEqual(6);
  expect([...gone].filter((line) => line.includes("localStorage"))).toHaveLength(3);
  expect(seed.after.text).not.toMatch(/localStorage|Bearer/);
});
