"""
No secret in logs, error reports, mails, signals, ``repr`` or the admin.

OWASP ASVS 5.0 sections 16.2.5 and 16.4.1; everything is searched for canaries.
"""

import logging
from typing import NamedTuple

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import OperationalError, ProgrammingError, connection
from django.dispatch import Signal
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.utils.log import AdminEmailHandler
from django.views.debug import get_default_exception_reporter_filter
from rest_framework.response import Response
from rest_framework.views import APIView

from jwt_signin import exceptions, services, signals
from jwt_signin.decorators import jwt_required
from jwt_signin.models import Session
from tests.conftest import PASSWORD, Browser
from tests.test_keys import OTHER_SECRET

WRONG = "wrong-canary-of-a-password"
KEY = "canary-of-an-idempotency-key"
SIGNING_KEY = OTHER_SECRET
ADMIN = "a passphrase of the administrator's"
ADMIN_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _key(settings):
    settings.SIMPLE_JWT = {"SIGNING_KEY": SIGNING_KEY}


class Tokens(NamedTuple):
    """A pair as a client has it: in the settings of its time, and no others."""

    access: str
    refresh: str
    secret: str


@pytest.fixture
def tokens(_key, pair):
    return Tokens(str(pair.access), str(pair.refresh), pair.refresh["ss"])


def shown(text, tokens):
    """Return what ``text`` holds of passwords, keys, and the parts that make a token one."""
    canaries = {PASSWORD.strip(), WRONG, KEY, SIGNING_KEY, tokens.secret}
    for raw in (tokens.access, tokens.refresh):
        canaries |= set(raw.split(".")[1:])
    return {canary for canary in canaries if canary in text}


def live(api, clock, tokens):
    """Sign in, refresh, reuse, verify, log out, and be refused wherever one can be."""
    for password in (PASSWORD, WRONG, PASSWORD):
        api.sign_in(username="ada", password=password)
    api.post("/auth/signin/", {"username": WRONG, "password": 7})
    api.post("/auth/signin/", {"password": WRONG})
    api.generic("POST", "/auth/signin/", f'{{"password": "{WRONG}', "application/json")
    clock.shift(31)
    raw = tokens.refresh
    api.refresh(raw, **{"Idempotency-Key": KEY})
    api.refresh(raw, **{"Idempotency-Key": KEY})
    api.post("/auth/verify/", {"token": raw})
    api.post("/auth/verify/", {"token": raw[:-1]})
    clock.shift(31)
    api.refresh(raw)
    api.refresh(raw)
    api.refresh(tokens.access)
    signed_in = Browser().with_access(tokens.access)
    for where in ("/auth/me/", "/auth/sessions/", "/protected/", "/open/"):
        signed_in.get(where)
    signed_in.post("/auth/logout/", {"refresh": raw})
    for _ in range(12):
        api.sign_in(username="ada", password=WRONG)


class TestLogs:
    def test_hold_none_however_much_is_logged(self, api, clock, tokens, caplog):
        caplog.set_level(logging.DEBUG)
        caplog.set_level(logging.DEBUG, "django")
        connection.force_debug_cursor = True

        live(api, clock, tokens)

        connection.force_debug_cursor = False
        names = {record.name for record in caplog.records}
        assert {"jwt_signin", "django.request", "django.db.backends"} <= names
        everything = caplog.text + repr([record.__dict__ for record in caplog.records])
        assert shown(everything, tokens) == set()

    @pytest.mark.parametrize("breaker", ["\r\nforged", "\x1b[31m", "\u2028forged", "\x85forged"])
    def test_nobody_begins_a_line_of_his_own(self, api, tokens, caplog, breaker):
        """CVE-2025-48432 was one such; every word of ours is of this package's or a UUID."""
        caplog.set_level(logging.DEBUG, "jwt_signin")
        headers = {"User-Agent": breaker, "X-Forwarded-For": breaker, "Idempotency-Key": breaker}
        for _ in range(12):
            api.post("/auth/signin/", {"username": breaker, "password": breaker}, headers=headers)
        api.post("/auth/refresh/", {"refresh": breaker}, headers=headers)
        api.with_access(breaker).get("/auth/me/", headers=headers)
        api.delete(f"/auth/sessions/{breaker}/", headers=headers)

        lines = [record.getMessage() for record in caplog.records if record.name == "jwt_signin"]
        assert len(lines) == 17
        assert all(line.isprintable() for line in lines)


HOOKS = {
    "BEFORE_SESSION": ("JWT_SIGNIN", ["signin"]),
    "CLAIMS": ("JWT_SIGNIN", ["signin", "refresh"]),
    "USER_SERIALIZER": ("JWT_SIGNIN", ["signin", "refresh", "me"]),
    "USER_AUTHENTICATION_RULE": ("SIMPLE_JWT", ["signin", "refresh", "verify", "me", "protected"]),
    "JSON_ENCODER": ("SIMPLE_JWT", ["signin", "refresh"]),
}
FAILING = [(hook, path) for hook, (_name, paths) in HOOKS.items() for path in paths]


class ProjectError(Exception):
    """What a hook of the project's raises by mistake."""


def fail(*args, **kwargs):
    raise ProjectError


class FailingBackend:
    def authenticate(self, request, username=None, password=None):
        raise ProjectError


class UnreachableBackend:
    """One of the project's, which has the password in hand while it asks the database."""

    def authenticate(self, request, username=None, password=None):
        raise OperationalError("no answer")


class FailingHasher(MD5PasswordHasher):
    def verify(self, password, encoded):
        raise ProjectError


class Collecting(AdminEmailHandler):
    """Keeps the mails to the administrators, text and page."""

    def __init__(self):
        super().__init__(include_html=True)
        self.setLevel("ERROR")
        self.mails = ""

    def send_mail(self, subject, message, *args, html_message, **kwargs):
        self.mails += message + html_message


@pytest.fixture
def reports(settings):
    """Return what was mailed to the administrators so far."""
    settings.DEBUG = False
    handler = Collecting()
    loggers = [logging.getLogger(name) for name in ("django.request", "jwt_signin")]
    for logger in loggers:
        logger.addHandler(handler)
    yield lambda: handler.mails
    for logger in loggers:
        logger.removeHandler(handler)


def ask(path, tokens, as_form=False):
    """Ask one endpoint with every secret that it takes."""
    api = Browser().with_access(tokens.access)
    api.raise_request_exception = False
    headers = {"Idempotency-Key": KEY}
    if path in {"me", "protected"}:
        return api.get({"me": "/auth/me/", "protected": "/protected/"}[path], headers=headers)
    raw = tokens.refresh
    body = {"username": "ada", "password": PASSWORD, "refresh": raw, "token": raw}
    if as_form:
        sent = "&".join(f"{name}={value}" for name, value in body.items())
        kind = "application/x-www-form-urlencoded"
        return api.generic("POST", f"/auth/{path}/", sent, kind, headers=headers)
    return api.post(f"/auth/{path}/", body, headers=headers)


class TestErrorReports:
    @pytest.mark.parametrize(("hook", "path"), FAILING, ids=[" ".join(pair) for pair in FAILING])
    def test_of_a_failing_hook_show_none(self, settings, clock, tokens, reports, hook, path):  # noqa: PLR0917
        clock.shift(31)
        source = HOOKS[hook][0]
        setattr(settings, source, {**getattr(settings, source, {}), hook: f"{__name__}.fail"})

        statuses = [ask(path, tokens, as_form).status_code for as_form in (False, True)]

        assert statuses == [500, 500]
        assert reports().count("ProjectError") > 2
        assert shown(reports(), tokens) == set()

    @pytest.mark.parametrize("as_form", [False, True], ids=["JSON", "form"])
    @pytest.mark.parametrize("setting", ["AUTHENTICATION_BACKENDS", "PASSWORD_HASHERS"])
    def test_of_a_failing_password_check_show_none(
        self, settings, tokens, reports, setting, as_form
    ):
        failing = {"AUTHENTICATION_BACKENDS": "FailingBackend", "PASSWORD_HASHERS": "FailingHasher"}
        setattr(settings, setting, [f"{__name__}.{failing[setting]}"])

        response = ask("signin", tokens, as_form)

        assert response.status_code == 500
        assert "ProjectError" in reports()
        assert shown(reports(), tokens) == set()

    @pytest.mark.parametrize("path", ["signin", "refresh", "verify", "logout", "me", "protected"])
    def test_of_a_failing_statement_show_none(self, clock, tokens, reports, path):
        clock.shift(31)

        def wrong(*args):
            raise ProgrammingError("no such column")

        with connection.execute_wrapper(wrong):
            response = ask(path, tokens)

        assert response.status_code == 500
        assert "ProgrammingError" in reports()
        assert shown(reports(), tokens) == set()

    @pytest.mark.parametrize("path", ["signin", "refresh", "verify", "logout", "me", "protected"])
    def test_of_a_database_that_is_down_show_none(self, settings, clock, tokens, reports, path):
        settings.AUTHENTICATION_BACKENDS = [f"{__name__}.UnreachableBackend"]
        clock.shift(31)

        def down(*args):
            raise OperationalError("no answer")

        with connection.execute_wrapper(down):
            response = ask(path, tokens)

        assert response.status_code == 503
        assert "OperationalError" in reports()
        assert shown(reports(), tokens) == set()

    @pytest.mark.parametrize("path", ["signin", "refresh", "verify", "logout", "me", "protected"])
    def test_of_a_failing_key_show_none(self, settings, tokens, reports, path):
        settings.SIMPLE_JWT = {"ALGORITHM": "RS256", "SIGNING_KEY": SIGNING_KEY}

        response = ask(path, tokens)

        assert response.status_code == 500
        assert "UnfitKeyError" in reports()
        assert shown(reports(), tokens) == set()

    @pytest.mark.parametrize("path", ["busy", "busy-api"])
    def test_of_a_header_of_the_projects_own_show_none(self, settings, tokens, reports, path):
        settings.ROOT_URLCONF = __name__
        settings.SIMPLE_JWT = {"SIGNING_KEY": SIGNING_KEY, "AUTH_HEADER_NAME": "HTTP_X_ACCESS"}

        Client().get(f"/{path}/", headers={"X-Access": f"Bearer {tokens.access}"})

        assert "HTTP_X_ACCESS" in reports()
        assert shown(reports(), tokens) == set()

    @pytest.mark.parametrize("path", ["plain", "required", "api", "busy", "busy-api"])
    def test_of_a_projects_own_view_show_none(self, settings, tokens, reports, path):
        """Which a browser sends the cookies to as well, be it asked for them or not."""
        settings.ROOT_URLCONF = __name__
        settings.JWT_SIGNIN = {"ACCESS_COOKIE": True, "COOKIE_PATH": "/"}
        settings.SIMPLE_JWT = {"SIGNING_KEY": SIGNING_KEY, "AUTH_HEADER_NAME": "HTTP_X_ACCESS"}
        browser = Client(raise_request_exception=False)
        browser.cookies["__Host-access"] = tokens.access
        browser.cookies["__Host-refresh"] = tokens.refresh
        browser.cookies["theme"] = "dark"

        status = browser.get(f"/{path}/", headers={"X-Access": f"Bearer {tokens.access}"})

        assert status.status_code == (503 if "busy" in path else 500)
        assert f"/{path}/" in reports()
        assert "__Host-refresh" in reports()
        assert "dark" in reports()
        assert shown(reports(), tokens) == set()

    def test_of_what_a_view_answers_itself_show_none_by_the_projects_own_filter(
        self, settings, tokens, reports
    ):
        settings.ROOT_URLCONF = __name__
        settings.DEFAULT_EXCEPTION_REPORTER_FILTER = "jwt_signin.cookies.Reticent"
        get_default_exception_reporter_filter.cache_clear()
        browser = Client()
        browser.cookies["__Host-refresh"] = tokens.refresh

        browser.get("/busy-plain/")
        get_default_exception_reporter_filter.cache_clear()

        assert "__Host-refresh" in reports()
        assert shown(reports(), tokens) == set()


class Busy(APIView):
    def get(self, request):
        return Response(status=503)


class FailingView(APIView):
    get = fail


urlpatterns = [
    path("plain/", fail),
    path("required/", jwt_required(fail)),
    path("api/", FailingView.as_view()),
    path("busy/", jwt_required(lambda request: HttpResponse(status=503))),
    path("busy-plain/", lambda request: HttpResponse(status=503)),
    path("busy-api/", Busy.as_view()),
]


class TestObjects:
    def test_the_repr_of_none_shows_any(self, pair, tokens):
        objects = [pair, pair.access, pair.refresh, Session.objects.get()]
        objects += [vars(Session.objects.get()).keys(), exceptions.TokenNotValid(), services]

        assert shown(f"{objects!r} {[*map(str, objects[3:])]}", tokens) == set()

    def test_no_refusal_tells_any(self, tokens):
        """Neither in its body nor in what it was caused by."""
        for raw in (tokens.refresh + "x", tokens.access):
            with pytest.raises(exceptions.RefreshNotValid) as refused:
                services.rotate(raw)
            error = refused.value
            while error is not None:
                assert shown(f"{error!r} {error}", tokens) == set()
                error = error.__cause__ or error.__context__

    def test_no_signal_carries_any(self, api, clock, tokens):
        heard = [user_logged_in, user_logged_out, user_login_failed]
        heard += [value for value in vars(signals).values() if isinstance(value, Signal)]
        told = []

        def listen(signal, request, **facts):
            told.append({name: getattr(fact, "__dict__", fact) for name, fact in facts.items()})

        for signal in heard:
            signal.connect(listen)
        live(api, clock, tokens)
        for signal in heard:
            signal.disconnect(listen)

        assert len(told) > 10
        assert shown(repr(told), tokens) == set()


@pytest.mark.urls("tests.test_admin")
def test_the_admin_shows_none(settings, tokens):
    settings.MIDDLEWARE = ADMIN_MIDDLEWARE
    get_user_model().objects.create_superuser("root", password=ADMIN)
    client, session = Client(), Session.objects.get()
    client.login(username="root", password=ADMIN)

    pages = "".join(
        client.get(f"/admin/jwt_signin/session/{path}").content.decode()
        for path in ("", f"{session.pk}/change/", f"{session.pk}/history/")
    )

    assert str(session.pk) in pages
    assert shown(pages, tokens) == set()
    digests = [bytes(value) for value in (session.secret_hash, session.auth_hash)]
    assert not [
        digest for digest in digests if digest.hex() in pages or repr(digest)[2:-1] in pages
    ]


def test_the_table_holds_none(tokens):
    """OWASP ASVS 6.5.2: who reads the database can make no token of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM jwt_signin_session")
        row = [
            value.tobytes() if isinstance(value, memoryview) else value
            for value in cursor.fetchone()
        ]

    assert shown(repr(row), tokens) == set()
