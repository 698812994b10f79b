import { act, fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { auth } from "../src/auth";
import { speak } from "../src/language";
import { Devices } from "../src/pages/Devices";
import { en } from "../src/texts/en";
import { PAIR, serve } from "./server";

const { devices } = en;
const at = "2026-01-02T03:04:05Z";
const session = (id: string, current = false) => ({
  id,
  current,
  label: `Device ${id}`,
  ip: "127.0.0.1",
  user_agent: "",
  transport: "cookie",
  created_at: at,
  last_used_at: at,
  expires_at: at,
});
const ALL = [session("1", true), session("2"), session("3")];
const shown = () => screen.getAllByRole("heading", { level: 2 }).map(({ textContent }) => textContent);
const settled = () => act(() => new Promise((done) => setTimeout(done, 20)));

async function open(routes: Parameters<typeof serve>[0]) {
  const asked = serve({ "/api/auth/signin/": [200, PAIR], "/api/auth/sessions/": [200, ALL], ...routes });
  await auth.signIn({ username: "demo", password: "demo-password" });
  render(<Devices />);
  await settled();
  return asked;
}

const yes = () => fireEvent.click(document.querySelector("dialog .primary")!);

beforeEach(() => speak("en"));

test("this device is marked, and only the others can be ended", async () => {
  await open({});

  expect(shown()).toEqual([`Device 1 ${devices.current}`, "Device 2 ", "Device 3 "]);
  expect(screen.getAllByText(devices.end)).toHaveLength(2);
});

test("a session is gone at once, and back where the server does not end it", async () => {
  let answer = (_: [number]) => {};
  await open({ "/api/auth/sessions/2/": () => new Promise((done) => (answer = done)) });

  fireEvent.click(screen.getByLabelText(devices.endLabel("Device 2")));
  yes();
  expect(shown()).toHaveLength(2);
  await settled();
  await act(async () => answer([404]));
  await settled();

  expect(shown()).toHaveLength(3);
  expect(screen.getByRole("status").textContent).toBe(devices.failed);
});

test("the others are ended together, and this one is kept", async () => {
  const asked = await open({ "/api/auth/logout/all/": [200, { ended: 2 }] });

  fireEvent.click(screen.getByText(devices.endOthers));
  yes();
  await settled();

  expect(await asked.at(-1)!.json()).toEqual({ keep_current: true });
  expect(shown()).toHaveLength(1);
  expect(screen.getByRole("status").textContent).toBe(devices.ended(2));
  expect(screen.queryByText(devices.endOthers)).toBeNull();
});

test("nothing is ended without a yes", async () => {
  const asked = await open({});
  fireEvent.click(screen.getByText(devices.endAll));

  fireEvent.click(screen.getByText(en.cancel));
  await settled();

  expect(asked).toHaveLength(2);
  expect(document.querySelector("dialog")).toBeNull();
});
