"""From a request's access token to its user, on the project's own API."""

import logging
from itertools import product

import jwt
import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection
from django.urls import path
from django.views.decorators.cache import cache_page
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient, APIRequestFactory
from rest_framework.views import APIView
from rest_framework_simplejwt.models import TokenUser

from jwt_signin import services
from jwt_signin.authentication import (
    CheckedAuthentication,
    JWTAuthentication,
    SignatureAuthentication,
    bearer_token,
)
from jwt_signin.exceptions import SessionRevoked, TokenExpired, Unavailable
from jwt_signin.keys import MAX_TOKEN_LENGTH, key_ring
from jwt_signin.models import Session
from jwt_signin.tokens import AccessToken
from tests.conftest import EPOCH, PASSWORD
from tests.urls import urlpatterns as project_urls

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

CHALLENGE = 'Bearer realm="api"'
INVALID = 'Bearer realm="api", error="invalid_token"'


class WhoView(APIView):
    permission_classes = (IsAuthenticated,)

    def get(self, request):
        return Response({"user": type(request.user).__name__, "id": str(request.user.pk)})


class PageView(APIView):
    """A page of a project, which caches may keep."""

    parser_classes = [JSONParser, FormParser, MultiPartParser]

    def get(self, request):
        return Response({"user": str(request.user)}, headers={"Vary": "X-Own"})

    def post(self, request):
        return Response({"sent": request.data["sent"], "sid": request.auth["sid"]})


urlpatterns = [
    *project_urls,
    path("page/", PageView.as_view()),
    path("cached/", cache_page(60)(PageView.as_view())),
    path("by-session/", WhoView.as_view(authentication_classes=[CheckedAuthentication])),
    path("by-signature/", WhoView.as_view(authentication_classes=[SignatureAuthentication])),
    path("as-the-project-says/", WhoView.as_view()),
]


@pytest.fixture
def signature(settings):
    """The signature of an access token is trusted."""
    settings.JWT_SIGNIN = {"CHECK_ACCESS": "signature"}


@pytest.fixture
def access(clock, pair):
    """An access token of Ada's, issued at ``EPOCH``."""
    return str(pair.access)


def ask(api, authorization, path="/protected/"):
    return api.get(path, headers={"Authorization": authorization})


def refused(response):
    """Return code and reason of a refusal that challenges the token that was presented."""
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == INVALID
    return response.json()["code"], response.json().get("reason")


def of_length(token, length):
    """Sign the claims of ``token`` anew, padded so that the whole is so many characters."""
    key, near = key_ring().current, (length - len(str(token))) * 3 // 4
    # Base64 skips every fourth length, in the header and in the claims.
    for in_header, in_claims in product(range(4), range(near - 40, near)):
        header = {"typ": "at+jwt", "kid": key.kid, "pad": "a" * in_header}
        claims = {**token.payload, "pad": "a" * in_claims}
        raw = jwt.encode(claims, key.signing, key.algorithm, headers=header)
        if len(raw) == length:
            return raw
    raise AssertionError(length)  # pragma: no cover


class TestHeader:
    @pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
    def test_the_scheme_is_read_in_any_letter_case(self, api, ada, access, scheme):
        response = ask(api, f"{scheme} {access}")

        assert response.status_code == 200
        assert response.json()["user"] == "ada"

    @pytest.mark.parametrize("spaces", ["Bearer  {}", " Bearer {} ", "Bearer {}\t"], ids=repr)
    def test_spaces_around_the_token_are_none_of_it(self, api, access, spaces):
        assert ask(api, spaces.format(access)).status_code == 200

    @pytest.mark.parametrize(
        "header",
        ["", "Basic YWRhOmFkYQ==", "Token {}", "JWT {}", "Bearer{}", "{}", "Digest Bearer {}"],
    )
    def test_another_scheme_or_none_is_nobody(self, api, access, header):
        authorization = header.format(access)

        closed = ask(api, authorization)
        opened = ask(api, authorization, "/open/")

        assert closed.status_code == 401
        assert closed.headers["WWW-Authenticate"] == CHALLENGE
        assert (opened.status_code, opened.json()) == (200, {"user": "AnonymousUser"})

    def test_no_header_is_nobody(self, api):
        closed, opened = api.get("/protected/"), api.get("/open/")

        assert closed.status_code == 401
        assert closed.data["detail"].code == "not_authenticated"
        assert closed.headers["WWW-Authenticate"] == CHALLENGE
        assert opened.status_code == 200

    @pytest.mark.parametrize(
        "header",
        ["Bearer", "Bearer ", "Bearer {} {}", "Bearer {}, Bearer {}", "Bearer \xff{}"],
        ids=["empty", "spaces", "two tokens", "two headers", "latin-1"],
    )
    def test_anything_but_one_token_is_refused(self, api, access, header):
        assert refused(ask(api, header.format(access, access))) == ("token_not_valid", None)

    def test_the_schemes_are_the_projects(self, settings, api, access):
        settings.SIMPLE_JWT = {"AUTH_HEADER_TYPES": ("JWT", "Access")}

        known = [ask(api, f"{scheme} {access}") for scheme in ("JWT", "jwt", "access")]
        unknown = ask(api, f"Bearer {access}")

        assert [response.status_code for response in known] == [200] * 3
        assert unknown.status_code == 401
        assert unknown.headers["WWW-Authenticate"] == 'JWT realm="api"'

    def test_the_name_of_the_header_is_the_projects(self, settings, api, access):
        settings.SIMPLE_JWT = {"AUTH_HEADER_NAME": "HTTP_X_ACCESS_TOKEN"}

        theirs = api.get("/protected/", headers={"X-Access-Token": f"Bearer {access}"})
        bad = api.get("/protected/", headers={"X-Access-Token": "Bearer x"})
        other = ask(api, f"Bearer {access}")

        assert theirs.status_code == 200
        assert bad.headers["WWW-Authenticate"] == INVALID
        assert (other.status_code, other.headers["WWW-Authenticate"]) == (401, CHALLENGE)

    @pytest.mark.parametrize(
        ("header", "raw"),
        [
            ("Bearer a.b.c", "a.b.c"),
            ("bearer   a.b.c ", "a.b.c"),
            ("Bearer", ""),
            ("Basic a.b.c", None),
            ("", None),
        ],
    )
    def test_a_token_is_taken_out_unverified(self, header, raw):
        assert bearer_token(header) == raw


class TestBadTokens:
    @pytest.mark.parametrize(
        "token",
        ["garbage", "a.b.c", "e30.e30.e30", "null", "..", "\u200b", "x" * 100_000],
        ids=["word", "three words", "no claims", "null", "dots", "no ASCII", "100 000 letters"],
    )
    @pytest.mark.parametrize("path", ["/protected/", "/open/"])
    def test_garbage_is_refused_without_a_query(self, api, django_assert_num_queries, path, token):
        authorization = f"Bearer {token}".encode().decode("latin-1")

        with django_assert_num_queries(0):
            response = ask(api, authorization, path)

        assert refused(response) == ("token_not_valid", None)

    def test_eight_kibibytes_are_the_longest_token(self, api, clock, pair):
        longest = of_length(pair.access, MAX_TOKEN_LENGTH)
        longer = of_length(pair.access, MAX_TOKEN_LENGTH + 1)

        assert MAX_TOKEN_LENGTH == 8192
        assert ask(api, f"Bearer {longest}").status_code == 200
        assert refused(ask(api, f"Bearer {longer}")) == ("token_not_valid", None)

    @pytest.mark.parametrize("check", ["session", "signature"])
    def test_a_refresh_token_opens_nothing(self, settings, api, pair, check):
        settings.JWT_SIGNIN = {"CHECK_ACCESS": check}

        assert refused(ask(api, f"Bearer {pair.refresh}")) == ("token_not_valid", None)

    @pytest.mark.parametrize("check", ["session", "signature"])
    def test_a_changed_signature_is_refused(self, settings, api, access, check):
        settings.JWT_SIGNIN = {"CHECK_ACCESS": check}
        head, _, signed = access.rpartition(".")

        forged = f"Bearer {head}.{signed[::-1]}"

        assert refused(ask(api, forged)) == ("token_not_valid", None)

    def test_a_session_opens_nothing_for_another_user(self, api, pair, bob):
        """Who shares the key may sign any claims; the row knows whose session it is."""
        pair.access.payload["user_id"] = str(bob.pk)

        assert refused(ask(api, f"Bearer {pair.access}")) == ("token_not_valid", None)

    def test_another_session_opens_nothing_for_its_own_user(self, api, pair, bob):
        pair.access.payload["sid"] = services.start_session(bob).access["sid"]

        assert refused(ask(api, f"Bearer {pair.access}")) == ("token_not_valid", None)

    @pytest.mark.parametrize("path", ["/protected/", "/open/"])
    def test_a_bad_token_is_refused_even_where_none_is_needed(self, api, path):
        assert refused(ask(api, "Bearer garbage", path)) == ("token_not_valid", None)


class TestExpiry:
    @pytest.mark.parametrize("check", ["session", "signature"])
    def test_a_token_lives_until_its_exp_and_not_at_it(self, settings, api, clock, access, check):
        settings.JWT_SIGNIN = {"CHECK_ACCESS": check}

        clock.shift(299)
        before = ask(api, f"Bearer {access}")
        clock.shift(1)
        after = ask(api, f"Bearer {access}")

        assert before.status_code == 200
        assert refused(after) == ("token_expired", None)

    def test_leeway_forgives_as_many_seconds(self, settings, api, clock, access):
        settings.SIMPLE_JWT = {"LEEWAY": 10}

        clock.shift(309)
        before = ask(api, f"Bearer {access}")
        clock.shift(1)
        after = ask(api, f"Bearer {access}")

        assert before.status_code == 200
        assert refused(after) == ("token_expired", None)

    def test_an_expired_token_costs_no_query(self, api, clock, access, django_assert_num_queries):
        clock.shift(300)

        with django_assert_num_queries(0):
            ask(api, f"Bearer {access}")


class TestSessionChecked:
    def test_one_query_finds_session_and_user(self, api, ada, access, django_assert_num_queries):
        with django_assert_num_queries(1):
            response = ask(api, f"Bearer {access}")

        assert response.json() == {"user": "ada", "session": str(Session.objects.get().pk)}

    def test_a_revoked_session_is_refused_at_once(self, api, ada, access):
        services.revoke_all(ada)

        assert refused(ask(api, f"Bearer {access}")) == ("session_revoked", "revoked_by_user")

    def test_an_inactive_user_is_refused_at_once(self, api, ada, access):
        ada.is_active = False
        ada.save()

        assert refused(ask(api, f"Bearer {access}")) == ("session_revoked", "inactive_user")

    def test_a_changed_password_is_refused_at_once(self, api, ada, access):
        ada.set_password(f"{PASSWORD}!")
        ada.save()

        assert refused(ask(api, f"Bearer {access}")) == ("session_revoked", "password_changed")

    def test_a_deleted_user_is_refused_without_a_reason(self, api, ada, access):
        ada.delete()

        assert refused(ask(api, f"Bearer {access}")) == ("session_revoked", None)

    def test_a_deleted_session_is_refused_without_a_reason(self, api, access):
        Session.objects.all().delete()

        assert refused(ask(api, f"Bearer {access}")) == ("session_revoked", None)

    @pytest.mark.parametrize(
        ("name", "lifetime"),
        [("SESSION_LIFETIME", "absolute"), ("REFRESH_TOKEN_LIFETIME", "idle")],
        ids=["absolute", "idle"],
    )
    def test_a_row_past_its_lifetime_is_expired(self, api, access, name, lifetime):
        """The token itself still lives."""
        column = {"absolute": "expires_at", "idle": "rotated_at"}[lifetime]
        Session.objects.update(**{column: EPOCH.replace(year=2025)})

        assert refused(ask(api, f"Bearer {access}")) == ("session_revoked", "expired")

    def test_an_upgraded_hash_is_no_changed_password(self, settings, api, ada, access):
        settings.PASSWORD_HASHERS = [
            "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
            "django.contrib.auth.hashers.MD5PasswordHasher",
        ]
        user = get_user_model().objects.get()

        assert user.check_password(PASSWORD)

        assert user.password.startswith("pbkdf2_sha1$")
        assert ask(api, f"Bearer {access}").status_code == 200

    @pytest.mark.parametrize("path", ["/protected/", "/open/"])
    def test_a_database_that_does_not_answer_signs_nobody_out(self, api, access, path):
        def fail(*args):
            raise OperationalError("secret host and port")

        with connection.execute_wrapper(fail):
            response = ask(api, f"Bearer {access}", path)

        assert (response.status_code, response.json()["code"]) == (503, "unavailable")
        assert response.headers["Retry-After"] == str(response.json()["retry_after"])
        assert "WWW-Authenticate" not in response.headers
        assert b"secret" not in response.content


@pytest.mark.usefixtures("signature")
class TestSignatureTrusted:
    def test_no_query_is_spent(self, api, ada, access, django_assert_num_queries):
        with django_assert_num_queries(0):
            response = ask(api, f"Bearer {access}", "/as-the-project-says/")

        assert response.json() == {"user": "TokenUser", "id": str(ada.pk)}

    def test_the_user_is_made_of_the_token(self, access):
        request = APIRequestFactory().get("/", headers={"Authorization": f"Bearer {access}"})

        user, token = JWTAuthentication().authenticate(request)

        assert isinstance(user, TokenUser)
        assert user.token is token

    def test_the_class_of_the_user_is_the_projects(self, settings, api, access):
        settings.SIMPLE_JWT = {"TOKEN_USER_CLASS": f"{__name__}.Guest"}

        response = ask(api, f"Bearer {access}", "/as-the-project-says/")

        assert response.json()["user"] == "Guest"

    def test_an_ended_session_is_not_noticed_before_the_token_expires(self, api, clock, access):
        """That is what the setting means."""
        Session.objects.all().delete()

        trusted = ask(api, f"Bearer {access}")
        clock.shift(300)
        expired = ask(api, f"Bearer {access}")

        assert trusted.status_code == 200
        assert refused(expired) == ("token_expired", None)


class Guest(TokenUser):
    """A project's own user without a row."""


class TestAView:
    @pytest.mark.usefixtures("signature")
    def test_looks_the_session_up_whatever_the_project_says(
        self, api, access, django_assert_num_queries
    ):
        with django_assert_num_queries(1):
            response = ask(api, f"Bearer {access}", "/by-session/")

        assert response.json()["user"] == "User"

    def test_trusts_the_signature_whatever_the_project_says(
        self, api, access, django_assert_num_queries
    ):
        with django_assert_num_queries(0):
            response = ask(api, f"Bearer {access}", "/by-signature/")

        assert response.json()["user"] == "TokenUser"

    @pytest.mark.parametrize("authentication", [CheckedAuthentication, SignatureAuthentication])
    def test_has_the_token_in_its_request(self, access, authentication):
        request = APIRequestFactory().get("/", headers={"Authorization": f"Bearer {access}"})

        _user, token = authentication().authenticate(request)

        assert isinstance(token, AccessToken)
        assert token["sid"] == str(Session.objects.get().pk)


class TestAccessCookie:
    COOKIE = "__Host-access"

    @pytest.fixture(autouse=True)
    def _project(self, settings):
        settings.JWT_SIGNIN = {"ACCESS_COOKIE": True}

    def ask(self, api, *values, method="get", path="/page/", **headers):
        cookies = "; ".join(f"{self.COOKIE}={value}" for value in values)
        fields = {"sent": "x"} if method == "post" else None
        return getattr(api, method)(path, fields, headers={"Cookie": cookies, **headers})

    def test_opens_what_the_header_opens(self, api, ada, access):
        response = self.ask(api, access)

        assert (response.status_code, response.json()) == (200, {"user": str(ada)})

    def test_opens_nothing_where_it_is_off(self, settings, api, access):
        settings.JWT_SIGNIN = {}

        response = self.ask(api, access, path="/protected/")

        assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, CHALLENGE)

    def test_has_the_name_that_the_project_gives(self, settings, api, ada, access):
        settings.JWT_SIGNIN = {"ACCESS_COOKIE": "jwt"}

        response = api.get("/page/", headers={"Cookie": f"__Host-jwt={access}"})

        assert response.json() == {"user": str(ada)}

    @pytest.mark.parametrize("name", ["access", "__Secure-access", "__host-access"])
    def test_is_taken_under_no_other_name(self, api, access, name):
        """A sibling domain may set these."""
        response = api.get("/protected/", headers={"Cookie": f"{name}={access}"})

        assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, CHALLENGE)

    def test_is_not_read_where_the_header_is(self, api, ada, bob, access):
        other = str(services.start_session(bob).access)

        header = self.ask(api, other, Authorization=f"Bearer {access}")
        stale = self.ask(api, access, Authorization="Bearer stale")
        scheme = self.ask(api, access, Authorization="Basic YTpi")

        assert header.json() == scheme.json() == {"user": str(ada)}
        assert refused(stale)[0] == "token_not_valid"

    def test_of_several_is_the_one_issued_last(self, api, ada, bob, clock, access):
        clock.shift(1)
        newest = str(services.start_session(bob).access)

        for values in ([access, newest, "garbage"], ["garbage", newest, access]):
            assert self.ask(api, *values).json() == {"user": str(bob)}

    @pytest.mark.parametrize("check", ["session", "signature"])
    def test_is_refused_as_the_header_is(self, settings, api, clock, access, check):
        settings.JWT_SIGNIN = {"ACCESS_COOKIE": True, "CHECK_ACCESS": check}

        garbage = self.ask(api, "garbage")
        services.log_out(access)
        ended = self.ask(api, access)
        clock.shift(301)
        expired = self.ask(api, access)

        assert refused(garbage)[0] == "token_not_valid"
        assert refused(expired)[0] == "token_expired"
        assert ended.status_code == (200 if check == "signature" else 401)
        assert not any(response.cookies for response in (garbage, ended, expired))

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({}, 200),
            ({"Sec-Fetch-Site": "same-origin"}, 200),
            ({"Origin": "http://testserver"}, 200),
            ({"Origin": "https://evil.com"}, 403),
            ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
            ({"Sec-Fetch-Site": "same-site"}, 403),
            ({"Sec-Fetch-Site": "cross-site"}, 403),
        ],
        ids=str,
    )
    @pytest.mark.parametrize("method", ["post", "get", "head"])
    def test_proves_its_origin_to_change_anything(self, api, access, method, headers, status):
        response = self.ask(api, access, method=method, **headers)

        assert response.status_code == (status if method == "post" else 200)
        if response.status_code == 403:
            assert response.json()["code"] == "origin_not_allowed"

    @pytest.mark.parametrize("method", ["put", "patch", "delete", "generic"])
    def test_proves_it_by_any_method_that_is_not_safe(self, api, access, method):
        headers = {"Cookie": f"{self.COOKIE}={access}", "Origin": "https://evil.com"}
        verb = ["QUERY"] if method == "generic" else []

        response = getattr(api, method)(*verb, "/page/", headers=headers)

        assert response.status_code == 403

    def test_that_is_not_there_needs_no_proof(self, api, access):
        headers = {"Origin": "https://evil.com", "Sec-Fetch-Site": "cross-site"}

        by_header = self.ask(
            api, access, method="post", Authorization=f"Bearer {access}", **headers
        )
        by_nothing = api.post("/open/", headers=headers)

        assert by_header.status_code == 200
        assert by_nothing.status_code == 405

    @pytest.mark.parametrize("kind", ["json", "multipart"])
    def test_may_come_with_djangos_token(self, settings, access, kind):
        """The check reads the form before REST framework's parser does."""
        settings.JWT_SIGNIN = {"ACCESS_COOKIE": True, "CSRF": "django"}
        api = APIClient(enforce_csrf_checks=True)
        token = "a" * 32
        cookies = f"{self.COOKIE}={access}; csrftoken={token}"

        with_token, without = (
            api.post("/page/", {"sent": "x"}, format=kind, headers={"Cookie": cookies, **headers})
            for headers in ({"X-CSRFToken": token}, {})
        )

        assert with_token.status_code == 200
        assert with_token.json()["sent"] == "x"
        assert (without.status_code, without.json()["code"]) == (403, "csrf_failed")

    def test_leaves_one_line_of_its_refusal(self, api, access, caplog):
        with caplog.at_level(logging.INFO, "jwt_signin"):
            self.ask(api, access, method="post", Origin="https://evil.com")

        assert [
            record.getMessage() for record in caplog.records if record.name == "jwt_signin"
        ] == ["refused: origin_not_allowed reason=None session=None"]

    @pytest.mark.parametrize("kind", ["cookie", "header", "neither", "stale"])
    def test_has_caches_keep_users_apart(self, api, access, kind):
        headers = {"Authorization": f"Bearer {access}"} if kind == "header" else {}
        values = {"cookie": [access], "stale": ["stale"]}.get(kind, [])

        response = self.ask(api, *values, **headers)

        expected = {"Accept-Language", "Authorization", "Cookie"}
        assert expected <= {*response.headers["Vary"].split(", ")}
        assert ("X-Own" in response.headers["Vary"]) is (kind != "stale")

    def test_adds_nothing_to_vary_where_it_is_off(self, settings, api, access):
        settings.JWT_SIGNIN = {}

        assert "Cookie" not in self.ask(api, access).headers["Vary"]

    def test_of_one_user_opens_no_cached_page_of_another(self, api, ada, bob, access):
        other = str(services.start_session(bob).access)

        pages = [self.ask(api, each, path="/cached/").json() for each in (access, other, access)]

        assert pages == [{"user": str(ada)}, {"user": str(bob)}, {"user": str(ada)}]

    def test_nor_does_a_header_of_the_projects_own(self, settings, api, ada, bob, access):
        """Of ``Authorization`` alone caches know that it opens what is one user's."""
        settings.JWT_SIGNIN = {}
        settings.SIMPLE_JWT = {"AUTH_HEADER_NAME": "HTTP_X_ACCESS"}
        other = str(services.start_session(bob).access)

        pages = [
            self.ask(api, path="/cached/", **{"X-Access": f"Bearer {each}"}).json()
            for each in (access, other, access)
        ]

        assert pages == [{"user": str(ada)}, {"user": str(bob)}, {"user": str(ada)}]

    def test_is_read_where_there_is_no_view(self, ada, access):
        request = APIRequestFactory().get("/", headers={"Cookie": f"{self.COOKIE}={access}"})

        for each in (request, Request(request)):
            assert JWTAuthentication().authenticate(each)[0] == ada

    def test_proves_its_origin_at_our_own_endpoints_as_well(self, api, ada, pair):
        headers = {"Cookie": f"{self.COOKIE}={pair.access}", "Origin": "https://evil.com"}

        responses = [
            api.post("/auth/logout/all/", headers=headers),
            api.delete(f"/auth/sessions/{pair.access['sid']}/", headers=headers),
        ]

        assert [response.status_code for response in responses] == [403, 403]
        assert Session.objects.get().revoked_at is None
        assert api.get("/auth/me/", headers=headers).status_code == 200


class TestLog:
    @pytest.mark.parametrize("path", ["/protected/", "/open/", "/auth/me/"])
    def test_a_refusal_leaves_one_line(self, api, ada, access, caplog, path):
        services.revoke_all(ada)

        with caplog.at_level(logging.INFO, logger="jwt_signin"):
            ask(api, f"Bearer {access}", path)

        (line,) = [each.getMessage() for each in caplog.records if each.name == "jwt_signin"]
        assert "session_revoked" in line
        assert "revoked_by_user" in line
        assert str(Session.objects.get().pk) in line

    def test_a_token_is_never_in_it(self, api, access, caplog):
        forged = access[:-6] + "secret"

        with caplog.at_level(logging.DEBUG):
            ask(api, f"Bearer {forged}")

        assert "token_not_valid" in caplog.text
        assert not any(part in caplog.text for part in forged.split("."))


class TestRecheck:
    """A connection that stays open on a token."""

    @pytest.fixture
    def recheck(self, pair):
        return lambda authentication=JWTAuthentication: authentication().recheck(
            AccessToken.decode(str(pair.access), check_exp=False)
        )

    def test_lives_on_in_its_session(self, clock, recheck, ada, django_assert_num_queries):
        clock.shift(301)

        with django_assert_num_queries(1):
            recheck()
        services.revoke_all(ada)

        with pytest.raises(SessionRevoked):
            recheck()

    def test_lives_until_its_exp_where_its_session_is_not_looked_up(
        self, clock, recheck, django_assert_num_queries
    ):
        clock.shift(299)
        with django_assert_num_queries(0):
            recheck(SignatureAuthentication)
        clock.shift(1)

        with pytest.raises(TokenExpired):
            recheck(SignatureAuthentication)

    def test_follows_the_project(self, settings, clock, recheck):
        settings.JWT_SIGNIN = {"CHECK_ACCESS": "signature"}
        clock.shift(300)

        with pytest.raises(TokenExpired):
            recheck()

    def test_lives_until_its_exp_where_it_has_no_session(self, settings, clock, ada):
        settings.JWT_SIGNIN = {"ACCEPT_SIMPLEJWT_TOKENS": True}
        claims = {"token_type": "access", "jti": "a", "user_id": str(ada.pk)}
        now = int(EPOCH.timestamp())
        raw = jwt.encode(
            {**claims, "iat": now, "exp": now + 300}, key_ring().current.signing, "HS256"
        )
        token = AccessToken.decode(raw)

        clock.shift(299)
        JWTAuthentication().recheck(token)
        clock.shift(1)

        with pytest.raises(TokenExpired):
            JWTAuthentication().recheck(token)

    def test_a_database_that_does_not_answer_ends_nothing(self, recheck):
        def fail(*args):
            raise OperationalError

        with connection.execute_wrapper(fail), pytest.raises(Unavailable):
            recheck()

    def test_a_refusal_leaves_one_line(self, recheck, ada, caplog):
        services.revoke_all(ada)

        with caplog.at_level(logging.INFO, "jwt_signin"), pytest.raises(SessionRevoked):
            recheck()

        (line,) = [each.getMessage() for each in caplog.records if each.name == "jwt_signin"]
        assert line.startswith("refused: session_revoked reason=revoked_by_user")
