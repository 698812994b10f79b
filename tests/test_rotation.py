"""The state machine of a refresh: each rule on both sides of its boundary."""

import datetime as dt

import pytest
from django.dispatch import receiver
from django.test import RequestFactory

from jwt_signin import services, signals
from jwt_signin.exceptions import (
    RefreshExpired,
    RefreshNotValid,
    SessionRevoked,
    Unavailable,
)
from jwt_signin.models import Session, digest, short_digest
from jwt_signin.services import rotation
from jwt_signin.tokens import AccessToken, RefreshToken

pytestmark = pytest.mark.django_db

GRACE = 30
"""Seconds: the default of ``REUSE_GRACE``."""


def row():
    return Session.objects.get()


def generation_of(pair):
    return pair.refresh["gen"]


@pytest.fixture
def first(clock, pair):
    """The refresh token of generation 0, just issued."""
    return str(pair.refresh)


@pytest.fixture
def rotated(clock, first):
    """The token of generation 0, whose successor was made just now."""
    clock.shift(GRACE + 1)
    services.rotate(first)
    return first


class TestTheCurrentToken:
    """g = G."""

    @pytest.mark.parametrize("age", [0, GRACE], ids=["at once", "at the end of the grace"])
    def test_within_the_grace_is_repeated(self, clock, first, age, django_assert_num_queries):
        clock.shift(age)

        with django_assert_num_queries(1):
            pair = services.rotate(first)

        assert generation_of(pair) == row().generation == 0

    def test_past_the_grace_is_replaced(self, clock, first, django_assert_num_queries):
        clock.shift(GRACE + 0.001)

        with django_assert_num_queries(2):
            pair = services.rotate(first)

        assert generation_of(pair) == row().generation == 1
        assert row().rotated_at == dt.datetime.now(dt.UTC)

    def test_is_replaced_at_once_without_a_grace(self, clock, first, settings):
        settings.JWT_SIGNIN = {"REUSE_GRACE": 0}

        assert generation_of(services.rotate(first)) == 1


class TestThePredecessor:
    """g = G - 1."""

    def test_within_the_grace_meets_its_successor(self, clock, rotated, django_assert_num_queries):
        clock.shift(GRACE)

        with django_assert_num_queries(1):
            pair = services.rotate(rotated)

        assert generation_of(pair) == 1

    def test_use_does_not_extend_the_grace(self, clock, rotated):
        for _second in range(GRACE):
            clock.shift(1)
            services.rotate(rotated)
        clock.shift(1)

        with pytest.raises(SessionRevoked):
            services.rotate(rotated)

    def test_past_the_grace_ends_the_session(self, clock, rotated):
        clock.shift(GRACE + 0.001)

        with pytest.raises(SessionRevoked) as refusal:
            services.rotate(rotated)

        assert refusal.value.body["reason"] == row().revoke_reason == "reuse_detected"

    def test_ends_the_session_at_once_without_a_grace(self, clock, rotated, settings):
        settings.JWT_SIGNIN = {"REUSE_GRACE": 0}

        with pytest.raises(SessionRevoked):
            services.rotate(rotated)

    @pytest.mark.parametrize("grace", [0, GRACE])
    def test_a_lost_answer_is_given_again_however_late(self, clock, first, settings, grace):
        settings.JWT_SIGNIN = {"REUSE_GRACE": grace}
        clock.shift(GRACE + 1)
        services.rotate(first, idempotency_key="attempt 1")
        clock.shift(86_400)

        assert generation_of(services.rotate(first, idempotency_key="attempt 1")) == 1

    @pytest.mark.parametrize("key", [None, "attempt 2", ""])
    def test_another_key_does_not_open_it(self, clock, first, key):
        clock.shift(GRACE + 1)
        services.rotate(first, idempotency_key="attempt 1")
        clock.shift(GRACE + 1)

        with pytest.raises(SessionRevoked):
            services.rotate(first, idempotency_key=key)

    def test_a_key_does_not_open_what_was_replaced_without_one(self, clock, rotated):
        clock.shift(GRACE + 1)

        with pytest.raises(SessionRevoked):
            services.rotate(rotated, idempotency_key="attempt 1")


class TestAnOlderToken:
    """g < G - 1."""

    def test_ends_the_session_even_within_the_grace(self, clock, rotated):
        clock.shift(GRACE + 1)
        services.rotate(str(successor(rotated, 1)))

        with pytest.raises(SessionRevoked):
            services.rotate(rotated)

    def test_ends_this_session_alone(self, ada, clock, rotated):
        other = services.start_session(ada)
        clock.shift(GRACE + 1)

        with pytest.raises(SessionRevoked):
            services.rotate(rotated)

        assert generation_of(services.rotate(str(other.refresh))) == 1

    def test_ends_the_tokens_of_its_successors_too(self, clock, rotated):
        pair = services.rotate(rotated)
        clock.shift(GRACE + 1)
        with pytest.raises(SessionRevoked):
            services.rotate(rotated)

        for token, use in ((pair.refresh, services.rotate), (pair.access, services.check_access)):
            with pytest.raises(SessionRevoked):
                use(str(token))

    def test_time_alone_decides_nothing(self, clock, first, settings):
        """Five rotations in one instant: each older token is told from each other."""
        settings.JWT_SIGNIN = {"REUSE_GRACE": 0}
        token = first
        for _generation in range(5):
            token = str(services.rotate(token).refresh)

        for generation in range(5):
            with pytest.raises(SessionRevoked):
                services.rotate(str(successor(first, generation)))

    def test_is_told_once(self, clock, rotated):
        asked, told = RequestFactory().post("/"), []
        listen = receiver([signals.refresh_token_reused, signals.session_revoked])(
            lambda session, request, **_: told.append((session.pk, request))
        )
        clock.shift(GRACE + 1)

        for _attempt in range(3):
            with pytest.raises(SessionRevoked):
                services.rotate(rotated, asked)

        assert told == [(row().pk, asked)] * 2
        assert signals.refresh_token_reused.disconnect(listen)
        assert signals.session_revoked.disconnect(listen)


class TestATokenAhead:
    """g > G: the database lost commits."""

    def test_moves_the_row_past_it(self, clock, first, caplog):
        pair = services.rotate(str(successor(first, 3)))

        assert generation_of(pair) == row().generation == 4
        assert str(row().pk) in caplog.text


class TestAnEndedSession:
    @pytest.mark.parametrize(
        ("seconds", "outcome"),
        [(604_799, None), (604_800, RefreshExpired)],
        ids=["a second before", "at the end"],
    )
    def test_idle_lifetime(self, clock, first, seconds, outcome):
        clock.shift(seconds)

        if outcome is None:
            assert generation_of(services.rotate(first)) == 1
        else:
            with pytest.raises(outcome):
                services.rotate(first)

    def test_begins_anew_with_each_successor(self, clock, first):
        clock.shift(GRACE + 1)

        pair = services.rotate(first)

        assert pair.refresh["exp"] == row().idle_at.timestamp()
        assert pair.refresh_expires_at == pair.refresh["iat"] + 604_800

    def test_a_shortened_idle_lifetime_counts_at_once(self, clock, first, settings):
        settings.SIMPLE_JWT = {"REFRESH_TOKEN_LIFETIME": dt.timedelta(hours=1)}
        clock.shift(3_600)

        with pytest.raises(SessionRevoked) as refusal:
            services.rotate(first)

        assert refusal.value.body["reason"] == row().revoke_reason == "expired"

    def test_absolute_lifetime_is_never_outlived(self, clock, ada, settings):
        settings.JWT_SIGNIN = {"SESSION_LIFETIME": 3_600 * 3}
        pair = services.start_session(ada)
        end = row().expires_at.timestamp()

        for _hour in range(2):
            clock.shift(3_600)
            pair = services.rotate(str(pair.refresh))
            assert pair.refresh["exp"] == end
        clock.shift(3_600)

        with pytest.raises(RefreshExpired):
            services.rotate(str(pair.refresh))

    def test_the_access_token_ends_with_the_session(self, clock, ada, settings):
        settings.JWT_SIGNIN = {"SESSION_LIFETIME": 60}

        pair = services.start_session(ada)

        assert pair.access["exp"] == pair.refresh["exp"] == row().expires_at.timestamp()
        assert pair.expires_in == 60

    def test_an_inactive_user_is_refused_and_the_session_marked(self, ada, first):
        ada.is_active = False
        ada.save()
        asked, told = RequestFactory().post("/"), []
        listen = receiver(signals.session_revoked)(lambda request, **_: told.append(request))

        with pytest.raises(SessionRevoked) as refusal:
            services.rotate(first, asked)

        assert refusal.value.body["reason"] == row().revoke_reason == "inactive_user"
        assert signals.session_revoked.disconnect(listen)
        assert told == [asked]

    def test_nothing_revives_it(self, ada, first):
        ada.is_active = False
        ada.save()
        with pytest.raises(SessionRevoked):
            services.rotate(first)
        ada.is_active = True
        ada.save()

        with pytest.raises(SessionRevoked) as refusal:
            services.rotate(first)

        assert refusal.value.body["reason"] == "inactive_user"

    def test_a_row_that_is_gone_gives_no_reason(self, first):
        session_id = row().pk
        Session.objects.all().delete()

        with pytest.raises(SessionRevoked) as refusal:
            services.rotate(first)

        assert "reason" not in refusal.value.body
        assert refusal.value.session_id == session_id


class TestForgery:
    """Who holds the signing key alone cannot refresh."""

    def test_another_secret_is_refused(self, first):
        forged = successor(first, 0)
        forged.payload["ss"] = "another-secret-00000000"

        with pytest.raises(RefreshNotValid):
            services.rotate(str(forged))

        assert row().revoked_at is None

    def test_another_user_is_refused(self, first, bob):
        forged = successor(first, 0)
        forged.payload["user_id"] = str(bob.pk)

        with pytest.raises(RefreshNotValid):
            services.rotate(str(forged))

    def test_an_access_token_is_refused(self, pair):
        with pytest.raises(RefreshNotValid):
            services.rotate(str(pair.access))

    def test_the_other_transport_is_refused(self, first):
        with pytest.raises(RefreshNotValid) as refusal:
            services.rotate(first, transport="cookie")

        assert refusal.value.session_id == row().pk


class TestRacing:
    def test_the_loser_answers_with_the_winners_generation(self, clock, first, monkeypatch):
        clock.shift(GRACE + 1)
        before = Session.objects.with_user(row().pk)
        services.rotate(first)
        monkeypatch.setattr(rotation, "find", replay([before, row()]))

        assert generation_of(services.rotate(first)) == row().generation == 1

    def test_losing_three_times_is_told(self, clock, first, monkeypatch):
        clock.shift(GRACE + 1)
        before = [Session.objects.with_user(row().pk) for _attempt in range(3)]
        services.rotate(first)
        monkeypatch.setattr(rotation, "find", replay(before))

        with pytest.raises(Unavailable):
            services.rotate(first)

    @pytest.mark.parametrize("ended", [{"revoke_reason": "admin"}, {"expired": True}])
    def test_the_swap_moves_no_session_that_is_over(self, clock, first, ended):
        session, now = row(), dt.datetime.now(dt.UTC)
        if "expired" in ended:
            Session.objects.update(expires_at=now)
        else:
            Session.objects.all().revoke(ended["revoke_reason"], now=now)

        assert not Session.objects.rotate(session, 1, now=now)
        assert row().generation == 0


class TestWithoutRotation:
    @pytest.fixture(autouse=True)
    def _rotation_off(self, settings):
        settings.SIMPLE_JWT = {"ROTATE_REFRESH_TOKENS": False}

    def test_only_an_access_token_is_handed_out(self, clock, first, django_assert_num_queries):
        clock.shift(GRACE + 1)

        with django_assert_num_queries(1):
            pair = services.rotate(first)

        assert pair.refresh is None
        assert row().generation == 0

    def test_the_session_is_still_checked(self, ada, first):
        services.revoke_all(ada)

        with pytest.raises(SessionRevoked):
            services.rotate(first)

    def test_a_token_ahead_is_left_alone(self, clock, first):
        assert services.rotate(str(successor(first, 2))).refresh is None
        assert row().generation == 0

    def test_a_predecessor_still_gets_its_successor(self, clock, first, settings):
        """The answer was lost just before rotation was switched off."""
        settings.SIMPLE_JWT = {}
        clock.shift(GRACE + 1)
        services.rotate(first)
        settings.SIMPLE_JWT = {"ROTATE_REFRESH_TOKENS": False}

        assert generation_of(services.rotate(first)) == 1


class TestWhatIsKept:
    def test_a_rotation_keeps_the_digest_of_its_key_alone(self, clock, first):
        clock.shift(GRACE + 1)
        services.rotate(first, idempotency_key="attempt 1")
        assert bytes(row().rotation_key) == short_digest("attempt 1")

        clock.shift(GRACE + 1)
        services.rotate(str(successor(first, 1)))
        assert row().rotation_key is None

    def test_a_retry_across_an_upgrade_is_known_by_the_longer_digest_of_1_0(self, clock, first):
        clock.shift(GRACE + 1)
        services.rotate(first, idempotency_key="attempt 1")
        Session.objects.update(rotation_key=digest("attempt 1")[:16])
        clock.shift(GRACE + 1)

        assert generation_of(services.rotate(first, idempotency_key="attempt 1")) == 1

    def test_a_rotation_under_a_fallback_key_stamps_the_current_one(self, clock, ada, settings):
        old = settings.SECRET_KEY
        pair = services.start_session(ada)
        settings.SECRET_KEY = "a-new-key-0123456789-0123456789-0123456789"
        settings.SECRET_KEY_FALLBACKS = [old]
        clock.shift(GRACE + 1)
        pair = services.rotate(str(pair.refresh))

        settings.SECRET_KEY_FALLBACKS = []

        clock.shift(GRACE + 1)
        assert generation_of(services.rotate(str(pair.refresh))) == 2

    def test_a_rotation_keeps_what_is_known_of_the_password(self, ada, clock, first):
        before = bytes(row().auth_hash)
        clock.shift(GRACE + 1)

        pair = services.rotate(first)

        assert bytes(row().auth_hash) == before
        ada.set_password("another")
        ada.save()
        with pytest.raises(SessionRevoked):
            services.rotate(str(pair.refresh))

    def test_claims_are_computed_anew(self, clock, ada, settings):
        settings.JWT_SIGNIN = {"CLAIMS": "tests.test_rotation.claims_of"}
        pair = services.start_session(ada)
        type(ada).objects.update(email="new@example.com")

        again = services.rotate(str(pair.refresh))

        assert (pair.access["email"], again.access["email"]) == (
            "ada@example.com",
            "new@example.com",
        )
        assert "email" not in again.refresh
        assert again.access["since"] == row().created_at.timestamp()


def test_receivers_are_told_who_refreshed(clock, first):
    asked, told = RequestFactory().post("/"), []
    listen = receiver(signals.session_refreshed)(lambda request, **_: told.append(request))
    clock.shift(GRACE + 1)

    services.rotate(first, asked)

    assert told == [asked]
    assert signals.session_refreshed.disconnect(listen)


def claims_of(user, session):
    return {"email": user.email, "since": session.created_at.timestamp()}


def successor(raw, generation):
    """Return the token of another generation of the same session, as the server would sign it."""
    token = RefreshToken.decode(raw)
    token.payload["gen"] = generation
    return token


def replay(rows):
    """Stand in for the read of a row that others change meanwhile."""
    waiting = list(rows)
    return lambda token: waiting.pop(0)


def test_an_access_token_is_signed_for_each_answer(pair):
    answers = {str(services.rotate(str(pair.refresh)).access) for _answer in range(2)}

    assert len(answers) == 2
    assert {AccessToken.decode(raw).session_id for raw in answers} == {row().pk}
