"""A ring of several keys: who may verify, by which name, and what no name opens."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization import PublicFormat as Form
from django.core.exceptions import ImproperlyConfigured
from rest_framework_simplejwt.backends import ALLOWED_ALGORITHMS
from rest_framework_simplejwt.exceptions import TokenBackendError

from jwt_signin.keys import UnfitKeyError, key_ring
from jwt_signin.keys import ring as ring_module
from tests.keypairs import (
    CLAIMS,
    OTHER_SECRET,
    SECRET,
    by_hand,
    private_key,
    private_pem,
    public_pem,
    segment,
)

pytestmark = pytest.mark.usefixtures("clock")

ROOT = Path(__file__).parents[1]
KINDS = ["HS256", "RS256", "PS256", "ES256", "ES384", "ES512", "ES256K", "EdDSA"]
"""One algorithm a kind of key."""


@pytest.fixture
def use(settings):
    """``use(*keys, ALGORITHM=…)`` makes those ``VERIFYING_KEYS``, and that ``SIMPLE_JWT``."""

    def set_keys(*keys, **simple_jwt):
        settings.SIMPLE_JWT = simple_jwt
        settings.JWT_SIGNIN = {"VERIFYING_KEYS": [*keys]}
        return key_ring()

    return set_keys


def signing_key(algorithm, owner="us"):
    if algorithm.startswith("HS"):
        return SECRET if owner == "us" else OTHER_SECRET
    return private_pem(private_key(algorithm, owner))


def kind_error(build):
    with pytest.raises(UnfitKeyError) as refused:
        build()
    return refused.value.kind


def is_refused(raw):
    with pytest.raises(TokenBackendError):
        key_ring().decode(raw)
    return True


class TestEachKind:
    @pytest.mark.parametrize("algorithm", sorted(ALLOWED_ALGORITHMS))
    def test_every_algorithm_of_simple_jwt_signs_and_verifies(self, use, algorithm):
        kind = "ES512" if algorithm == "ES521" else algorithm  # PyJWT's old name of it
        own = {"RS384": "RS256", "RS512": "RS256", "PS384": "PS256", "PS512": "PS256"}
        key = signing_key(own.get(kind, kind))

        ring = use(ALGORITHM=algorithm, SIGNING_KEY=key)

        raw = ring.encode(CLAIMS)
        assert ring.decode(raw) == CLAIMS
        assert jwt.get_unverified_header(raw)["alg"] == algorithm

    @pytest.mark.parametrize("half", [private_pem, public_pem])
    @pytest.mark.parametrize("algorithm", KINDS[1:])
    def test_either_half_verifies_and_does_not_sign(self, use, algorithm, half):
        old = use(ALGORITHM=algorithm, SIGNING_KEY=signing_key(algorithm)).encode(CLAIMS)

        pem = half(private_key(algorithm))
        ring = use({"key": pem, "algorithm": algorithm}, SIGNING_KEY=OTHER_SECRET)

        assert ring.decode(old) == CLAIMS
        assert jwt.get_unverified_header(ring.encode(CLAIMS))["alg"] == "HS256"
        assert [key.signing for key in ring.keys.values() if key is not ring.current] == [None]

    @pytest.mark.parametrize("algorithm", ["RS256", "ES256", "ES384", "ES512", "ES256K", "EdDSA"])
    @pytest.mark.parametrize("form", [str, str.encode], ids=["text", "bytes"])
    def test_a_pem_tells_its_algorithm(self, use, algorithm, form):
        old = use(ALGORITHM=algorithm, SIGNING_KEY=signing_key(algorithm)).encode(CLAIMS)

        ring = use(form(public_pem(private_key(algorithm))), SIGNING_KEY=OTHER_SECRET)

        assert ring.decode(old) == CLAIMS

    @pytest.mark.parametrize("algorithm", ["RS512", "PS256"])
    def test_an_rsa_key_is_of_the_algorithm_that_signs(self, use, algorithm):
        ours, theirs = private_key("RS256"), private_key("RS256", "them")
        old = use(ALGORITHM=algorithm, SIGNING_KEY=private_pem(ours)).encode(CLAIMS)

        ring = use(public_pem(ours), ALGORITHM=algorithm, SIGNING_KEY=private_pem(theirs))

        assert ring.decode(old) == CLAIMS

    def test_a_secret_is_of_the_algorithm_that_signs(self, use):
        old = use(ALGORITHM="HS512", SIGNING_KEY=SECRET).encode(CLAIMS)

        ring = use(SECRET, ALGORITHM="HS512", SIGNING_KEY=OTHER_SECRET)

        assert ring.decode(old) == CLAIMS

    def test_a_secret_beside_another_family_is_of_hs256(self, use):
        old = [
            use(ALGORITHM=name, SIGNING_KEY=secret).encode(CLAIMS)
            for name, secret in (("HS256", SECRET), ("HS512", OTHER_SECRET))
        ]
        given = [SECRET, {"key": OTHER_SECRET, "algorithm": "HS512"}]

        ring = use(*given, ALGORITHM="ES256", SIGNING_KEY=signing_key("ES256"))

        assert [ring.decode(raw) for raw in old] == [CLAIMS] * 2
        assert len(ring.keys) == 3


class TestRotation:
    @pytest.mark.parametrize("after", ["HS256", "RS256", "ES256", "EdDSA"])
    @pytest.mark.parametrize("before", ["HS256", "RS256", "ES256", "EdDSA"])
    def test_a_key_of_any_kind_follows_one_of_any_kind(self, use, before, after):
        old, new = signing_key(before), signing_key(after, "them")
        first = use(ALGORITHM=before, SIGNING_KEY=old)
        early = first.encode(CLAIMS)

        coming = {"key": new, "algorithm": after}
        prepared = use(coming, ALGORITHM=before, SIGNING_KEY=old)
        assert prepared.decode(early) == CLAIMS
        assert (
            prepared.encode(CLAIMS, typ="at+jwt").split(".")[0]
            == (first.encode(CLAIMS, typ="at+jwt").split(".")[0])
        )

        retired = {"key": old, "algorithm": before}
        late = use(retired, ALGORITHM=after, SIGNING_KEY=new).encode(CLAIMS)
        assert key_ring().decode(early) == key_ring().decode(late) == CLAIMS
        assert use(coming, ALGORITHM=before, SIGNING_KEY=old).decode(late) == CLAIMS

        use(ALGORITHM=after, SIGNING_KEY=new)
        assert key_ring().decode(late) == CLAIMS
        assert is_refused(early)

    def test_secret_key_verifies_by_its_fallbacks_or_by_name(self, settings, use):
        settings.SECRET_KEY = SECRET
        old = use().encode(CLAIMS)
        new = {"ALGORITHM": "EdDSA", "SIGNING_KEY": signing_key("EdDSA")}

        settings.SECRET_KEY_FALLBACKS = [SECRET]
        use(**new)
        assert is_refused(old)

        assert use(SECRET, **new).decode(old) == CLAIMS

    def test_a_key_that_stands_there_twice_is_one(self, use):
        ring = use(SECRET, SECRET, SIGNING_KEY=SECRET)

        assert len(ring.keys) == 1
        assert ring.keys[ring.current.kid].signing is not None

    def test_a_token_without_kid_is_the_current_keys_alone(self, use):
        use(SECRET, SIGNING_KEY=OTHER_SECRET)

        assert is_refused(jwt.encode(CLAIMS, SECRET, "HS256"))
        assert key_ring().decode(jwt.encode(CLAIMS, OTHER_SECRET, "HS256")) == CLAIMS


class TestConfusion:
    """A ring with a key of each kind, and tokens that mistake one for another."""

    @pytest.fixture
    def ring(self, use):
        pems = {name: public_pem(private_key(name, "them")) for name in KINDS[1:]}
        keys = [{"key": pem, "algorithm": name} for name, pem in pems.items()]
        return use(*keys, SIGNING_KEY=SECRET)

    def kid(self, ring, algorithm):
        return next(key.kid for key in ring.keys.values() if key.algorithm == algorithm)

    def test_each_is_accepted_by_its_own_name(self, ring):
        """So that what follows is refused for its own sake."""
        for name in KINDS[1:]:
            header = {"kid": self.kid(ring, name)}
            raw = jwt.encode(CLAIMS, private_key(name, "them"), name, headers=header)
            assert ring.decode(raw) == CLAIMS

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize(
        "alg", ["none", "None", "nOnE", "", None, 5, [], {}, "HS384", "ES256K ", "hs256"], ids=repr
    )
    def test_no_other_algorithm_opens_a_key(self, ring, kind, alg):
        """RFC 8725 section 3.1."""
        header = {"alg": alg, "kid": self.kid(ring, kind)}

        assert is_refused(by_hand(header))
        assert is_refused(by_hand({"kid": header["kid"]}))

    @pytest.mark.parametrize("kind", KINDS[1:])
    @pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
    def test_a_public_key_is_no_secret_in_any_form(self, ring, kind, alg):
        """CVE-2017-11424, CVE-2022-29217, CVE-2026-48526."""
        header = {"alg": alg, "kid": self.kid(ring, kind)}

        for form in forms_of(kind):
            for named in (header, {"alg": alg}):
                raw = by_hand(named, secret=form, digest=alg.replace("HS", "sha"))
                assert is_refused(raw)

    @pytest.mark.parametrize("alg", KINDS[1:])
    @pytest.mark.parametrize("kind", KINDS)
    def test_a_key_is_opened_by_its_own_algorithm_alone(self, ring, kind, alg):
        header = {"kid": self.kid(ring, kind)}
        forged = jwt.encode(CLAIMS, private_key(alg, "a forger"), alg, headers=header)

        assert is_refused(forged)

    @pytest.mark.parametrize("alg", ["RS384", "PS256", "PS512"])
    def test_the_very_key_under_another_algorithm_is_refused(self, ring, alg):
        header = {"kid": self.kid(ring, "RS256")}

        assert is_refused(jwt.encode(CLAIMS, private_key("RS256", "them"), alg, headers=header))

    @pytest.mark.parametrize("name", ["jku", "x5u", "x5c", "jwk"])
    def test_a_key_that_the_token_brings_is_not_used(self, ring, name):
        """RFC 8725 section 3.10."""
        forger = private_key("RS256", "a forger")
        jwk = jwt.get_algorithm_by_name("RS256").to_jwk(forger.public_key(), as_dict=True)
        for header in ({}, {"kid": self.kid(ring, "RS256")}):
            brought = {**header, name: {"jwk": jwk, "x5c": ["MII"]}.get(name, "http://localhost/")}
            assert is_refused(jwt.encode(CLAIMS, forger, "RS256", headers=brought))


def forms_of(kind):
    """A public key in every spelling that somebody might take for a secret."""
    key = private_key(kind, "them")
    pem = public_pem(key)
    der = key.public_key().public_bytes(Encoding.DER, Form.SubjectPublicKeyInfo)
    jwk = jwt.get_algorithm_by_name(kind).to_jwk(key.public_key())
    forms = [pem, pem.strip(), pem.replace("\n", "\r\n"), der, base64.b64encode(der), jwk]
    if kind in {"RS256", "ES256", "EdDSA"}:
        forms.append(key.public_key().public_bytes(Encoding.OpenSSH, Form.OpenSSH))
    return forms


class TestHeaders:
    @pytest.fixture
    def ring(self, use):
        return use(OTHER_SECRET, SIGNING_KEY=SECRET)

    def test_a_header_is_read_once(self, ring, monkeypatch):
        raws = [ring.encode(CLAIMS | {"jti": str(number)}) for number in range(3)]
        ring.decode(raws[0])

        monkeypatch.setattr(ring_module.KeyRing, "_named_by", lambda self, raw: pytest.fail("read"))

        assert [ring.decode(raw)["jti"] for raw in raws] == ["0", "1", "2"]

    def test_a_header_that_came_with_a_wrong_signature_is_not_remembered(self, ring):
        raw = ring.encode(CLAIMS)
        assert is_refused(by_hand({"alg": "HS256", "kid": ring.current.kid}, OTHER_SECRET))
        assert is_refused(raw[:-4] + "AAAA")

        assert ring._headers == {}

    def test_a_remembered_header_opens_no_other_key(self, ring):
        header = {"alg": "HS256", "kid": ring.current.kid}
        assert ring.decode(by_hand(header)) == CLAIMS

        assert is_refused(by_hand(header, OTHER_SECRET))

    def test_no_more_than_a_bound_are_remembered(self, ring, monkeypatch):
        monkeypatch.setattr(ring_module, "MAX_HEADERS", 3)
        for number in range(5):
            header = {"alg": "HS256", "kid": ring.current.kid, "n": number}
            assert ring.decode(by_hand(header)) == CLAIMS

        assert len(ring._headers) == 3


def torn(pem):
    return "\n".join(pem.strip().splitlines()[:-1])


def unarmoured(pem):
    return "".join(pem.strip().splitlines()[1:-1])


EC, RSA = private_key("ES256"), private_key("RS256")
MISPLACED = {
    "public": public_pem(EC),
    "private": private_pem(RSA),
    "torn": torn(public_pem(RSA)),
    "torn at the top": public_pem(RSA).split("\n", 1)[1],
    "without its lines": unarmoured(public_pem(RSA)),
    "private without its lines": unarmoured(private_pem(EC)),
    "short without its lines": unarmoured(public_pem(private_key("EdDSA"))),
    "one line": unarmoured(public_pem(RSA)).replace("\n", ""),
    "PKCS1": RSA.private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    ).decode(),
    "ssh": public_pem(EC, Encoding.OpenSSH, Form.OpenSSH),
    "JWK": json.dumps({"kty": "oct", "k": segment(SECRET.encode())}),
    "public JWK": jwt.get_algorithm_by_name("ES256").to_jwk(EC.public_key()),
}


class TestMisplaced:
    @pytest.mark.parametrize("key", MISPLACED.values(), ids=MISPLACED)
    def test_it_is_no_secret_wherever_it_stands(self, use, settings, key):
        builds = [
            lambda: use(SIGNING_KEY=key),
            lambda: use({"key": key, "algorithm": "HS256"}, SIGNING_KEY=SECRET),
            lambda: use({"key": key.encode(), "algorithm": "HS256"}, SIGNING_KEY=SECRET),
        ]

        assert [kind_error(build) for build in builds] == ["misplaced"] * 3

    @pytest.mark.parametrize("name", ["torn", "without its lines", "JWK", "public JWK"])
    def test_it_is_not_taken_for_a_secret_where_none_is_named(self, use, name):
        assert kind_error(lambda: use(MISPLACED[name], SIGNING_KEY=SECRET)) == "key"

    @pytest.mark.parametrize(
        "secret",
        [
            SECRET,
            "0" + base64.b64encode(b"x" * 40).decode(),
            base64.b64encode(b"\x30\x80" + b"x" * 40).decode(),
            base64.b64encode(b"\x30" + b"\x02" * 40).decode(),
            base64.b64encode(b"\x30").decode() + " " * 40,
            "{" + SECRET,
            '{"a": 1}' + " " * 40,
        ],
        ids=repr,
    )
    def test_a_secret_is_one(self, use, secret):
        ring = use(SIGNING_KEY=secret)

        assert ring.decode(ring.encode(CLAIMS)) == CLAIMS


class TestMisfits:
    @pytest.mark.parametrize(
        ("given", "kind"),
        [
            ({"key": SECRET, "algorithm": "hs256"}, "algorithm"),
            ({"key": SECRET, "algorithm": "none"}, "algorithm"),
            ({"key": SECRET, "algorithm": "RS256"}, "key"),
            ({"key": public_pem(EC), "algorithm": "ES384"}, "key"),
            ({"key": public_pem(EC), "algorithm": "EdDSA"}, "key"),
            ({"key": public_pem(RSA), "algorithm": "ES256"}, "key"),
            ("short", "short"),
            ("x" * 31, "short"),
            ({"key": SECRET[:63], "algorithm": "HS512"}, "short"),
            ({"key": "x" * 47, "algorithm": "HS384"}, "short"),
        ],
        ids=["case", "none", "secret", "curve", "kind", "RSA", "5", "31", "63 of 64", "47 of 48"],
    )
    def test_are_told_by_their_place(self, use, given, kind):
        with pytest.raises(UnfitKeyError, match=r"JWT_SIGNIN\['VERIFYING_KEYS'\]\[1\]") as refused:
            use(OTHER_SECRET, given, SIGNING_KEY=SECRET)

        assert refused.value.kind == kind

    @pytest.mark.parametrize("length", [32, 48, 64])
    def test_a_secret_is_as_long_as_its_hash(self, use, length):
        """RFC 7518 section 3.2."""
        algorithm = f"HS{length * 8}"
        text = "0123456789abcdef" * 8

        assert use(ALGORITHM=algorithm, SIGNING_KEY=text[:length]).current.algorithm == algorithm
        build = lambda: use(ALGORITHM=algorithm, SIGNING_KEY=text[: length - 1])  # noqa: E731
        assert kind_error(build) == "short"

    def test_an_rsa_key_has_2048_bits(self, use):
        """RFC 7518 section 3.3."""
        from cryptography.hazmat.primitives.asymmetric import rsa

        short = rsa.generate_private_key(65537, 2047)

        assert kind_error(lambda: use(ALGORITHM="RS256", SIGNING_KEY=private_pem(short))) == "short"
        assert kind_error(lambda: use(public_pem(short), SIGNING_KEY=SECRET)) == "short"

    @pytest.mark.parametrize(
        ("current", "other"),
        [
            ({"ALGORITHM": "HS512", "SIGNING_KEY": SECRET}, (SECRET, "HS256")),
            ({"ALGORITHM": "RS256", "SIGNING_KEY": private_pem(RSA)}, (public_pem(RSA), "PS256")),
        ],
        ids=["secret", "RSA"],
    )
    def test_a_key_has_one_algorithm(self, use, current, other):
        given = dict(zip(("key", "algorithm"), other, strict=True))

        assert kind_error(lambda: use(given, **current)) == "twofold"

    def test_no_message_quotes_the_key(self, use):
        with pytest.raises(ImproperlyConfigured) as refused:
            use({"key": SECRET[:20], "algorithm": "HS512"}, SIGNING_KEY=SECRET)

        assert SECRET[:20] not in str(refused.value)


@pytest.mark.parametrize(
    "line",
    [
        "settings.SIMPLE_JWT = {'ALGORITHM': 'ES256', 'SIGNING_KEY': pem}",
        "settings.JWT_SIGNIN = {'VERIFYING_KEYS': [pem]}",
        "settings.JWT_SIGNIN = {'VERIFYING_KEYS': [{'key': pem, 'algorithm': 'EdDSA'}]}",
    ],
    ids=["signs", "tells", "is told"],
)
def test_without_cryptography_the_extra_is_named(line):
    """As a process of its own: what is installed cannot be taken back in this one."""
    code = (
        "import sys; sys.modules['cryptography'] = None;"
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings';"
        "import django; django.setup();"
        "from django.conf import settings;"
        "from jwt_signin.keys import key_ring, UnfitKeyError;"
        f"pem = {public_pem(EC)!r}; {line}\n"
        "try: key_ring()\n"
        "except UnfitKeyError as error: print(error.kind, error)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )

    assert done.stdout.startswith("crypto ")
    assert "django-jwt-signin[crypto]" in done.stdout
