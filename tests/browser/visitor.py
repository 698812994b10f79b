"""Somebody at the front end of the example project."""

import json
import urllib.request

from playwright.sync_api import expect

PANEL = "[role=timer]"
"""What only the profile of somebody who is signed in has."""


def end_sessions(address):
    """Let nobody be signed in as demo."""

    def post(path, body, **headers):
        url, headers = f"{address}/api/auth/{path}", {"Content-Type": "application/json", **headers}
        request = urllib.request.Request(url, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    access = post("signin/", {"username": "demo", "password": "demo-password"})["access"]
    post("logout/all/", {}, Authorization=f"Bearer {access}")


class Visitor:
    """A browser with a page of the front end."""

    def __init__(self, context, path="/"):
        self.context = context
        self.page = context.new_page()
        self.page.goto(path)

    def __call__(self, selector, **options):
        return self.page.locator(selector, **options)

    def open_tab(self, path="/"):
        """Open one more page of the same browser."""
        tab = Visitor.__new__(Visitor)
        tab.context, tab.page = self.context, self.context.new_page()
        tab.page.goto(path)
        return tab

    def fill(self, identifier="demo", password="demo-password"):
        self("[name=identifier]").fill(identifier)
        self("[name=password]").fill(password)

    def sign_in(self, identifier="demo", password="demo-password"):
        self.fill(identifier, password)
        self("[name=password]").press("Enter")

    def is_at(self, path, heading=None):
        """Wait for a screen of those who are signed in."""
        expect(self("form [name=identifier]")).to_have_count(0)
        assert self.page.evaluate("location.pathname") == path
        expect(self("h1")).to_be_visible()
        return self

    def is_signed_out(self, reason=None):
        """Wait for the form, and for what it says of the session that is over."""
        expect(self("form [name=identifier]")).to_be_visible()
        if reason is not None:
            expect(self("[data-reason]")).to_have_attribute("data-reason", reason)

    def answer(self, path, status, body=None):
        """Let the server answer this way from now on."""
        self.page.route(
            f"**{path}",
            lambda route: route.fulfill(status=status, json=body or {"detail": "", "code": ""}),
        )

    def comes_back(self):
        """Look at the window again, after another one."""
        self.page.evaluate("dispatchEvent(new Event('focus'))")
