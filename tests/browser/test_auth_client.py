"""The client that the package ships, in the browser that it is made for."""

import http.server
import threading
import time

import pytest

DEMO = {"username": "demo", "password": "demo-password"}
REFRESHES = (
    "performance.getEntriesByType('resource').filter(({ name }) => /refresh/.test(name)).length"
)
LIFE = 2.2
"""Seconds in which both the access token and the grace have passed."""


class Listener(http.server.BaseHTTPRequestHandler):
    """Answers any page, and remembers what it was shown."""

    def do_GET(self):
        self.server.seen.append(self.headers.get("Authorization"))
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Headers", "authorization")
        self.end_headers()

    def do_OPTIONS(self):
        self.do_GET()

    def do_POST(self):
        self.do_GET()

    def log_message(self, *args):
        pass


@pytest.fixture
def foreign():
    """A server of another origin, which lets every page ask it."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        server.seen = []
        threading.Thread(target=server.serve_forever).start()
        yield server
        server.shutdown()


@pytest.fixture
def pages(person):
    """Two tabs of one person, who has signed in to the first."""
    opened = [person.new_page(), person.new_page()]
    for page in opened:
        page.goto("/")
        page.evaluate("shipped.client()")
    assert opened[0].evaluate(f"shipped.signIn({DEMO})") == 200
    return opened


def state(page):
    return page.evaluate("shipped.client().then(client => client.state)")


def follows(page, status):
    page.wait_for_function(
        "async status => (await shipped.client()).state.status === status", arg=status
    )


def test_another_tab_follows_a_sign_in_and_a_sign_out(pages):
    one, other = pages
    follows(other, "signed-in")
    assert state(other)["user"]["username"] == "demo"

    one.evaluate("shipped.client().then(client => client.signOut())")

    follows(other, "signed-out")
    assert state(other)["reason"] == "logged_out"


def test_tabs_that_wake_together_do_not_each_refresh(person, pages):
    pages += [person.new_page() for _ in range(4)]
    for page in pages[2:]:
        page.goto("/")
        page.evaluate("shipped.client().then(client => client.restore())")
    for page in pages:
        page.evaluate("performance.clearResourceTimings()")
    time.sleep(LIFE)

    for page in pages:
        page.evaluate("() => { window.woken = shipped.call('/api/protected-endpoint') }")

    assert [page.evaluate("woken") for page in pages] == [200] * 6
    # One, but for a message that comes later than the lock.
    assert 1 <= sum(page.evaluate(REFRESHES) for page in pages) <= 2


def test_a_reload_stays_signed_in(pages):
    page = pages[0]
    page.reload()

    assert page.evaluate("shipped.client().then(client => client.restore())")["status"] == (
        "signed-in"
    )


def test_no_script_can_read_a_token(person, pages):
    page = pages[0]
    time.sleep(LIFE)
    page.evaluate("shipped.call('/api/protected-endpoint')")

    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")

    assert "eyJ" not in stored
    assert page.evaluate("document.cookie") == ""


def test_a_redirect_takes_no_token_to_another_origin(pages, foreign):
    page, url = pages[0], f"http://127.0.0.1:{foreign.server_port}/"
    send = "async url => (await (await shipped.client()).fetch(url)).status"

    assert page.evaluate(send, f"/away/?to={url}") == 200
    assert page.evaluate(send, url) == 200

    # Chromium alone follows without asking first.
    assert set(foreign.seen) == {None}


def test_a_redirect_takes_no_password_anywhere(pages, foreign):
    page, url = pages[0], f"http://127.0.0.1:{foreign.server_port}/"
    sign_in = """async ([url, credentials]) => {
        const { createAuthClient } = await import("/static/jwt_signin/auth-client.js");
        const client = createAuthClient({ baseUrl: `/away/?to=${url}#` });
        return client.signIn(credentials).catch(({ code }) => code);
    }"""

    assert page.evaluate(sign_in, [url, DEMO]) == "network_error"

    assert foreign.seen == []


def test_a_server_that_is_away_signs_nobody_out(person, pages):
    page = pages[0]
    time.sleep(LIFE)
    person.set_offline(True)
    failed = page.evaluate("shipped.call('/api/protected-endpoint').catch(({ code }) => code)")
    assert (failed, state(page)["status"]) == ("network_error", "signed-in")

    person.set_offline(False)

    assert page.evaluate("shipped.call('/api/protected-endpoint')") == 200


def test_a_session_that_is_ended_elsewhere_tells_why(pages):
    one, other = pages
    one.evaluate(
        "shipped.client().then(async client => (await client.sessions()).map(({ id }) => id))"
        ".then(async ([id]) => (await shipped.client()).revoke(id))"
    )

    assert other.evaluate("shipped.call('/api/protected-endpoint')") == 401

    for page in pages:
        follows(page, "signed-out")
        assert state(page)["reason"] == "revoked_by_user"
