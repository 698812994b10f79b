"""OAuth clients, as they are, against a live server: sign in, call, refresh, be refused."""

import pytest
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from oauthlib.oauth2 import (
    InvalidGrantError,
    LegacyApplicationClient,
    TokenExpiredError,
    UnsupportedGrantTypeError,
)
from requests_oauthlib import OAuth2Session

from jwt_signin import services
from jwt_signin.models import Session
from jwt_signin.tokens import RefreshToken

pytestmark = pytest.mark.django_db(transaction=True)

ADA = {"username": "ada", "password": "a passphrase"}


@pytest.fixture(autouse=True)
def ada(settings, django_user_model):
    settings.JWT_SIGNIN = {"SIGNIN_BY": ["username", "email"], "REUSE_GRACE": 0}
    return django_user_model.objects.create_user(**ADA, email="ada@example.com")


@pytest.fixture
def base(live_server, monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # the server is on this machine
    monkeypatch.setenv("NO_PROXY", "*")
    return f"{live_server.url}/oauth"


class TestAuthlib:
    @pytest.fixture(params=["client_secret_basic", "client_secret_post", "none"])
    def session(self, request, base):
        with AuthlibSession(
            "app",
            "secret",
            token_endpoint=f"{base}/token/",
            token_endpoint_auth_method=request.param,
        ) as session:
            yield session

    @pytest.mark.parametrize("username", ["ada", "ada@example.com"])
    def test_signs_in_and_calls(self, base, session, username):
        session.fetch_token(username=username, password=ADA["password"])

        assert session.get(f"{base}/me/").json()["username"] == "ada"

    def test_refreshes_by_itself_when_the_access_token_ends(self, clock, base, session):
        """It goes by ``expires_in``, and begins a minute before."""
        first = session.fetch_token(**ADA)
        clock.shift(380)

        response = session.get(f"{base}/me/")

        assert response.status_code == 200
        assert session.token["refresh_token"] != first["refresh_token"]
        assert RefreshToken.decode(session.token["refresh_token"]).generation == 1

    @pytest.mark.parametrize("name", ["ada", "nobody"])
    def test_reads_a_wrong_password(self, session, name):
        with pytest.raises(OAuthError) as refusal:
            session.fetch_token(username=name, password="wrong")

        assert refusal.value.error == "invalid_grant"
        assert refusal.value.description

    def test_reads_that_the_session_is_over(self, session, ada):
        session.fetch_token(**ADA)
        services.revoke_all(ada)

        with pytest.raises(OAuthError) as refusal:
            session.refresh_token()

        assert refusal.value.error == "invalid_grant"


class TestRequestsOAuthlib:
    @pytest.fixture
    def session(self, base):
        with OAuth2Session(client=LegacyApplicationClient("app")) as session:
            yield session

    @pytest.mark.parametrize("include_client_id", [None, True, False])
    def test_signs_in_and_calls(self, base, session, include_client_id):
        session.fetch_token(f"{base}/token/", **ADA, include_client_id=include_client_id)

        assert session.get(f"{base}/me/").json()["username"] == "ada"

    def test_refreshes_by_itself_when_the_access_token_ends(self, clock, base):
        kept = []
        with OAuth2Session(
            client=LegacyApplicationClient("app"),
            auto_refresh_url=f"{base}/token/",
            token_updater=kept.append,
        ) as session:
            first = session.fetch_token(f"{base}/token/", **ADA)
            clock.shift(421)

            response = session.get(f"{base}/me/")

        assert response.status_code == 200
        (token,) = kept
        assert token["refresh_token"] != first["refresh_token"]

    def test_tells_that_the_access_token_has_ended(self, clock, base, session):
        session.fetch_token(f"{base}/token/", **ADA)
        clock.shift(421)

        with pytest.raises(TokenExpiredError):
            session.get(f"{base}/me/")

    def test_reads_a_wrong_password(self, base, session):
        with pytest.raises(InvalidGrantError):
            session.fetch_token(f"{base}/token/", username="ada", password="wrong")

    def test_reads_reuse_which_ends_the_session(self, clock, base, session):
        first = session.fetch_token(f"{base}/token/", **ADA)
        clock.shift(1)
        session.refresh_token(f"{base}/token/")

        with pytest.raises(InvalidGrantError):
            session.refresh_token(f"{base}/token/", refresh_token=first["refresh_token"])

        assert Session.objects.get().revoke_reason == "reuse_detected"

    def test_reads_that_there_is_no_such_grant(self, base, session):
        session._client.grant_type = "urn:example:other"

        with pytest.raises(UnsupportedGrantTypeError):
            session.fetch_token(f"{base}/token/", **ADA)
