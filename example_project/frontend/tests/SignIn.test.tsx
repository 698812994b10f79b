import { act, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { auth } from "../src/auth";
import { demo } from "../src/demo";
import { speak } from "../src/language";
import { SignIn } from "../src/pages/SignIn";
import { en } from "../src/texts/en";
import { ko } from "../src/texts/ko";
import { PAIR, paths, refusal, serve } from "./server";

const SIGNIN = "/api/auth/signin/";
const field = (name: string) => screen.getByLabelText<HTMLInputElement>(name);
/** What assistive technology reads of a field beside its name. */
const explanation = (name: string) =>
  (field(name).getAttribute("aria-describedby") ?? "")
    .split(" ")
    .map((id) => document.getElementById(id)?.textContent ?? "")
    .join("");
const button = () => document.querySelector<HTMLButtonElement>("form > .primary")!;

function fill(identifier: string, password: string) {
  fireEvent.change(field(en.signIn.identifier), { target: { value: identifier } });
  fireEvent.change(field(en.signIn.password), { target: { value: password } });
}

const submit = () => act(() => fireEvent.submit(document.querySelector("form")!));

/** Lets time pass, and what waits for it be done. */
const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

beforeEach(() => {
  vi.useFakeTimers();
  speak("en");
});

afterEach(() => void vi.useRealTimers());

test("a wrong password is taken away, and the name is kept", async () => {
  serve({ [SIGNIN]: [401, refusal("invalid_credentials")] });
  render(<SignIn />);
  fill("demo", "wrong");

  await submit();
  await pass(50);

  expect(screen.getByRole("alert").textContent).toBe(en.errors.invalid_credentials);
  expect([field(en.signIn.identifier).value, field(en.signIn.password).value]).toEqual(["demo", ""]);
  expect(document.activeElement).toBe(field(en.signIn.password));
  expect(explanation(en.signIn.password)).toBe(en.errors.invalid_credentials);
});

test("what is said follows the language", async () => {
  serve({ [SIGNIN]: [401, refusal("invalid_credentials")] });
  render(<SignIn />);
  fill("demo", "wrong");
  await submit();
  await pass(50);

  await act(async () => speak("ko"));

  expect(screen.getByRole("alert").textContent).toBe(ko.errors.invalid_credentials);
});

test.each([
  ["no answer", new Error("offline"), en.errors.network_error],
  ["503", [503, refusal("unavailable")] as [number, unknown], en.errors.unavailable],
  ["a gateway's page", [502] as [number], en.errors.unavailable],
  ["a code of the project's own", [403, refusal("second_factor")] as [number, unknown], "server: second_factor"],
])("after %s the page says what it can", async (_name, answer, text) => {
  serve({ [SIGNIN]: answer });
  render(<SignIn />);
  fill("demo", "demo-password");

  await submit();
  await pass(50);

  expect(screen.getByRole("alert").textContent).toBe(text);
  expect(field(en.signIn.password).value).toBe("demo-password");
});

test.each(["identifier", "email"])("the server's sentences stand beside their fields: %s", async (name) => {
  serve({ [SIGNIN]: [400, refusal("invalid_request", { fields: { [name]: ["Too long."] } })] });
  render(<SignIn />);
  fill("demo", "demo-password");

  await submit();
  await pass(50);

  expect(explanation(en.signIn.identifier)).toContain("Too long.");
  expect(field(en.signIn.password).getAttribute("aria-invalid")).toBeNull();
  expect(document.activeElement).toBe(field(en.signIn.identifier));
});

test.each([
  ["", "", ["identifier", "password"]],
  [" ", "x", ["identifier"]],
  ["demo", "", ["password"]],
] as const)("the server is not asked with %j and %j", async (identifier, password, blank) => {
  const asked = serve({});
  render(<SignIn />);
  fill(identifier, password);

  await submit();
  await pass(50);

  for (const name of ["identifier", "password"] as const) {
    const isBlank = (blank as readonly string[]).includes(name);
    expect(explanation(en.signIn[name]).includes(en.signIn.missing)).toBe(isBlank);
  }
  expect(document.activeElement).toBe(field(en.signIn[blank[0]]));
  expect(asked).toEqual([]);
});

test("one is not signed in twice", async () => {
  let answer = (_: [number, unknown]) => {};
  const asked = serve({ [SIGNIN]: () => new Promise((done) => (answer = done)) });
  render(<SignIn />);
  fill("demo", "demo-password");

  await submit();
  await submit();
  await pass(50);
  expect(button().getAttribute("aria-busy")).toBe("true");
  expect(field(en.signIn.password).disabled).toBe(false);
  answer([200, PAIR]);
  await pass(50);

  expect(paths(asked)).toEqual([SIGNIN]);
  expect(auth.state.status).toBe("signed-in");
});

test("a countdown is spoken at its start, at ten seconds and at its end", async () => {
  const asked = serve({ [SIGNIN]: [429, refusal("throttled", { retry_after: 15 })] });
  render(<SignIn />);
  fill("demo", "wrong");
  await submit();
  await pass(50);

  const spoken: string[] = [];
  const shown = new Set<string>();
  for (let i = 0; i < 64; i++) {
    const text = screen.getByRole("status").textContent!;
    if (spoken.at(-1) !== text) spoken.push(text);
    shown.add(button().textContent!);
    expect(button().disabled).toBe(text !== en.signIn.ready);
    await pass(250);
  }

  expect(spoken).toEqual([en.signIn.waiting(15), en.signIn.waiting(10), en.signIn.ready]);
  expect(shown.size).toBe(16);
  await submit();
  await pass(50);
  expect(asked).toHaveLength(2);
});

test("the demo user is offered where the server names one", async () => {
  render(<SignIn />);
  expect(screen.queryByText(en.signIn.fill)).toBeNull();

  act(() => demo.set({ reuse_grace: 5, user: { username: "demo", email: "", password: "secret" } }));
  fireEvent.click(screen.getByText(en.signIn.fill));

  expect([field(en.signIn.identifier).value, field(en.signIn.password).value]).toEqual(["demo", "secret"]);
});

test("a password is shown and hidden", () => {
  render(<SignIn />);
  const toggle = within(document.querySelector(".password")!).getByRole("button");
  const kinds = [field(en.signIn.password).type];

  for (const isShown of [true, false]) {
    fireEvent.click(toggle);
    expect(toggle.getAttribute("aria-pressed")).toBe(String(isShown));
    kinds.push(field(en.signIn.password).type);
  }

  expect(kinds).toEqual(["password", "text", "password"]);
});
