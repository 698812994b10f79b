import { local } from "./storage";
import { createStore, useStore } from "./store";
import { en } from "./texts/en";
import { ko } from "./texts/ko";

const TEXTS = { en, ko };
export const LANGUAGES = { en: "English", ko: "한국어" } as const;
export type Language = keyof typeof LANGUAGES;

const isLanguage = (name: string | null): name is Language => name !== null && name in LANGUAGES;

/** What the address asks for, else what was chosen before, else what the browser speaks. */
function first(): Language {
  const asked = new URLSearchParams(location.search).get("lang");
  const chosen = local.getItem("language");
  if (isLanguage(asked)) return asked;
  if (isLanguage(chosen)) return chosen;
  return navigator.language.startsWith("ko") ? "ko" : "en";
}

/** The language of the page, and of what the server says to it. */
export const language = createStore<Language>(first());
document.documentElement.lang = language.get();

export function speak(chosen: Language) {
  local.setItem("language", chosen);
  document.documentElement.lang = chosen;
  language.set(chosen);
}

export const useTexts = () => TEXTS[useStore(language)];

/** Writes times as the language does. */
export function useTimes() {
  const chosen = useStore(language);
  const date = new Intl.DateTimeFormat(chosen, { dateStyle: "medium", timeStyle: "short" });
  const clock = new Intl.DateTimeFormat(chosen, { timeStyle: "medium" });
  return {
    date: (text: string) => date.format(new Date(text)),
    clock: (milliseconds: number) => clock.format(milliseconds),
  };
}
