"""From a request's access token to its user, on the project's own API."""

import logging
from itertools import product

import jwt
import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection
from django.urls import path
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView
from rest_framework_simplejwt.models import TokenUser

from jwt_signin import services
from jwt_signin.authentication import (
    CheckedAuthentication,
    JWTAuthentication,
    SignatureAuthentication,
    bearer_token,
)
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


urlpatterns = [
    *project_urls,
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
