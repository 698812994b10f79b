"""The shape ``dj_rest_auth``; ``tests/neighbours/test_dj_rest_auth.py`` holds it to the package."""

import pytest
from django.urls import include, path

from jwt_signin import services
from jwt_signin.urls import auth_urls
from tests.conftest import PASSWORD, name_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

urlpatterns = [path("auth/", include(auth_urls(shape="dj_rest_auth")))]

ACCESS_ENDS, REFRESH_ENDS = "2026-11-22T12:05:00Z", "2026-11-29T12:00:00Z"


@pytest.fixture
def sign_in(settings, clock, api, ada):
    """Sign Ada in, or try to; return status and body."""
    settings.TIME_ZONE = "UTC"

    def post(**fields):
        response = api.sign_in(**({} if "email" in fields else name_of(ada)) | fields)
        return response.status_code, response.json()

    return post


class TestSignIn:
    def test_tells_when_each_token_ends(self, sign_in):
        status, body = sign_in()

        assert status == 200
        assert list(body) == [
            "access",
            "refresh",
            "user",
            "access_expiration",
            "refresh_expiration",
        ]
        assert (body["access_expiration"], body["refresh_expiration"]) == (
            ACCESS_ENDS,
            REFRESH_ENDS,
        )

    def test_tells_local_time_where_the_project_does(self, settings, sign_in):
        settings.USE_TZ = False

        _, body = sign_in()

        assert body["access_expiration"] == ACCESS_ENDS.removesuffix("Z")

    def test_tells_the_end_of_a_short_session(self, sign_in):
        _, body = sign_in(remember=False)

        assert body["refresh_expiration"] == "2026-11-23T00:00:00Z"

    def test_tells_the_user_by_the_names_that_he_has(self, sign_in, ada):
        _, body = sign_in()

        assert body["user"] == {
            "pk": ada.pk,
            "username": "ada",
            "email": "ada@example.com",
            "first_name": "",
            "last_name": "",
        }

    def test_tells_the_user_by_the_projects_own_serializer(self, settings, sign_in):
        settings.JWT_SIGNIN = {"USER_SERIALIZER": f"{__name__}.Greeting"}

        _, body = sign_in()

        assert body["user"] == {"hello": "ada"}

    @pytest.mark.parametrize("by", ["username", "email"])
    def test_takes_either_name_whatever_accounts_are_signed_in_by(self, settings, api, ada, by):
        settings.JWT_SIGNIN = {"SIGNIN_BY": [by]}
        ada.username = "ada@example.com"
        ada.save()

        for name in ("username", "email"):
            assert api.sign_in(**{name: "ada@example.com"}).status_code == 200

    def test_takes_the_blank_name_beside_the_one_that_is_meant(self, settings, sign_in):
        settings.JWT_SIGNIN = {"SIGNIN_BY": ["username", "email"]}

        assert sign_in(username="", email="ada@example.com")[0] == 200

    def test_refuses_with_400(self, sign_in):
        status, body = sign_in(password="wrong")

        assert (status, list(body)) == (400, ["non_field_errors"])
        (sentence,) = body["non_field_errors"]
        assert sentence

    def test_puts_no_refresh_token_beside_a_cookie(self, sign_in):
        status, body = sign_in(transport="cookie")

        assert status == 200
        assert body.keys() == {"access", "user", "access_expiration", "refresh_expiration"}


class Greeting:
    def __init__(self, user, context):
        self.data = {"hello": user.get_username()}


class TestRefresh:
    def test_tells_when_each_token_ends(self, clock, api, pair):
        clock.shift(60)

        body = api.refresh(str(pair.refresh)).json()

        assert list(body) == ["access", "refresh", "access_expiration", "refresh_expiration"]
        assert body["access_expiration"] == "2026-11-22T12:06:00Z"
        assert body["refresh_expiration"] == "2026-11-29T12:01:00Z"

    def test_without_rotation_tells_of_the_access_token_alone(self, settings, api, pair):
        settings.SIMPLE_JWT = {"ROTATE_REFRESH_TOKENS": False}

        body = api.refresh(str(pair.refresh)).json()

        assert list(body) == ["access", "access_expiration"]

    def test_refuses_as_simple_jwt_does_and_keeps_the_reason(self, api, pair):
        services.log_out(str(pair.refresh))

        response = api.refresh(str(pair.refresh))

        assert response.status_code == 401
        assert response.json().keys() == {"detail", "code", "reason"}
        assert (response.json()["code"], response.json()["reason"]) == (
            "token_not_valid",
            "logged_out",
        )


def test_a_user_model_has_no_more_names_than_its_own():
    from jwt_signin.shapes.dj_rest_auth import details_serializer
    from tests.usermodels.models import BareUser, EmailUser

    assert list(details_serializer(EmailUser)().fields) == ["pk", "email"]
    assert list(details_serializer(BareUser)().fields) == ["pk", "handle"]


def test_a_wrong_password_is_no_challenge(sign_in, api):
    response = api.sign_in(username="ada", password=PASSWORD + "?")

    assert (response.status_code, "WWW-Authenticate" in response.headers) == (400, False)
