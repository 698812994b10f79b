"""The whole flow by cookies, through the URLs, with the jar that a browser would have."""

import base64
import json
import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection
from django.urls import include, path
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from jwt_signin import services
from jwt_signin.models import Session
from jwt_signin.shapes import SHAPES
from jwt_signin.tokens import AccessToken, RefreshToken
from jwt_signin.urls import auth_urls
from jwt_signin.views import LogoutView, RefreshView, SignInView, TransportView
from tests.conftest import PASSWORD, name_of
from tests.flows.test_concurrency import race
from tests.jar import Jar

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

HOST = "https://testserver"
COOKIE = "__Secure-refresh"
GRACE = 30
JWT = re.compile(r"[\w-]+\.([\w-]+)\.[\w-]+")
FORM = "application/x-www-form-urlencoded"

FOREIGN = {
    "another site": {"Origin": "https://evil.com", "Sec-Fetch-Site": "cross-site"},
    "a sibling": {"Origin": "https://evil.testserver", "Sec-Fetch-Site": "same-site"},
    "a sandbox": {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    "an old browser": {"Origin": "https://evil.com", "Sec-Fetch-Site": None},
    "no origin": {"Origin": None, "Sec-Fetch-Site": "cross-site"},
}
foreign = pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)


class NotesView(APIView):
    """What a project has behind its access tokens."""

    permission_classes = (IsAuthenticated,)

    def get(self, request):
        return Response({"sid": request.auth["sid"]})

    def post(self, request):
        return self.get(request)


class PasskeyView(TransportView):
    """A project's own way to prove who somebody is."""

    action = "sign_in"
    transport = "cookie"

    def post(self, request):
        cookie = self.transports["cookie"]
        cookie.check(request)
        pair = services.start_session(get_user_model().objects.get(), request, transport="cookie")
        return self.signed_in(pair, cookie)


urlpatterns = [
    path("passkey/", PasskeyView.as_view()),
    path("auth/", include("jwt_signin.urls")),
    path("web/", include(auth_urls(transport="cookie"), namespace="web")),
    path("app/", include(auth_urls(transport="body"), namespace="app")),
    path("alone/signin/", SignInView.as_view(transport="cookie")),
    path("alone/refresh/", RefreshView.as_view(transport="cookie")),
    path("alone/logout/", LogoutView.as_view(transport="cookie")),
    path("notes/", NotesView.as_view()),
    *(
        path(f"{shape}/", include(auth_urls(shape=shape, transport="cookie"), namespace=shape))
        for shape in SHAPES
    ),
]


class Page:
    """A page of this origin in a browser, unless its headers say otherwise."""

    def __init__(self, user):
        self.jar = Jar()
        self.credentials = {"password": PASSWORD, **name_of(user)}

    def fetch(self, method, path, body=None, content_type="application/json", **headers):
        """Send fields as JSON and any other body as it is; leave out a header of ``None``."""
        sent = {
            "Origin": HOST,
            "Sec-Fetch-Site": "same-origin",
            "Cookie": self.jar.header(f"{HOST}{path}"),
            **headers,
        }
        response = APIClient().generic(
            method,
            path,
            json.dumps(body) if isinstance(body, dict) else body or "",
            content_type=content_type if body is not None else "",
            headers={name: value for name, value in sent.items() if value is not None},
            secure=True,
        )
        self.jar.take(f"{HOST}{path}", response)
        return response

    def sign_in(self, root="/auth/", **fields):
        named = {"transport": "cookie"} if root == "/auth/" else {}
        return self.post(f"{root}signin/", {**self.credentials, **named, **fields})

    def refresh(self, *cookies, root="/auth/", body=None, **options):
        """Refresh by the browser's cookie, or by those that are given instead."""
        return self.post(f"{root}refresh/", body, **instead(cookies), **options)

    def logout(self, *cookies, root="/auth/", body=None, **options):
        return self.post(f"{root}logout/", body, **instead(cookies), **options)

    def post(self, path, body=None, **options):
        return self.fetch("POST", path, body, **options)

    def get(self, path, **headers):
        return self.fetch("GET", path, **headers)

    def cookie(self, name=COOKIE):
        """Return the value that the browser holds, or ``None``."""
        self.jar.clear_expired_cookies()
        return next((each.value for each in self.jar if each.name == name), None)


def instead(values):
    """Return the header of a browser that holds these values under the one name."""
    return {"Cookie": "; ".join(f"{COOKIE}={value}" for value in values)} if values else {}


@pytest.fixture
def page(ada):
    return Page(ada)


@pytest.fixture
def signed_in(page, clock):
    """A page whose browser holds a session's cookie."""
    assert page.sign_in().status_code == 200
    return page


@pytest.fixture
def unreachable():
    """The database does not answer, as each cursor notices."""

    def fail(*args):
        raise OperationalError("no route to host")

    return lambda: connection.execute_wrapper(fail)


def told(response):
    """Return what a front end goes by."""
    body = response.json() if response.content else {}
    return response.status_code, body.get("code")


def kinds_in(response):
    """Return the kinds of all tokens that a body holds, wherever in it."""
    payloads = JWT.findall(response.content.decode())
    decoded = (json.loads(base64.urlsafe_b64decode(payload + "===")) for payload in payloads)
    return {claims["token_type"] for claims in decoded}


def row():
    return Session.objects.values().get()


def own(settings):
    """Return what the run says of its user model."""
    return getattr(settings, "SIMPLE_JWT", {})


def generation(raw):
    return RefreshToken.decode(raw).generation


class TestTheWholeFlow:
    @pytest.mark.parametrize("root", ["/auth/", "/web/", "/alone/"])
    def test_signs_in_refreshes_opens_and_logs_out(self, page, clock, root):
        signed_in = page.sign_in(root)
        clock.shift(GRACE + 1)
        refreshed = page.refresh(root=root)
        access = f"Bearer {refreshed.json()['access']}"
        opened = page.get("/notes/", Authorization=access)
        logged_out = page.logout(root=root)
        over = page.refresh(root=root)

        answers = [signed_in, refreshed, opened, logged_out, over]
        assert [each.status_code for each in answers] == [200, 200, 200, 204, 401]
        assert told(over) == (401, "refresh_missing")
        assert page.jar.names() == []
        assert row()["revoke_reason"] == "logged_out"
        assert (row()["transport"], row()["generation"]) == ("cookie", 1)
        assert all("refresh" not in each.json() for each in (signed_in, refreshed))

    def test_is_that_of_the_transport_by_default(self, settings, page):
        settings.JWT_SIGNIN = {"TRANSPORT": "cookie"}

        response = page.sign_in(transport="cookie")
        unsaid = page.post("/auth/signin/", page.credentials)

        assert "refresh" not in response.json()
        assert "refresh" not in unsaid.json()
        assert page.refresh().status_code == 200

    def test_is_that_of_the_body_where_nothing_is_said(self, page):
        response = page.post("/auth/signin/", page.credentials)

        assert "refresh" in response.json()
        assert not response.cookies

    @pytest.mark.parametrize("path", ["/", "/auth/"])
    def test_may_begin_in_a_view_of_the_project(self, settings, page, path):
        settings.JWT_SIGNIN = {"COOKIE_PATH": path}

        answers = [page.post("/passkey/"), page.refresh(), page.logout()]

        assert [each.status_code for each in answers] == [200, 200, 204]
        assert (kinds_in(answers[0]), page.jar.names()) == ({"access"}, [])

    @foreign
    def test_begins_there_for_no_foreign_page(self, page, headers):
        response = page.post("/passkey/", **headers)

        assert (response.status_code, Session.objects.count()) == (403, 0)

    def test_is_that_of_this_host_alone_where_the_path_is_the_root(self, settings, page):
        """What a sibling domain may set goes by other names."""
        settings.JWT_SIGNIN = {"COOKIE_PATH": "/"}
        page.sign_in()
        tossed = f"{COOKIE}=x; refresh=x; \xa0__Host-refresh=x"

        response = page.refresh(Cookie=f"{tossed}; __Host-refresh={page.cookie('__Host-refresh')}")

        assert response.status_code == 200

    @pytest.mark.parametrize("shape", sorted(SHAPES.keys() - {"oauth2"}))  # bodies alone
    def test_puts_no_refresh_token_into_a_body_of_any_shape(self, page, clock, shape):
        root, field = f"/{shape}/", page.credentials
        identifier = next(value for name, value in field.items() if name != "password")
        named = {"identifier": identifier, "password": PASSWORD, "transport": "cookie"}
        answers = [page.post(f"{root}signin/", named)]
        stale = page.cookie()
        answers += [page.refresh(root=root)]
        clock.shift(GRACE + 1)
        answers += [page.refresh(root=root), page.refresh(stale, root=root)]
        clock.shift(GRACE + 1)
        answers += [page.refresh(root=root), page.refresh(stale, root=root)]
        answers += [page.logout(root=root)]

        assert [each.status_code for each in answers] == [200] * 5 + [401, 204]
        assert set().union(*map(kinds_in, answers)) == {"access"}
        for each in answers:
            assert not {"refresh", "refresh_token"} & (each.json() if each.content else {}).keys()
            for cookie in each.cookies.values():
                assert not cookie.value or cookie.value not in each.content.decode()

    def test_is_the_same_where_requests_are_atomic(self, monkeypatch, page, clock):
        monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
        page.sign_in()
        stale = page.cookie()
        for _ in range(2):
            clock.shift(GRACE + 1)
            page.refresh()

        response = page.refresh(stale)

        assert response.json()["reason"] == "reuse_detected"
        assert (row()["revoke_reason"], page.cookie()) == ("reuse_detected", None)


class TestSigningIn:
    @pytest.mark.parametrize(
        ("root", "transport"), [("/web/", "body"), ("/app/", "cookie"), ("/alone/", "body")]
    )
    def test_takes_no_other_transport_than_is_fixed(self, page, root, transport):
        response = page.sign_in(root, transport=transport)

        assert told(response) == (400, "invalid_request")
        assert list(response.json()["fields"]) == ["transport"]
        assert (page.jar.names(), Session.objects.count()) == ([], 0)

    @pytest.mark.parametrize("transport", ["pigeon", "", "COOKIE", None, 7, ["cookie"]], ids=str)
    def test_takes_none_that_is_not_known(self, page, transport):
        assert told(page.sign_in(transport=transport)) == (400, "invalid_request")
        assert Session.objects.count() == 0

    @pytest.mark.parametrize(("allowed", "other"), [("body", "cookie"), ("cookie", "body")])
    def test_takes_none_that_is_not_allowed(self, settings, page, allowed, other):
        settings.JWT_SIGNIN = {"TRANSPORT": allowed, "TRANSPORTS": [allowed]}

        assert told(page.sign_in(transport=other)) == (400, "invalid_request")
        assert page.sign_in(transport=allowed).status_code == 200

    @pytest.mark.parametrize("root", ["/auth/", "/web/"])
    @pytest.mark.parametrize("form", [FORM, f"{FORM.upper()} ; charset=utf-8"])
    def test_takes_no_form(self, page, root, form):
        fields = "&".join(f"{name}={value}" for name, value in page.credentials.items())

        body = f"{fields}&transport=cookie"

        response = page.post(f"{root}signin/", body, content_type=form)

        assert told(response) == (415, "unsupported_media_type")
        assert (page.jar.names(), Session.objects.count()) == ([], 0)

    @foreign
    @pytest.mark.parametrize("root", ["/auth/", "/web/"])
    def test_is_not_for_a_foreign_page_to_do(self, signed_in, headers, root):
        """Login CSRF: the visitor would go on in the account of another."""
        before = signed_in.cookie()

        response = signed_in.post(
            f"{root}signin/", {**signed_in.credentials, "transport": "cookie"}, **headers
        )

        assert told(response) == (403, "origin_not_allowed")
        assert (not response.cookies, signed_in.cookie()) == (True, before)
        assert Session.objects.count() == 1

    @pytest.mark.parametrize(
        ("remember", "age"), [(None, "604800"), (True, "604800"), (False, "")], ids=str
    )
    def test_is_remembered_as_long_as_the_user_says(self, page, clock, remember, age):
        said = {} if remember is None else {"remember": remember}
        ages = [page.sign_in(**said).cookies[COOKIE]["max-age"]]
        for _ in range(2):
            clock.shift(GRACE + 1)
            ages.append(page.refresh().cookies[COOKIE]["max-age"])

        assert [str(each) for each in ages] == [age] * 3

    def test_with_a_wrong_password_leaves_the_cookie_alone(self, signed_in):
        before = signed_in.cookie()

        response = signed_in.sign_in(password="wrong")

        assert told(response) == (401, "invalid_credentials")
        assert (not response.cookies, signed_in.cookie()) == (True, before)

    def test_leaves_the_cookie_alone_while_the_database_is_down(self, signed_in, unreachable):
        before = signed_in.cookie()

        with unreachable():
            response = signed_in.sign_in()

        assert told(response) == (503, "unavailable")
        assert (not response.cookies, signed_in.cookie()) == (True, before)

    @pytest.mark.parametrize(
        "stale", ["garbage", "", "revoked", "expired", "another's", "many"], ids=str
    )
    def test_is_blocked_by_nothing_stale(self, page, clock, bob, stale):
        other = services.start_session(bob, transport="cookie")
        values = {"many": ["garbage"] * 20, "garbage": ["garbage"], "": [""]}.get(
            stale, [str(other.refresh)]
        )
        if stale == "revoked":
            services.revoke_all(bob)
        if stale == "expired":
            clock.shift(8 * 86400)
        headers = {**instead(values), "Authorization": "Bearer stale"}

        response = page.post("/web/signin/", page.credentials, **headers)

        assert response.status_code == 200
        assert page.cookie() == response.cookies[COOKIE].value


class TestRefreshing:
    @pytest.mark.parametrize(
        ("body", "content_type", "status"),
        [
            (None, "", 200),
            ({}, "application/json", 200),
            ({"transport": "body"}, "application/json", 200),
            ({"refresh": ""}, "application/json", 200),
            ({"refresh": None}, "application/json", 200),
            ("{}", "application/json; charset=utf-8", 200),
            ("{", "application/json", 400),
            ("[]", "application/json", 400),
            ("x" * 16_385, "application/json", 413),
            ("a=b", FORM, 415),
            ("", FORM, 415),
            ("{}", "text/plain", 415),
            ("--x--", "multipart/form-data; boundary=x", 415),
            ("{}", "", 415),
        ],
        ids=lambda value: str(value)[:40],
    )
    @pytest.mark.parametrize("root", ["/auth/", "/web/"])
    def test_takes_json_or_no_body(self, page, root, body, content_type, status):
        page.sign_in(root)
        Session.objects.update(rotated_at=row()["rotated_at"] - timedelta(minutes=5))
        before, held = row(), page.cookie()

        response = page.refresh(root=root, body=body, content_type=content_type)

        codes = {400: "invalid_request", 413: "request_too_large", 415: "unsupported_media_type"}
        assert told(response) == (status, codes.get(status))
        assert kinds_in(response) <= {"access"}
        if status != 200:
            assert (not response.cookies, page.cookie(), row()) == (True, held, before)

    @pytest.mark.parametrize("value", [7, ["x"], {}, True], ids=str)
    def test_of_a_body_that_holds_no_string_is_no_request(self, signed_in, value):
        response = signed_in.refresh(body={"refresh": value})

        assert told(response) == (400, "invalid_request")
        assert signed_in.cookie() is not None

    def test_sets_the_successor_once_it_is_due(self, signed_in, clock):
        held = [signed_in.cookie()]
        answers = [signed_in.refresh()]
        for seconds in (GRACE, 1, GRACE, 1):
            clock.shift(seconds)
            answers.append(signed_in.refresh())
            held.append(signed_in.cookie())

        assert [each.status_code for each in answers] == [200] * 5
        assert [bool(each.cookies) for each in answers] == [False, False, True, False, True]
        assert [generation(each) for each in held] == [0, 0, 1, 1, 2]

    def test_sets_the_successor_for_its_predecessor_in_grace(self, signed_in, clock):
        """A second tab, or the browser whose answer was lost."""
        held = signed_in.cookie()
        clock.shift(GRACE + 1)
        first = signed_in.refresh()
        clock.shift(GRACE)

        again = signed_in.refresh(held)

        assert [generation(each.cookies[COOKIE].value) for each in (first, again)] == [1, 1]
        assert row()["generation"] == 1

    @pytest.mark.parametrize("body", [{"refresh": "stale"}, {"refresh_token": "stale"}], ids=str)
    def test_goes_by_the_body_where_both_are_present(self, signed_in, body):
        before = signed_in.cookie()

        response = signed_in.refresh(body=body)

        assert told(response) == (401, "refresh_not_valid")
        assert (not response.cookies, signed_in.cookie()) == (True, before)

    def test_by_the_body_answers_in_the_body_and_leaves_the_cookie_alone(self, signed_in, bob):
        clients = services.start_session(bob)
        before = signed_in.cookie()

        response = signed_in.refresh(
            body={"refresh": str(clients.refresh)}, Origin="https://evil.com"
        )

        assert kinds_in(response) == {"access", "refresh"}
        assert (not response.cookies, signed_in.cookie()) == (True, before)

    def test_reads_no_body_where_cookies_alone_are_read(self, page, clock, bob):
        page.sign_in("/web/")

        response = page.refresh(root="/web/", body={"refresh": "stale"})
        nothing = Page(bob).refresh(root="/web/", body={"refresh": page.cookie()})

        assert response.status_code == 200
        assert told(nothing) == (401, "refresh_missing")

    def test_reads_no_cookie_where_bodies_alone_are_read(self, page):
        page.sign_in("/web/")

        response = page.refresh(page.cookie(), root="/app/")

        assert told(response) == (401, "refresh_missing")
        assert not response.cookies

    @pytest.mark.parametrize("brought", ["cookie", "body"])
    def test_refuses_the_transport_that_the_session_has_not(self, signed_in, ada, brought):
        """What was stolen from one is of no use in the other."""
        held = signed_in.cookie()
        if brought == "cookie":
            raw = str(services.start_session(ada).refresh)
            response = signed_in.refresh(raw)
        else:
            response = signed_in.refresh(body={"refresh": held})

        assert told(response) == (401, "refresh_not_valid")
        assert (not response.cookies, signed_in.cookie()) == (True, held)
        assert not Session.objects.exclude(revoked_at=None).exists()
        assert signed_in.refresh().status_code == 200

    @foreign
    @pytest.mark.parametrize("root", ["/auth/", "/web/"])
    def test_is_not_for_a_foreign_page_to_do(self, page, clock, headers, root):
        page.sign_in(root)
        clock.shift(GRACE + 1)
        before, held = row(), page.cookie()

        response = page.refresh(root=root, **headers)

        assert told(response) == (403, "origin_not_allowed")
        assert (not response.cookies, page.cookie(), row()) == (True, held, before)

    @foreign
    def test_of_a_foreign_page_that_brings_no_cookie_is_missing(self, page, headers):
        """As ``SameSite`` has it; its front end is to say "sign in", and not "forbidden"."""
        response = page.refresh(**headers)

        assert told(response) == (401, "refresh_missing")
        assert not response.cookies

    @foreign
    def test_is_for_a_trusted_page_to_do(self, settings, signed_in, clock, headers):
        settings.JWT_SIGNIN = {"TRUSTED_ORIGINS": ["https://evil.com"]}
        clock.shift(GRACE + 1)
        trusted = headers["Origin"] == "https://evil.com"

        response = signed_in.refresh(**headers)

        assert (response.status_code, bool(response.cookies)) == (
            (200, True) if trusted else (403, False)
        )

    def test_is_for_a_development_server_that_rewrites_the_host(self, signed_in):
        response = signed_in.refresh(Origin="http://localhost:5173")

        assert response.status_code == 200

    def test_is_for_what_is_no_browser(self, signed_in):
        response = signed_in.refresh(**{"Origin": None, "Sec-Fetch-Site": None})

        assert response.status_code == 200

    def test_leaves_the_cookie_alone_while_the_database_is_down(self, signed_in, unreachable):
        held = signed_in.cookie()

        with unreachable():
            response = signed_in.refresh()

        assert told(response) == (503, "unavailable")
        assert (not response.cookies, signed_in.cookie()) == (True, held)
        assert signed_in.refresh().status_code == 200

    def test_leaves_a_cookie_alone_that_is_not_valid(self, signed_in):
        for raw in ("garbage", f"{signed_in.cookie()[:-8]}AAAAAAAA"):
            response = signed_in.refresh(raw)

            assert told(response) == (401, "refresh_not_valid")
            assert not response.cookies

    @pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"])
    @pytest.mark.parametrize("route", ["signin", "refresh", "logout"])
    def test_has_one_method(self, signed_in, clock, method, route):
        clock.shift(GRACE + 1)
        before = row()

        response = signed_in.fetch(method, f"/auth/{route}/")

        assert (response.status_code, response.headers["Allow"]) == (405, "POST")
        assert (not response.cookies, row()) == (True, before)

    @pytest.mark.parametrize("root", ["/auth/", "/web/"])
    def test_varies_with_what_was_read(self, page, root):
        page.sign_in(root)

        responses = [page.refresh(root=root), page.refresh("garbage", root=root)]

        expected = {"Cookie", "Origin", "Sec-Fetch-Site"}
        assert all(expected <= {*each.headers["Vary"].split(", ")} for each in responses)
        assert all(each.headers["Cache-Control"] == "no-store" for each in responses)


class TestAge:
    def test_is_what_is_left_of_the_session(self, settings, page, clock):
        settings.JWT_SIGNIN = {"SESSION_LIFETIME": timedelta(days=8)}
        ages = [page.sign_in().cookies[COOKIE]["max-age"]]
        for _ in range(3):
            clock.shift(2 * 86400)
            ages.append(page.refresh().cookies[COOKIE]["max-age"])

        assert ages == [7 * 86400, 6 * 86400, 4 * 86400, 2 * 86400]

    def test_of_a_predecessors_answer_counts_from_the_rotation(self, signed_in, clock):
        held = signed_in.cookie()
        clock.shift(GRACE + 1)
        signed_in.refresh()
        clock.shift(10)

        assert signed_in.refresh(held).cookies[COOKIE]["max-age"] == 7 * 86400 - 10

    def test_ends_when_the_token_does(self, signed_in, clock):
        """The browser has forgotten it by then."""
        clock.shift(7 * 86400 - 1)
        last = signed_in.refresh()
        held = signed_in.cookie()
        clock.shift(7 * 86400)

        assert last.status_code == 200
        assert told(signed_in.refresh()) == (401, "refresh_missing")
        assert told(signed_in.refresh(held)) == (401, "refresh_expired")


class TestClearing:
    """Only where the session is over for certain."""

    def over(self, response):
        assert (response.status_code, response.cookies[COOKIE].value) == (401, "")
        return response.json()

    @pytest.mark.parametrize("reason", ["revoked_by_user", "password_changed", None])
    def test_is_for_a_session_that_was_ended(self, signed_in, ada, reason):
        if reason == "revoked_by_user":
            services.revoke_all(ada)
        elif reason == "password_changed":
            ada.set_password("another")
            ada.save()
        else:
            Session.objects.all().delete()

        body = self.over(signed_in.refresh())

        assert (body["code"], body.get("reason")) == ("session_revoked", reason)
        assert signed_in.jar.names() == []

    def test_is_for_a_session_past_its_lifetime(self, settings, signed_in, clock):
        settings.SIMPLE_JWT = {**own(settings), "REFRESH_TOKEN_LIFETIME": timedelta(days=1)}
        clock.shift(86400)

        assert self.over(signed_in.refresh())["reason"] == "expired"

    def test_is_for_a_token_that_expired(self, signed_in, clock):
        held = signed_in.cookie()
        clock.shift(7 * 86400)

        assert self.over(signed_in.refresh(held))["code"] == "refresh_expired"

    @pytest.mark.parametrize("root", ["/auth/", "/web/"])
    def test_is_for_a_token_that_was_reused(self, page, clock, root):
        page.sign_in(root)
        stolen = page.cookie()
        for _ in range(2):
            clock.shift(GRACE + 1)
            page.refresh(root=root)

        body = self.over(page.refresh(stolen, root=root))

        assert body["reason"] == "reuse_detected"
        assert (row()["revoke_reason"], page.jar.names()) == ("reuse_detected", [])

    def test_is_not_for_who_asks_too_often(self, settings, signed_in):
        settings.JWT_SIGNIN = {"REFRESH_RATE": "1/m", "REUSE_GRACE": 0}
        signed_in.refresh()
        held = signed_in.cookie()

        response = signed_in.refresh()

        assert told(response) == (429, "throttled")
        assert (not response.cookies, signed_in.cookie()) == (True, held)

    def test_is_not_for_who_guesses_too_often(self, settings, signed_in):
        settings.JWT_SIGNIN = {"SIGNIN_ACCOUNT_RATE": "1/m"}
        held = signed_in.cookie()
        signed_in.sign_in(password="wrong")

        response = signed_in.sign_in(password="wrong")

        assert told(response) == (429, "throttled")
        assert (not response.cookies, signed_in.cookie()) == (True, held)

    def test_is_not_for_a_token_of_the_body(self, signed_in, ada):
        raw = str(services.start_session(ada).refresh)
        services.log_out(raw)

        response = signed_in.refresh(body={"refresh": raw})

        assert told(response) == (401, "session_revoked")
        assert (not response.cookies, signed_in.cookie() is None) == (True, False)


class TestRotationOff:
    def test_sets_no_cookie_and_needs_none(self, settings, page, clock):
        settings.SIMPLE_JWT = {**own(settings), "ROTATE_REFRESH_TOKENS": False}
        page.sign_in()
        held = page.cookie()
        for _ in range(3):
            clock.shift(2 * 86400)
            response = page.refresh()

            assert (response.status_code, kinds_in(response)) == (200, {"access"})
            assert (not response.cookies, page.cookie()) == (True, held)


class TestSingleUse:
    """``REUSE_GRACE = 0``."""

    @pytest.fixture(autouse=True)
    def _project(self, settings):
        settings.JWT_SIGNIN = {"REUSE_GRACE": 0}

    def test_sets_a_successor_every_time(self, signed_in):
        for expected in (1, 2, 3):
            assert signed_in.refresh().status_code == 200
            assert generation(signed_in.cookie()) == expected

    def test_ends_the_session_at_the_second_use(self, signed_in):
        held = signed_in.cookie()
        signed_in.refresh()

        response = signed_in.refresh(held)

        assert response.json()["reason"] == "reuse_detected"
        assert signed_in.jar.names() == []

    def test_takes_of_two_that_came_at_once_the_last(self, signed_in):
        """One second, two generations: a cookie of a former path beside its successor."""
        former = signed_in.cookie()
        signed_in.refresh()

        for order in (1, -1):
            cookies = [former, signed_in.cookie()]

            assert signed_in.refresh(*cookies[::order]).status_code == 200


class TestIdempotencyKey:
    def test_meets_its_lost_answer_however_late(self, signed_in, clock):
        held = signed_in.cookie()
        clock.shift(GRACE + 1)
        signed_in.refresh(**{"Idempotency-Key": "a"})
        clock.shift(3600)

        again = signed_in.refresh(held, **{"Idempotency-Key": "a"})
        other = signed_in.refresh(held, **{"Idempotency-Key": "b"})

        assert (again.status_code, generation(again.cookies[COOKIE].value)) == (200, 1)
        assert other.json()["reason"] == "reuse_detected"


class TestDuplicates:
    """Cookies of one name: of a former path or domain, or tossed in by a sibling domain."""

    @pytest.fixture
    def stale(self, ada, clock):
        """A session's token, as old as the other is not."""
        raw = str(services.start_session(ada, transport="cookie").refresh)
        clock.shift(1)
        return raw

    @pytest.mark.parametrize("order", [1, -1], ids=["stale last", "stale first"])
    def test_of_one_user_the_one_issued_last_is_taken(self, page, stale, order):
        page.sign_in()
        cookies = [page.cookie(), stale, "garbage"]

        response = page.refresh(*cookies[::order])

        sid = RefreshToken.decode(page.cookie()).session_id
        assert AccessToken.decode(response.json()["access"]).session_id == sid

    @pytest.mark.parametrize("order", [1, -1], ids=["stale last", "stale first"])
    def test_of_two_users_the_one_issued_last_is_taken(self, page, clock, bob, order):
        others = str(services.start_session(bob, transport="cookie").refresh)
        clock.shift(1)
        page.sign_in()

        response = page.refresh(*[page.cookie(), others][::order])

        assert response.status_code == 200
        token = AccessToken.decode(response.json()["access"])
        assert token.session_id == RefreshToken.decode(page.cookie()).session_id

    def test_a_former_one_that_stays_does_no_harm(self, signed_in, clock):
        """The path was changed: the old cookie is never replaced, and comes every time."""
        former = signed_in.cookie()
        for _ in range(3):
            clock.shift(GRACE + 1)
            assert signed_in.refresh(former, signed_in.cookie()).status_code == 200

        assert row()["revoked_at"] is None

    def test_twenty_are_read(self, signed_in):
        many = [f"garbage{number}" for number in range(19)]

        for cookies in ([*many, signed_in.cookie()], [signed_in.cookie(), *many]):
            assert signed_in.refresh(*cookies).status_code == 200

    def test_where_none_is_valid_the_first_is_refused(self, signed_in, clock):
        held = signed_in.cookie()
        clock.shift(7 * 86400)

        assert told(signed_in.refresh(held, "garbage")) == (401, "refresh_expired")
        assert told(signed_in.refresh("garbage", held)) == (401, "refresh_not_valid")

    def test_the_session_of_every_one_ends_at_logout(self, page, stale, bob):
        page.sign_in()
        others = str(services.start_session(bob, transport="cookie").refresh)

        response = page.logout("garbage", stale, page.cookie(), others)

        assert response.status_code == 204
        reasons = {*Session.objects.values_list("revoke_reason", flat=True)}
        assert (reasons, page.jar.names()) == ({"logged_out"}, [])

    def test_one_that_comes_many_times_is_looked_up_once(
        self, signed_in, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(2):
            signed_in.logout(*[signed_in.cookie()] * 50)

        assert row()["revoke_reason"] == "logged_out"


class TestLoggingOut:
    @pytest.mark.parametrize("body", [None, {}, {"refresh": None}, {"refresh": ""}], ids=str)
    def test_needs_no_body(self, signed_in, body):
        response = signed_in.logout(body=body)

        assert (response.status_code, response.content) == (204, b"")
        assert (row()["revoke_reason"], signed_in.jar.names()) == ("logged_out", [])

    @pytest.mark.parametrize(
        ("body", "content_type", "status"),
        [
            ("{", "application/json", 400),
            ({"refresh": 7}, "application/json", 400),
            ("x" * 16_385, "application/json", 413),
            ("a=b", FORM, 415),
            ("", FORM, 415),
            ("{}", "text/plain", 415),
        ],
        ids=lambda value: str(value)[:20],
    )
    def test_by_a_request_that_is_none_does_nothing(self, signed_in, body, content_type, status):
        held = signed_in.cookie()

        response = signed_in.logout(body=body, content_type=content_type)

        assert response.status_code == status
        assert (not response.cookies, signed_in.cookie()) == (True, held)
        assert row()["revoked_at"] is None

    @foreign
    @pytest.mark.parametrize("root", ["/auth/", "/web/"])
    def test_is_not_for_a_foreign_page_to_do(self, page, headers, root):
        page.sign_in(root)
        before, held = row(), page.cookie()

        response = page.logout(root=root, **headers)

        assert told(response) == (403, "origin_not_allowed")
        assert (not response.cookies, page.cookie(), row()) == (True, held, before)

    @foreign
    @pytest.mark.parametrize("root", ["/auth/", "/web/"])
    def test_by_a_foreign_page_without_a_cookie_deletes_none(self, page, headers, root):
        """``SameSite`` kept the cookie back; a deletion would reach the browser all the same."""
        page.sign_in(root)

        response = page.logout(root=root, Cookie="", **headers)

        assert (response.status_code, not response.cookies) == (204, True)
        assert page.refresh(root=root).status_code == 200

    @foreign
    def test_of_others_by_a_foreign_page_with_a_cookie_does_nothing(self, signed_in, bob, headers):
        """Not even for the token that is its own to show: a request is refused whole."""
        others = services.start_session(bob)

        response = signed_in.logout(
            body={"refresh": str(others.refresh)},
            Authorization=f"Bearer {others.access}",
            **headers,
        )

        assert response.status_code == 403
        assert not Session.objects.exclude(revoked_at=None).exists()

    def test_ends_every_session_that_a_token_is_shown_of(self, signed_in, ada, bob):
        in_header, in_body = services.start_session(ada), services.start_session(bob)

        response = signed_in.logout(
            body={"refresh": str(in_body.refresh)}, Authorization=f"Bearer {in_header.access}"
        )

        assert response.status_code == 204
        assert Session.objects.filter(revoke_reason="logged_out").count() == 3

    @pytest.mark.parametrize("stale", ["garbage", "", "expired", "revoked"])
    def test_is_blocked_by_nothing_stale(self, signed_in, clock, stale):
        cookies = [signed_in.cookie() if stale in {"expired", "revoked"} else stale]
        if stale == "revoked":
            services.log_out(*cookies)
        if stale == "expired":
            clock.shift(8 * 86400)

        response = signed_in.logout(*cookies, Authorization="Bearer stale")

        assert response.status_code == 204
        assert bool(response.cookies) is bool(stale)

    def test_leaves_the_cookie_alone_while_the_database_is_down(self, signed_in, unreachable):
        held = signed_in.cookie()

        with unreachable():
            response = signed_in.logout()

        assert told(response) == (503, "unavailable")
        assert (not response.cookies, signed_in.cookie()) == (True, held)

    def test_by_the_header_alone_leaves_the_cookie_alone(self, signed_in, ada):
        pair = services.start_session(ada)

        response = signed_in.logout(Cookie="", Authorization=f"Bearer {pair.access}")

        assert (response.status_code, not response.cookies) == (204, True)
        assert signed_in.refresh().status_code == 200

    def test_twice_is_once(self, signed_in):
        assert [signed_in.logout().status_code for _ in range(2)] == [204, 204]


class TestAccessCookie:
    """``ACCESS_COOKIE``: pages and files are opened too."""

    NAME = "__Host-access"

    @pytest.fixture(autouse=True)
    def _project(self, settings):
        settings.JWT_SIGNIN = {"ACCESS_COOKIE": True}

    def test_opens_what_the_header_does_until_logout(self, signed_in, clock):
        opened = [signed_in.get("/notes/")]
        clock.shift(GRACE + 1)
        signed_in.refresh()
        opened += [signed_in.get("/notes/"), signed_in.fetch("POST", "/notes/")]
        held = signed_in.cookie(self.NAME)
        signed_in.logout()

        over = [signed_in.get("/notes/"), signed_in.get("/notes/", Cookie=f"{self.NAME}={held}")]

        assert [each.json() for each in opened] == [{"sid": str(row()["id"])}] * 3
        assert [each.status_code for each in over] == [401, 401]
        assert signed_in.jar.names() == []

    def test_goes_everywhere_and_lasts_as_long_as_its_token(self, page, clock):
        ages = [page.sign_in().cookies[self.NAME]["max-age"]]
        clock.shift(GRACE)
        response = page.refresh()
        ages.append(response.cookies[self.NAME]["max-age"])

        assert ages == [300, 300]
        assert list(response.cookies) == [self.NAME]
        assert response.cookies[self.NAME]["path"] == "/"
        assert kinds_in(response) == {"access"}

    def test_is_forgotten_with_the_browser_where_the_user_says(self, page, clock):
        answers = [page.sign_in(remember=False)]
        clock.shift(GRACE + 1)
        answers.append(page.refresh())

        for each in answers:
            assert [str(morsel["max-age"]) for morsel in each.cookies.values()] == ["", ""]

    def test_is_forgotten_when_it_expires(self, signed_in, clock):
        clock.shift(300)

        assert signed_in.cookie(self.NAME) is None

    def test_that_does_not_fit_costs_the_browser_no_token(self, settings, signed_in, clock):
        held, before = signed_in.cookie(), row()
        clock.shift(GRACE + 1)
        settings.JWT_SIGNIN = {
            "ACCESS_COOKIE": True,
            "CLAIMS": lambda user, session: {"may": "x" * 3000},
        }

        with pytest.raises(ValueError, match="claim less"):
            signed_in.refresh()

        assert (signed_in.cookie(), row()) == (held, before)

    @pytest.mark.parametrize("transport", ["cookie", "body"])
    def test_has_room_for_claims(self, settings, page, transport):
        root = {"cookie": "/web/", "body": "/app/"}[transport]
        size = {"cookie": 2000, "body": 3000}[transport]
        settings.JWT_SIGNIN |= {"CLAIMS": lambda user, session: {"may": "x" * size}}

        response = page.sign_in(root)

        assert AccessToken.decode(response.json()["access"])["may"] == "x" * size

    def test_is_set_by_no_body(self, page, ada):
        refresh = page.sign_in("/app/").json()["refresh"]

        assert page.jar.names() == []
        assert not page.refresh(body={"refresh": refresh}).cookies

    def test_is_cleared_with_the_other(self, signed_in, ada):
        services.revoke_all(ada)

        response = signed_in.refresh()

        assert {name: morsel.value for name, morsel in response.cookies.items()} == {
            COOKIE: "",
            self.NAME: "",
        }
        assert signed_in.jar.names() == []

    @pytest.mark.parametrize("name", [COOKIE, NAME], ids=["refresh", "access"])
    def test_either_logs_out_and_both_are_cleared(self, signed_in, name):
        cookie = f"{name}={signed_in.cookie(name)}"

        signed_in.logout(Cookie=cookie)

        assert (row()["revoke_reason"], signed_in.jar.names()) == ("logged_out", [])

    @foreign
    def test_alone_logs_nobody_out_from_a_foreign_page(self, signed_in, headers):
        cookie = f"{self.NAME}={signed_in.cookie(self.NAME)}"

        response = signed_in.logout(Cookie=cookie, **headers)

        assert told(response) == (403, "origin_not_allowed")
        assert (row()["revoked_at"], not response.cookies) == (None, True)

    def test_is_named_once_by_what_varies_with_it(self, signed_in):
        varies = signed_in.logout().headers["Vary"].split(", ")

        assert {"Authorization", "Cookie"} <= {*varies}
        assert len({*varies}) == len(varies)

    def test_is_no_refresh_token(self, signed_in):
        response = signed_in.refresh(signed_in.cookie(self.NAME))

        assert told(response) == (401, "refresh_not_valid")

    @foreign
    def test_opens_no_door_that_changes_anything_to_a_foreign_page(self, signed_in, headers):
        assert signed_in.get("/notes/", **headers).status_code == 200
        assert told(signed_in.fetch("POST", "/notes/", **headers)) == (403, "origin_not_allowed")

    def test_beside_a_header_is_not_read(self, signed_in, bob):
        others = services.start_session(bob)

        response = signed_in.get("/notes/", Authorization=f"Bearer {others.access}")

        assert response.json() == {"sid": others.access["sid"]}


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_every_loser_has_an_answer_and_the_cookie(self, page):
        page.sign_in()
        Session.objects.update(rotated_at=row()["rotated_at"] - timedelta(minutes=5))
        held = page.cookie()

        answers = race(40, lambda: page.refresh(held))

        set_cookies = [each.cookies[COOKIE].value for each in answers]
        assert [each.status_code for each in answers] == [200] * 40
        assert {generation(each) for each in set_cookies} == {row()["generation"]} == {1}
        assert page.refresh().status_code == 200

    def test_a_cookie_is_deleted_by_no_loser(self, page):
        page.sign_in()
        held = page.cookie()

        answers = race(20, lambda: page.refresh(held))

        assert [(each.status_code, not each.cookies) for each in answers] == [(200, True)] * 20
