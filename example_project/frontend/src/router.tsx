import { useEffect, useRef, type ComponentProps, type MouseEvent, type ReactNode } from "react";
import { createStore, useStore } from "./store";

const path = createStore(location.pathname);
addEventListener("popstate", () => path.set(location.pathname));

export const usePath = () => useStore(path);

export function go(to: string) {
  history.pushState(null, "", to);
  scrollTo(0, 0);
  path.set(location.pathname);
}

/** A link within the front end; every other way to open one is left to the browser. */
export function Link({ href, ...rest }: ComponentProps<"a"> & { href: string }) {
  function follow(event: MouseEvent) {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(href);
  }
  return <a href={href} aria-current={usePath() === href ? "page" : undefined} onClick={follow} {...rest} />;
}

let isFirst = true;

/** A screen: its heading is the title of the document, and has the focus when the screen changes. */
export function Screen({ title, children }: { title: string; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · django-jwt-signin`;
  }, [title]);
  useEffect(() => {
    if (!isFirst) heading.current?.focus();
    isFirst = false;
  }, []);
  return (
    <main>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </main>
  );
}
