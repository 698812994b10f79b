"""What other services check our tokens by, and the libraries that they check them with."""

import re
import urllib.error

import jwt
import pytest
from django.urls import reverse
from joserfc import jwt as joserfc
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet

from jwt_signin import services
from jwt_signin.keys import key_ring
from jwt_signin.tokens import AccessToken
from tests.conftest import Browser, make_user
from tests.keypairs import OTHER_SECRET, SECRET, private_key, private_pem, public_pem

ASYMMETRIC = ["RS256", "PS384", "ES256", "ES384", "ES512", "ES256K", "EdDSA"]
PRIVATE_MEMBER = re.compile(r'"(d|p|q|dp|dq|qi|oth|k)":')


def key_of(algorithm, owner="us"):
    is_rsa = algorithm.startswith(("RS", "PS"))
    return private_key("RS256" if is_rsa else algorithm, owner)


def signing(algorithm, owner="us"):
    return {"ALGORITHM": algorithm, "SIGNING_KEY": private_pem(key_of(algorithm, owner))}


@pytest.fixture
def jwks(api):
    return lambda: api.get("/auth/jwks.json")


class TestAnswer:
    def test_secrets_are_not_told(self, settings, jwks):
        settings.JWT_SIGNIN = {"VERIFYING_KEYS": [OTHER_SECRET]}

        response = jwks()

        assert (response.status_code, response.json()) == (200, {"keys": []})

    @pytest.mark.parametrize("algorithm", ASYMMETRIC)
    def test_the_public_half_is_told_and_nothing_else(self, settings, jwks, algorithm):
        settings.SIMPLE_JWT = signing(algorithm)

        response = jwks()

        (key,) = response.json()["keys"]
        numbers = {"RSA": "n e", "EC": "crv x y", "OKP": "crv x"}[key["kty"]].split()
        assert key.keys() == {"kty", "kid", "alg", "use", *numbers}
        assert (key["alg"], key["use"]) == (algorithm, "sig")
        assert not PRIVATE_MEMBER.search(response.content.decode())

    def test_the_name_is_the_one_in_the_tokens(self, settings, jwks):
        """The thumbprint of RFC 7638, by another library's reckoning."""
        settings.SIMPLE_JWT = signing("ES256")

        (key,) = KeySet.import_key_set(jwks().json()).keys

        header = jwt.get_unverified_header(key_ring().encode({}))
        assert key.kid == key.thumbprint() == header["kid"]

    def test_it_may_be_kept_for_an_hour_by_anybody(self, jwks):
        response = jwks()

        assert response.headers["Cache-Control"] == "public, max-age=3600"
        assert response.headers["Content-Type"] == "application/json"
        assert "Vary" not in response.headers or "Cookie" not in response.headers["Vary"]

    def test_a_refusal_may_not_be_kept(self, api):
        response = api.post("/auth/jwks.json")

        assert response.status_code == 405
        assert response.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("header", ["Bearer nonsense", "Basic eDp4"])
    def test_what_the_client_brings_is_not_read(self, api, header):
        response = api.get("/auth/jwks.json", headers={"Authorization": header})

        assert response.status_code == 200

    def test_it_asks_no_database(self, jwks, django_assert_num_queries, db):
        with django_assert_num_queries(0):
            jwks()

    def test_each_key_that_verifies_is_told_the_one_that_signs_first(self, settings, jwks):
        pems = [public_pem(private_key("EdDSA")), private_pem(private_key("RS256"))]
        settings.JWT_SIGNIN = {"VERIFYING_KEYS": [*pems, SECRET]}
        settings.SIMPLE_JWT = signing("ES256")

        response = jwks()

        assert [key["alg"] for key in response.json()["keys"]] == ["ES256", "EdDSA", "RS256"]
        assert not PRIVATE_MEMBER.search(response.content.decode())

    def test_the_next_key_is_told_before_it_signs(self, settings, jwks):
        settings.JWT_SIGNIN = {"VERIFYING_KEYS": [public_pem(private_key("ES256"))]}

        assert [key["alg"] for key in jwks().json()["keys"]] == ["ES256"]

    def test_a_secret_is_never_made_a_jwk(self):
        with pytest.raises(TypeError):
            key_ring().current.jwk()


@pytest.fixture
def url(live_server):
    return live_server.url + reverse("jwt_signin:jwks")


def sign_in():
    """Sign in once more, and return the access token."""
    return str(services.start_session(make_user_once()).access)


def make_user_once():
    from django.contrib.auth import get_user_model

    return get_user_model()._default_manager.first() or make_user("ada")


def stages(before, after):
    """The settings of a rotation: before, the next key is shown, it signs, the old one is gone."""
    old, new = signing(before), signing(after, "them")
    shown = {"key": public_pem(key_of(after, "them")), "algorithm": after}
    retired = {"key": public_pem(key_of(before)), "algorithm": before}
    return [(old, []), (old, [shown]), (new, [retired]), (new, [])]


def enter(settings, stage):
    settings.SIMPLE_JWT = stage[0] | {"ISSUER": "https://us.example", "AUDIENCE": "them"}
    settings.JWT_SIGNIN = {"VERIFYING_KEYS": stage[1]}


def by_pyjwt(client, raw):
    """Check a token as the documentation of PyJWT does."""
    key = client.get_signing_key_from_jwt(raw)
    expected = {"issuer": "https://us.example", "audience": "them"}
    return jwt.decode(raw, key, algorithms=["ES256", "EdDSA", "RS256"], **expected)


def by_joserfc(keys, raw):
    token = joserfc.decode(raw, keys, algorithms=["ES256", "EdDSA", "RS256"])
    claims = joserfc.JWTClaimsRegistry(
        iss={"essential": True, "value": "https://us.example"},
        aud={"essential": True, "value": "them"},
    )
    claims.validate(token.claims)
    return token


# RFC 9864 renames EdDSA with an Ed25519 key to Ed25519, a name that Simple JWT does not know.
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize(
    ("before", "after"), [("ES256", "EdDSA"), ("RS256", "ES256"), ("EdDSA", "EdDSA")]
)
class TestOtherServices:
    def test_a_service_that_kept_the_set_needs_no_other(
        self, settings, url, before, after, monkeypatch
    ):
        """The next key was in it before it signed."""
        first, shown, switched, done = stages(before, after)
        enter(settings, first)
        tokens = [sign_in()]
        enter(settings, shown)
        client = jwt.PyJWKClient(url)
        keys = KeySet.import_key_set(client.fetch_data())
        tokens.append(sign_in())
        for stage in (switched, done):
            enter(settings, stage)
            tokens.append(sign_in())

        monkeypatch.setattr(jwt.PyJWKClient, "fetch_data", lambda self: pytest.fail("asked again"))

        for raw in tokens:
            assert by_pyjwt(client, raw)["sid"]
            assert by_joserfc(keys, raw).header["typ"] == "at+jwt"

    def test_a_retired_key_is_gone(self, settings, url, before, after):
        stage, *_, done = stages(before, after)
        enter(settings, stage)
        raw = sign_in()
        enter(settings, done)
        client = jwt.PyJWKClient(url)

        with pytest.raises(jwt.PyJWKClientError):
            by_pyjwt(client, raw)
        assert by_pyjwt(client, sign_in())["sid"]
        assert Browser().with_access(raw).get("/protected/").status_code == 401


class TestWhatTheyRefuse:
    @pytest.fixture
    def client(self, settings, url):
        enter(settings, stages("ES256", "EdDSA")[0])
        return jwt.PyJWKClient(url)

    def test_another_key_by_our_name(self, client):
        raw = sign_in()
        kid = jwt.get_unverified_header(raw)["kid"]
        claims = AccessToken.decode(raw).payload
        forged = jwt.encode(claims, private_key("ES256", "a forger"), "ES256", {"kid": kid})

        with pytest.raises(jwt.InvalidSignatureError):
            by_pyjwt(client, forged)
        with pytest.raises(BadSignatureError):
            by_joserfc(KeySet.import_key_set(client.fetch_data()), forged)

    def test_a_set_is_only_where_it_is_routed(self, live_server):
        client = jwt.PyJWKClient(live_server.url + "/jwks.json")

        with pytest.raises(jwt.PyJWKClientError) as refused:
            client.fetch_data()
        assert isinstance(refused.value.__cause__, urllib.error.HTTPError)
        refused.value.__cause__.close()
