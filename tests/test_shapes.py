"""How requests and answers are spelled, for front ends that were there before."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import include, path
from rest_framework_simplejwt.views import (
    TokenObtainPairView,
    TokenRefreshView,
    TokenVerifyView,
)

from jwt_signin import services
from jwt_signin.shapes import SHAPES, Shape, Spelled, get_shape
from jwt_signin.urls import auth_urls
from jwt_signin.views import RefreshView, SignInView
from tests.conftest import PASSWORD
from tests.urls import urlpatterns as project_urls

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

ADA = {"username": "ada", "password": PASSWORD}
WRONG = {"username": "ada", "password": "wrong"}
KOREAN = {"Accept-Language": "ko"}

languages = pytest.mark.parametrize("headers", [{}, KOREAN], ids=["en", "ko"])


class Envelope(Shape):
    """A project's own spelling."""

    access, refresh = "jwt", "renewal"
    identifiers = ("login",)

    def sign_in(self, pair, request):
        return {"data": self.tokens(pair)}

    def refusal(self, error, action):
        status, body = super().refusal(error, action)
        return Spelled(status, {"errors": [{**body, "while": action}]})


urlpatterns = [
    *project_urls,
    path("own/", include(auth_urls(shape=Envelope), namespace="own")),
    path("own/by-class/", SignInView.as_view(shape=Envelope)),
    path("own/by-path/", SignInView.as_view(shape=f"{__name__}.Envelope")),
    path("named/", include(auth_urls(shape="api_login"), namespace="named")),
    path("plain/", include(auth_urls(), namespace="plain")),
    path("unknown/", SignInView.as_view(shape="api_logon")),
    path("fixed/refresh/", RefreshView.as_view(shape="default")),
    path("original/signin/", TokenObtainPairView.as_view()),
    path("original/refresh/", TokenRefreshView.as_view()),
    path("original/verify/", TokenVerifyView.as_view()),
]


@pytest.fixture
def ended(pair):
    """The tokens of a session that was logged out of."""
    services.log_out(str(pair.refresh))
    return pair


def ask(api, path, body, **headers):
    response = api.post(path, body, headers=headers)
    return response.status_code, response.json()


def members(value):
    """Return what is spelled how, without the sentences and tokens themselves."""
    if isinstance(value, dict):
        return {name: members(each) for name, each in value.items()}
    return type(value)


class TestDefault:
    def test_a_refresh_answers_what_a_sign_in_answers(self, api, ada):
        _, signed_in = ask(api, "/auth/signin/", ADA)

        status, refreshed = ask(api, "/auth/refresh/", {"refresh": signed_in["refresh"]})

        assert status == 200
        assert list(refreshed) == list(signed_in)
        assert (refreshed["session"], refreshed["user"]) == (
            signed_in["session"],
            {"id": str(ada.pk), "username": "ada"},
        )

    def test_without_rotation_a_refresh_answers_no_refresh_token(self, settings, api, pair):
        settings.SIMPLE_JWT = {"ROTATE_REFRESH_TOKENS": False}

        status, body = ask(api, "/auth/refresh/", {"refresh": str(pair.refresh)})

        assert status == 200
        assert "refresh" not in body
        assert body["session"] == pair.access["sid"]

    @languages
    def test_a_wrong_password_is_told_by_sentence_and_code(self, api, ada, headers):
        status, body = ask(api, "/auth/signin/", WRONG, **headers)

        assert (status, body["code"], list(body)) == (
            401,
            "invalid_credentials",
            ["detail", "code"],
        )
        assert body["detail"].isascii() is not bool(headers)

    def test_the_reason_of_an_ended_session_is_told(self, api, ended):
        status, body = ask(api, "/auth/refresh/", {"refresh": str(ended.refresh)})

        assert (status, list(body)) == (401, ["detail", "code", "reason"])
        assert (body["code"], body["reason"]) == ("session_revoked", "logged_out")

    def test_the_project_sees_its_users_by_its_own_serializer(self, settings, api, ada):
        settings.JWT_SIGNIN = {"USER_SERIALIZER": f"{__name__}.Greeting"}

        _, signed_in = ask(api, "/auth/signin/", ADA)

        assert signed_in["user"] == {"hello": "ada", "at": "/auth/signin/"}


class Greeting:
    """A serializer: what REST framework's offer of it is all that is used."""

    def __init__(self, user, context):
        self.data = {"hello": user.get_username(), "at": context["request"].path}


class TestSimpleJWT:
    """The answers of Simple JWT's own views are the measure."""

    def test_a_sign_in_answers_the_tokens_alone(self, api, ada):
        ada.set_password("inner spaces only")  # Simple JWT trims passwords
        ada.save()
        credentials = {"username": "ada", "password": "inner spaces only"}

        status, ours = ask(api, "/simplejwt/signin/", credentials)
        original_status, original = ask(api, "/original/signin/", credentials)

        assert status == original_status == 200
        assert members(ours) == members(original) == {"refresh": str, "access": str}

    @pytest.mark.parametrize("rotates", [True, False], ids=["rotating", "not rotating"])
    def test_a_refresh_answers_the_tokens_alone(self, settings, api, pair, rotates):
        settings.SIMPLE_JWT = {"ROTATE_REFRESH_TOKENS": rotates}

        status, body = ask(api, "/simplejwt/refresh/", {"refresh": str(pair.refresh)})

        assert status == 200
        assert set(body) == ({"access", "refresh"} if rotates else {"access"})

    @languages
    @pytest.mark.parametrize(
        ("endpoint", "body"),
        [
            pytest.param("signin", WRONG, id="wrong password"),
            pytest.param("signin", {**WRONG, "username": "nobody"}, id="unknown user"),
            pytest.param("refresh", {"refresh": "garbage"}, id="no refresh token"),
            pytest.param("verify", {"token": "garbage"}, id="no token"),
        ],
    )
    def test_a_refusal_is_spelled_as_the_original(self, api, ada, endpoint, body, headers):
        status, ours = ask(api, f"/simplejwt/{endpoint}/", body, **headers)
        original_status, original = ask(api, f"/original/{endpoint}/", body, **headers)

        assert status == original_status == 401
        assert members(ours) == members({**original, "code": ""})
        # Simple JWT leaves the code of a wrong password to its exception; djoser reads it.
        code = "no_active_account" if endpoint == "signin" else original["code"]
        assert ours["code"] == code

    def test_every_refused_refresh_token_is_not_valid(self, api, clock, pair):
        tokens = [str(pair.access), str(pair.refresh)[:-4] + "AAAA", str(pair.refresh)]
        clock.shift(7 * 86400)

        answers = [ask(api, "/simplejwt/refresh/", {"refresh": token}) for token in tokens]

        assert [(status, body["code"]) for status, body in answers] == [
            (401, "token_not_valid")
        ] * 3

    def test_the_reason_of_an_ended_session_is_kept(self, api, ended):
        status, body = ask(api, "/simplejwt/refresh/", {"refresh": str(ended.refresh)})

        assert status == 401
        assert (body["code"], body["reason"]) == ("token_not_valid", "logged_out")

    @pytest.mark.parametrize("bearer", ["garbage", "refresh"])
    def test_a_refused_access_token_is_told_with_its_kind(self, api, pair, bearer):
        api.with_access(str(pair.refresh) if bearer == "refresh" else bearer)

        response = api.get("/simplejwt/me/")

        (message,) = response.json()["messages"]
        assert (response.status_code, response.json()["code"]) == (401, "token_not_valid")
        assert (message["token_class"], message["token_type"]) == ("AccessToken", "access")
        assert message["message"] == response.json()["detail"]

    def test_a_request_without_a_token_is_told_as_in_default(self, api):
        response = api.get("/simplejwt/me/")

        assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
        assert "messages" not in response.json()


class TestAPILogin:
    """The first seed: its view, and the lines of axios that read it."""

    @languages
    def test_a_sign_in_answers_the_tokens_alone(self, api, ada, headers):
        status, body = ask(api, "/api/login", ADA, **headers)

        assert status == 200
        assert members(body) == {"refresh": str, "access": str}

    def test_its_access_token_opens_the_api(self, api, ada):
        _, body = ask(api, "/api/login", ADA)

        assert api.with_access(body["access"]).get("/protected/").status_code == 200

    def test_a_user_name_is_taken_whatever_accounts_are_signed_in_by(self, settings, api, ada):
        settings.JWT_SIGNIN = {"SIGNIN_BY": ["email"]}

        status, _ = ask(api, "/api/login", {**ADA, "username": "ada@example.com"})

        assert status == 200

    @languages
    def test_a_wrong_password_is_an_error_of_the_seeds_own_words(self, api, ada, headers):
        status, body = ask(api, "/api/login", WRONG, **headers)

        assert (status, body) == (401, {"error": "Invalid Credentials"})

    def test_a_refresh_answers_the_tokens_alone(self, api, pair):
        status, body = ask(api, "/api/login/refresh", {"refresh": str(pair.refresh)})

        assert status == 200
        assert members(body) == {"refresh": str, "access": str}

    def test_without_rotation_a_refresh_answers_an_access_token(self, settings, api, pair):
        settings.SIMPLE_JWT = {"ROTATE_REFRESH_TOKENS": False}

        status, body = ask(api, "/api/login/refresh", {"refresh": str(pair.refresh)})

        assert status == 200
        assert members(body) == {"access": str}


class TestAPISignIn:
    """The second seed."""

    def test_a_sign_in_answers_the_tokens_and_a_message(self, api, ada):
        status, body = ask(api, "/api/signin", ADA)

        assert status == 200
        assert members(body) == {"access_token": str, "refresh_token": str, "message": str}
        assert body["message"].isascii()

    def test_the_message_is_the_seeds_own_in_korean(self, api, ada):
        _, body = ask(api, "/api/signin", ADA, **KOREAN)

        assert body["message"] == "로그인 성공"

    def test_a_wrong_password_is_a_bad_request(self, api, ada):
        status, body = ask(api, "/api/signin", WRONG)

        assert (status, members(body)) == (400, {"error": str})
        assert body["error"].isascii()

    def test_the_error_is_the_seeds_own_in_korean(self, api, ada):
        response = api.post("/api/signin", WRONG, headers=KOREAN)

        assert response.status_code == 400
        assert response.json() == {"error": "이메일 또는 비밀번호가 올바르지 않습니다"}
        assert "WWW-Authenticate" not in response.headers

    @pytest.mark.parametrize("by", ["username", "email"])
    def test_an_e_mail_address_is_taken_whatever_accounts_are_signed_in_by(
        self, settings, api, ada, by
    ):
        """The seed hands it to ``authenticate`` as the user name."""
        settings.JWT_SIGNIN = {"SIGNIN_BY": [by]}
        ada.username = "ada@example.com"
        ada.save()

        status, _ = ask(api, "/api/signin", {"email": "ada@example.com", "password": PASSWORD})

        assert status == 200

    @languages
    def test_a_refresh_answers_the_tokens_alone(self, api, pair, headers):
        request = {"refresh_token": str(pair.refresh)}

        status, body = ask(api, "/api/signin/refresh", request, **headers)

        assert status == 200
        assert members(body) == {"access_token": str, "refresh_token": str}

    def test_without_rotation_a_refresh_answers_an_access_token(self, settings, api, pair):
        settings.SIMPLE_JWT = {"ROTATE_REFRESH_TOKENS": False}

        status, body = ask(api, "/api/signin/refresh", {"refresh_token": str(pair.refresh)})

        assert status == 200
        assert members(body) == {"access_token": str}


@pytest.mark.parametrize("endpoint", ["/api/login/refresh", "/api/signin/refresh"])
class TestRefreshOfBothSeeds:
    @languages
    @pytest.mark.parametrize(
        "request_body", [{}, {"refresh": "garbage"}], ids=["missing", "not valid"]
    )
    def test_a_refusal_is_an_error_and_a_sentence(self, api, endpoint, request_body, headers):
        status, body = ask(api, endpoint, request_body, **headers)

        assert (status, members(body)) == (401, {"error": str})
        assert body["error"].isascii() is not bool(headers)

    def test_the_reason_of_an_ended_session_is_kept(self, api, ended, endpoint):
        status, body = ask(api, endpoint, {"refresh": str(ended.refresh)})

        assert (status, list(body)) == (401, ["error", "reason"])
        assert body["reason"] == "logged_out"


@pytest.mark.parametrize("shape", sorted(SHAPES.keys() - {"oauth2"}))  # whose row names all
@pytest.mark.parametrize(
    ("endpoint", "body"),
    [
        pytest.param("signin", {"password": "x"}, id="no name"),
        pytest.param("signin", {"username": 7, "password": "x"}, id="no string"),
        pytest.param("refresh", {"refresh": 7}, id="no token"),
    ],
)
def test_a_failure_of_no_row_of_the_table_is_as_in_default(settings, api, shape, endpoint, body):
    settings.JWT_SIGNIN = {"SHAPE": shape}

    status, body = ask(api, f"/auth/{endpoint}/", body)

    assert (status, body["code"]) == (400, "invalid_request")
    assert list(body) == ["detail", "code", "fields"]


@pytest.mark.parametrize("shape", SHAPES)
class TestEveryShape:
    @pytest.mark.parametrize("name", ["refresh", "refresh_token"])
    def test_a_request_uses_any_name_of_a_token(self, settings, api, pair, shape, name):
        settings.JWT_SIGNIN = {"SHAPE": shape}

        status, _ = ask(api, "/auth/refresh/", {name: str(pair.refresh)})

        assert status == 200

    def test_a_logout_is_silent(self, settings, api, pair, shape):
        settings.JWT_SIGNIN = {"SHAPE": shape}

        response = api.post("/auth/logout/", {"refresh": str(pair.refresh)})

        assert (response.status_code, response.content) == (204, b"")

    @pytest.mark.parametrize("endpoint", ["/protected/", "/auth/me/"])
    def test_the_reason_reaches_the_projects_own_api(self, settings, api, ended, shape, endpoint):
        settings.JWT_SIGNIN = {"SHAPE": shape}

        response = api.with_access(str(ended.access)).get(endpoint)

        code = "token_not_valid" if shape in {"simplejwt", "dj_rest_auth"} else "session_revoked"
        assert (response.status_code, response.json()["code"]) == (401, code)
        assert response.json()["reason"] == "logged_out"


class TestOneOfTheProjectsOwn:
    @pytest.mark.parametrize(
        "endpoint", ["/own/signin/", "/own/by-class/", "/own/by-path/"], ids=lambda path: path
    )
    def test_it_is_named_on_an_include_or_a_view(self, api, ada, endpoint):
        status, body = ask(api, endpoint, {"login": "ada", "password": PASSWORD})

        assert status == 200
        assert members(body) == {"data": {"jwt": str, "renewal": str}}

    @pytest.mark.parametrize(
        "shape", [f"{__name__}.Envelope", Envelope], ids=["dotted path", "class"]
    )
    def test_it_is_named_for_the_whole_project(self, settings, api, ada, shape):
        settings.JWT_SIGNIN = {"SHAPE": shape}

        status, body = ask(api, "/auth/signin/", ADA)

        assert status == 200
        assert members(body) == {"data": {"jwt": str, "renewal": str}}

    def test_a_refresh_uses_its_names(self, api, pair):
        status, body = ask(api, "/own/refresh/", {"renewal": str(pair.refresh)})

        assert status == 200
        assert members(body) == {"data": {"jwt": str, "renewal": str}}

    @pytest.mark.parametrize(
        ("endpoint", "action"),
        [("signin", "sign_in"), ("refresh", "refresh"), ("verify", "other")],
        ids=["signin", "refresh", "verify"],
    )
    def test_it_spells_refusals_by_what_was_asked_for(self, api, endpoint, action):
        status, body = ask(api, f"/own/{endpoint}/", {})

        (error,) = body["errors"]
        assert error["while"] == action
        assert (status, error["code"]) == (
            (401, "refresh_missing") if action == "refresh" else (400, "invalid_request")
        )

    def test_it_spells_the_refusals_of_the_projects_own_api(self, settings, api):
        settings.JWT_SIGNIN = {"SHAPE": Envelope}

        response = api.with_access("garbage").get("/protected/")

        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="api", error="invalid_token"'
        (error,) = response.json()["errors"]
        assert (error["code"], error["while"]) == ("token_not_valid", "access")


class TestWhichShape:
    def test_a_views_own_comes_before_the_projects(self, settings, api, pair):
        settings.JWT_SIGNIN = {"SHAPE": "api_signin"}

        _, fixed = ask(api, "/fixed/refresh/", {"refresh": str(pair.refresh)})
        _, projects = ask(api, "/plain/refresh/", {"refresh": str(pair.refresh)})

        assert {"access", "refresh", "session"} < set(fixed)
        assert set(projects) == {"access_token", "refresh_token"}

    def test_an_includes_own_spells_its_refusals_alone(self, api, ada):
        assert set(ask(api, "/named/signin/", WRONG)[1]) == {"error"}
        assert set(ask(api, "/plain/signin/", WRONG)[1]) == {"detail", "code"}

    def test_the_projects_own_spells_its_api(self, settings, api):
        settings.JWT_SIGNIN = {"SHAPE": "simplejwt"}

        response = api.with_access("garbage").get("/protected/")

        assert response.status_code == 401
        assert list(response.json()) == ["detail", "code", "messages"]
        assert response.json()["code"] == "token_not_valid"

    def test_an_includes_own_does_not_reach_the_projects_api(self, api):
        response = api.with_access("garbage").get("/protected/")

        assert list(response.json()) == ["detail", "code"]

    @pytest.mark.parametrize(("name", "shape"), SHAPES.items(), ids=SHAPES)
    def test_a_name_a_path_and_a_class_are_one(self, name, shape):
        named = [name, f"{shape.__module__}.{shape.__qualname__}", shape]

        assert [type(get_shape(each)) for each in named] == [shape] * 3

    @pytest.mark.parametrize(
        "unknown",
        [
            "api_logon",
            "tests.test_shapes.Nothing",
            "no.such.module",
            "json.dumps",
            dict,
            7,
            Shape(),
        ],
        ids=["name", "attribute", "module", "function", "class", "number", "instance"],
    )
    def test_what_is_no_shape_is_a_mistake_of_the_project(self, unknown):
        with pytest.raises(ImproperlyConfigured):
            get_shape(unknown)

    def test_an_unknown_name_is_reported_with_those_that_are_known(self):
        with pytest.raises(ImproperlyConfigured) as caught:
            get_shape("api_logon")

        assert all(name in str(caught.value) for name in ["api_logon", *SHAPES])

    def test_an_unknown_shape_of_a_view_is_no_refusal(self, api, ada):
        with pytest.raises(ImproperlyConfigured):
            api.post("/unknown/", ADA)

    def test_an_unknown_shape_of_the_project_is_no_refusal(self, settings, api):
        settings.JWT_SIGNIN = {"SHAPE": "api_logon"}

        with pytest.raises(ImproperlyConfigured):
            api.with_access("garbage").get("/protected/")
