"""The key ring: who signs, who verifies, and what is no token whoever signed it."""

import base64
import hashlib
import json
import string
import traceback

import jwt
import pytest
from django.core.exceptions import ImproperlyConfigured
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenBackendExpiredToken

from jwt_signin.keys import MAX_TOKEN_LENGTH, Key, UnfitKeyError, key_ring
from jwt_signin.keys import ring as ring_module
from tests.conftest import EPOCH
from tests.keypairs import (
    ASYMMETRIC,
    CLAIMS,
    NOW,
    OTHER_SECRET,
    SECRET,
    by_hand,
    private_key,
    private_pem,
    public_pem,
    segment,
)

pytestmark = pytest.mark.usefixtures("clock")


def is_refused(raw):
    with pytest.raises(TokenBackendError):
        key_ring().decode(raw)
    return True


@pytest.fixture
def use(settings):
    """``use(ALGORITHM=…)`` makes that the whole of ``SIMPLE_JWT``."""

    def set_simple_jwt(**names):
        settings.SIMPLE_JWT = names
        return key_ring()

    return set_simple_jwt


@pytest.fixture
def ring(use):
    """The ring of ``SECRET`` and HS256."""
    return use(SIGNING_KEY=SECRET)


class TestAlgorithms:
    @pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
    def test_a_secret_signs_and_verifies(self, use, algorithm):
        ring = use(ALGORITHM=algorithm, SIGNING_KEY=SECRET)

        raw = ring.encode(CLAIMS)

        assert ring.decode(raw) == CLAIMS
        assert jwt.get_unverified_header(raw)["alg"] == algorithm

    @pytest.mark.parametrize("algorithm", [*ASYMMETRIC, "RS512", "ES384", "ES512"])
    def test_a_private_key_signs_and_its_public_key_verifies(self, use, algorithm):
        key = private_key(algorithm)
        ring = use(ALGORITHM=algorithm, SIGNING_KEY=private_pem(key))

        raw = ring.encode(CLAIMS)

        assert ring.decode(raw) == CLAIMS
        assert jwt.decode(raw, key.public_key(), algorithms=[algorithm]) == CLAIMS

    def test_ed448_is_eddsa_too(self, use):
        ring = use(ALGORITHM="EdDSA", SIGNING_KEY=private_pem(private_key("Ed448")))

        assert ring.decode(ring.encode(CLAIMS)) == CLAIMS

    @pytest.mark.parametrize("algorithm", ASYMMETRIC)
    def test_another_private_key_is_refused_by_whatever_name(self, use, algorithm):
        ring = use(ALGORITHM=algorithm, SIGNING_KEY=private_pem(private_key(algorithm)))
        theirs = private_key(algorithm, owner="them")

        named = jwt.encode(CLAIMS, theirs, algorithm, headers={"kid": ring.current.kid})

        assert is_refused(named)
        assert is_refused(jwt.encode(CLAIMS, theirs, algorithm))

    @pytest.mark.parametrize("algorithm", ASYMMETRIC)
    def test_a_service_may_verify_alone(self, use, algorithm):
        key = private_key(algorithm)
        raw = use(ALGORITHM=algorithm, SIGNING_KEY=private_pem(key)).encode(CLAIMS)

        ring = use(ALGORITHM=algorithm, VERIFYING_KEY=public_pem(key))

        assert ring.decode(raw) == CLAIMS
        assert ring.current.signing is None

    @pytest.mark.parametrize("algorithm", ASYMMETRIC)
    def test_a_private_key_may_be_given_to_verify(self, use, algorithm):
        pem = private_pem(private_key(algorithm))
        raw = use(ALGORITHM=algorithm, SIGNING_KEY=pem).encode(CLAIMS)

        ring = use(ALGORITHM=algorithm, VERIFYING_KEY=pem)

        assert ring.decode(raw) == CLAIMS

    def test_both_halves_may_be_given(self, use):
        key = private_key("ES256")
        pems = {"SIGNING_KEY": private_pem(key), "VERIFYING_KEY": public_pem(key)}

        ring = use(ALGORITHM="ES256", **pems)

        assert ring.decode(ring.encode(CLAIMS)) == CLAIMS

    @pytest.mark.parametrize("algorithm", ["HS256", "RS256"])
    def test_plain_simple_jwt_verifies_ours(self, use, algorithm):
        pem, public = private_pem(private_key("RS256")), public_pem(private_key("RS256"))
        key = {"HS256": (SECRET, ""), "RS256": (pem, public)}[algorithm]
        raw = use(ALGORITHM=algorithm, SIGNING_KEY=key[0]).encode(CLAIMS)

        assert TokenBackend(algorithm, *key).decode(raw) == CLAIMS

    def test_claims_are_encoded_by_the_projects_encoder(self, use):
        ring = use(
            SIGNING_KEY=SECRET, JSON_ENCODER="django.core.serializers.json.DjangoJSONEncoder"
        )

        raw = ring.encode(CLAIMS | {"since": EPOCH})

        assert ring.decode(raw)["since"] == "2026-11-22T12:00:00Z"

    def test_encoding_leaves_the_claims_alone(self, use):
        claims = dict(CLAIMS)

        use(SIGNING_KEY=SECRET, ISSUER="us", AUDIENCE="them").encode(claims)

        assert claims == CLAIMS


class TestKid:
    def test_of_a_public_key_is_its_thumbprint(self):
        """The example of RFC 7638 section 3.1."""
        modulus = (
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_"
            "BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0"
            "_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWh"
            "AI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
        )
        public = jwt.PyJWK({"kty": "RSA", "n": modulus, "e": "AQAB"}).key

        assert Key("RS256", None, public).kid == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"

    @pytest.mark.parametrize(
        ("algorithm", "members"),
        [("ES256", "crv kty x y"), ("ES512", "crv kty x y"), ("EdDSA", "crv kty x")],
    )
    def test_of_other_kinds_of_key_is_theirs(self, algorithm, members):
        """RFC 7638 section 3.2, RFC 8037 section 2."""
        public = private_key(algorithm).public_key()
        jwk = jwt.get_algorithm_by_name(algorithm).to_jwk(public, as_dict=True)

        required = ",".join(f'"{name}":"{jwk[name]}"' for name in members.split())

        digest = hashlib.sha256(f"{{{required}}}".encode()).digest()
        assert Key(algorithm, None, public).kid == segment(digest)

    def test_of_a_secret_is_no_mere_digest_of_it(self, ring):
        """One would let a short secret be guessed by a table made beforehand."""
        plain = hashlib.sha256(SECRET.encode()).digest()

        assert len(ring.current.kid) == 22
        assert ring.current.kid not in {segment(plain[:16]), segment(plain[-16:])}

    def test_is_the_same_after_a_restart_and_another_for_another_key(self, use):
        first = use(SIGNING_KEY=SECRET).current.kid
        other = use(SIGNING_KEY=OTHER_SECRET).current.kid

        again = use(SIGNING_KEY=SECRET).current.kid

        assert first == again != other

    def test_is_in_the_header_beside_the_type(self, ring):
        header = jwt.get_unverified_header(ring.encode(CLAIMS, typ="at+jwt"))

        assert header == {"alg": "HS256", "typ": "at+jwt", "kid": ring.current.kid}

    def test_no_secret_is_in_a_repr(self, ring):
        """Error pages show the ``repr`` of what stands in a frame."""
        assert SECRET not in repr(ring.current) + repr(ring.keys)


class TestWhichKey:
    def test_the_ring_is_built_once_for_its_settings(self, use):
        first = use(SIGNING_KEY=SECRET)

        assert key_ring() is first
        assert use(SIGNING_KEY=SECRET) is not first

    @pytest.mark.parametrize("given", [{}, {"SIGNING_KEY": SECRET}], ids=["silent", "the same"])
    def test_a_fallback_of_secret_key_verifies_while_the_new_one_signs(self, settings, use, given):
        settings.SECRET_KEY = OTHER_SECRET
        old = use().encode(CLAIMS)

        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = SECRET, ["short" * 9, OTHER_SECRET]
        ring = use(**given)

        assert ring.decode(old) == CLAIMS
        assert ring.encode(CLAIMS) == use(SIGNING_KEY=SECRET).encode(CLAIMS) != old

    def test_a_removed_fallback_is_refused(self, settings, use):
        settings.SECRET_KEY = OTHER_SECRET
        old = use().encode(CLAIMS)

        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = SECRET, []

        assert is_refused(old)

    def test_a_fallback_is_no_key_where_the_project_has_a_key_of_its_own(self, settings, use):
        settings.SECRET_KEY = OTHER_SECRET
        old = use().encode(CLAIMS)

        settings.SECRET_KEY_FALLBACKS = [OTHER_SECRET]
        use(SIGNING_KEY=SECRET)

        assert is_refused(old)

    def test_a_fallback_is_no_key_of_an_asymmetric_algorithm(self, settings, use):
        old = use(SIGNING_KEY=OTHER_SECRET).encode(CLAIMS)
        settings.SECRET_KEY_FALLBACKS = [OTHER_SECRET]

        ring = use(ALGORITHM="ES256", SIGNING_KEY=private_pem(private_key("ES256")))

        assert is_refused(old)
        assert list(ring.keys) == [ring.current.kid]

    @pytest.mark.parametrize(
        "kid",
        ["unknown", "", "../../etc/passwd", "' OR 1=1 --", "x" * 5000, 1, None, [], {}, True],
        ids=lambda kid: repr(kid)[:20],
    )
    def test_an_unknown_kid_is_refused(self, ring, kid):
        raw = by_hand({"alg": "HS256", "kid": kid})

        assert is_refused(raw)

    def test_a_kid_of_another_key_is_refused(self, settings, use):
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = SECRET, [OTHER_SECRET]
        ring = use()
        (fallback,) = ring.keys.keys() - {ring.current.kid}

        assert ring.decode(by_hand({"alg": "HS256", "kid": fallback}, OTHER_SECRET)) == CLAIMS
        assert is_refused(by_hand({"alg": "HS256", "kid": fallback}, SECRET))

    def test_a_token_without_kid_is_the_current_keys(self, ring):
        """Plain PyJWT, and with it Simple JWT, names no key."""
        assert ring.decode(jwt.encode(CLAIMS, SECRET, "HS256")) == CLAIMS
        assert is_refused(jwt.encode(CLAIMS, OTHER_SECRET, "HS256"))

    @pytest.mark.parametrize("name", ["jku", "x5u", "x5c", "jwk"])
    def test_a_key_that_the_token_brings_is_not_used(self, ring, name):
        """RFC 8725 section 3.10."""
        own = {"kty": "oct", "k": segment(OTHER_SECRET.encode())}

        raw = by_hand({"alg": "HS256", name: own}, OTHER_SECRET)

        assert is_refused(raw)


class TestHeader:
    def test_a_plain_one_is_accepted(self, ring):
        """So that what follows is refused for its own sake."""
        header = {"alg": "HS256", "kid": ring.current.kid}

        assert ring.decode(by_hand(header)) == CLAIMS

    @pytest.mark.parametrize(
        "alg",
        ["none", "None", "nOnE", "", None, 5, [], {}, "hs256", "HS512", "RS256", "ES256", "A" * 99],
        ids=repr,
    )
    def test_another_algorithm_is_refused(self, ring, alg):
        """RFC 8725 section 3.1."""
        raw = by_hand({"alg": alg, "kid": ring.current.kid})

        assert is_refused(raw)

    def test_no_algorithm_is_refused(self, ring):
        assert is_refused(by_hand({"kid": ring.current.kid}))

    @pytest.mark.parametrize("digest", ["sha384", "sha512"])
    def test_another_hash_by_the_same_secret_is_refused(self, ring, digest):
        alg = digest.replace("sha", "HS")

        assert is_refused(by_hand({"alg": alg, "kid": ring.current.kid}, digest=digest))
        assert is_refused(jwt.encode(CLAIMS, SECRET, alg))

    def test_no_signature_is_no_token(self, ring):
        raw = jwt.encode(CLAIMS, None, "none", headers={"kid": ring.current.kid})

        assert raw.endswith(".")
        assert is_refused(raw)

    @pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
    @pytest.mark.parametrize("end", ["", "\n"], ids=["stripped", "as it is"])
    @pytest.mark.parametrize("named", [True, False], ids=["kid", "no kid"])
    def test_a_public_key_is_no_secret(self, use, algorithm, end, named):
        """CVE-2022-29217."""
        key = private_key(algorithm)
        ring = use(ALGORITHM=algorithm, SIGNING_KEY=private_pem(key))
        header = {"alg": "HS256"} | ({"kid": ring.current.kid} if named else {})

        raw = by_hand(header, secret=public_pem(key).strip() + end)

        assert is_refused(raw)

    @pytest.mark.parametrize("crit", [["b64"], ["exp"], ["x"], [], "exp", None, 1], ids=repr)
    def test_what_is_critical_is_refused(self, ring, crit):
        """RFC 7515 section 4.1.11."""
        header = {"alg": "HS256", "kid": ring.current.kid, "crit": crit, "b64": True, "x": 1}

        assert is_refused(by_hand(header))

    def test_an_unencoded_payload_is_refused(self, ring):
        """RFC 7797."""
        assert is_refused(by_hand({"alg": "HS256", "kid": ring.current.kid, "b64": False}))

    @pytest.mark.parametrize(
        "header",
        [
            *(b"[]", b"null", b'"HS256"', b"1", b"{", b"", b"\xff\xfe", b"\xef\xbb\xbf{}"),
            b"[" * 5000,
            b'{"alg":"HS256","x":' + b"[" * 2500 + b"]" * 2500 + b"}",
            b'{"x":' * 1000 + b"1" + b"}" * 1000,
            b'{"alg":"HS256","kid":' + b"9" * 5000 + b"}",
        ],
        ids=lambda header: repr(header[:24]),
    )
    def test_what_is_no_header_is_refused(self, ring, header):
        raw = by_hand(header, secret=OTHER_SECRET)

        assert len(raw) < MAX_TOKEN_LENGTH
        assert is_refused(raw)


class TestForm:
    @pytest.mark.parametrize(
        "spoil",
        [
            lambda raw: raw + "=",
            lambda raw: raw + "==",
            lambda raw: raw.replace(".", "=.", 1),
            lambda raw: raw + "\n",
            lambda raw: " " + raw,
            lambda raw: raw + " ",
            lambda raw: raw.replace(".", " .", 1),
            lambda raw: raw + "\0",
            lambda raw: raw + "\u0661",  # a digit, but none of base64url's
            lambda raw: raw + "\ud800",
            lambda raw: raw[:-1] + "+",
            lambda raw: raw[:-1] + "/",
            lambda raw: f'"{raw}"',
            lambda raw: raw + ".",
            lambda raw: "." + raw,
            lambda raw: raw + ".e30",
            lambda raw: raw + ".e30.e30",
            lambda raw: raw.rpartition(".")[0],
            lambda raw: raw.partition(".")[0],
            lambda raw: "",
            lambda raw: "..",
            lambda raw: json.dumps(
                dict(zip(("protected", "payload"), raw.split("."), strict=False))
            ),
        ],
        ids=[
            *("=", "==", "= inside", "line break", "space before", "space after", "space inside"),
            *("NUL", "another digit", "surrogate", "+", "/", "quotes", "dot after", "dot before"),
            *("4 parts", "5 parts (JWE)", "2 parts", "1 part", "nothing", "dots", "JSON"),
        ],
    )
    def test_only_the_compact_serialization_is_a_token(self, ring, spoil):
        """RFC 7515 section 7.1: one token has one spelling."""
        raw = ring.encode(CLAIMS)

        assert ring.decode(raw) == CLAIMS
        assert is_refused(spoil(raw))

    @pytest.mark.parametrize("algorithm", ["HS256", "HS512"])
    def test_unused_bits_of_a_signature_are_zero(self, use, algorithm):
        """Else one token has several spellings: 43 characters hold two bits more than 32 bytes."""
        body, _, signature = (
            use(ALGORITHM=algorithm, SIGNING_KEY=SECRET).encode(CLAIMS).rpartition(".")
        )
        alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"

        twin = signature[:-1] + alphabet[alphabet.index(signature[-1]) + 1]

        same = [base64.urlsafe_b64decode(text + "==") for text in (signature, twin)]
        assert same[0] == same[1]
        assert is_refused(f"{body}.{twin}")

    @pytest.mark.parametrize("part", [0, 1, 2], ids=["header", "payload", "signature"])
    def test_every_part_is_signed(self, ring, part):
        parts = ring.encode(CLAIMS).split(".")
        others = ring.encode(CLAIMS | {"jti": "2"}, typ="at+jwt").split(".")

        parts[part] = others[part]

        assert is_refused(".".join(parts))

    @pytest.mark.parametrize("raw", [None, b"a.b.c", 5, [], {}, True], ids=repr)
    def test_what_is_no_text_is_refused(self, ring, raw):
        assert is_refused(raw)

    def test_the_bytes_of_a_token_are_refused(self, ring):
        assert is_refused(ring.encode(CLAIMS).encode())

    def test_the_longest_is_of_8_kib(self, ring):
        short = ring.encode(CLAIMS | {"x": "x" * 5900})
        long = jwt.encode(CLAIMS | {"x": "x" * 6100}, SECRET, "HS256")

        assert len(short) < 8192 < len(long)
        assert ring.decode(short)["x"]
        assert is_refused(long)

    def test_none_is_made_that_would_be_refused(self, ring):
        with pytest.raises(ValueError, match="claim less"):
            ring.encode(CLAIMS | {"x": "x" * 6100})

    def test_a_token_of_the_very_length_is_accepted(self, ring, monkeypatch):
        raw = ring.encode(CLAIMS)

        monkeypatch.setattr(ring_module, "MAX_TOKEN_LENGTH", len(raw))
        assert ring.decode(raw) == CLAIMS

        monkeypatch.setattr(ring_module, "MAX_TOKEN_LENGTH", len(raw) - 1)
        assert is_refused(raw)

    def test_no_work_is_done_on_a_longer_one(self, ring, monkeypatch):
        monkeypatch.setattr(jwt, "get_unverified_header", lambda raw: pytest.fail("parsed"))

        assert is_refused("a" * MAX_TOKEN_LENGTH + ".b.c")

    @pytest.mark.parametrize("error", [OverflowError, TypeError, ValueError, jwt.PyJWTError])
    def test_what_pyjwt_stumbles_over_is_refused(self, ring, monkeypatch, error):
        """Its releases differ in which errors of odd claims they turn into their own."""

        def stumble(*args, **kwargs):
            raise error

        monkeypatch.setattr(jwt, "decode", stumble)

        assert is_refused(ring.encode(CLAIMS))

    @pytest.mark.parametrize(
        "payload",
        ["1", "null", "[]", '"x"', "{", "[" * 5000],
        ids=["number", "null", "list", "string", "torn", "nested"],
    )
    def test_claims_are_an_object(self, ring, payload):
        header = {"kid": ring.current.kid}

        raw = jwt.PyJWS().encode(payload.encode(), SECRET, "HS256", headers=header)

        assert is_refused(raw)


class TestAudience:
    @pytest.mark.parametrize(
        "iss",
        [
            *("https://a.example/", "https://a.exampl", "https://A.example", "https://a.example.b"),
            *("", None, ["https://a.example"], 1, {}),
        ],
        ids=repr,
    )
    def test_another_issuer_is_refused(self, use, iss):
        """CVE-2024-53861."""
        ring = use(SIGNING_KEY=SECRET, ISSUER="https://a.example")
        header = {"alg": "HS256", "kid": ring.current.kid}

        assert ring.decode(ring.encode(CLAIMS))["iss"] == "https://a.example"
        assert is_refused(by_hand(header, claims=CLAIMS | {"iss": iss}))

    @pytest.mark.parametrize(
        "aud",
        [
            "ap",
            "apis",
            "API",
            "api/",
            "",
            " api",
            None,
            1,
            {},
            {"api": 1},
            [],
            ["apis"],
            ["api", 1],
        ],
        ids=repr,
    )
    def test_another_audience_is_refused(self, use, aud):
        ring = use(SIGNING_KEY=SECRET, AUDIENCE="api")
        header = {"alg": "HS256", "kid": ring.current.kid}

        assert ring.decode(ring.encode(CLAIMS))["aud"] == "api"
        assert is_refused(by_hand(header, claims=CLAIMS | {"aud": aud}))

    @pytest.mark.parametrize("name", ["ISSUER", "AUDIENCE"])
    def test_either_is_required_where_it_is_configured(self, use, name):
        raw = use(SIGNING_KEY=SECRET).encode(CLAIMS)

        use(SIGNING_KEY=SECRET, **{name: "api"})

        assert is_refused(raw)

    @pytest.mark.parametrize(
        ("ours", "theirs"),
        [("api", ["api", "web"]), (["api", "web"], "web"), (["api"], ["web", "api"])],
        ids=repr,
    )
    def test_one_recipient_of_several_is_enough(self, use, ours, theirs):
        """RFC 7519 section 4.1.3."""
        ring = use(SIGNING_KEY=SECRET, AUDIENCE=ours)

        claims = CLAIMS | {"aud": theirs}

        assert ring.decode(jwt.encode(claims, SECRET, "HS256")) == claims

    def test_neither_is_asked_for_where_it_is_not_configured(self, ring):
        claims = CLAIMS | {"iss": "us", "aud": "them"}

        assert ring.decode(jwt.encode(claims, SECRET, "HS256")) == claims
        assert ring.decode(ring.encode(CLAIMS)) == CLAIMS


class TestTime:
    @pytest.mark.parametrize("leeway", [0, 10])
    def test_a_token_is_dead_at_its_very_end(self, use, clock, leeway):
        """RFC 7519 section 4.1.4: "on or after"."""
        ring = use(SIGNING_KEY=SECRET, LEEWAY=leeway)
        raw = ring.encode(CLAIMS)

        clock.shift(299 + leeway)
        assert ring.decode(raw) == CLAIMS

        clock.shift(1)
        with pytest.raises(TokenBackendExpiredToken):
            ring.decode(raw)

    @pytest.mark.parametrize("leeway", [0, 10])
    @pytest.mark.parametrize("name", ["iat", "nbf"])
    def test_a_token_of_the_future_is_refused_beyond_the_leeway(self, use, name, leeway):
        ring = use(SIGNING_KEY=SECRET, LEEWAY=leeway)
        early, late = (CLAIMS | {name: NOW + leeway + more} for more in (0, 1))

        assert ring.decode(ring.encode(early)) == early
        with pytest.raises(TokenBackendError) as refused:
            ring.decode(ring.encode(late))
        assert not isinstance(refused.value, TokenBackendExpiredToken)

    def test_an_end_may_be_passed_over_and_nothing_else(self, ring, clock):
        raw = ring.encode(CLAIMS)
        foreign = jwt.encode(CLAIMS, OTHER_SECRET, "HS256")
        clock.shift(10**6)

        assert ring.decode(raw, check_exp=False) == CLAIMS
        with pytest.raises(TokenBackendError):
            ring.decode(foreign, check_exp=False)

    def test_simple_jwts_way_not_to_verify_is_not_followed(self, ring):
        foreign = jwt.encode(CLAIMS, OTHER_SECRET, "HS256")

        with pytest.raises(TokenBackendError):
            ring.decode(foreign, False)


MISCONFIGURED = {
    "no private key": lambda: {"ALGORITHM": "RS256"},
    "two pairs": lambda: {
        "ALGORITHM": "RS256",
        "SIGNING_KEY": of("RS256", private_pem),
        "VERIFYING_KEY": public_pem(private_key("RS256", "another")),
    },
    "public key signs": lambda: {"ALGORITHM": "RS256", "SIGNING_KEY": of("RS256", public_pem)},
    "public key signs EC": lambda: {"ALGORITHM": "ES256", "SIGNING_KEY": of("ES256", public_pem)},
    "secret for RSA": lambda: {"ALGORITHM": "RS256", "SIGNING_KEY": SECRET},
    "secret for EdDSA": lambda: {"ALGORITHM": "EdDSA", "SIGNING_KEY": SECRET},
    "secret verifies": lambda: {"ALGORITHM": "ES256", "VERIFYING_KEY": SECRET},
    "RSA key for EC": lambda: {"ALGORITHM": "ES256", "SIGNING_KEY": of("RS256", private_pem)},
    "EC key for RSA": lambda: {"ALGORITHM": "PS256", "SIGNING_KEY": of("ES256", private_pem)},
    "another curve": lambda: {"ALGORITHM": "ES256", "SIGNING_KEY": of("ES384", private_pem)},
    "private key as secret": lambda: {"SIGNING_KEY": of("RS256", private_pem)},
    "public key as secret": lambda: {"SIGNING_KEY": of("RS256", public_pem)},
    "JWK as secret": lambda: {"SIGNING_KEY": json.dumps({"kty": "oct", "k": SECRET})},
    "torn key": lambda: {"ALGORITHM": "RS256", "SIGNING_KEY": of("RS256", private_pem)[:-99]},
    "unknown HMAC": lambda: {"ALGORITHM": "HS999", "SIGNING_KEY": SECRET},
    "unknown algorithm": lambda: {"ALGORITHM": "XYZZY", "SIGNING_KEY": SECRET},
    "none": lambda: {"ALGORITHM": "none", "SIGNING_KEY": SECRET},
    "lower case": lambda: {"ALGORITHM": "hs256", "SIGNING_KEY": SECRET},
}


def of(algorithm, pem):
    return pem(private_key(algorithm))


class TestMisconfiguration:
    @pytest.mark.parametrize("given", MISCONFIGURED.values(), ids=MISCONFIGURED)
    def test_is_reported_without_quoting_the_key(self, use, given):
        settings = given()

        with pytest.raises(ImproperlyConfigured) as refused:
            use(**settings)

        told = "".join(traceback.format_exception(refused.value))
        key = settings.get("SIGNING_KEY") or settings.get("VERIFYING_KEY") or "-----BEGIN"
        assert not any(line in told for line in key.strip().splitlines())
        assert "SIMPLE_JWT[" in str(refused.value)

    @pytest.mark.parametrize(("algorithm", "is_pem"), [("HS256", False), ("RS256", True)])
    def test_what_is_no_text_is_no_key(self, use, algorithm, is_pem):
        with pytest.raises(UnfitKeyError) as refused:
            use(ALGORITHM=algorithm, SIGNING_KEY=4_711)

        assert refused.value.kind == "key"
        assert ("PEM" in str(refused.value)) is is_pem
        assert "4711" not in str(refused.value)

    def test_a_useless_fallback_is_told_by_its_own_name(self, settings, use):
        settings.SECRET_KEY_FALLBACKS = [public_pem(private_key("RS256"))]

        with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FALLBACKS"):
            use()

    def test_the_missing_cryptography_package_is_named(self, use, monkeypatch):
        """PyJWT without it knows no asymmetric algorithm."""
        pem = private_pem(private_key("RS256"))

        def missing(name):
            raise NotImplementedError

        monkeypatch.setattr(jwt, "get_algorithm_by_name", missing)

        with pytest.raises(ImproperlyConfigured, match=r"\[crypto\]"):
            use(ALGORITHM="RS256", SIGNING_KEY=pem)


def test_who_only_verifies_says_so_when_asked_to_sign(use):
    ring = use(ALGORITHM="ES256", VERIFYING_KEY=public_pem(private_key("ES256")))

    with pytest.raises(ImproperlyConfigured):
        ring.encode(CLAIMS)
