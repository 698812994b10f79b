"""What is read here without PyJWT is what PyJWT would read, and it is told the rest."""

import json
import string

import jwt
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from rest_framework_simplejwt.exceptions import TokenBackendError

from jwt_signin.keys import jws, key_ring
from tests.keypairs import ASYMMETRIC, CLAIMS, NOW, SECRET, private_key, private_pem, segment

pytestmark = pytest.mark.usefixtures("clock")

ODD = [None, True, 0, -1, 1.5, 10**400, "", "1", str(NOW), [], ["a"], {}, float("nan")]
MOMENTS = [NOW - 1, NOW, NOW + 1, NOW - 5, NOW + 5, NOW - 5.0, NOW + 5.0]
VALUES = {
    "exp": [*ODD, *MOMENTS],
    "iat": [*ODD, *MOMENTS],
    "nbf": [*ODD, *MOMENTS],
    "jti": ODD,
    "sub": ODD,
    "aud": [*ODD, "us", "them", ["us", "them"], ["us"]],
    "iss": [*ODD, "us", "them", ["us"]],
}
PROJECTS = [
    {},
    {"LEEWAY": 5},
    {"AUDIENCE": "us"},
    {"AUDIENCE": ["us", "them"]},
    {"ISSUER": "us"},
]
CHANGED = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(VALUES[name]) for name in VALUES}
)


@pytest.fixture(params=PROJECTS, ids=str)
def ring(request, settings):
    settings.SIMPLE_JWT = {"SIGNING_KEY": SECRET, **request.param}
    return key_ring()


def told(decode, raw, **rules):
    """Return the claims, as text, for not every number equals itself, or the kind of refusal."""
    try:
        return json.dumps(decode(raw, **rules), sort_keys=True)
    except TokenBackendError as error:
        return type(error)


def cold(raw, **rules):
    """Decode by a ring that has seen no header."""
    key_ring.cache_clear()
    return key_ring().decode(raw, **rules)


def signed(ring, text):
    return jws.sign(ring.current, jws.header_of(ring.current, "JWT"), text)


def warm(ring):
    """Show the ring a header of its own."""
    key = ring.current
    ring._headers[jws.header_of(key, "JWT")] = key
    return ring


# The fixtures hold for every example: nothing changes them.
@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changed=CHANGED, check_exp=st.booleans())
@example(changed={"exp": NOW}, check_exp=True)
@example(changed={"exp": NOW}, check_exp=False)
@example(changed={"iat": NOW + 1}, check_exp=True)
@example(changed={"aud": ["us", "them"]}, check_exp=True)
def test_of_odd_claims_the_same_is_told_as_by_pyjwt(ring, changed, check_exp):
    raw = signed(ring, json.dumps({**CLAIMS, **changed}))

    assert told(warm(ring).decode, raw, check_exp=check_exp) == told(cold, raw, check_exp=check_exp)


@pytest.mark.parametrize("ring", [{}], indirect=True)
@pytest.mark.parametrize("text", ["", "1", "[]", "null", "{", '"{}"', "[" * 5000, "\0"])
def test_of_what_holds_no_claims_as_well(ring, text):
    assert told(warm(ring).decode, signed(ring, text)) == told(cold, signed(ring, text))
    assert told(cold, signed(ring, text)) is TokenBackendError


@pytest.mark.parametrize("ring", [{}], indirect=True)
@pytest.mark.parametrize("place", [1, 2], ids=["claims", "signature"])
def test_no_other_text_is_the_same_token(ring, place):
    segments = signed(ring, json.dumps({**CLAIMS, "a": "b"})).split(".")
    assert warm(ring).decode(".".join(segments))
    alphabet = string.ascii_letters + string.digits + "-_"
    for last in alphabet.replace(segments[place][-1], ""):
        other = [*segments]
        other[place] = segments[place][:-1] + last

        assert told(warm(ring).decode, ".".join(other)) is TokenBackendError


@pytest.mark.parametrize("ring", [{}], indirect=True)
@pytest.mark.parametrize("cut", [1, 2, 3, 4])
def test_nor_is_a_part_of_it(ring, cut):
    raw = signed(ring, json.dumps(CLAIMS))

    assert told(warm(ring).decode, raw[:-cut]) is TokenBackendError


@pytest.mark.parametrize("ring", [{}], indirect=True)
def test_claims_must_stand_in_their_one_spelling(ring):
    """Whoever holds the key could sign any text; RFC 7515 section 2 knows one for each octets."""
    header, middle = jws.header_of(ring.current, "JWT"), segment(json.dumps(CLAIMS).encode())
    assert len(middle) % 4 == 3
    twin = middle[:-1] + chr(ord(middle[-1]) + 1)
    last = segment(ring.current.sign(f"{header}.{twin}".encode()))

    assert told(warm(ring).decode, f"{header}.{twin}.{last}") is TokenBackendError


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512", *ASYMMETRIC])
def test_our_own_tokens_are_read_here_and_by_pyjwt(settings, algorithm):
    is_secret = algorithm.startswith("HS")
    key = SECRET if is_secret else private_pem(private_key(algorithm))
    settings.SIMPLE_JWT = {
        "ALGORITHM": algorithm,
        "SIGNING_KEY": key,
        "ISSUER": "us",
        "AUDIENCE": ["us", "them"],
    }
    current = key_ring().current
    raw = key_ring().encode(dict(CLAIMS))

    claims = jws.read(current, raw, check_exp=True)

    rules = {"issuer": "us", "audience": "them"}
    assert claims == jwt.decode(raw, current.verifying, algorithms=[algorithm], **rules)
    assert claims == {**CLAIMS, "iss": "us", "aud": ["us", "them"]}


def test_the_header_is_the_one_that_pyjwt_writes(settings):
    settings.SIMPLE_JWT = {"SIGNING_KEY": SECRET}
    key = key_ring().current
    headers = {"typ": "at+jwt", "kid": key.kid}

    assert key_ring().encode(CLAIMS, typ="at+jwt") == jwt.encode(CLAIMS, SECRET, headers=headers)
