"""WebKitGTK, by WebDriver: as much of Playwright's interface as the tests of the clients use."""

import contextlib
import json
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.browser.ports import free_port, wait_for

RUN = """
const [prepare, script, argument, done] = arguments;
const run = async () => {
    if (!window.prepared) (0, eval)(prepare);
    window.prepared = true;
    const value = (0, eval)(`(${script})`);
    return typeof value === "function" ? value(argument) : value;
};
run().then((value) => [value ?? null], (error) => [null, String(error)])
    .then((outcome) => done(JSON.stringify(outcome)));
"""
PATIENCE = 20
"""Seconds for what happens at once, on a machine that has other things to do."""


class Partial:
    """Has not all that Playwright has."""

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        pytest.skip(f"NOT RUN: WebDriver has no {name}()")


class Browser:
    """Opens windows that share nothing, one at a time."""

    def __init__(self, address):
        self.address = address

    def new_context(self, base_url):
        return Context(self.address, base_url)


class Context(Partial):
    """A window, and its tabs."""

    def __init__(self, address, base_url):
        self.base_url, self.prepare = base_url, ""
        opened = ask("POST", f"{address}/session", capabilities={})
        self.session = f"{address}/session/{opened['sessionId']}"
        ask("POST", f"{self.session}/timeouts", script=PATIENCE * 1000)

    def add_init_script(self, path):
        self.prepare = Path(path).read_text()

    def new_page(self):
        opened = ask("POST", f"{self.session}/window/new", type="window")
        return Page(self, opened["handle"])

    def cookies(self):
        """Return the cookies of the endpoints: WebDriver tells those of a page's path alone."""
        page = self.new_page()
        page.goto("/api/auth/refresh/")
        return page.ask("GET", "cookie")

    def close(self):
        ask("DELETE", self.session)


class Page(Partial):
    """A tab."""

    def __init__(self, context, handle):
        self.context, self.handle = context, handle

    def ask(self, method, path, /, **body):
        session = self.context.session
        ask("POST", f"{session}/window", handle=self.handle)
        return ask(method, f"{session}/{path}", **body)

    def goto(self, url):
        self.ask("POST", "url", url=urljoin(self.context.base_url, url))

    def reload(self):
        self.ask("POST", "refresh")

    def evaluate(self, script, arg=None):
        """Run an expression or a function; wait for what it promises."""
        args = [self.context.prepare, script, arg]
        value, *error = json.loads(self.ask("POST", "execute/async", script=RUN, args=args))
        assert not error, error
        return value

    def wait_for_function(self, script, arg=None):
        until = time.monotonic() + PATIENCE
        while not self.evaluate(script, arg):
            assert time.monotonic() < until, script
            time.sleep(0.05)

    def wait_for_timeout(self, milliseconds):
        time.sleep(milliseconds / 1000)

    def set_content(self, html):
        self.evaluate("html => { document.body.innerHTML = html }", html)

    def click(self, selector):
        found = self.ask("POST", "element", using="css selector", value=selector)
        (element,) = found.values()
        self.ask("POST", f"element/{element}/click")

    def expect_navigation(self):
        """Return at once: a click of WebDriver's waits for the page that it leads to."""
        return contextlib.nullcontext()


def ask(method, url, /, **body):
    """Send a command of WebDriver, and return its value."""
    data = json.dumps(body).encode() if method == "POST" else None
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        raise AssertionError(error.read().decode()) from error


@contextlib.contextmanager
def driven(executable):
    """Start what drives the browser."""
    port = free_port()
    with subprocess.Popen([executable, f"--port={port}"]) as process:
        try:
            wait_for(port)
            yield Browser(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
