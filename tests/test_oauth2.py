"""
The shape ``oauth2`` and its token endpoint, clause by clause (RFC 6749).

``tests/neighbours/test_oauth2.py`` has OAuth clients use it.
"""

import re
from urllib.parse import urlencode

import pytest
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.urls import include, path
from rest_framework.exceptions import PermissionDenied, ValidationError

from jwt_signin import services
from jwt_signin.exceptions import Unauthorized
from jwt_signin.models import Session
from jwt_signin.tokens import AccessToken, RefreshToken
from jwt_signin.urls import auth_urls
from jwt_signin.views import TokenView
from tests.conftest import PASSWORD
from tests.urls import urlpatterns as project_urls

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

urlpatterns = [
    *project_urls,
    path("oauth/", include(auth_urls(shape="oauth2"), namespace="oauth")),
    path("cookies/", include(auth_urls(shape="oauth2", transport="cookie"), namespace="cookies")),
    path("alone/", TokenView.as_view()),
]

FORM = "application/x-www-form-urlencoded"
PASSWORD_GRANT = {"grant_type": "password", "username": "ada", "password": PASSWORD}
ALLOWED = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]+")


@pytest.fixture(params=["form", "JSON"])
def ask(request, api):
    """Ask the token endpoint, in either encoding; return the response."""

    def post(path="/oauth/token/", *, language="en", **members):
        headers = {"Accept-Language": language}
        if request.param == "JSON":
            return api.post(path, members, headers=headers)
        return api.post(path, urlencode(members), content_type=FORM, headers=headers)

    return post


def refresh_grant(token):
    return {"grant_type": "refresh_token", "refresh_token": str(token)}


def refused(response):
    """Return status and name of a refusal that is spelled as section 5.2 has it."""
    body = response.json()
    assert body.keys() - {"reason"} == {"error", "error_description"}
    assert all(ALLOWED.fullmatch(body[name]) for name in ("error", "error_description"))
    return response.status_code, body["error"]


class TestAnswer:
    """Section 5.1."""

    def test_of_the_password_grant(self, ask, ada):
        response = ask(**PASSWORD_GRANT)

        body = response.json()
        assert response.status_code == 200
        assert list(body) == ["access_token", "token_type", "expires_in", "refresh_token"]
        assert (body["token_type"], body["expires_in"]) == ("Bearer", 300)
        assert AccessToken.decode(body["access_token"]).user_id == str(ada.pk)
        assert RefreshToken.decode(body["refresh_token"]).generation == 0

    def test_of_the_refresh_token_grant(self, clock, ask, pair):
        clock.shift(31)

        response = ask(**refresh_grant(pair.refresh))

        body = response.json()
        assert response.status_code == 200
        assert list(body) == ["access_token", "token_type", "expires_in", "refresh_token"]
        assert RefreshToken.decode(body["refresh_token"]).generation == 1

    def test_has_no_refresh_token_where_none_is_issued(self, settings, ask, pair):
        settings.SIMPLE_JWT = {"ROTATE_REFRESH_TOKENS": False}

        body = ask(**refresh_grant(pair.refresh)).json()

        assert list(body) == ["access_token", "token_type", "expires_in"]

    @pytest.mark.parametrize("password", [PASSWORD, "wrong"], ids=["granted", "refused"])
    def test_is_kept_by_no_cache(self, ask, ada, password):
        response = ask(**PASSWORD_GRANT | {"password": password})

        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Pragma"] == "no-cache"
        assert response.headers["Content-Type"] == "application/json"

    def test_opens_the_api(self, ask, api, ada):
        token = ask(**PASSWORD_GRANT).json()["access_token"]

        assert api.with_access(token).get("/protected/").status_code == 200

    def test_is_that_of_sign_in_and_refresh_too(self, api, ada):
        signed_in = api.post("/oauth/signin/", {"username": "ada", "password": PASSWORD}).json()

        refreshed = api.post("/oauth/refresh/", {"refresh_token": signed_in["refresh_token"]})

        assert list(signed_in) == list(refreshed.json())


class TestRequest:
    """Sections 3.2, 4.3.2 and 6."""

    @pytest.mark.parametrize("username", ["ada", "ada@example.com"])
    def test_a_username_is_any_name_that_is_signed_in_by(self, settings, ask, ada, username):
        settings.JWT_SIGNIN = {"SIGNIN_BY": ["username", "email"]}

        assert ask(**PASSWORD_GRANT | {"username": username}).status_code == 200

    def test_a_username_may_be_as_long_as_an_address(self, settings, ask, ada):
        settings.JWT_SIGNIN = {"SIGNIN_BY": ["username", "email"]}
        local = "a" * 200
        ada.email = f"{local}@example.com"
        ada.save()

        assert ask(**PASSWORD_GRANT | {"username": ada.email}).status_code == 200

    def test_client_and_scope_are_passed_over(self, api, ask, ada):
        api.credentials(HTTP_AUTHORIZATION="Basic Y2xpZW50OnNlY3JldA==")

        response = ask(**PASSWORD_GRANT, client_id="app", client_secret="s", scope="read")

        assert response.status_code == 200

    def test_a_parameter_without_a_value_is_omitted(self, api, ada):
        form = urlencode(PASSWORD_GRANT | {"transport": "", "remember": "", "scope": ""})

        assert api.post("/oauth/token/", form, content_type=FORM).status_code == 200

    def test_a_parameter_comes_once(self, api, ada):
        form = urlencode([*PASSWORD_GRANT.items(), ("password", PASSWORD)])

        response = api.post("/oauth/token/", form, content_type=FORM)

        assert refused(response) == (400, "invalid_request")
        assert not Session.objects.exists()

    def test_elsewhere_a_field_that_comes_twice_is_the_last(self, api, ada):
        form = urlencode([("password", "wrong"), ("username", "ada"), ("password", PASSWORD)])

        assert api.post("/auth/signin/", form, content_type=FORM).status_code == 200


class TestRefusal:
    """Section 5.2: ``error`` and ``error_description``, in ASCII whatever the language."""

    @pytest.mark.parametrize("language", ["en", "ko"])
    @pytest.mark.parametrize(
        ("members", "error"),
        [
            pytest.param({}, "invalid_request", id="no grant type"),
            pytest.param({"grant_type": ""}, "invalid_request", id="empty grant type"),
            pytest.param({"grant_type": "implicit"}, "unsupported_grant_type", id="unknown"),
            pytest.param({"grant_type": "Password"}, "unsupported_grant_type", id="letter case"),
            pytest.param(PASSWORD_GRANT | {"password": "no"}, "invalid_grant", id="password"),
            pytest.param(PASSWORD_GRANT | {"username": "eve"}, "invalid_grant", id="user"),
            pytest.param({"grant_type": "password"}, "invalid_request", id="no credentials"),
            pytest.param(
                PASSWORD_GRANT | {"transport": "cookie"}, "invalid_request", id="transport"
            ),
            pytest.param({"grant_type": "refresh_token"}, "invalid_request", id="no token"),
            pytest.param(refresh_grant("garbage"), "invalid_grant", id="no refresh token"),
        ],
    )
    def test_has_a_name_and_a_sentence(self, ask, ada, members, error, language):
        response = ask(**members, language=language)

        assert refused(response) == (400, error)
        assert "WWW-Authenticate" not in response.headers

    def test_names_the_parameter(self, ask):
        body = ask(grant_type="password", username="ada").json()

        assert body["error_description"] == "The request is not valid: password."

    @pytest.mark.parametrize("grant", [7, ["password"], {}], ids=["number", "list", "object"])
    def test_of_a_grant_type_that_is_no_string(self, api, grant):
        response = api.post("/oauth/token/", {"grant_type": grant})

        assert refused(response) == (400, "invalid_request")

    def test_of_a_token_whose_session_is_over_keeps_the_reason(self, ask, pair):
        services.log_out(str(pair.refresh))

        response = ask(**refresh_grant(pair.refresh))

        assert refused(response) == (400, "invalid_grant")
        assert response.json()["reason"] == "logged_out"

    def test_of_reuse_ends_the_session(self, clock, ask, pair):
        clock.shift(31)
        ask(**refresh_grant(pair.refresh))
        clock.shift(31)

        response = ask(**refresh_grant(pair.refresh))

        assert refused(response) == (400, "invalid_grant")
        assert response.json()["reason"] == "reuse_detected"
        assert Session.objects.get().revoked_at is not None

    def test_of_a_session_of_the_other_transport(self, ask, ada):
        pair = services.start_session(ada, transport="cookie")

        assert refused(ask(**refresh_grant(pair.refresh))) == (400, "invalid_grant")

    @pytest.mark.parametrize("name", ["ada", "nobody"])
    def test_of_too_many_attempts_keeps_its_status(self, settings, ask, ada, name):
        settings.JWT_SIGNIN = {"SIGNIN_ACCOUNT_RATE": "1/h"}
        wrong = PASSWORD_GRANT | {"username": name, "password": "wrong"}
        ask(**wrong)

        response = ask(**wrong)

        assert refused(response) == (429, "temporarily_unavailable")
        assert 0 < int(response.headers["Retry-After"]) <= 3600

    @pytest.mark.parametrize("grant", ["password", "refresh_token"])
    def test_of_a_database_that_is_down_keeps_its_status(self, ask, pair, grant):
        members = {"password": PASSWORD_GRANT, "refresh_token": refresh_grant(pair.refresh)}[grant]

        def down(*args):
            raise OperationalError

        with connection.execute_wrapper(down):
            response = ask(**members)

        assert refused(response) == (503, "temporarily_unavailable")
        assert response.headers["Retry-After"] == "2"

    @pytest.mark.parametrize(
        ("method", "body", "kind", "status"),
        [
            ("POST", "{", "application/json", 400),
            ("POST", "grant_type=%ff", FORM, 400),
            ("POST", " " * 17_000, "application/json", 413),
            ("POST", "{}", "text/plain", 415),
            ("GET", "", "", 405),
        ],
        ids=["no JSON", "no UTF-8", "too large", "another type", "another method"],
    )
    def test_of_what_is_no_such_request(self, api, method, body, kind, status):
        response = api.generic(method, "/oauth/token/", body, content_type=kind)

        assert refused(response) == (status, "invalid_request")

    @pytest.mark.parametrize(
        ("hook", "expected"),
        [
            ("second_factor", (403, "second_factor_required", "Ask 'the app' for a code.")),
            ("in_korean", (403, "no_entry", "no_entry")),
            ("wrong_field", (400, "invalid_request", "The request is not valid: code.")),
            ("our_kind", (400, "invalid_grant", "Gone.")),
        ],
    )
    def test_of_the_projects_own(self, settings, ask, ada, hook, expected):
        settings.JWT_SIGNIN = {"BEFORE_SESSION": f"{__name__}.{hook}"}

        response = ask(**PASSWORD_GRANT, language="ko")

        assert (*refused(response), response.json()["error_description"]) == expected

    def test_elsewhere_is_as_in_default(self, api, ada):
        """RFC 6749 speaks of the token endpoint, RFC 6750 of all others."""
        me = api.with_access("garbage").get("/oauth/me/")
        verify = api.post("/oauth/verify/", {"token": "garbage"})

        for response in (me, verify):
            assert (response.status_code, list(response.json())) == (401, ["detail", "code"])


def second_factor(user, request):
    raise PermissionDenied('Ask "the app" for a code.', code="second_factor_required")


def in_korean(user, request):
    raise PermissionDenied("들어올 수 없습니다", code="no_entry")


def wrong_field(user, request):
    raise ValidationError({"code": ["Wrong."]})


class Gone(Unauthorized):
    default_code = "gone"
    default_detail = "Gone."


def our_kind(user, request):
    raise Gone


class TestWhere:
    def test_the_endpoint_is_nowhere_unless_it_is_chosen(self, ask, ada):
        response = ask("/auth/token/", **PASSWORD_GRANT)

        assert (response.status_code, response.json()["code"]) == (404, "not_found")
        assert not Session.objects.exists()

    def test_the_project_chooses_it(self, settings, ask, ada):
        settings.JWT_SIGNIN = {"SHAPE": "oauth2"}

        assert ask("/auth/token/", **PASSWORD_GRANT).status_code == 200

    def test_alone_it_is_chosen_by_itself(self, ask, ada):
        assert ask("/alone/", **PASSWORD_GRANT).status_code == 200

    def test_a_default_transport_of_the_project_gives_way(self, settings, ask, ada):
        settings.JWT_SIGNIN = {"SHAPE": "oauth2", "TRANSPORT": "cookie"}

        response = ask("/auth/token/", **PASSWORD_GRANT)

        assert "refresh_token" in response.json()
        assert not response.cookies

    def test_no_cookie_is_read(self, api, ada):
        pair = services.start_session(ada, transport="cookie")
        api.cookies["__Host-refresh"] = str(pair.refresh)

        response = api.post("/alone/", {"grant_type": "refresh_token"})

        assert refused(response) == (400, "invalid_request")

    def test_over_cookies_alone_it_is_a_mistake_of_the_project(self, ask, ada):
        with pytest.raises(ImproperlyConfigured):
            ask("/cookies/token/", **PASSWORD_GRANT)

    @pytest.mark.parametrize(
        ("transports", "expected"),
        [(["cookie"], ["jwt_signin.E003"]), (["body", "cookie"], [])],
        ids=["cookie", "both"],
    )
    def test_which_is_reported(self, settings, transports, expected):
        settings.JWT_SIGNIN = {
            "SHAPE": "oauth2",
            "TRANSPORTS": transports,
            "TRANSPORT": transports[0],
        }

        found = [message.id or "" for message in run_checks(tags=[Tags.security])]

        assert [name for name in found if name.startswith("jwt_signin.")] == expected
