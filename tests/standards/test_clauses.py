"""What the standards ask for and no other test holds; docs/standards.md lists them all."""

import base64
import json

import pytest
from joserfc import jwt as joserfc
from joserfc.jwk import OctKey

from jwt_signin import services
from jwt_signin.models import session
from tests.conftest import EPOCH, Browser
from tests.standards.test_claims import SECRET, by_hand, read

NOW = int(EPOCH.timestamp())

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture(autouse=True)
def _key(settings):
    settings.SIMPLE_JWT = {"SIGNING_KEY": SECRET}


def status_of_me(raw):
    return Browser().with_access(raw).get("/auth/me/").status_code


def twice(members, name, first, last):
    """Spell an object with one of its members twice."""
    others = {key: value for key, value in members.items() if key != name}
    text = json.dumps(others)[:-1] + f', "{name}": {json.dumps(first)}, "{name}": '
    return (text + json.dumps(last) + "}").encode()


def test_a_sessions_secret_is_128_random_bits(ada):
    """RFC 6749 section 10.10, OWASP ASVS 5.0 section 7.2.3."""
    secrets = {services.start_session(ada).refresh["ss"] for _ in range(50)}

    bits = [base64.urlsafe_b64decode(secret + "==") for secret in secrets]
    assert len(secrets) == 50
    assert {len(each) * 8 for each in bits} == {128}
    # Each of the 128 is now and then 0 and now and then 1.
    numbers = [int.from_bytes(each) for each in bits]
    assert [bit for bit in range(128) if len({number >> bit & 1 for number in numbers}) < 2] == []


@pytest.mark.parametrize(
    ("first", "last", "status"), [("none", "HS256", 200), ("HS256", "none", 401)]
)
def test_of_what_a_header_says_twice_the_last_counts(pair, first, last, status):
    """RFC 7515 section 4."""
    header, claims = read(str(pair.access))

    assert status_of_me(by_hand(twice(header, "alg", first, last), claims)) == status


def test_secrets_are_compared_in_constant_time(pair, monkeypatch):
    """OWASP ASVS 5.0 section 11.2.4: that of the session, and the digest of the password."""
    compared = []
    whole = session.constant_time_compare
    monkeypatch.setattr(
        session, "constant_time_compare", lambda *both: compared.append(both) or whole(*both)
    )
    row = session.Session.objects.get()

    services.rotate(str(pair.refresh))

    kept = {bytes(row.secret_hash), bytes(row.auth_hash)}
    assert {bytes(one) for both in compared for one in both} == kept


@pytest.mark.parametrize(("first", "last", "status"), [(1, NOW + 9, 200), (NOW + 9, 1, 401)])
def test_of_what_a_token_claims_twice_the_last_counts(pair, first, last, status):
    """RFC 7519 section 4."""
    header, claims = read(str(pair.access))

    assert status_of_me(by_hand(header, twice(claims, "exp", first, last))) == status


def test_a_subject_is_a_string(settings, ada):
    """RFC 7519 section 4.1.2, of a user whose key is a number and of what a project claims."""
    settings.SIMPLE_JWT |= {"USER_ID_CLAIM": "sub"}
    assert services.start_session(ada).access["sub"] == str(ada.pk)

    settings.SIMPLE_JWT = {"SIGNING_KEY": SECRET}
    settings.JWT_SIGNIN = {"CLAIMS": lambda user, session: {"sub": 7}}
    with pytest.raises(ValueError, match="sub"):
        services.start_session(ada)


def test_a_projects_settings_make_the_jwt_profile(settings, ada):
    """RFC 9068 sections 2.1 and 2.2, as another library reads it."""
    settings.SIMPLE_JWT |= {
        "ISSUER": "https://accounts.example",
        "AUDIENCE": "https://api.example",
        "USER_ID_CLAIM": "sub",
    }
    settings.JWT_SIGNIN = {"CLAIMS": lambda user, session: {"client_id": "app"}}

    raw = str(services.start_session(ada).access)

    token = joserfc.decode(raw, OctKey.import_key(SECRET), algorithms=["HS256"])
    assert token.header["typ"] == "at+jwt"
    assert {"iss", "exp", "aud", "sub", "client_id", "iat", "jti"} <= token.claims.keys()
    assert token.claims["sub"] == str(ada.pk)
    assert status_of_me(raw) == 200
