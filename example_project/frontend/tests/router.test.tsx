import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { go, Link, Screen, usePath } from "../src/router";

const Path = () => <output>{usePath()}</output>;
const path = () => screen.getByRole("status").textContent;

afterEach(() => act(() => go("/")));

test("a link changes the screen, and marks itself", () => {
  render(<Link href="/devices">devices</Link>);
  render(<Path />);
  const link = screen.getByText("devices");
  expect(link.getAttribute("aria-current")).toBeNull();

  fireEvent.click(link);

  expect([path(), location.pathname]).toEqual(["/devices", "/devices"]);
  expect(link.getAttribute("aria-current")).toBe("page");
});

test.each([{ ctrlKey: true }, { metaKey: true }, { shiftKey: true }, { altKey: true }, { button: 1 }])(
  "a click with %o is the browser's",
  (how) => {
    render(<Link href="/devices">devices</Link>);
    render(<Path />);

    fireEvent.click(screen.getByText("devices"), how);

    expect(path()).toBe("/");
  },
);

test("the heading of a new screen has the focus, and names the document", () => {
  const { rerender } = render(<Screen key="1" title="One">{null}</Screen>);

  rerender(<Screen key="2" title="Two">{null}</Screen>);

  expect(document.activeElement?.textContent).toBe("Two");
  expect(document.title).toBe("Two · django-jwt-signin");
});
