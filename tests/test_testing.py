"""What projects test with: a session without a password, and what one would have to wait for."""

import re
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client
from django.urls import path
from rest_framework.test import APIClient

from jwt_signin.models import Session
from jwt_signin.shapes import Shape
from jwt_signin.testing import JWTAPIClient, JWTClient, bearer
from jwt_signin.views import RefreshView
from tests.conftest import PASSWORD

HOW_TO = Path(__file__).parents[1] / "docs" / "how-to" / "test-your-project.md"

# pytest finds the tests that the page shows among those of this module.
for block in re.findall(r"^```python\n(.*?)^```$", HOW_TO.read_text(), re.MULTILINE | re.DOTALL):
    exec(compile(block, str(HOW_TO), "exec"))

pytestmark = pytest.mark.django_db


class Nested(Shape):
    access = "token"


class FixedView(RefreshView):
    transport = "cookie"


urlpatterns = [
    path("fixed/", FixedView.as_view()),
    path("chosen/", RefreshView.as_view(transport="cookie", shape=Nested)),
]


@pytest.fixture(params=["body", "cookie"])
def transport(request):
    return request.param


@pytest.fixture(params=[JWTClient, JWTAPIClient])
def client(request, ada, transport):
    return request.param().sign_in(ada, transport=transport)


def code(response):
    return response.status_code, response.json().get("code"), response.json().get("reason")


def test_the_page_is_executed():
    names = {name for name in globals() if name.startswith(("test_", "Notes"))}

    assert {"NotesTests", "test_a_stolen_token_ends_the_session_of_both"} <= names


class TestSignIn:
    def test_it_is_the_client_it_is_called(self, client):
        assert isinstance(client, APIClient if isinstance(client, JWTAPIClient) else Client)

    def test_the_user_is_signed_in(self, client, ada, transport):
        assert client.get("/protected/").json()["user"] == str(ada)
        assert client.jwt_session.transport == transport

    def test_no_password_is_hashed(self, ada, hashes):
        JWTClient().sign_in(ada)

        assert hashes == []

    def test_the_refresh_token_is_where_its_transport_keeps_it(self, client, transport):
        assert ("__Secure-refresh" in client.cookies) == (transport == "cookie")
        assert client.refresh_token is not None

    def test_a_session_is_described_as_its_client_is(self, ada):
        client = JWTClient(headers={"User-Agent": "curl/8"}).sign_in(ada, remember=False)

        assert (client.jwt_session.label, client.jwt_session.remember) == ("curl", False)
        assert client.sign_in(ada, label="phone").jwt_session.label == "phone"
        assert Session.objects.count() == 2

    def test_before_session_has_been_content(self, ada, settings):
        settings.JWT_SIGNIN = {
            "BEFORE_SESSION": "tests.test_hooks.forbid",
            "TRANSPORT": "cookie",
        }

        client = JWTClient().sign_in(ada)

        assert client.get("/protected/").status_code == 200
        assert client.transport == "cookie"
        credentials = {"identifier": "ada", "password": PASSWORD}
        refused = client.post("/auth/signin/", credentials, content_type="application/json")
        assert code(refused)[1] == "maintenance"

    def test_the_header_is_the_one_that_is_read(self, ada, settings):
        settings.SIMPLE_JWT = {"AUTH_HEADER_NAME": "HTTP_X_TOKEN", "AUTH_HEADER_TYPES": ["JWT"]}

        assert JWTClient().sign_in(ada).get("/protected/").status_code == 200

    def test_the_access_cookie_is_set(self, ada, settings):
        settings.JWT_SIGNIN = {"ACCESS_COOKIE": True}
        client = JWTClient().sign_in(ada, transport="cookie")
        del client.defaults["HTTP_AUTHORIZATION"]

        assert client.get("/protected/").status_code == 200

        client.expire_access()
        del client.defaults["HTTP_AUTHORIZATION"]
        assert code(client.get("/protected/"))[1] == "token_expired"

    @pytest.mark.parametrize("client_class", [JWTClient, JWTAPIClient])
    def test_logging_out_drops_the_tokens(self, client_class, ada, transport):
        client = client_class().sign_in(ada, transport=transport)

        client.logout()

        assert client.get("/protected/").status_code == 401
        assert (client.access_token, client.refresh_token) == (None, None)
        assert Session.objects.get().revoked_at is None
        with pytest.raises(ValueError, match="sign_in"):
            client.expire_access()


class TestRefresh:
    def test_the_next_pair_is_held(self, client):
        first = client.refresh_token
        client.pass_grace()

        assert client.refresh().status_code == 200

        assert client.refresh_token != first
        assert client.jwt_session.generation == 1
        assert client.get("/protected/").status_code == 200

    def test_a_refusal_leaves_what_is_held(self, client):
        client.revoke("admin")

        assert code(client.refresh()) == (401, "session_revoked", "admin")

        assert client.access_token is not None

    def test_what_is_not_replaced_stays(self, client, settings):
        settings.SIMPLE_JWT = {"ROTATE_REFRESH_TOKENS": False}
        first = client.refresh_token

        assert client.refresh().status_code == 200

        assert client.refresh_token == first

    def test_headers_are_sent(self, client):
        for _attempt in range(2):
            thief = client.steal()
            client.pass_grace()
            client.refresh(headers={"Idempotency-Key": "one"})
            client.pass_grace()
            assert thief.refresh(headers={"Idempotency-Key": "one"}).status_code == 200

    @pytest.mark.parametrize("path", ["/api/login/refresh", "/api/signin/refresh"])
    def test_a_view_alone_in_a_shape_of_its_own(self, ada, transport, path):
        client = JWTAPIClient()
        client.refresh_url = path
        client.sign_in(ada, transport=transport).pass_grace()

        assert client.refresh().status_code == 200

        assert client.jwt_session.generation == 1
        assert client.steal().refresh().status_code == 200

    def test_endpoints_under_another_name(self, ada, transport):
        client = JWTAPIClient()
        client.refresh_url = "simplejwt:refresh"
        client.sign_in(ada, transport=transport)

        assert client.refresh().json().keys() <= {"access", "refresh"}
        assert client.refresh().status_code == 200

    @pytest.mark.parametrize("path", ["/fixed/", "/chosen/"])
    def test_what_the_endpoint_fixes_is_kept(self, ada, settings, path):
        settings.ROOT_URLCONF = "tests.test_testing"
        client = JWTClient()
        client.refresh_url = path

        client.sign_in(ada)

        assert client.transport == "cookie"
        assert client.refresh().status_code == 200

    def test_a_project_without_a_refresh_endpoint_signs_in(self, ada, settings):
        settings.ROOT_URLCONF = "tests.test_testing"

        assert JWTClient().sign_in(ada).access_token is not None


class TestTime:
    @pytest.mark.parametrize("leeway", [0, 60])
    def test_the_access_token_expires_alone(self, client, settings, leeway):
        settings.SIMPLE_JWT = {"LEEWAY": leeway}
        client.expire_access()

        assert code(client.get("/protected/")) == (401, "token_expired", None)

        assert client.refresh().status_code == 200

    def test_the_refresh_token_expires_alone(self, client):
        client.expire_refresh()

        assert client.get("/protected/").status_code == 200
        assert code(client.refresh()) == (401, "refresh_expired", None)

    def test_what_has_expired_stays_so(self, clock, client):
        client.expire_access()
        expired = client.access_token
        client.expire_access()

        assert client.access_token == expired


class TestSteal:
    def test_within_the_grace_both_go_on(self, client):
        thief = client.steal()
        client.pass_grace()
        client.refresh()

        assert thief.refresh().status_code == 200

        assert client.refresh().status_code == 200

    def test_the_session_of_both_ends_by_the_second_use(self, client):
        thief = client.steal()
        client.pass_grace()
        thief.refresh()
        client.pass_grace()

        assert code(client.refresh()) == (401, "session_revoked", "reuse_detected")

        assert code(thief.get("/protected/")) == (401, "session_revoked", "reuse_detected")

    def test_neither_jar_is_the_other(self, client):
        thief = client.steal()

        client.expire_refresh()

        assert thief.refresh().status_code == 200

    def test_who_holds_nothing_loses_nothing(self):
        assert JWTClient().steal().get("/protected/").status_code == 401


class TestBearer:
    def test_it_is_the_header_of_a_session(self, ada):
        response = Client().get("/protected/", headers=bearer(ada))

        assert response.json()["session"] == str(Session.objects.get().pk)

    def test_an_asynchronous_client_takes_it(self, ada):
        response = async_to_sync(AsyncClient().get)("/protected/", headers=bearer(ada))

        assert response.status_code == 200
