"""What a page can and cannot do with a refresh token that is in a cookie."""

import base64
import http.server
import json
import re
import threading

import pytest

DEMO = {"username": "demo", "password": "demo-password"}
JWT = re.compile(r"eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]+")
ASK = """async ([url, body]) => {
    const answer = await fetch(url, {
        method: "POST",
        credentials: "include",
        headers: body ? {"Content-Type": "application/json"} : {},
        body: body && JSON.stringify(body),
    });
    return [answer.status, await answer.text()];
}"""


class Blank(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>another origin</title>")

    def log_message(self, *args):
        pass


@pytest.fixture
def another_port():
    """The address of a page of the same site and of another origin."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Blank) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def another_site(another_port):
    """The address of a page of another site: to a browser, localhost is not 127.0.0.1."""
    return another_port.replace("127.0.0.1", "localhost")


@pytest.fixture
def page(person):
    page = person.new_page()
    page.goto("/")
    assert page.evaluate(f"plain.signIn({DEMO})") == 200
    return page


def kinds_in(text):
    """Return the kinds of the tokens that a text holds."""
    bodies = (base64.urlsafe_b64decode(body + "===") for body in JWT.findall(text))
    return {json.loads(body)["token_type"] for body in bodies}


def is_signed_in(page):
    return page.evaluate(ASK, ["/api/auth/refresh/", None])[0] == 200


def test_no_script_sees_the_token(person, page):
    (cookie,) = person.cookies()

    assert kinds_in(cookie["value"]) == {"refresh"}
    assert page.evaluate("document.cookie") == ""


def test_no_body_holds_a_refresh_token(person):
    page, answers = person.new_page(), []
    page.on("response", lambda answer: answers.extend([answer] if "/auth/" in answer.url else []))
    page.goto("/")

    page.evaluate(f"plain.signIn({DEMO})")
    page.wait_for_timeout(2200)
    page.evaluate("plain.call('/api/protected-endpoint')")

    assert [kinds_in(answer.text()) for answer in answers] == [{"access"}, {"access"}]


def test_it_comes_to_the_endpoints_of_the_include_alone(page):
    requests = []
    page.on("request", lambda request: requests.extend([request]))

    page.evaluate(ASK, ["/api/auth/refresh/", None])
    page.evaluate(ASK, ["/api/login/refresh", {}])

    cookies = [request.all_headers().get("cookie", "") for request in requests]
    assert [kinds_in(cookie) for cookie in cookies] == [{"refresh"}, set()]


def test_a_reload_stays_signed_in(page):
    page.reload()

    assert page.evaluate("plain.call('/api/protected-endpoint')") == 200


def test_a_page_reached_by_a_foreign_link_is_signed_in(person, page, server, another_site):
    other = person.new_page()
    other.goto(another_site)
    other.set_content(f"<a href='{server}/'>a link</a>")

    with other.expect_navigation():
        other.click("a")

    assert is_signed_in(other)


@pytest.mark.parametrize("path", ["refresh", "logout"])
def test_a_page_of_the_same_site_is_refused(person, page, server, another_port, path):
    other = person.new_page()
    other.goto(another_port)

    status, body = other.evaluate(ASK, [f"{server}/api/auth/{path}/", None])

    assert (status, json.loads(body)["code"]) == (403, "origin_not_allowed")
    assert is_signed_in(page)


def test_a_page_of_another_site_comes_without_the_cookie(person, page, server, another_site):
    other = person.new_page()
    other.goto(another_site)

    status, body = other.evaluate(ASK, [f"{server}/api/auth/refresh/", None])
    assert (status, json.loads(body)["code"]) == (401, "refresh_missing")
    assert other.evaluate(ASK, [f"{server}/api/auth/logout/", None]) == [204, ""]

    assert is_signed_in(page)


@pytest.mark.parametrize("origin", ["another_port", "another_site"])
def test_a_foreign_page_signs_nobody_in(person, server, origin, request):
    other = person.new_page()
    other.goto(request.getfixturevalue(origin))

    asked = [f"{server}/api/auth/signin/", {**DEMO, "transport": "cookie"}]
    status, body = other.evaluate(ASK, asked)

    assert (status, json.loads(body)["code"]) == (403, "origin_not_allowed")
    assert person.cookies() == []


@pytest.mark.parametrize("enctype", ["application/x-www-form-urlencoded", "text/plain"])
def test_a_foreign_form_signs_nobody_out(person, page, server, another_port, enctype):
    other = person.new_page()
    other.goto(another_port)
    other.set_content(
        f"<form method=post action='{server}/api/auth/logout/' enctype='{enctype}'>"
        "<input name=a value=b><button>win</button></form>"
    )

    with other.expect_response(re.compile("logout")) as answer:
        other.click("button")

    assert answer.value.status in {403, 415}
    assert is_signed_in(page)


def test_a_logout_reaches_the_other_tabs(person, page):
    other = person.new_page()
    other.goto("/")
    assert other.evaluate("plain.call('/api/protected-endpoint')") == 200

    assert page.evaluate("plain.signOut()") == 204

    assert person.cookies() == []
    refused = other.evaluate("plain.call('/api/protected-endpoint').catch(String)")
    assert "refresh_missing" in refused
