"""
Whatever a token says, and however well it is signed, it opens nothing that it should not.

RFC 8725 (best practice for JWT), RFC 7515, RFC 7519 and RFC 6750, through every URL that takes a
token; what each part refuses by itself is told in ``test_keys`` and ``test_tokens``.
"""

import base64
import hmac
import json
import socket
import string
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework_simplejwt import tokens as simplejwt

from jwt_signin import services
from jwt_signin.models import Session
from tests.conftest import EPOCH, Browser
from tests.test_keys import private_key, private_pem, public_pem

SECRET = "a-key-of-the-tests-own-" + "0123456789abcdef" * 3
NOW = int(EPOCH.timestamp())
ELSEWHERE = "4f5e8f0e-6c0b-4d5c-9a53-2f4d1f3b7a10"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def segment(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def by_hand(header, claims, secret=SECRET, digest="sha256"):
    """Sign what no library would."""
    parts = [
        part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, claims)
    ]
    body = ".".join(map(segment, parts))
    key = secret if isinstance(secret, bytes) else secret.encode()
    return f"{body}.{segment(hmac.digest(key, body.encode(), digest))}"


def read(raw):
    """Return header and claims of a token, unverified."""
    return [json.loads(base64.urlsafe_b64decode(part + "==")) for part in raw.split(".")[:2]]


def changed(raw, **claims):
    """Sign a token anew with other claims."""
    header, before = read(raw)
    return by_hand(header, before | claims)


def bearer(method, path):
    def ask(raw):
        return Browser().generic(method, path, headers={"Authorization": f"Bearer {raw}"})

    return ask


def body(path, name):
    def ask(raw):
        return Browser().post(path, {name: raw})

    return ask


ACCESS = {
    "me/": bearer("GET", "/auth/me/"),
    "sessions/": bearer("GET", "/auth/sessions/"),
    "sessions/<id>/": bearer("DELETE", f"/auth/sessions/{ELSEWHERE}/"),
    "logout/all/": bearer("POST", "/auth/logout/all/"),
    "a project's view": bearer("GET", "/protected/"),
    "an open view": bearer("GET", "/open/"),
}
REFRESH = {
    "refresh/": body("/auth/refresh/", "refresh"),
    "refresh/ by its other name": body("/auth/refresh/", "refresh_token"),
    "a shape's refresh": body("/api/signin/refresh", "refresh_token"),
}
EITHER = {
    "verify/": body("/auth/verify/", "token"),
    "logout/ by the body": body("/auth/logout/", "refresh"),
    "logout/ by the header": bearer("POST", "/auth/logout/"),
}
EVERY = ACCESS | REFRESH | EITHER


@pytest.fixture(autouse=True)
def _key(settings):
    settings.SIMPLE_JWT = {"SIGNING_KEY": SECRET}


@pytest.fixture
def tokens(clock, ada):
    """A genuine pair, as strings."""
    return signed_in(ada)


def signed_in(user):
    pair = services.start_session(user)
    return {"access": str(pair.access), "refresh": str(pair.refresh)}


def genuine(tokens, name):
    """Return the token that a URL takes, the refresh token where it takes both."""
    return tokens["access" if name in ACCESS else "refresh"]


@pytest.fixture
def refused(tokens):
    """Bring a spoilt token everywhere: nothing comes of it, and no database is asked."""

    def refused(spoil, *, of=EVERY, statements=0):
        for name, ask in of.items():
            raw = spoil(genuine(tokens, name))
            with CaptureQueriesContext(connection) as queries:
                response = ask(raw)
            check_refusal(name, response)
            assert len(queries) <= statements, name
        return True

    return refused


def check_refusal(name, response):
    """See that nothing was ended or moved, and that the client is told in JSON."""
    sessions = Session.objects.values_list("generation", "revoked_at").distinct()
    assert list(sessions) == [(0, None)], name
    if name.startswith("logout/ ") and response.status_code == 204:
        return
    too_large = name not in ACCESS and response.status_code == 413
    assert too_large or response.status_code == 401, name
    assert too_large or response.headers["WWW-Authenticate"].startswith("Bearer realm="), name
    assert response.headers["Content-Type"] == "application/json", name


def taken(make, spoil=str):
    """Return what is answered everywhere to tokens that are genuine, or almost."""
    return {ask(spoil(genuine(make(), name))).status_code for name, ask in EVERY.items()}


ODD = {
    "null": None,
    "-1": -1,
    "1e308": 1e308,
    "10**30": 10**30,
    "10**4000": 10**4000,
    "NaN": float("nan"),
    "Infinity": float("inf"),
    "empty": "",
    "NUL": "\0",
    "a NUL inside": "a\0b",
    "lone surrogate": "\ud800",
    "list": [],
    "list of a string": ["access"],
    "object": {},
    "true": True,
    "long": "x" * 300,
    "a megabyte": "x" * 1_000_000,
    "deep": json.loads("[" * 500 + "]" * 500),
}
CLAIMS = ["token_type", "exp", "iat", "jti", "user_id", "sid"]
PLACE = ["gen", "ss"]


ACCEPTED = {200, 204, 404}


def test_genuine_tokens_are_taken(ada):
    """So that what follows is refused for its own sake."""
    assert taken(lambda: signed_in(ada)) == ACCEPTED
    assert taken(lambda: signed_in(ada), changed) == ACCEPTED


class TestClaims:
    """RFC 8725 section 3.10: do not trust received claims."""

    @pytest.mark.parametrize("name", [*CLAIMS, *PLACE])
    def test_a_missing_one_is_refused(self, refused, name):
        def spoil(raw):
            header, claims = read(raw)
            del claims[name]
            return by_hand(header, claims)

        assert refused(spoil, of=EVERY if name in CLAIMS else REFRESH | EITHER)

    @pytest.mark.parametrize("odd", ODD)
    @pytest.mark.parametrize("name", [*CLAIMS, *PLACE])
    def test_an_odd_one_is_refused(self, refused, name, odd):
        of = REFRESH | EITHER if name in PLACE else EVERY

        assert refused(lambda raw: changed(raw, **{name: ODD[odd]}), of=of)

    @pytest.mark.parametrize("odd", [odd for odd in ODD if odd not in {"-1", "true"}])
    def test_an_odd_beginning_is_refused(self, refused, odd):
        """Those two are harmless: PyJWT takes true for the first second of 1970."""
        assert refused(lambda raw: changed(raw, nbf=ODD[odd]))

    @pytest.mark.parametrize("claims", [b"", b"x", b"[]", b'"x"', b"null", b"7", b"\xff", b"{}"])
    def test_what_is_no_object_claims_nothing(self, refused, claims):
        assert refused(lambda raw: by_hand(read(raw)[0], claims))


class TestKinds:
    """RFC 8725 sections 3.11 and 3.12: no token is taken for one of another kind."""

    def test_an_access_token_refreshes_nothing(self, tokens, refused):
        assert refused(lambda raw: tokens["access"], of=REFRESH)

    def test_a_refresh_token_opens_nothing(self, tokens, refused):
        assert refused(lambda raw: tokens["refresh"], of=ACCESS)

    @pytest.mark.parametrize("kind", ["AccessToken", "RefreshToken", "SlidingToken"])
    def test_a_token_of_plain_simple_jwt_opens_nothing(self, ada, refused, kind):
        claims = getattr(simplejwt, kind)().payload | {"user_id": str(ada.pk)}
        raw = by_hand({"alg": "HS256", "typ": "JWT"}, claims | {"exp": NOW + 300, "iat": NOW})

        assert refused(lambda _raw: raw)

    @pytest.mark.parametrize("kind", ["id", "sliding", "ACCESS", "access ", "refresh\0", "Bearer"])
    def test_a_kind_of_another_name_opens_nothing(self, refused, kind):
        assert refused(lambda raw: changed(raw, token_type=kind))


class TestUsers:
    def test_a_token_of_no_session_opens_nothing(self, refused):
        assert refused(lambda raw: changed(raw, sid=str(uuid.uuid4())), statements=1)

    @pytest.mark.parametrize(
        "user",
        ["0", "-1", "999999", "1 ", " 1", "01", "1.0", "0x1", "1 OR 1=1", "9" * 250, "\u0661"],
        ids=ascii,
    )
    def test_a_session_is_of_no_other_user(self, refused, user):
        """And the user table is not asked for what a token claims."""
        with CaptureQueriesContext(connection) as queries:
            assert refused(lambda raw: changed(raw, user_id=user), statements=1)

        assert not any(repr(user) in query["sql"] for query in queries.captured_queries)

    def test_the_session_of_one_is_not_reached_by_the_token_of_another(self, bob, refused):
        theirs = read(signed_in(bob)["access"])[1]["sid"]

        assert refused(lambda raw: changed(raw, sid=theirs), statements=1)


class TestAlgorithms:
    """RFC 8725 section 3.1: the algorithm is the verifier's to choose."""

    @pytest.mark.parametrize(
        "alg",
        [
            *(
                "none",
                "None",
                "nOnE",
                "NONE",
                "",
                None,
                5,
                True,
                [],
                ["HS256"],
                {},
                "hs256",
                "HS256 ",
            ),
            *("HS384", "HS512", "RS256", "ES256", "ES256K", "PS256", "EdDSA", "HS1", "dir", "\0"),
        ],
        ids=repr,
    )
    def test_another_opens_nothing(self, refused, alg):
        def signed(raw):
            header, claims = read(raw)
            return by_hand({**header, "alg": alg}, claims)

        assert refused(signed)
        assert refused(lambda raw: signed(raw).rpartition(".")[0])
        assert refused(lambda raw: signed(raw).rpartition(".")[0] + ".")

    @pytest.mark.parametrize("digest", ["sha384", "sha512", "md5"])
    def test_another_digest_opens_nothing(self, refused, digest):
        assert refused(lambda raw: by_hand(*read(raw), digest=digest))

    @pytest.mark.parametrize("secret", ["", "\0", "secret", SECRET[:-1], SECRET + "\n"], ids=len)
    def test_another_key_opens_nothing(self, refused, secret):
        assert refused(lambda raw: by_hand(*read(raw), secret=secret))

    def test_secret_key_is_no_key_where_there_is_another(self, settings, refused):
        assert refused(lambda raw: by_hand(*read(raw), secret=settings.SECRET_KEY))

    @pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
    def test_a_public_key_is_no_secret(self, settings, refused, tokens, ada, algorithm):
        """CVE-2017-11424 and its successors: everybody has it."""
        key = private_key(algorithm)
        settings.SIMPLE_JWT = {"ALGORITHM": algorithm, "SIGNING_KEY": private_pem(key)}
        tokens |= signed_in(ada)
        pem = public_pem(key)

        for secret in (pem, pem.strip(), pem.replace("\n", ""), pem.encode().hex()):
            for alg in ("HS256", algorithm):
                assert refused(lambda raw: forged(raw, alg, secret))  # noqa: B023  # at once


def forged(raw, alg, secret):
    header, claims = read(raw)
    return by_hand({**header, "alg": alg}, claims, secret=secret)


class TestHeaders:
    @pytest.fixture(autouse=True)
    def _no_network(self, monkeypatch):
        _block_network(monkeypatch)

    def headed(self, raw, **changes):
        header, claims = read(raw)
        return by_hand({**header, **changes}, claims)

    @pytest.mark.parametrize(
        "kid",
        [
            *("", "x", "../../etc/passwd", "' OR '1'='1", "\0", "http://example.com/", "k" * 5000),
            *(7, True, None, [], ["a"], {}, {"a": 1}),
        ],
        ids=lambda kid: repr(kid)[:24],
    )
    def test_a_foreign_kid_opens_nothing(self, refused, kid):
        """RFC 8725 section 3.10: it is looked up in a dictionary, and nowhere else."""
        assert refused(lambda raw: self.headed(raw, kid=kid))

    @pytest.mark.parametrize("crit", [["x"], [], "exp", ["exp"], ["b64"], None, 7, {}], ids=repr)
    def test_what_is_critical_opens_nothing(self, refused, crit):
        """RFC 7515 section 4.1.11."""
        assert refused(lambda raw: self.headed(raw, crit=crit, x=1))
        assert refused(lambda raw: self.headed(raw, crit=crit, b64=False))

    @pytest.mark.parametrize("name", ["jwk", "jku", "x5u", "x5c", "x5t"])
    def test_a_key_that_it_brings_is_not_used(self, refused, name):
        own = {"kty": "oct", "k": segment(b"mine" * 8), "alg": "HS256", "kid": "mine"}
        value = {"jwk": own, "x5c": ["MII="]}.get(name, "https://example.com/keys.json")

        def spoil(raw, **changes):
            header, claims = read(raw)
            return by_hand({**header, name: value, **changes}, claims, secret=b"mine" * 8)

        assert refused(spoil)
        assert refused(lambda raw: spoil(raw, kid="mine"))

    @pytest.mark.parametrize(
        "header", [b"", b"x", b"[]", b"null", b"7", b"\xff", b"{}", b"[" * 3000, b'{"alg":' * 500]
    )
    def test_what_is_no_header_opens_nothing(self, refused, header):
        assert refused(lambda raw: by_hand(header, read(raw)[1]))


def _block_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a token made us ask the network")  # pragma: no cover

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


SPOILT = {
    "padded": lambda raw: raw + "=",
    "padded inside": lambda raw: raw.replace(".", "=.", 1),
    "a plus": lambda raw: raw[:-1] + "+",
    "a slash": lambda raw: raw[:-1] + "/",
    "a line break": lambda raw: raw + "\n.",
    "a space inside": lambda raw: raw[:20] + " " + raw[20:],
    "a NUL": lambda raw: raw[:20] + "\0" + raw[20:],
    "another digit": lambda raw: raw[:-1] + "\u0661",
    "unused bits": lambda raw: raw[:-1] + _next(raw[-1]),
    "a fourth part": lambda raw: raw + ".e30",
    "five parts": lambda raw: raw + ".e30.e30",
    "two parts": lambda raw: raw.rpartition(".")[0],
    "a brace": lambda raw: "{" + raw,
    "quotes": lambda raw: f'"{raw}"',
    "dots alone": lambda raw: "..",
    "16 000 dots": lambda raw: "." * 16_000,
    "another case": lambda raw: raw.swapcase(),
}


def _next(character):
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    return alphabet[alphabet.index(character) + 1]


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_token_has_one_spelling(refused, spoil):
    """RFC 7515 section 7.1; unused bits and padding would give it others."""
    assert refused(spoil)


class TestRecipients:
    """RFC 8725 sections 3.8 and 3.9: issuer and audience are exact, and required."""

    US = "https://us.example.com"

    @pytest.fixture(autouse=True)
    def _configured(self, settings, _key):
        settings.SIMPLE_JWT = {**settings.SIMPLE_JWT, "ISSUER": self.US, "AUDIENCE": self.US}

    def test_the_right_ones_are_taken(self, ada):
        assert taken(lambda: signed_in(ada)) == ACCEPTED

    @pytest.mark.parametrize("name", ["iss", "aud"])
    @pytest.mark.parametrize(
        "value",
        [
            *("https://us.example.co", "https://us.example.com/", "HTTPS://us.example.com"),
            *(" https://us.example.com", "https://us.example.com.evil", "", "\0", "\ud800"),
            *(None, 7, True, [], {}, [[]], ["https://evil.example"], [None]),
        ],
        ids=repr,
    )
    def test_another_opens_nothing(self, refused, name, value):
        assert refused(lambda raw: changed(raw, **{name: value}))

    @pytest.mark.parametrize("name", ["iss", "aud"])
    def test_neither_may_be_missing(self, refused, name):
        def spoil(raw):
            header, claims = read(raw)
            del claims[name]
            return by_hand(header, claims)

        assert refused(spoil)

    def test_a_list_names_no_issuer(self, refused):
        assert refused(lambda raw: changed(raw, iss=[self.US]))


@pytest.mark.parametrize("leeway", [0, 60])
class TestTime:
    """RFC 7519 sections 4.1.4 to 4.1.6."""

    @pytest.fixture(autouse=True)
    def _configured(self, settings, _key, leeway):
        settings.SIMPLE_JWT = {**settings.SIMPLE_JWT, "LEEWAY": leeway}

    def test_a_token_lives_until_its_end_and_leeway(self, clock, ada, leeway):
        clock.shift(200 + leeway - 1)

        assert taken(lambda: signed_in(ada), lambda raw: changed(raw, exp=NOW + 200)) == ACCEPTED

    def test_and_is_dead_from_that_very_moment(self, clock, tokens, refused, leeway):
        clock.shift(200 + leeway)

        def spoil(raw):
            return changed(raw, exp=NOW + 200)

        # Who logs out with a dead token ends its session all the same.
        assert refused(spoil, of={**ACCESS, **REFRESH, "verify/": EITHER["verify/"]})

    @pytest.mark.parametrize("name", ["iat", "nbf"])
    def test_a_token_of_the_future_opens_nothing(self, ada, refused, name, leeway):
        assert refused(lambda raw: changed(raw, **{name: NOW + leeway + 1}))
        in_time = taken(lambda: signed_in(ada), lambda raw: changed(raw, **{name: NOW + leeway}))
        assert in_time == ACCEPTED


class TestTheHeaderItself:
    """RFC 6750 section 2.1 and RFC 9110 section 11.1."""

    def me(self, header):
        return Browser().get("/auth/me/", headers={"Authorization": header}).status_code

    @pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
    def test_the_scheme_is_read_in_any_letter_case(self, tokens, scheme):
        assert self.me(f"{scheme} {tokens['access']}") == 200

    def test_of_two_tokens_none_is_taken(self, tokens):
        raw = tokens["access"]

        assert self.me(f"Bearer {raw} {raw}") == 401
        assert self.me(f"Bearer {raw}, Bearer {raw}") == 401
        assert self.me(f"Bearer {raw},") == 401

    @pytest.mark.parametrize(
        "header",
        [
            "Bearer",
            "Bearer ",
            "Bearer  ",
            "Bearer \xff\xfe",
            "Bearer \0",
            "Bearer \u00e4",
            "Bearer é",
        ],
        ids=ascii,
    )
    def test_what_is_no_token_is_refused(self, header):
        assert self.me(header) == 401

    def test_a_megabyte_is_refused_at_once(self):
        assert self.me("Bearer " + "x" * 1_000_000) == 401

    @pytest.mark.parametrize("raw", ["access", "refresh"])
    def test_no_token_is_taken_of_the_url(self, api, tokens, raw):
        """RFC 6750 section 5.3: it would be in every log."""
        query = "&".join(
            f"{name}={tokens[raw]}" for name in ("access_token", "token", "refresh", "access")
        )

        assert api.get(f"/auth/me/?{query}").status_code == 401
        assert api.post(f"/auth/refresh/?{query}").status_code == 401
        assert api.post(f"/auth/verify/?{query}").status_code == 400
        assert api.post(f"/auth/logout/?{query}").status_code == 204
        assert Session.objects.get().revoked_at is None


def test_a_thousand_pieces_of_garbage_ask_no_database(api, django_assert_num_queries):
    """Work begins with the signature."""
    with django_assert_num_queries(0):
        for number in range(1000):
            assert api.refresh(f"{number:x}.garbage.AAAA").status_code == 401
