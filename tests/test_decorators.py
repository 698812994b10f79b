"""Plain Django views that ask for an access token, under WSGI and ASGI."""

import logging

import pytest
from asgiref.sync import iscoroutinefunction
from django.db import OperationalError, connection
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import cache_page

from jwt_signin import services
from jwt_signin.authentication import CheckedAuthentication, SignatureAuthentication
from jwt_signin.decorators import jwt_required
from jwt_signin.models import Session
from jwt_signin.tokens import AccessToken
from tests.handlers import WSGI, bearer
from tests.urls import urlpatterns as project_urls

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

CHALLENGE = 'Bearer realm="api"'
INVALID = 'Bearer realm="api", error="invalid_token"'
COOKIE = "__Host-access"


def told(request):
    assert isinstance(request.auth, AccessToken)
    return JsonResponse({"user": str(request.user), "session": request.auth["sid"]})


@jwt_required
def function(request):
    return told(request)


@jwt_required
async def coroutine(request):
    assert await request.auser() is request.user
    return told(request)


@method_decorator(jwt_required, name="dispatch")
class PlainView(View):
    def get(self, request):
        return told(request)

    post = get


@method_decorator(jwt_required, name="dispatch")
class AsyncView(View):
    async def get(self, request):
        assert await request.auser() is request.user
        return told(request)

    post = get


@cache_page(60)
@jwt_required
def cached(request):
    return told(request)


@jwt_required
def streaming(request):
    return StreamingHttpResponse(iter([b"x"]))


def who(request):
    return HttpResponse(type(request.user).__name__)


VIEWS = {
    "function": function,
    "coroutine": coroutine,
    "class": PlainView.as_view(),
    "async-class": AsyncView.as_view(),
}
urlpatterns = [
    *project_urls,
    *(path(f"{name}/", view) for name, view in VIEWS.items()),
    path("wrapped/", jwt_required(View.as_view())),
    path("cached/", cached),
    path("streaming/", streaming),
    path("by-signature/", jwt_required(authentication=SignatureAuthentication)(who)),
    path("by-session/", jwt_required(authentication=CheckedAuthentication)(who)),
    path("as-the-project-says/", jwt_required(who)),
]


@pytest.fixture(params=VIEWS)
def page(request):
    """The path of each kind of view."""
    return f"/{request.param}/"


class TestRequired:
    def test_a_good_token_opens_it_with_one_statement(
        self, web, page, ada, access, django_assert_num_queries
    ):
        with django_assert_num_queries(1):
            response = web.get(page, headers=bearer(access))

        assert response.status_code == 200
        assert response.json() == {"user": str(ada), "session": str(Session.objects.get().pk)}
        assert response.headers["Vary"] == "Authorization, Accept-Language"

    def test_without_one_it_is_closed(self, web, page):
        response = web.get(page)

        assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
        assert response.headers["WWW-Authenticate"] == CHALLENGE

    @pytest.mark.parametrize(
        "header",
        ["Bearer garbage", "Bearer", "Bearer {0},Bearer {0}", "bearer \xff"],
        ids=["garbage", "empty", "two headers", "latin-1"],
    )
    def test_a_bad_one_is_refused_as_by_rest_framework(self, web, access, header):
        headers = {"Authorization": header.format(access)}

        ours, theirs = (web.get(path, headers=headers) for path in ("/coroutine/", "/protected/"))

        assert ours.status_code == 401
        assert ours.content == theirs.content
        assert ours.headers["WWW-Authenticate"] == theirs.headers["WWW-Authenticate"] == INVALID
        assert ours.headers["Content-Type"] == "application/json"
        assert ours.headers["Cache-Control"] == "no-store"
        assert "Authorization" in ours.headers["Vary"]

    def test_an_ended_session_is_refused_with_its_reason(self, web, ada, access):
        services.revoke_all(ada)

        body = web.get("/coroutine/", headers=bearer(access)).json()

        assert (body["code"], body["reason"]) == ("session_revoked", "revoked_by_user")

    def test_an_expired_one_is_refused(self, web, clock, access):
        clock.shift(300)

        response = web.get("/coroutine/", headers=bearer(access))

        assert (response.status_code, response.json()["code"]) == (401, "token_expired")

    def test_a_refusal_is_in_the_language_of_the_request(self, web):
        headers = {**bearer("garbage"), "Accept-Language": "ko"}

        response = web.get("/coroutine/", headers=headers)

        assert "토큰" in response.content.decode()

    def test_a_database_that_does_not_answer_is_a_503(self, web, access):
        def fail(*args):
            raise OperationalError("secret host")

        with connection.execute_wrapper(fail):
            response = web.get("/coroutine/", headers=bearer(access))

        assert (response.status_code, response.json()["code"]) == (503, "unavailable")
        assert response.headers["Retry-After"] == "2"
        assert "WWW-Authenticate" not in response.headers

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("page", ["/function/", "/class/"])
    def test_so_is_a_connection_that_is_lost_where_requests_are_atomic(
        self, monkeypatch, access, page
    ):
        def lost(execute=None, sql="", *args):
            if sql != "BEGIN":  # which SQLite alone is told, by Django's own cursor
                raise OperationalError
            return execute(sql, *args)

        monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
        monkeypatch.setattr(connection, "commit", lost)

        with connection.execute_wrapper(lost):
            response = WSGI().get(page, headers=bearer(access))

        assert (response.status_code, response.json()["code"]) == (503, "unavailable")

    def test_a_refusal_takes_the_shape_of_the_project(self, web, settings, clock, access):
        settings.JWT_SIGNIN = {"SHAPE": "simplejwt"}
        clock.shift(300)

        ours, theirs = (
            web.get(path, headers=bearer(access)) for path in ("/coroutine/", "/protected/")
        )

        assert ours.json()["code"] == "token_not_valid"
        assert ours.content == theirs.content

    def test_a_header_needs_no_csrf_token(self, web, settings, access):
        settings.MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware"]

        for name in ("function", "class"):
            assert web.post(f"/{name}/", headers=bearer(access)).status_code == 200

    def test_each_refusal_leaves_one_line(self, web, caplog):
        with caplog.at_level(logging.INFO, "jwt_signin"):
            web.get("/coroutine/")
            web.get("/coroutine/", headers=bearer("garbage"))

        messages = [each.getMessage() for each in caplog.records if each.name == "jwt_signin"]
        assert [line.split()[1] for line in messages] == ["not_authenticated", "token_not_valid"]

    def test_a_session_of_djangos_own_is_not_asked(self, web, settings, ada):
        settings.MIDDLEWARE = [
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ]
        settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
        web.force_login(ada, "django.contrib.auth.backends.ModelBackend")

        assert web.get("/coroutine/").status_code == 401

    def test_djangos_middleware_leaves_it_alone(self, web, page, settings, access):
        settings.MIDDLEWARE = [
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.auth.middleware.LoginRequiredMiddleware",
        ]

        opened, closed = (web.get(page, headers=headers) for headers in (bearer(access), {}))

        assert (opened.status_code, closed.status_code) == (200, 401)

    def test_a_view_that_is_called_keeps_what_it_is(self):
        assert function.__name__ == "function"
        assert [iscoroutinefunction(view) for view in VIEWS.values()] == [False, True, False, True]

    def test_any_view_function_may_be_wrapped(self, web, access):
        assert web.get("/wrapped/", headers=bearer(access)).status_code == 405
        assert web.get("/wrapped/").status_code == 401

    def test_a_cached_answer_is_kept_for_those_who_bring_the_same_token(self, web, bob, access):
        other = str(services.start_session(bob).access)

        answers = [web.get("/cached/", headers=bearer(each)).json() for each in (access, other)]

        assert answers[0]["user"] != answers[1]["user"]
        assert web.get("/cached/").status_code == 401

    @pytest.mark.parametrize("brought", ["cookie", "a header of the project's own"])
    def test_however_that_comes(self, web, settings, ada, bob, brought):
        settings.SIMPLE_JWT = {"AUTH_HEADER_NAME": "HTTP_X_ACCESS"}
        settings.JWT_SIGNIN = {"ACCESS_COOKIE": True}
        users = []
        for user in (ada, bob):
            raw = str(services.start_session(user).access)
            headers = {} if brought == "cookie" else {"X-Access": f"Bearer {raw}"}
            web.cookies[COOKIE] = "" if headers else raw
            users.append(web.get("/cached/", headers=headers).json()["user"])

        assert users == ["ada", "bob"]

    def test_an_answer_may_be_a_stream(self, access):
        response = WSGI().get("/streaming/", headers=bearer(access))

        assert (response.getvalue(), response.headers["Vary"][:13]) == (b"x", "Authorization")


class TestAccessCookie:
    @pytest.fixture(autouse=True)
    def _project(self, settings):
        settings.JWT_SIGNIN = {"ACCESS_COOKIE": True}

    def test_opens_what_the_header_opens(self, web, ada, access):
        web.cookies[COOKIE] = access

        response = web.get("/coroutine/")

        assert response.json()["user"] == str(ada)
        assert {"Authorization", "Cookie"} <= {*response.headers["Vary"].split(", ")}

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({}, 200),
            ({"Origin": "http://testserver"}, 200),
            ({"Origin": "https://evil.com"}, 403),
            ({"Sec-Fetch-Site": "cross-site"}, 403),
        ],
        ids=str,
    )
    @pytest.mark.parametrize("name", ["class", "async-class"])
    def test_proves_its_origin_to_change_anything(self, web, name, access, headers, status):
        web.cookies[COOKIE] = access

        response = web.post(f"/{name}/", headers=headers)

        assert response.status_code == status
        if status == 403:
            assert response.json()["code"] == "origin_not_allowed"
            assert response.headers["Cache-Control"] == "no-store"

    def test_may_have_to_come_with_djangos_token(self, web, settings, access):
        settings.JWT_SIGNIN = {"ACCESS_COOKIE": True, "CSRF": "django"}
        web.cookies[COOKIE] = access
        web.cookies["csrftoken"] = "a" * 32

        without = web.post("/function/")
        with_token = web.post("/function/", headers={"X-CSRFToken": "a" * 32})

        assert (without.status_code, without.json()["code"]) == (403, "csrf_failed")
        assert with_token.status_code == 200


class TestAuthentication:
    @pytest.mark.parametrize("check", ["session", "signature"])
    def test_is_the_projects(self, settings, access, check):
        settings.JWT_SIGNIN = {"CHECK_ACCESS": check}

        response = WSGI().get("/as-the-project-says/", headers=bearer(access))

        assert response.content == {"session": b"User", "signature": b"TokenUser"}[check]

    @pytest.mark.parametrize(
        ("path", "found", "statements"),
        [("/by-signature/", b"TokenUser", 0), ("/by-session/", b"User", 1)],
    )
    def test_may_be_that_of_the_view(
        self, access, django_assert_num_queries, path, found, statements
    ):
        with django_assert_num_queries(statements):
            response = WSGI().get(path, headers=bearer(access))

        assert response.content == found
