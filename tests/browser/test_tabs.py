"""Tabs that wake together, as a laptop's do when it is opened: nobody is signed out."""

import os
import time

import pytest

CYCLES = int(os.environ.get("TEST_BROWSER_CYCLES", "4"))
DEMO = {"username": "demo", "password": "demo-password"}
CLIENTS = {
    "plain": "plain",
    "auth-client": "shipped",
}
LIFE = 2.2
"""Seconds in which both the access token and the grace have passed."""


def opened(person, name):
    page = person.new_page()
    page.goto("/")
    return page


def wake(pages, client):
    """Let all tabs call the API at the same moment; return what each was answered."""
    at = (time.time() + 0.3) * 1000
    for page in pages:
        page.evaluate(f"at => wake({client}.call, at)", at)
    return [page.evaluate("woken") for page in pages]


@pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS)
@pytest.mark.parametrize("tabs", [3, 10])
def test_nobody_is_signed_out(person, client, tabs):
    pages = [opened(person, client) for _ in range(tabs)]
    assert pages[0].evaluate(f"{client}.signIn({DEMO})") == 200

    for _cycle in range(CYCLES):
        time.sleep(LIFE)
        assert wake(pages, client) == [200] * tabs
