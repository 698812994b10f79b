"""
One error looks like another, wherever it happens: body, status and headers.

RFC 6750 section 3, RFC 9110 sections 10.2.3 and 11.6.1, OWASP ASVS 5.0 section 14.3.
"""

import re
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from jwt_signin import services
from jwt_signin.models import Session
from tests.conftest import PASSWORD, Browser

ELSEWHERE = "4f5e8f0e-6c0b-4d5c-9a53-2f4d1f3b7a10"
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "errors.md"
STATUSES = {
    code: int(status)
    for status, code in re.findall(r"^\| (\d+) \| `(\w+)`", REFERENCE.read_text(), re.MULTILINE)
}

pytestmark = pytest.mark.django_db

POST = {
    "signin": "/auth/signin/",
    "refresh": "/auth/refresh/",
    "logout": "/auth/logout/",
    "verify": "/auth/verify/",
    "logout/all": "/auth/logout/all/",
}
OF_THE_USER = {
    "logout/all": ("POST", "/auth/logout/all/"),
    "me": ("GET", "/auth/me/"),
    "sessions": ("GET", "/auth/sessions/"),
    "session": ("DELETE", f"/auth/sessions/{ELSEWHERE}/"),
}
READS_THE_HEADER = {*OF_THE_USER, "logout"}
BODIES = {
    "no JSON": ("{", "application/json", "invalid_request"),
    "too large": (" " * 17_000, "application/json", "request_too_large"),
    "another type": ("{}", "text/plain", "unsupported_media_type"),
}


class World:
    """One user, a session, and the ways to be refused."""

    def __init__(self, clock, settings, ada):
        self.clock, self.settings, self.ada = clock, settings, ada
        self.pair = services.start_session(ada)
        self.language = "en"
        self.access, self.refresh = str(self.pair.access), str(self.pair.refresh)

    def ask(self, method, path, token=None, **kwargs):
        client = Browser(HTTP_ACCEPT_LANGUAGE=self.language)
        if token is not None:
            client.with_access(token)
        return client.generic(method, path, **kwargs)

    def post(self, path, **body):
        return Browser(HTTP_ACCEPT_LANGUAGE=self.language).post(path, body)

    def late(self, seconds, act):
        self.clock.shift(seconds)
        return act()

    def foreign(self, path):
        body = {"username": "ada", "password": PASSWORD, "transport": "cookie"}
        client = Browser(HTTP_ACCEPT_LANGUAGE=self.language, HTTP_ORIGIN="https://evil.example")
        return client.post(path, body)

    def choose(self, **options):
        self.settings.JWT_SIGNIN = getattr(self.settings, "JWT_SIGNIN", {}) | options

    def without_csrf_token(self, path):
        self.choose(CSRF="django")
        body = {"username": "ada", "password": PASSWORD, "transport": "cookie"}
        client = Browser(HTTP_ACCEPT_LANGUAGE=self.language, enforce_csrf_checks=True)
        return client.post(path, body)

    def revoked(self, act):
        services.revoke_all(self.ada)
        return act()

    def throttled(self, rate, act):
        self.choose(**{rate: "1/h", "REUSE_GRACE": 0})
        return [act(), act()][-1]

    def down(self, act):
        def fail(*args):
            raise OperationalError("secret host")

        with connection.execute_wrapper(fail):
            return act()


def cases():
    """Yield an endpoint, a code, and what brings it about."""
    for name, path in POST.items():
        for body, kind, code in BODIES.values():
            yield (
                name,
                code,
                lambda w, p=path, b=body, k=kind: w.ask(
                    "POST", p, w.access, data=b, content_type=k
                ),
            )
        yield name, "method_not_allowed", lambda w, p=path: w.ask("PUT", p, w.access)
    for name, (method, path) in OF_THE_USER.items():
        yield name, "not_authenticated", lambda w, m=method, p=path: w.ask(m, p)
        yield name, "token_not_valid", lambda w, m=method, p=path: w.ask(m, p, "garbage")
        yield name, "token_not_valid", lambda w, m=method, p=path: w.ask(m, p, w.refresh)
        yield (
            name,
            "token_expired",
            lambda w, m=method, p=path: w.late(300, lambda: w.ask(m, p, w.access)),
        )
        yield (
            name,
            "session_revoked",
            lambda w, m=method, p=path: w.revoked(lambda: w.ask(m, p, w.access)),
        )
        yield name, "unavailable", lambda w, m=method, p=path: w.down(lambda: w.ask(m, p, w.access))
        yield name, "method_not_allowed", lambda w, p=path: w.ask("PATCH", p, w.access)
    yield from particular_cases()


def particular_cases():
    signin, refresh, verify = POST["signin"], POST["refresh"], POST["verify"]
    wrong = {"username": "ada", "password": "wrong"}
    yield "session", "not_found", lambda w: w.ask(*OF_THE_USER["session"], w.access)
    yield "signin", "invalid_request", lambda w: w.post(signin, username=7)
    yield "signin", "invalid_credentials", lambda w: w.post(signin, **wrong)
    yield (
        "signin",
        "throttled",
        lambda w: w.throttled("SIGNIN_ACCOUNT_RATE", lambda: w.post(signin, **wrong)),
    )
    yield (
        "signin",
        "unavailable",
        lambda w: w.down(lambda: w.post(signin, username="ada", password=PASSWORD)),
    )
    yield "signin", "origin_not_allowed", lambda w: w.foreign(signin)
    yield "signin", "csrf_failed", lambda w: w.without_csrf_token(signin)
    yield "refresh", "invalid_request", lambda w: w.post(refresh, refresh=7)
    yield "refresh", "refresh_missing", lambda w: w.post(refresh)
    yield "refresh", "refresh_not_valid", lambda w: w.post(refresh, refresh="garbage")
    yield "refresh", "refresh_not_valid", lambda w: w.post(refresh, refresh=w.access)
    yield (
        "refresh",
        "refresh_expired",
        lambda w: w.late(7 * 86400, lambda: w.post(refresh, refresh=w.refresh)),
    )
    yield (
        "refresh",
        "session_revoked",
        lambda w: w.revoked(lambda: w.post(refresh, refresh=w.refresh)),
    )
    yield "refresh", "session_revoked", reused
    yield (
        "refresh",
        "throttled",
        lambda w: w.throttled(
            "REFRESH_RATE", lambda: w.post(refresh, refresh=str(services.rotate(newest(w)).refresh))
        ),
    )
    yield "refresh", "unavailable", lambda w: w.down(lambda: w.post(refresh, refresh=w.refresh))
    yield "verify", "invalid_request", lambda w: w.post(verify)
    yield "verify", "token_not_valid", lambda w: w.post(verify, token="garbage")
    yield "verify", "token_expired", lambda w: w.late(300, lambda: w.post(verify, token=w.access))
    yield "verify", "session_revoked", lambda w: w.revoked(lambda: w.post(verify, token=w.access))
    yield "verify", "unavailable", lambda w: w.down(lambda: w.post(verify, token=w.access))
    yield (
        "logout",
        "unavailable",
        lambda w: w.down(lambda: w.post(POST["logout"], refresh=w.refresh)),
    )


def newest(world):
    """Return the refresh token of the present generation."""
    generation = Session.objects.get().generation
    world.pair.refresh.payload["gen"] = generation
    return str(world.pair.refresh)


def reused(world):
    for _ in range(2):
        world.clock.shift(31)
        services.rotate(newest(world))
    return world.post(POST["refresh"], refresh=world.refresh)


CASES = [*cases()]
every_case = pytest.mark.parametrize(
    ("endpoint", "code", "act"), CASES, ids=[f"{name} {code}" for name, code, _ in CASES]
)
EXTRAS = {
    "session_revoked": {"reason"},
    "throttled": {"retry_after"},
    "unavailable": {"retry_after"},
}
WITHOUT_A_TOKEN = {"not_authenticated", "invalid_credentials", "refresh_missing"}


@pytest.fixture
def world(clock, settings, ada):
    settings.MIDDLEWARE = [
        "django.middleware.security.SecurityMiddleware",
        *settings.MIDDLEWARE,
    ]
    return World(clock, settings, ada)


def test_every_code_of_the_reference_is_among_them():
    assert {code for _name, code, _act in CASES} == STATUSES.keys() - {
        "permission_denied",
        "unsupported_grant_type",  # of the shape oauth2, which has its own body
    }


@every_case
def test_a_refusal_has_one_body(world, endpoint, code, act):
    response = act(world)

    body = response.json()
    fields = body.pop("fields", None)
    assert (response.status_code, body["code"]) == (STATUSES[code], code)
    assert body.keys() == {"detail", "code"} | EXTRAS.get(code, set())
    assert body["detail"].strip() == body["detail"] != ""
    assert fields is None or code == "invalid_request"
    for messages in (fields or {}).values():
        assert all(isinstance(message, str) for message in messages)


@every_case
def test_a_refusal_has_its_headers(world, endpoint, code, act):
    response = act(world)

    headers, retry_after = response.headers, response.json().get("retry_after")
    assert headers["Content-Type"] == "application/json"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert ("Authorization" in headers["Vary"]) is (endpoint in READS_THE_HEADER)
    assert headers.get("Retry-After") == (None if retry_after is None else str(retry_after))
    assert response.status_code != 405 or headers["Allow"]
    assert not response.cookies


@every_case
def test_a_401_alone_is_a_challenge(world, endpoint, code, act):
    response = act(world)

    plain, invalid = 'Bearer realm="api"', 'Bearer realm="api", error="invalid_token"'
    challenge = plain if code in WITHOUT_A_TOKEN else invalid
    expected = challenge if response.status_code == 401 else None
    assert response.headers.get("WWW-Authenticate") == expected


@every_case
def test_a_refusal_speaks_the_language_of_the_client(world, endpoint, code, act):
    world.language = "ko"

    response = act(world)

    assert response.headers["Content-Language"] == "ko"
    assert re.search("[\uac00-\ud7a3]", response.json()["detail"])
    assert response.json()["code"] == code
