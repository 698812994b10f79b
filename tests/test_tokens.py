"""The two kinds of token: what they claim, and what is none of them however well signed."""

import json
import re
import uuid
from datetime import timedelta
from types import SimpleNamespace

import jwt
import pytest
from rest_framework_simplejwt import tokens as simplejwt
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError

from jwt_signin import exceptions
from jwt_signin.keys import key_ring
from jwt_signin.tokens import AccessToken, RefreshToken, TokenPair, decode_any, freshest
from tests.conftest import EPOCH

NOW = int(EPOCH.timestamp())
SESSION = uuid.UUID("0b6c2f1e-7c7e-4d0c-9d3c-0123456789ab")
# Whatever the run's USER_ID_FIELD is.
USER = SimpleNamespace(pk=7, id=7, number=7)
SESSION_SECRET = "a-secret-of-128-bits"
COMMON = {"iat": NOW, "exp": NOW + 300, "user_id": "7", "sid": str(SESSION)}
PLACE = {"gen": 3, "ss": SESSION_SECRET}

pytestmark = pytest.mark.usefixtures("clock")

kinds = pytest.mark.parametrize("kind", [AccessToken, RefreshToken], ids=lambda kind: kind.__name__)


def token_of(kind, **changes):
    moments = {"issued_at": NOW, "expires_at": NOW + 300}
    claims = PLACE if kind is RefreshToken else {}
    return kind.for_session(SESSION, USER, **({**moments, "claims": claims} | changes))


def signed(claims, **header):
    """Sign what no library would encode, by the ring's own key."""
    key = key_ring().current
    text = json.dumps(claims).encode()
    return jwt.PyJWS().encode(text, key.signing, key.algorithm, {"kid": key.kid, **header})


class TestClaims:
    def test_of_an_access_token(self):
        token = token_of(AccessToken, claims={"role": "reader"})

        claims = key_ring().decode(str(token))

        assert re.fullmatch("[0-9a-f]{32}", claims.pop("jti"))
        assert claims == COMMON | {"token_type": "access", "role": "reader"}

    def test_of_a_refresh_token(self):
        claims = key_ring().decode(str(token_of(RefreshToken)))

        assert re.fullmatch("[0-9a-f]{32}", claims.pop("jti"))
        assert claims == COMMON | {"token_type": "refresh"} | PLACE

    @kinds
    def test_follow_simple_jwts_names(self, settings, kind):
        names = {"TOKEN_TYPE_CLAIM": "kind", "JTI_CLAIM": "number", "USER_ID_CLAIM": "sub"}
        settings.SIMPLE_JWT = {**names, "USER_ID_FIELD": "pk", "ISSUER": "us", "AUDIENCE": "them"}

        token = kind.decode(str(token_of(kind)))

        assert (token["kind"], token["sub"], token.user_id) == (kind.token_type, "7", "7")
        assert (token["iss"], token["aud"]) == ("us", "them")
        assert "number" in token
        assert not {"token_type", "jti", "user_id"} & token.payload.keys()

    @kinds
    def test_are_read_back(self, kind):
        token = kind.decode(str(token_of(kind)))

        assert (token.session_id, token.user_id) == (SESSION, "7")
        assert (token["exp"], token.get("iat"), "sid" in token) == (NOW + 300, NOW, True)

    def test_of_the_place_in_a_session_are_read_back(self):
        token = RefreshToken.decode(str(token_of(RefreshToken)))

        assert (token.generation, token.secret) == (3, SESSION_SECRET)
        assert AccessToken.decode(str(token_of(AccessToken))).generation == 0

    @kinds
    def test_identify_each_token(self, kind):
        assert token_of(kind)["jti"] != token_of(kind)["jti"]

    @pytest.mark.parametrize(
        "name",
        ["token_type", "exp", "iat", "jti", "user_id", "sid", "iss", "aud", "nbf"],
    )
    def test_that_every_token_has_cannot_be_replaced(self, name):
        with pytest.raises(ValueError, match=name):
            token_of(AccessToken, claims={"role": "reader", name: "x"})

    def test_of_the_project_may_not_take_a_renamed_place(self, settings):
        settings.SIMPLE_JWT = {"USER_ID_CLAIM": "sub", "USER_ID_FIELD": "pk"}

        with pytest.raises(ValueError, match="sub"):
            token_of(AccessToken, claims={"sub": "1"})

        assert token_of(AccessToken, claims={"user_id": "x"})["sub"] == "7"

    @pytest.mark.parametrize(
        ("kind", "typ"), [(AccessToken, "at+jwt"), (RefreshToken, "JWT")], ids=["access", "refresh"]
    )
    def test_stand_below_a_header_of_their_kind_and_key(self, kind, typ):
        """RFC 9068 section 2.1."""
        header = jwt.get_unverified_header(str(token_of(kind)))

        kid = key_ring().current.kid
        assert header == {"alg": "HS256", "typ": typ, "kid": kid}

    @kinds
    def test_no_repr_shows_the_secret_nor_the_token(self, kind):
        token = token_of(kind)
        pair = TokenPair(access=token, refresh=token, user=USER, refresh_expires_at=NOW)

        shown = f"{token!r} {pair!r} {[token]}"

        assert repr(token) == f"<{kind.__name__} of session {SESSION}>"
        assert not [text for text in (SESSION_SECRET, str(token), token["jti"]) if text in shown]


ODD = {
    "null": None,
    "negative": -1,
    "1e308": 1e308,
    "10**30": 10**30,
    "empty": "",
    "NUL": "\0",
    "surrogate": "\ud800",
    "list": [],
    "object": {},
    "true": True,
    "NaN": float("nan"),
    "Infinity": float("inf"),
    "long": "x" * 300,
}
ACCESS_CLAIMS = ["token_type", "exp", "iat", "jti", "user_id", "sid"]
EVERY_CLAIM = [(AccessToken, name) for name in ACCESS_CLAIMS] + [
    (RefreshToken, name) for name in [*ACCESS_CLAIMS, "gen", "ss"]
]
# PyJWT takes true for 1: as seconds of the epoch, both are long past.
LONG_PAST = {("exp", "negative"), ("exp", "true")}

every_claim = pytest.mark.parametrize(
    ("kind", "name"), EVERY_CLAIM, ids=[f"{kind.token_type} {name}" for kind, name in EVERY_CLAIM]
)


class TestOddClaims:
    """Every claim is untrusted even with a valid signature (RFC 8725 section 3.10)."""

    @kinds
    def test_none_of_them_is_fine(self, kind):
        """So that what follows is refused for its own sake."""
        claims = token_of(kind).payload

        assert kind.decode(signed(claims)).payload == claims

    @every_claim
    def test_a_missing_one_is_refused(self, kind, name):
        claims = token_of(kind).payload
        del claims[name]

        with pytest.raises(kind.not_valid):
            kind.decode(signed(claims))

    @pytest.mark.parametrize("odd", ODD)
    @every_claim
    def test_an_odd_one_is_refused(self, kind, name, odd):
        raw = signed(token_of(kind).payload | {name: ODD[odd]})
        refusal = kind.expired if (name, odd) in LONG_PAST else kind.not_valid

        with pytest.raises(refusal):
            kind.decode(raw)
        with pytest.raises(kind.not_valid):
            kind.decode(raw, check_exp=False)

    @pytest.mark.parametrize("odd", ODD)
    @every_claim
    def test_an_odd_one_is_refused_of_either_kind(self, kind, name, odd):
        raw = signed(token_of(kind).payload | {name: ODD[odd]})

        with pytest.raises((exceptions.TokenNotValid, exceptions.TokenExpired)):
            decode_any(raw)
        with pytest.raises(exceptions.TokenNotValid):
            decode_any(raw, check_exp=False)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("exp", str(NOW + 300)),
            ("exp", 2**53),
            ("iat", 0),
            ("iat", str(NOW)),
            ("iat", NOW + 1),
            ("gen", 1.0),
            ("gen", "1"),
            ("gen", False),
            ("gen", 2**53),
            ("sid", str(SESSION).upper()),
            ("sid", SESSION.hex),
            ("sid", f"{{{SESSION}}}"),
            ("sid", f"{SESSION}\n"),
            ("sid", SESSION.urn),
            ("jti", "x" * 256),
            ("user_id", 7),
            ("nbf", NOW + 1),
            ("nbf", None),
            ("nbf", "x"),
        ],
        ids=lambda value: repr(value)[:48],
    )
    def test_one_almost_right_is_refused(self, name, value):
        raw = signed(token_of(RefreshToken).payload | {name: value})

        with pytest.raises(exceptions.RefreshNotValid):
            RefreshToken.decode(raw)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            *(("exp", 2**53 - 1), ("exp", NOW + 0.5 + 1), ("iat", NOW), ("iat", 1), ("nbf", NOW)),
            *(("gen", 0), ("gen", 2**53 - 1), ("jti", "x" * 255), ("user_id", "x")),
        ],
        ids=repr,
    )
    def test_one_just_right_is_accepted(self, name, value):
        raw = signed(token_of(RefreshToken).payload | {name: value})

        assert RefreshToken.decode(raw)[name] == value

    @kinds
    def test_the_other_kind_is_refused(self, kind):
        (other,) = {AccessToken, RefreshToken} - {kind}
        claims = token_of(RefreshToken).payload | {"token_type": other.token_type}

        with pytest.raises(kind.not_valid):
            kind.decode(str(token_of(other)))
        with pytest.raises(kind.not_valid):
            kind.decode(signed(claims, typ=kind.header_type))

    @kinds
    def test_a_token_without_a_session_is_refused(self, kind):
        """As Simple JWT issues them."""
        other = {AccessToken: simplejwt.AccessToken, RefreshToken: simplejwt.RefreshToken}[kind]
        plain = other()
        plain["user_id"] = "7"

        with pytest.raises(kind.not_valid):
            kind.decode(str(plain))


class TestDecode:
    @kinds
    def test_a_token_is_dead_at_its_very_end(self, kind, clock):
        raw = str(token_of(kind))

        clock.shift(299)
        assert kind.decode(raw).session_id == SESSION

        clock.shift(1)
        with pytest.raises(kind.expired):
            kind.decode(raw)

    @kinds
    def test_the_leeway_is_forgiven_to_either_kind(self, kind, clock, settings):
        settings.SIMPLE_JWT = {"LEEWAY": 10, "USER_ID_FIELD": "pk"}
        raw = str(token_of(kind))

        clock.shift(309)
        assert kind.decode(raw).session_id == SESSION

        clock.shift(1)
        with pytest.raises(kind.expired):
            kind.decode(raw)

    @kinds
    def test_the_end_may_be_passed_over(self, kind, clock):
        raw = str(token_of(kind))
        clock.shift(10**8)

        assert kind.decode(raw, check_exp=False).session_id == SESSION
        assert decode_any(raw, check_exp=False).session_id == SESSION

    @pytest.mark.parametrize("raw", ["", "x", "a.b.c", None, b"a.b.c", 5, [], {}], ids=repr)
    @kinds
    def test_what_is_no_token_is_refused(self, kind, raw):
        with pytest.raises(kind.not_valid):
            kind.decode(raw)
        with pytest.raises(exceptions.TokenNotValid):
            decode_any(raw)

    @kinds
    def test_a_foreign_signature_is_refused(self, kind, settings):
        raw = str(token_of(kind))

        settings.SECRET_KEY = "another" * 9

        with pytest.raises(kind.not_valid):
            kind.decode(raw)

    @kinds
    def test_either_kind_is_told_from_the_other(self, kind):
        token = decode_any(str(token_of(kind)))

        assert (type(token), token.session_id) == (kind, SESSION)

    @kinds
    def test_an_expired_one_of_either_kind_has_one_refusal(self, kind, clock):
        raw = str(token_of(kind))
        clock.shift(300)

        with pytest.raises(exceptions.TokenExpired):
            decode_any(raw)


class TestSimpleJWT:
    def test_plain_simple_jwt_verifies_our_access_token(self):
        plain = simplejwt.AccessToken(str(token_of(AccessToken)))

        assert (plain["user_id"], plain["sid"]) == ("7", str(SESSION))

    def test_plain_simple_jwt_sees_the_end_of_our_access_token(self, clock):
        raw = str(token_of(AccessToken))

        clock.shift(300)

        with pytest.raises(ExpiredTokenError):
            simplejwt.AccessToken(raw)

    def test_plain_simple_jwt_takes_our_refresh_token_for_no_access_token(self):
        with pytest.raises(TokenError):
            simplejwt.AccessToken(str(token_of(RefreshToken)))

    def test_an_access_token_that_it_makes_of_our_refresh_token_is_none_of_ours(self):
        """As a view of its own does that still stands, whatever became of the session."""
        derived = simplejwt.RefreshToken(str(token_of(RefreshToken))).access_token

        with pytest.raises(AccessToken.not_valid):
            AccessToken.decode(str(derived))

    @pytest.mark.parametrize("name", ["gen", "ss"])
    def test_one_claim_that_is_called_like_a_refresh_tokens_does_not_make_it_so(self, name):
        claims = token_of(AccessToken).payload | {name: "the project's"}

        assert AccessToken.decode(signed(claims)).payload == claims

    @kinds
    def test_our_constructor_raises_simple_jwts_errors(self, kind, clock):
        """Of which code written for Simple JWT knows."""
        raw = str(token_of(kind))

        assert kind(raw).session_id == SESSION
        with pytest.raises(TokenError):
            kind("x")
        clock.shift(300)
        with pytest.raises(ExpiredTokenError):
            kind(raw)
        assert kind(raw, verify=False).token == raw

    @kinds
    def test_a_lifetime_follows_the_settings(self, kind, settings):
        name = f"{kind.token_type.upper()}_TOKEN_LIFETIME"

        settings.SIMPLE_JWT = {name: timedelta(minutes=1)}

        assert kind().lifetime == timedelta(minutes=1)

    @kinds
    def test_its_way_to_check_the_end_works_on_ours(self, kind, clock):
        token = kind.decode(str(token_of(kind)), check_exp=False)
        token.check_exp()

        clock.shift(300)
        late = kind.decode(str(token), check_exp=False)

        with pytest.raises(TokenError):
            late.check_exp()

    @kinds
    def test_its_way_to_check_the_end_takes_a_moment(self, kind):
        token = kind.decode(str(token_of(kind)))
        token.check_exp(current_time=EPOCH + timedelta(seconds=299))

        with pytest.raises(TokenError):
            token.check_exp(current_time=EPOCH + timedelta(seconds=300))

    @kinds
    def test_its_ways_to_set_claims_work_on_ours(self, kind):
        token = kind.decode(str(token_of(kind)))
        before = token["jti"]

        token.set_exp()
        token.set_iat()
        token.set_jti()

        assert (token["exp"], token["iat"]) == (NOW + token.lifetime.total_seconds(), NOW)
        assert token["jti"] != before


class TestTokenPair:
    def test_tells_its_figures_in_seconds_from_issue(self, clock):
        access = token_of(AccessToken, issued_at=NOW, expires_at=NOW + 240)
        pair = TokenPair(access=access, refresh=None, user=USER, refresh_expires_at=NOW + 604800)

        clock.shift(60)

        assert (pair.expires_in, pair.refresh_expires_in) == (240, 604800)


def test_a_token_is_made_for_a_session_alone(ada):
    """Simple JWT's own constructor would make one that is refused wherever it is shown."""
    with pytest.raises(TypeError):
        AccessToken.for_user(ada)


def at(kind, issued_at, sid=SESSION, gen=0, **moments):
    """A token of a session, as it was brought."""
    claims = {**PLACE, "gen": gen} if kind is RefreshToken else {}
    given = {"issued_at": NOW + issued_at, "expires_at": NOW + 600, "claims": claims} | moments
    return str(kind.for_session(sid, USER, **given))


OTHER = uuid.UUID(int=1)


class TestFreshest:
    @kinds
    def test_of_none_is_none(self, kind):
        assert freshest(kind, []) is None

    @kinds
    @pytest.mark.parametrize("raw", ["garbage", ""])
    def test_of_one_is_that_one_unread(self, kind, raw, monkeypatch):
        monkeypatch.setattr(kind, "decode", None)

        assert freshest(kind, [raw]) == raw

    @kinds
    @pytest.mark.parametrize("order", [1, -1], ids=["first", "last"])
    def test_is_the_one_issued_last_wherever_it_stands(self, kind, order):
        raws = [at(kind, -1, OTHER), at(kind, -2), at(kind, -3, OTHER)]

        assert freshest(kind, raws[::order]) == raws[0]

    @pytest.mark.parametrize("order", [1, -1], ids=["first", "last"])
    @pytest.mark.parametrize("ahead", [-1, -9], ids=["clocks agree", "clocks differ"])
    def test_of_one_session_is_the_last_generation(self, order, ahead):
        raws = [at(RefreshToken, -5, gen=10), at(RefreshToken, ahead, gen=9)]

        assert freshest(RefreshToken, raws[::order]) == raws[0]

    def test_of_two_sessions_is_the_later_one_whatever_the_generations(self):
        raws = [at(RefreshToken, -2, gen=7), at(RefreshToken, -1, OTHER)]

        assert freshest(RefreshToken, raws) == raws[1]

    @kinds
    @pytest.mark.parametrize("order", [1, -1], ids=["first", "last"])
    def test_passes_over_what_is_not_valid(self, kind, order):
        other = RefreshToken if kind is AccessToken else AccessToken
        valid = at(kind, -3)
        expired = at(kind, -2, OTHER, expires_at=NOW)
        forged = f"{at(kind, -1)[:-8]}AAAAAAAA"
        raws = ["garbage", "", expired, forged, at(other, 0), valid]

        assert freshest(kind, raws[::order]) == valid

    @kinds
    def test_is_the_first_where_none_is_valid(self, kind):
        raws = [at(kind, -2, expires_at=NOW), "garbage"]

        assert freshest(kind, raws) == raws[0]

    @kinds
    def test_is_either_of_two_that_were_issued_at_once(self, kind):
        raws = [at(kind, 0), at(kind, 0, OTHER)]

        assert freshest(kind, raws) == freshest(kind, raws[::-1])

    def test_does_not_mind_what_a_projects_claim_is_called(self):
        raws = [at(AccessToken, 0, claims={"gen": None}), at(AccessToken, 0, claims={"gen": "x"})]

        assert freshest(AccessToken, raws) in raws
