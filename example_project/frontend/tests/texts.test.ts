import { expect, test } from "vitest";
import { en } from "../src/texts/en";
import { ko } from "../src/texts/ko";

type Tree = { [name: string]: unknown };

/** Each text by its path; what is made of a number or a name is made of 7. */
function flat(tree: Tree, path = ""): [string, string][] {
  return Object.entries(tree).flatMap(([name, value]): [string, string][] => {
    if (typeof value === "function") return [[`${path}${name}`, String(value(7, 7))]];
    if (typeof value === "object") return flat(value as Tree, `${path}${name}.`);
    return [[`${path}${name}`, String(value)]];
  });
}

const english = flat(en);
const korean = new Map(flat(ko));

test("each text is there in both languages", () => {
  expect(english.map(([name]) => name)).toEqual([...korean.keys()]);
});

test.each(english)("%s is said in Korean, and names what the English names", (name, text) => {
  const translated = korean.get(name) ?? "";
  const isName = text === translated;
  expect(isName ? text : translated).toMatch(isName ? /^(document\.cookie|API \(Swagger UI\))$/ : /[가-힣]/);
  expect(translated.includes("7")).toBe(text.includes("7"));
});

test("Korean sentences are polite", () => {
  const sentences = [...korean.values()].flatMap((text) => text.match(/[^.!?]+[.](?=\s|$)/g) ?? []);

  expect(sentences.length).toBeGreaterThan(40);
  expect(sentences.filter((sentence) => !/(니다|십시오)\.$|^[^가-힣]*\.$/.test(sentence))).toEqual([]);
});
