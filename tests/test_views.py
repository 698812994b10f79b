"""What every endpoint has in common, and what each of them does."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import (
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
    connection,
)
from django.http import Http404
from django.urls import get_resolver, include, path
from django.views.debug import SafeExceptionReporterFilter
from rest_framework import exceptions as drf
from rest_framework.authentication import BasicAuthentication
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import StaticHTMLRenderer
from rest_framework.test import APIClient
from rest_framework.throttling import BaseThrottle
from rest_framework.versioning import BaseVersioning
from rest_framework.views import APIView

from jwt_signin import services, signals
from jwt_signin.models import Session
from jwt_signin.urls import auth_urls
from jwt_signin.views import (
    LogoutAllView,
    LogoutView,
    MeView,
    RefreshView,
    SessionListView,
    SessionView,
    SignInView,
    VerifyView,
)
from tests.conftest import EPOCH, PASSWORD
from tests.urls import urlpatterns as project_urls

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

ADA = {"username": "ada", "password": PASSWORD}
CHALLENGE = 'Bearer realm="api"'
INVALID = 'Bearer realm="api", error="invalid_token"'
ANOTHER = "4f5e8f0e-6c0b-4d5c-9a53-2f4d1f3b7a10"

ENDPOINTS = {
    "signin/": "POST",
    "refresh/": "POST",
    "logout/": "POST",
    "logout/all/": "POST",
    "verify/": "POST",
    "me/": "GET",
    "sessions/": "GET",
    f"sessions/{ANOTHER}/": "DELETE",
}
OF_THE_USER = ["logout/all/", "me/", "sessions/", f"sessions/{ANOTHER}/"]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE"]
NOT_ALLOWED = [
    (path, method) for path, allowed in ENDPOINTS.items() for method in METHODS if method != allowed
]
WITH_A_BODY = [path for path, method in ENDPOINTS.items() if method == "POST"]


class Refuses(BasePermission, BaseThrottle):
    """A permission and a throttle that let nobody pass."""

    def has_permission(self, request, view):
        return False  # pragma: no cover

    def allow_request(self, request, view):
        return False  # pragma: no cover


class KnowsNoVersion(BaseVersioning):
    def determine_version(self, request, *args, **kwargs):
        raise drf.NotFound  # pragma: no cover


class Throttles(BaseThrottle):
    def allow_request(self, request, view):
        return False

    def wait(self):
        return 2.2


urlpatterns = [
    *project_urls,
    path("api/v1/", include(auth_urls(shape="api_signin"), namespace="v1")),
    path("alone/signin", SignInView.as_view()),
    path("alone/refresh", RefreshView.as_view()),
    path("alone/logout", LogoutView.as_view()),
    path("alone/logout-all", LogoutAllView.as_view()),
    path("alone/verify", VerifyView.as_view()),
    path("alone/me", MeView.as_view()),
    path("alone/sessions", SessionListView.as_view()),
    path("alone/sessions/<str:session_id>", SessionView.as_view()),
    path("alone/by-uuid/<uuid:session_id>", SessionView.as_view()),
    path("throttled/", SignInView.as_view(throttle_classes=[Throttles])),
    path("refused/", SignInView.as_view(throttle_classes=[Refuses])),
]


@pytest.fixture
def signed_in(api, pair):
    """Ada's client, which sends her access token."""
    return api.with_access(str(pair.access))


@pytest.fixture
def claims(settings):
    """Make sign-in raise, by way of the project's ``CLAIMS``."""

    def raise_(error):
        def claims(user, session):
            raise error

        settings.JWT_SIGNIN = {"CLAIMS": claims}

    return raise_


@pytest.fixture
def in_a_transaction():
    """Note at each event whether a transaction was open."""
    noted = []

    def note(**kwargs):
        noted.append(connection.in_atomic_block)

    events = [signals.session_started, signals.session_refreshed, signals.session_revoked]
    for event in events:
        event.connect(note)
    yield noted
    for event in events:
        event.disconnect(note)


def told(response):
    return response.status_code, response.json()["code"]


def ask(api, path, **kwargs):
    """Ask an endpoint by its method."""
    return getattr(api, ENDPOINTS[path].lower())(f"/auth/{path}", **kwargs)


class TestEveryEndpoint:
    @pytest.mark.parametrize(("path", "method"), NOT_ALLOWED, ids=" ".join)
    def test_another_method_is_not_allowed(self, signed_in, path, method):
        response = signed_in.generic(method, f"/auth/{path}")

        allowed = {"POST": "POST", "GET": "GET, HEAD", "DELETE": "DELETE"}[ENDPOINTS[path]]
        assert told(response) == (405, "method_not_allowed")
        assert response.headers["Allow"] == allowed
        assert response.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*;q=0", "garbage", ""])
    @pytest.mark.parametrize("path", ENDPOINTS)
    def test_the_answer_is_json_whatever_is_accepted(self, signed_in, path, accept):
        response = ask(signed_in, path, headers={"Accept": accept})

        assert response.status_code in {200, 204, 400, 401, 404}
        if response.content:
            assert response.headers["Content-Type"] == "application/json"
            assert response.json() is not None

    @pytest.mark.parametrize("path", ENDPOINTS)
    def test_no_query_string_chooses_another_format(self, signed_in, path):
        response = signed_in.generic(ENDPOINTS[path], f"/auth/{path}?format=api")

        assert b"<" not in response.content

    @pytest.mark.parametrize("path", ENDPOINTS)
    def test_it_needs_no_csrf_token(self, settings, path):
        """No cookie is the proof here; a front end has none to begin with."""
        settings.MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware"]

        response = ask(APIClient(enforce_csrf_checks=True), path)

        assert response.status_code in {204, 400, 401}


ANSWERS = {
    "signed in": ("signin/", ADA, 200),
    "wrong password": ("signin/", {**ADA, "password": "wrong"}, 401),
    "no credentials": ("signin/", {}, 400),
    "refreshed": ("refresh/", {"refresh": "REFRESH"}, 200),
    "no refresh token": ("refresh/", {}, 401),
    "bad refresh token": ("refresh/", {"refresh": "x"}, 401),
    "no string to refresh": ("refresh/", {"refresh": 7}, 400),
    "logged out": ("logout/", {"refresh": "REFRESH"}, 204),
    "no string to log out": ("logout/", {"refresh": 7}, 400),
    "all logged out": ("logout/all/", {}, 200),
    "no word on the current one": ("logout/all/", {"keep_current": "perhaps"}, 400),
    "verified": ("verify/", {"token": "REFRESH"}, 200),
    "not verified": ("verify/", {"token": "x"}, 401),
    "nothing to verify": ("verify/", {}, 400),
    "the user": ("me/", None, 200),
    "the sessions": ("sessions/", None, 200),
    "no such session": (f"sessions/{ANOTHER}/", None, 404),
    "no id of a session": ("sessions/none/", None, 404),
}


class TestCaching:
    @pytest.mark.parametrize(("path", "body", "status"), ANSWERS.values(), ids=ANSWERS)
    def test_no_answer_is_kept_by_any_cache(self, signed_in, pair, path, body, status):
        method = ENDPOINTS.get(path, "DELETE").lower()
        tokens = {"REFRESH": str(pair.refresh)}
        sent = body and {name: tokens.get(str(value), value) for name, value in body.items()}

        response = getattr(signed_in, method)(f"/auth/{path}", sent)

        assert response.status_code == status
        assert response.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("path", WITH_A_BODY)
    @pytest.mark.parametrize(
        ("body", "content_type", "status"),
        [("x" * 16385, "application/json", 413), ("x", "text/plain", 415)],
        ids=["too large", "wrong media type"],
    )
    def test_nor_is_the_refusal_of_a_body(self, signed_in, path, body, content_type, status):
        response = signed_in.generic("POST", f"/auth/{path}", body, content_type)

        assert response.status_code == status
        assert response.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("path", OF_THE_USER)
    def test_nor_is_the_demand_for_a_token(self, api, path):
        response = ask(api, path)

        assert response.status_code == 401
        assert response.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("path", [*OF_THE_USER, "logout/"])
    def test_the_answer_varies_with_the_token_that_was_read(self, signed_in, path):
        varies = ask(signed_in, path).headers["Vary"].split(", ")

        cookies = ["Cookie", "Origin", "Sec-Fetch-Site"] if path == "logout/" else []
        assert sorted(varies) == ["Accept-Language", "Authorization", *cookies]

    @pytest.mark.parametrize("path", OF_THE_USER)
    def test_it_varies_with_the_header_that_the_project_reads(self, settings, api, path):
        settings.SIMPLE_JWT = {"AUTH_HEADER_NAME": "HTTP_X_ACCESS_TOKEN"}

        varies = ask(api, path).headers["Vary"].split(", ")

        assert sorted(varies) == ["Accept-Language", "X-Access-Token"]

    @pytest.mark.parametrize("path", ["signin/", "refresh/", "verify/"])
    def test_it_does_not_vary_with_a_token_that_was_not(self, signed_in, path):
        assert "Authorization" not in ask(signed_in, path).headers["Vary"]


class TestStaleTokens:
    """A front end that sends its token with everything must still get in and out."""

    STALE = ("garbage", "expired", "revoked", "refresh")

    @pytest.fixture(params=STALE)
    def stale(self, request, clock, ada):
        pair = services.start_session(ada)
        if request.param == "expired":
            clock.shift(301)
        if request.param == "revoked":
            services.revoke_all(ada)
        token = pair.refresh if request.param == "refresh" else pair.access
        return "garbage" if request.param == "garbage" else str(token)

    def test_one_does_not_block_signing_in(self, api, stale):
        response = api.with_access(stale).post("/auth/signin/", ADA)

        assert response.status_code == 200

    @pytest.mark.parametrize(("path", "name"), [("refresh", "refresh"), ("verify", "token")])
    def test_one_does_not_block_refreshing_and_verifying(self, api, ada, stale, path, name):
        raw = str(services.start_session(ada).refresh)

        response = api.with_access(stale).post(f"/auth/{path}/", {name: raw})

        assert response.status_code == 200

    def test_one_does_not_block_logging_out(self, api, ada, stale):
        pair = services.start_session(ada)

        response = api.with_access(stale).post("/auth/logout/", {"refresh": str(pair.refresh)})

        assert response.status_code == 204
        ended = Session.objects.get(pk=pair.access["sid"])
        assert ended.revoke_reason == "logged_out"

    @pytest.mark.parametrize("path", ["signin/", "refresh/", "verify/"])
    def test_none_makes_a_refusal_look_like_its_own(self, api, path):
        """``error="invalid_token"`` is for the token that was the proof."""
        bodies = {"signin/": {**ADA, "password": "x"}, "refresh/": {}, "verify/": {"token": "x"}}

        response = api.with_access("stale").post(f"/auth/{path}", bodies[path])

        expected = INVALID if path == "verify/" else CHALLENGE
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == expected


@pytest.mark.parametrize("path", OF_THE_USER)
class TestEndpointsOfTheUser:
    def test_without_a_token_they_ask_for_one(self, api, path):
        response = ask(api, path)

        assert told(response) == (401, "not_authenticated")
        assert response.headers["WWW-Authenticate"] == CHALLENGE

    @pytest.mark.parametrize("kind", ["garbage", "refresh"])
    def test_with_a_bad_one_they_say_so(self, api, pair, path, kind):
        token = str(pair.refresh) if kind == "refresh" else kind

        response = ask(api.with_access(token), path)

        assert told(response) == (401, "token_not_valid")
        assert response.headers["WWW-Authenticate"] == INVALID

    @pytest.mark.parametrize("check", ["session", "signature"])
    def test_an_ended_session_is_refused_whatever_the_project_checks(
        self, settings, signed_in, ada, path, check
    ):
        settings.JWT_SIGNIN = {"CHECK_ACCESS": check}
        services.revoke_all(ada)

        response = ask(signed_in, path)

        assert told(response) == (401, "session_revoked")
        assert response.json()["reason"] == "revoked_by_user"


class TestSignIn:
    def test_it_costs_a_select_an_insert_and_the_last_login(
        self, api, ada, django_assert_num_queries
    ):
        with django_assert_num_queries(3) as captured:
            response = api.post("/auth/signin/", ADA)

        assert response.status_code == 200
        verbs = [query["sql"].split()[0] for query in captured.captured_queries]
        assert verbs == ["SELECT", "INSERT", "UPDATE"]

    def test_a_wrong_password_costs_no_more_than_an_unknown_name(
        self, api, ada, django_assert_num_queries
    ):
        for credentials in ({**ADA, "password": "wrong"}, {**ADA, "username": "nobody"}):
            with django_assert_num_queries(1):
                response = api.post("/auth/signin/", credentials)

            assert told(response) == (401, "invalid_credentials")

    def test_no_session_is_begun_for_a_refusal(self, api, ada):
        api.post("/auth/signin/", {**ADA, "password": "wrong"})

        assert not Session.objects.exists()

    @pytest.mark.parametrize(
        ("remember", "seconds"), [(True, 90 * 86400), (False, 12 * 3600)], ids=["yes", "no"]
    )
    def test_remember_chooses_the_lifetime(self, api, ada, remember, seconds):
        api.post("/auth/signin/", {**ADA, "remember": remember})

        session = Session.objects.get()
        assert (session.expires_at - session.created_at).total_seconds() == seconds

    @pytest.mark.parametrize("name", ["username", "email", "identifier"])
    def test_any_name_of_signin_by_signs_in(self, settings, api, ada, name):
        settings.JWT_SIGNIN = {"SIGNIN_BY": ["username", "email"]}
        value = "ada" if name == "username" else "ada@example.com"

        response = api.post("/auth/signin/", {name: value, "password": PASSWORD})

        assert response.status_code == 200

    def test_a_refusal_is_marked_for_middleware(self, api, ada):
        """As REST framework's own are."""
        responses = [
            api.post("/auth/signin/", ADA),
            api.post("/auth/signin/", {**ADA, "password": "wrong"}),
        ]

        assert [response.exception for response in responses] == [False, True]

    def test_the_fields_that_are_wrong_are_named(self, api):
        response = api.post("/auth/signin/", {"username": 7, "remember": "perhaps"})

        assert told(response) == (400, "invalid_request")
        assert set(response.json()["fields"]) == {"username", "password", "remember"}


class TestRefresh:
    def test_rotating_costs_two_queries(self, api, clock, pair, django_assert_num_queries):
        clock.shift(31)

        with django_assert_num_queries(2):
            response = api.refresh(str(pair.refresh))

        assert response.status_code == 200
        assert Session.objects.get().generation == 1

    def test_in_grace_it_costs_one(self, api, clock, pair, django_assert_num_queries):
        clock.shift(30)

        with django_assert_num_queries(1):
            response = api.refresh(str(pair.refresh))

        assert response.status_code == 200
        assert Session.objects.get().generation == 0

    def test_garbage_costs_nothing(self, api, django_assert_num_queries):
        with django_assert_num_queries(0):
            response = api.refresh("garbage")

        assert told(response) == (401, "refresh_not_valid")

    def test_an_access_token_refreshes_nothing(self, api, pair):
        assert told(api.refresh(str(pair.access))) == (401, "refresh_not_valid")

    def test_a_token_past_its_exp_is_expired(self, api, clock, pair):
        clock.shift(7 * 86400)

        response = api.refresh(str(pair.refresh))

        assert told(response) == (401, "refresh_expired")
        assert response.headers["WWW-Authenticate"] == INVALID

    def test_a_token_lives_until_its_exp(self, api, clock, pair):
        clock.shift(7 * 86400 - 1)

        assert api.refresh(str(pair.refresh)).status_code == 200

    def test_the_idempotency_key_is_read_of_its_header(self, api, clock, pair):
        clock.shift(31)
        first = api.refresh(str(pair.refresh), **{"Idempotency-Key": "a"})
        clock.shift(31)

        again = api.refresh(str(pair.refresh), **{"Idempotency-Key": "a"})
        other = api.refresh(str(pair.refresh), **{"Idempotency-Key": "b"})

        assert [first.status_code, again.status_code] == [200, 200]
        assert other.json()["reason"] == "reuse_detected"

    def test_a_session_of_another_transport_is_not_refreshed_by_the_body(self, api, ada):
        pair = services.start_session(ada, transport="cookie")

        assert told(api.refresh(str(pair.refresh))) == (401, "refresh_not_valid")


class TestLogout:
    @pytest.mark.parametrize("kind", ["access", "refresh"])
    def test_it_costs_two_queries(self, api, pair, django_assert_max_num_queries, kind):
        in_body = {"refresh": str(pair.refresh)} if kind == "refresh" else None
        in_header = f"Bearer {pair.access}" if kind == "access" else ""

        with django_assert_max_num_queries(2):
            response = api.post("/auth/logout/", in_body, headers={"Authorization": in_header})

        assert (response.status_code, response.content) == (204, b"")
        assert Session.objects.get().revoke_reason == "logged_out"

    @pytest.mark.parametrize(
        "body",
        [None, {}, {"refresh": ""}, {"refresh": None}, {"refresh": "garbage"}],
        ids=["no body", "nothing", "empty", "null", "garbage"],
    )
    @pytest.mark.parametrize("bearer", ["", "Bearer", "Bearer garbage", "Basic YTpi"])
    def test_who_has_nothing_to_end_is_logged_out(
        self, api, django_assert_num_queries, body, bearer
    ):
        with django_assert_num_queries(0):
            response = api.post("/auth/logout/", body, headers={"Authorization": bearer})

        assert (response.status_code, response.content) == (204, b"")

    @pytest.mark.parametrize("seconds", [301, 7 * 86400 + 1], ids=["stale access", "stale both"])
    @pytest.mark.parametrize("name", ["refresh", "access"])
    def test_an_expired_token_ends_its_session_all_the_same(self, api, clock, pair, name, seconds):
        clock.shift(seconds)

        response = api.post("/auth/logout/", {"refresh": str(getattr(pair, name))})

        assert response.status_code == 204
        assert Session.objects.get().revoke_reason == "logged_out"

    def test_two_tokens_end_two_sessions(self, signed_in, ada):
        other = services.start_session(ada)

        signed_in.post("/auth/logout/", {"refresh": str(other.refresh)})

        assert [session.revoke_reason for session in Session.objects.all()] == ["logged_out"] * 2

    def test_twice_is_once(self, api, pair):
        responses = [api.post("/auth/logout/", {"refresh": str(pair.refresh)}) for _ in range(2)]

        assert [response.status_code for response in responses] == [204, 204]

    @pytest.mark.parametrize("value", [7, True, ["x"], {"token": "x"}], ids=str)
    def test_what_is_no_string_ends_nothing(self, signed_in, value):
        response = signed_in.post("/auth/logout/", {"refresh": value})

        assert told(response) == (400, "invalid_request")
        assert Session.objects.get().revoked_at is None

    def test_a_forged_token_ends_nothing(self, api, pair):
        api.post("/auth/logout/", {"refresh": f"{pair.refresh}"[:-8] + "AAAAAAAA"})

        assert Session.objects.get().revoked_at is None


class TestLogoutAll:
    @pytest.fixture
    def sessions(self, ada, bob):
        """Two more sessions of Ada's and one of Bob's."""
        return [services.start_session(user) for user in (ada, ada, bob)]

    @pytest.mark.parametrize(
        ("body", "ended"),
        [
            pytest.param(None, 3, id="unsaid"),
            pytest.param({"keep_current": False}, 3, id="false"),
            pytest.param({"keep_current": True}, 2, id="true"),
        ],
    )
    def test_it_ends_what_the_user_has(self, signed_in, pair, sessions, body, ended):
        response = signed_in.post("/auth/logout/all/", body)

        current = Session.objects.get(pk=pair.access["sid"])
        assert (response.status_code, response.json()) == (200, {"ended": ended})
        assert current.revoke_reason == ("revoked_by_user" if ended == 3 else "")
        assert Session.objects.filter(revoke_reason="revoked_by_user").count() == ended
        assert signed_in.get("/auth/me/").status_code == (401 if ended == 3 else 200)

    def test_of_other_users_it_ends_none(self, signed_in, bob, sessions):
        signed_in.post("/auth/logout/all/")

        assert Session.objects.get(user=bob).revoked_at is None

    @pytest.mark.parametrize("value", ["perhaps", "1", None, 0, 1, 7, [], {}], ids=repr)
    def test_what_is_no_yes_or_no_ends_nothing(self, signed_in, sessions, value):
        response = signed_in.post("/auth/logout/all/", {"keep_current": value})

        assert told(response) == (400, "invalid_request")
        assert list(response.json()["fields"]) == ["keep_current"]
        assert not Session.objects.exclude(revoked_at=None).exists()

    def test_what_was_over_before_is_not_counted(self, signed_in, sessions):
        services.log_out(str(sessions[0].refresh))

        assert signed_in.post("/auth/logout/all/").json() == {"ended": 2}


class TestVerify:
    @pytest.mark.parametrize("kind", ["access", "refresh"])
    def test_either_kind_is_verified_by_one_query(
        self, api, clock, pair, django_assert_num_queries, kind
    ):
        clock.shift(60)

        with django_assert_num_queries(1):
            response = api.post("/auth/verify/", {"token": str(getattr(pair, kind))})

        assert (response.status_code, response.json()) == (200, {})
        assert Session.objects.get().generation == 0

    @pytest.mark.parametrize("body", [None, {}, {"token": ""}, {"token": None}], ids=str)
    def test_nothing_to_verify_is_no_request(self, api, body):
        response = api.post("/auth/verify/", body)

        assert told(response) == (400, "invalid_request")
        assert list(response.json()["fields"]) == ["token"]

    @pytest.mark.parametrize("value", [7, True, ["x"], {}], ids=str)
    def test_what_is_no_string_is_no_request(self, api, value):
        response = api.post("/auth/verify/", {"token": value})

        assert told(response) == (400, "invalid_request")
        assert list(response.json()["fields"]) == ["token"]

    def test_garbage_is_not_valid_without_a_query(self, api, django_assert_num_queries):
        with django_assert_num_queries(0):
            response = api.post("/auth/verify/", {"token": "garbage"})

        assert told(response) == (401, "token_not_valid")

    @pytest.mark.parametrize(
        ("kind", "seconds"), [("access", 300), ("refresh", 7 * 86400)], ids=["access", "refresh"]
    )
    def test_either_kind_expires(self, api, clock, pair, kind, seconds):
        raw = str(getattr(pair, kind))
        clock.shift(seconds - 1)
        before = api.post("/auth/verify/", {"token": raw})
        clock.shift(1)

        after = api.post("/auth/verify/", {"token": raw})

        assert before.status_code == 200
        assert told(after) == (401, "token_expired")

    @pytest.mark.parametrize("kind", ["access", "refresh"])
    def test_a_token_of_an_ended_session_is_told_why(self, api, ada, pair, kind):
        services.revoke_all(ada)

        response = api.post("/auth/verify/", {"token": str(getattr(pair, kind))})

        assert told(response) == (401, "session_revoked")
        assert response.json()["reason"] == "revoked_by_user"

    def test_a_replaced_refresh_token_is_not_valid_and_ends_nothing(self, api, clock, pair):
        clock.shift(31)
        services.rotate(str(pair.refresh))
        in_grace = api.post("/auth/verify/", {"token": str(pair.refresh)})
        clock.shift(31)

        replaced = api.post("/auth/verify/", {"token": str(pair.refresh)})

        assert in_grace.status_code == 200
        assert told(replaced) == (401, "token_not_valid")
        assert Session.objects.get().revoked_at is None


class TestMe:
    def test_it_costs_one_query(self, signed_in, ada, django_assert_num_queries):
        with django_assert_num_queries(1):
            response = signed_in.get("/auth/me/")

        assert response.json() == {"id": str(ada.pk), "username": "ada"}

    def test_head_answers_the_same_without_the_body(self, signed_in):
        response = signed_in.head("/auth/me/")

        assert (response.status_code, response.content) == (200, b"")
        assert response.headers["Cache-Control"] == "no-store"


class TestSessions:
    def test_it_costs_the_check_and_one_query_however_many_there_are(
        self, signed_in, ada, django_assert_num_queries
    ):
        for _ in range(5):
            services.start_session(ada)

        with django_assert_num_queries(2):
            response = signed_in.get("/auth/sessions/")

        assert len(response.json()) == 6

    def test_each_is_told_by_these_fields(self, api, ada):
        body = api.post("/auth/signin/", ADA, headers={"User-Agent": "Firefox/1 Linux"}).json()

        (session,) = api.with_access(body["access"]).get("/auth/sessions/").json()

        assert list(session)[6:] == ["created_at", "last_used_at", "expires_at"]
        assert dict(list(session.items())[:6]) == {
            "id": body["session"],
            "current": True,
            "label": "Firefox on Linux",
            "ip": "127.0.0.1",
            "user_agent": "Firefox/1 Linux",
            "transport": "body",
        }

    def test_the_one_used_last_comes_first_and_one_is_current(self, jwt_sign_in, clock, ada):
        clients = []
        for _ in range(3):
            clients.append(jwt_sign_in(ada))
            clock.shift(60)
        clients[1].refresh()

        told = clients[0].get("/auth/sessions/").json()

        order = [clients[1], clients[2], clients[0]]
        assert [session["id"] for session in told] == [str(each.jwt_session) for each in order]
        assert [session["current"] for session in told] == [False, False, True]

    def test_neither_ended_nor_other_users_sessions_are_among_them(self, signed_in, ada, bob, pair):
        services.start_session(bob)
        services.log_out(str(services.start_session(ada).refresh))

        told = signed_in.get("/auth/sessions/").json()

        assert [session["id"] for session in told] == [pair.access["sid"]]

    def test_one_past_its_lifetime_is_not_among_them(self, jwt_client, clock, ada):
        services.start_session(ada, remember=False)
        clock.shift(12 * 3600)

        told = jwt_client.sign_in(ada).get("/auth/sessions/").json()

        assert [session["id"] for session in told] == [str(jwt_client.jwt_session)]


class TestEndingASession:
    def test_another_of_ones_own_ends_at_once(self, signed_in, api, ada):
        other = services.start_session(ada)

        response = signed_in.delete(f"/auth/sessions/{other.access['sid']}/")

        assert (response.status_code, response.content) == (204, b"")
        refused = api.refresh(str(other.refresh))
        assert refused.json()["reason"] == "revoked_by_user"

    def test_the_current_one_is_a_logout(self, signed_in, pair):
        response = signed_in.delete(f"/auth/sessions/{pair.access['sid']}/")

        assert response.status_code == 204
        assert signed_in.get("/auth/me/").json()["reason"] == "revoked_by_user"

    def test_twice_is_once(self, clock, signed_in, ada, django_assert_max_num_queries):
        other = services.start_session(ada).access["sid"]

        with django_assert_max_num_queries(3):
            first = signed_in.delete(f"/auth/sessions/{other}/")
        clock.shift(1)
        second = signed_in.delete(f"/auth/sessions/{other}/")

        assert [first.status_code, second.status_code] == [204, 204]
        assert Session.objects.get(pk=other).revoked_at == EPOCH

    def test_another_users_is_not_found_and_not_ended(self, signed_in, bob):
        theirs = services.start_session(bob).access["sid"]

        another = signed_in.delete(f"/auth/sessions/{theirs}/")
        nobodys = signed_in.delete(f"/auth/sessions/{uuid.uuid4()}/")

        assert told(another) == (404, "not_found")
        assert another.content == nobodys.content
        assert Session.objects.get(pk=theirs).revoked_at is None

    @pytest.mark.parametrize(
        "text", ["none", "0", "7" * 31, "g" * 32, "%00", "%F0%9F%8D%AA", "a" * 2000]
    )
    def test_what_is_no_uuid_is_not_found(self, signed_in, text):
        assert told(signed_in.delete(f"/auth/sessions/{text}/")) == (404, "not_found")


class TestForeignErrors:
    @pytest.mark.parametrize(
        ("error", "expected"),
        [
            pytest.param(PermissionDenied(), (403, "permission_denied"), id="Django's 403"),
            pytest.param(Http404(), (404, "not_found"), id="Django's 404"),
            pytest.param(drf.PermissionDenied(), (403, "permission_denied"), id="403"),
            pytest.param(drf.ParseError(), (400, "invalid_request"), id="400"),
        ],
    )
    def test_a_refusal_of_the_projects_code_is_told(self, api, ada, claims, error, expected):
        claims(error)

        response = api.post("/auth/signin/", ADA)

        assert told(response) == expected
        assert isinstance(response.json()["detail"], str)
        assert response.headers["Cache-Control"] == "no-store"

    def test_an_error_of_the_projects_code_is_left_to_django(self, api, ada, claims):
        claims(LookupError("a mistake"))

        with pytest.raises(LookupError, match="a mistake"):
            api.post("/auth/signin/", ADA)

    def test_a_throttle_of_a_view_says_when_to_come_back(self, api):
        response = api.post("/throttled/", ADA)

        assert told(response) == (429, "throttled")
        assert response.json()["retry_after"] == 3
        assert response.headers["Retry-After"] == "3"

    def test_a_throttle_that_does_not_know_when_says_nothing_of_it(self, api):
        response = api.post("/refused/", ADA)

        assert told(response) == (429, "throttled")
        assert "retry_after" not in response.json()
        assert "Retry-After" not in response.headers

    def test_an_error_report_shows_nothing_of_the_body(self, settings, api, ada):
        settings.MIDDLEWARE = ["tests.test_transports.tries_the_form"]
        form = "username=ada&password=wrong"

        response = api.generic(
            "POST", "/auth/signin/", form, content_type="application/x-www-form-urlencoded"
        )

        shown = SafeExceptionReporterFilter().get_post_parameters(response.wsgi_request)
        assert response.wsgi_request.POST["password"] == "wrong"
        assert "ada" not in shown.values()
        assert "wrong" not in shown.values()


class TestDatabaseDown:
    @pytest.fixture(params=[OperationalError, InterfaceError, InternalError])
    def down(self, request):
        """Let every statement from here on fail as a driver's would."""

        def fail(*args):
            raise request.param("secret host and port")

        return connection.execute_wrapper(fail)

    @pytest.mark.parametrize("path", ENDPOINTS)
    def test_the_client_is_asked_to_come_back(self, signed_in, pair, down, path):
        proofs = {**ADA, "refresh": str(pair.refresh), "token": str(pair.refresh)}
        body = proofs if ENDPOINTS[path] == "POST" else {}

        with down:
            response = getattr(signed_in, ENDPOINTS[path].lower())(f"/auth/{path}", body)

        assert told(response) == (503, "unavailable")
        assert response.headers["Retry-After"] == str(response.json()["retry_after"])
        assert response.headers["Cache-Control"] == "no-store"
        assert b"secret" not in response.content

    def test_nobody_is_signed_out_by_it(self, signed_in, down):
        with down:
            signed_in.get("/auth/me/")

        assert signed_in.get("/auth/me/").status_code == 200

    def test_an_error_of_a_statement_is_a_mistake_and_not_that(self, api, ada, claims):
        claims(ProgrammingError("no such column"))

        with pytest.raises(ProgrammingError):
            api.post("/auth/signin/", ADA)


class TestTransactions:
    def test_no_endpoint_takes_part_in_atomic_requests(self):
        namespaces = get_resolver(__name__).namespace_dict
        _prefix, resolver = namespaces["jwt_signin"]

        exempt = [pattern.callback._non_atomic_requests for pattern in resolver.url_patterns]

        assert exempt == [{"default"}] * len(resolver.url_patterns)

    @pytest.mark.django_db(transaction=True)
    def test_no_transaction_is_open_where_requests_are_atomic(
        self, monkeypatch, api, ada, clock, in_a_transaction
    ):
        monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)

        body = api.post("/auth/signin/", ADA).json()
        clock.shift(31)
        api.refresh(body["refresh"])
        api.post("/auth/logout/", {"refresh": body["refresh"]})

        assert in_a_transaction == [False] * 3

    @pytest.mark.django_db(transaction=True)
    def test_a_session_stays_ended_although_an_error_is_answered(
        self, monkeypatch, api, clock, pair
    ):
        monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
        newest = pair
        for _ in range(2):
            clock.shift(31)
            newest = services.rotate(str(newest.refresh))

        response = api.refresh(str(pair.refresh))

        assert response.json()["reason"] == "reuse_detected"
        assert Session.objects.get().revoke_reason == "reuse_detected"


default_classes = pytest.mark.parametrize(
    ("name", "value"),
    [
        ("authentication_classes", [BasicAuthentication]),
        ("permission_classes", [Refuses]),
        ("throttle_classes", [Refuses]),
        ("renderer_classes", [StaticHTMLRenderer]),
        ("parser_classes", [MultiPartParser]),
        ("content_negotiation_class", DefaultContentNegotiation),
        ("versioning_class", KnowsNoVersion),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)


class TestSettingsOfTheProject:
    """REST framework reads a project's defaults into the class of all views."""

    @default_classes
    def test_its_default_classes_reach_no_endpoint(self, monkeypatch, api, ada, name, value):
        monkeypatch.setattr(APIView, name, value)
        accept = {"Accept": "text/html"}

        signed_in = api.post("/auth/signin/", ADA, headers=accept)
        me = api.with_access(signed_in.json()["access"]).get("/auth/me/", headers=accept)

        assert [signed_in.status_code, me.status_code] == [200, 200]
        assert me.headers["Content-Type"] == "application/json"

    def test_its_exception_handler_reaches_no_endpoint(self, settings, api, ada):
        settings.REST_FRAMEWORK = {
            **settings.REST_FRAMEWORK,
            "EXCEPTION_HANDLER": f"{__name__}.handles_badly",
        }

        response = api.post("/auth/signin/", {**ADA, "password": "wrong"})

        assert told(response) == (401, "invalid_credentials")

    def test_its_exception_handler_answers_for_its_own_api(self, settings, api):
        settings.REST_FRAMEWORK = {
            **settings.REST_FRAMEWORK,
            "EXCEPTION_HANDLER": f"{__name__}.handles_badly",
        }

        with pytest.raises(ArithmeticError):
            api.with_access("garbage").get("/protected/")


def handles_badly(exc, context):
    raise ArithmeticError


class TestAlone:
    def test_each_view_works_by_itself(self, api, ada):
        tokens = api.post("/alone/signin", ADA).json()
        api.with_access(tokens["access"])

        answers = [
            api.post("/alone/refresh", {"refresh": tokens["refresh"]}),
            api.post("/alone/verify", {"token": tokens["access"]}),
            api.get("/alone/me"),
            api.get("/alone/sessions"),
            api.post("/alone/logout-all", {"keep_current": True}),
            api.delete(f"/alone/sessions/{tokens['session']}"),
            api.post("/alone/logout"),
        ]

        assert [each.status_code for each in answers] == [200, 200, 200, 200, 200, 204, 204]

    def test_a_session_may_be_routed_by_a_uuid(self, signed_in, pair):
        response = signed_in.delete(f"/alone/by-uuid/{pair.access['sid']}")

        assert response.status_code == 204
        assert Session.objects.get().revoke_reason == "revoked_by_user"
