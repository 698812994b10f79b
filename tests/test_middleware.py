"""The middleware that gives plain views the user of an access token, under WSGI and ASGI."""

import pytest
from asgiref.sync import iscoroutinefunction
from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError, connection
from django.http import JsonResponse
from django.urls import include, path
from django.utils.decorators import sync_and_async_middleware
from django.views import View
from django.views.decorators.cache import cache_page
from django.views.decorators.vary import vary_on_headers
from rest_framework.authentication import SessionAuthentication
from rest_framework.decorators import api_view, authentication_classes
from rest_framework.response import Response

from jwt_signin import services
from jwt_signin.authentication import JWTAuthentication, SignatureAuthentication
from jwt_signin.decorators import jwt_required
from jwt_signin.middleware import JWTAuthenticationMiddleware
from jwt_signin.models import Session
from jwt_signin.tokens import AccessToken
from tests.checked import ids
from tests.conftest import PASSWORD
from tests.handlers import bearer

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

OURS = "jwt_signin.middleware.JWTAuthenticationMiddleware"
DJANGOS = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
COOKIE = "__Host-access"


def tell(request, user):
    by_token = isinstance(request.auth, AccessToken)
    assert by_token or request.auth is None
    return JsonResponse({"user": str(user), "by_token": by_token})


def function(request):
    return tell(request, request.user)


async def coroutine(request):
    user = await request.auser()
    if request.auth is not None:
        assert request.user is user  # at once, where Django's own would ask the database
    return tell(request, user)


class AsyncView(View):
    async def get(self, request):
        return await coroutine(request)


@api_view(["GET", "POST"])
@authentication_classes([SessionAuthentication, JWTAuthentication])
def api(request):
    return Response({"user": str(request.user)})


VIEWS = {"function": function, "coroutine": coroutine, "async-class": AsyncView.as_view()}
urlpatterns = [
    *(path(f"{name}/", view) for name, view in VIEWS.items()),
    path("auth/", include("jwt_signin.urls")),
    path("members/", login_required(function)),
    path("staff/", permission_required("auth.add_user", raise_exception=True)(function)),
    path("api/", api),
    path("required/", jwt_required(function)),
    path("cached/", cache_page(60)(vary_on_headers("Authorization", "Cookie")(function))),
]


class BySignature(JWTAuthenticationMiddleware):
    """A project's own."""

    authentication = SignatureAuthentication


@pytest.fixture(autouse=True)
def _project(settings):
    settings.MIDDLEWARE = [*DJANGOS, OURS]
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    settings.LOGIN_URL = "/login/"


@pytest.fixture(params=VIEWS)
def page(request):
    return f"/{request.param}/"


@pytest.fixture
def cookie(settings, web, access):
    """The access cookie of Ada's session."""
    settings.JWT_SIGNIN = {"ACCESS_COOKIE": True}
    web.cookies[COOKIE] = access


@pytest.fixture
def logged_in(web, bob):
    """Bob, by a session of Django's own."""
    web.force_login(bob, "django.contrib.auth.backends.ModelBackend")
    return bob


class TestHeader:
    def test_a_view_has_its_user_for_one_statement(
        self, web, page, ada, access, django_assert_num_queries
    ):
        with django_assert_num_queries(1):
            response = web.get(page, headers=bearer(access))

        assert response.json() == {"user": str(ada), "by_token": True}
        assert "Authorization" in response.headers["Vary"]

    def test_without_one_a_view_has_nobody(self, web, page, django_assert_num_queries):
        with django_assert_num_queries(0):
            response = web.get(page)

        assert response.json() == {"user": "AnonymousUser", "by_token": False}
        assert "Authorization" in response.headers["Vary"]

    def test_it_needs_no_other_middleware(self, web, settings, ada, access):
        settings.MIDDLEWARE = [OURS]

        assert web.get("/coroutine/", headers=bearer(access)).json()["user"] == str(ada)
        assert web.get("/coroutine/").json() == {"user": "AnonymousUser", "by_token": False}

    def test_a_bad_one_is_refused_as_by_rest_framework(self, web, page):
        ours, theirs = (web.get(path, headers=bearer("garbage")) for path in (page, "/auth/me/"))

        assert (ours.status_code, ours.content) == (401, theirs.content)
        assert ours.headers["WWW-Authenticate"] == 'Bearer realm="api", error="invalid_token"'
        assert ours.headers["Cache-Control"] == "no-store"

    def test_an_ended_session_is_refused_with_its_reason(self, web, ada, access):
        services.revoke_all(ada)

        body = web.get("/coroutine/", headers=bearer(access)).json()

        assert (body["code"], body["reason"]) == ("session_revoked", "revoked_by_user")

    def test_djangos_own_decorators_take_it(self, web, access):
        opened = web.get("/members/", headers=bearer(access))
        forbidden = web.get("/staff/", headers=bearer(access))
        closed = web.get("/members/")

        assert (opened.status_code, forbidden.status_code) == (200, 403)
        assert (closed.status_code, closed.headers["Location"][:7]) == (302, "/login/")

    def test_djangos_own_middleware_takes_it(self, web, settings, access):
        settings.MIDDLEWARE += ["django.contrib.auth.middleware.LoginRequiredMiddleware"]

        assert web.get("/coroutine/", headers=bearer(access)).status_code == 200
        assert web.get("/coroutine/").status_code == 302

    def test_a_database_that_does_not_answer_is_a_503(self, web, access):
        def fail(*args):
            raise OperationalError

        with connection.execute_wrapper(fail):
            response = web.get("/coroutine/", headers=bearer(access))

        assert (response.status_code, response.json()["code"]) == (503, "unavailable")
        assert response.headers["Retry-After"] == "2"

    def test_forms_stay_under_djangos_csrf_protection(self, web, settings, access):
        settings.MIDDLEWARE.insert(0, CSRF)

        assert web.post("/function/", headers=bearer(access)).status_code == 403

    def test_a_cached_page_that_says_so_is_kept_for_each(self, web, bob, access):
        other = str(services.start_session(bob).access)

        users = [web.get("/cached/", headers=bearer(each)).json() for each in (access, other)]

        assert users[0] != users[1]
        assert web.get("/cached/").json()["by_token"] is False

    def test_an_unknown_path_asks_nothing(self, web, settings):
        response = web.get("/nowhere/", headers=bearer("garbage"))

        assert response.status_code == 404
        assert "Authorization" not in response.headers.get("Vary", "")


@pytest.mark.usefixtures("cookie")
class TestCookie:
    def test_a_view_has_its_user(self, web, ada):
        response = web.get("/coroutine/")

        assert response.json() == {"user": str(ada), "by_token": True}
        assert {"Authorization", "Cookie"} <= {*response.headers["Vary"].split(", ")}

    @pytest.mark.parametrize("state", ["garbage", "ended", "expired"])
    def test_a_bad_one_is_none(self, web, clock, ada, state):
        """The page may be the one to sign in at."""
        if state == "garbage":
            web.cookies[COOKIE] = "garbage"
        elif state == "ended":
            services.revoke_all(ada)
        else:
            clock.shift(300)

        response = web.get("/coroutine/")

        assert response.json() == {"user": "AnonymousUser", "by_token": False}

    def test_one_without_proof_of_its_origin_is_none(self, web):
        evil, own = (
            web.post("/function/", headers={"Origin": origin})
            for origin in ("https://evil.com", "http://testserver")
        )

        assert evil.json()["by_token"] is False
        assert own.json()["by_token"] is True

    def test_a_database_that_does_not_answer_signs_nobody_out(self, web):
        def fail(*args):
            raise OperationalError

        with connection.execute_wrapper(fail):
            assert web.get("/coroutine/").status_code == 503

    def test_what_is_required_is_refused_with_its_reason(self, web, ada):
        services.revoke_all(ada)

        response = web.get("/required/")

        assert (response.status_code, response.json()["reason"]) == (401, "revoked_by_user")


class TestBesideSessions:
    def test_who_has_a_session_of_djangos_own_stays(self, web, page, logged_in):
        assert web.get(page).json() == {"user": str(logged_in), "by_token": False}

    def test_a_token_wins(self, web, page, logged_in, ada, access):
        response = web.get(page, headers=bearer(access))

        assert response.json() == {"user": str(ada), "by_token": True}

    @pytest.mark.usefixtures("cookie")
    def test_a_bad_cookie_leaves_it(self, web, logged_in):
        web.cookies[COOKIE] = "garbage"

        assert web.get("/coroutine/").json() == {"user": str(logged_in), "by_token": False}

    def test_a_bad_header_does_not(self, web, logged_in):
        assert web.get("/coroutine/", headers=bearer("garbage")).status_code == 401

    def test_is_not_asked_unless_a_view_asks(self, web, settings, ada, access):
        """Django's own user stays lazy."""
        settings.MIDDLEWARE.insert(2, f"{__name__}.unasked")

        assert web.get("/required/", headers=bearer(access)).status_code == 200
        assert web.get("/auth/jwks.json").status_code == 200


@sync_and_async_middleware
def unasked(get_response):
    """Hold that nobody has evaluated the user."""

    def check(request):
        assert not hasattr(request, "_cached_user")

    if iscoroutinefunction(get_response):

        async def middleware(request):
            response = await get_response(request)
            check(request)
            return response

        return middleware

    def middleware(request):
        response = get_response(request)
        check(request)
        return response

    return middleware


class TestRESTFramework:
    def test_asks_by_itself_and_once(self, web, ada, access, django_assert_num_queries):
        with django_assert_num_queries(1):
            response = web.get("/auth/me/", headers=bearer(access))

        assert response.json()["username"] == "ada"

    def test_is_not_shown_a_user_that_its_session_authentication_would_take(self, web, access):
        """That asks for a CSRF token."""
        assert web.post("/api/", headers=bearer(access)).json() == {"user": "ada"}

    @pytest.mark.parametrize("path", ["signin", "logout"])
    def test_nothing_stale_blocks_signing_in_or_out(self, web, ada, path):
        body = {"username": "ada", "password": PASSWORD} if path == "signin" else {}

        response = web.post(f"/auth/{path}/", body, "application/json", headers=bearer("garbage"))

        assert response.status_code in {200, 204}


class TestOwn:
    @pytest.mark.parametrize("view", [function, coroutine])
    def test_it_is_awaited_where_what_it_calls_is(self, view):
        middleware = JWTAuthenticationMiddleware(view)

        assert iscoroutinefunction(middleware) is iscoroutinefunction(view)

    def test_a_subclass_may_fix_the_check(self, web, settings, access, django_assert_num_queries):
        settings.MIDDLEWARE = [*DJANGOS, f"{__name__}.BySignature"]
        Session.objects.all().delete()

        with django_assert_num_queries(0):
            response = web.get("/function/", headers=bearer(access))

        assert response.json()["by_token"] is True

    def test_what_is_required_is_asked_once(self, web, access, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert web.get("/required/", headers=bearer(access)).status_code == 200

    def test_a_view_may_have_an_attribute_of_that_name(self, rf):
        def view(request):
            raise NotImplementedError

        view.cls = "first"
        request = rf.get("/", headers=bearer("garbage"))

        response = JWTAuthenticationMiddleware(view).process_view(request, view, (), {})

        assert response.status_code == 401
        assert isinstance(request.user, AnonymousUser)


class TestCheck:
    DJANGOS_LOGIN = "django.contrib.auth.middleware.LoginRequiredMiddleware"

    @pytest.mark.parametrize(
        ("order", "told"),
        [
            ([DJANGOS_LOGIN, OURS], ["jwt_signin.W015"]),
            ([OURS, DJANGOS_LOGIN], []),
            ([DJANGOS_LOGIN], []),
        ],
        ids=["above", "below", "alone"],
    )
    def test_tells_who_asks_before_the_token_is_read(self, settings, order, told):
        settings.MIDDLEWARE = [*DJANGOS, *order]

        assert ids() == told
