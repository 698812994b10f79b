"""What a token's session says, and the ways it ends."""

import datetime as dt
import uuid

import pytest
from django.contrib.auth.signals import user_logged_out
from django.test import RequestFactory
from rest_framework.request import Request

from jwt_signin import services, signals
from jwt_signin.exceptions import (
    SessionNotFound,
    SessionRevoked,
    TokenExpired,
    TokenNotValid,
)
from jwt_signin.models import Session
from jwt_signin.services.sessions import end
from jwt_signin.tokens import RefreshToken

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    """The ids of the sessions that ``session_revoked`` tells of."""
    heard = []

    def listen(session, **kwargs):
        heard.append((session.pk, session.revoke_reason))

    signals.session_revoked.connect(listen)
    yield heard
    signals.session_revoked.disconnect(listen)


class TestLogOut:
    def test_ends_each_session_that_it_is_shown(self, ada, told):
        pairs = [services.start_session(ada) for _session in range(3)]

        ended = services.log_out(str(pairs[0].access), str(pairs[1].refresh))

        assert ended == 2
        assert {pk for pk, _reason in told} == {pair.access.session_id for pair in pairs[:2]}
        assert Session.objects.filter(revoked_at=None).count() == 1

    @pytest.mark.parametrize("raw", ["", "garbage", "a.b.c", "x" * 9_000])
    def test_passes_over_what_is_no_token(self, raw, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert services.log_out(raw) == 0

    def test_takes_an_expired_token(self, clock, pair):
        clock.shift(86_400 * 8)

        assert services.log_out(str(pair.refresh)) == 1

    def test_takes_a_token_that_was_replaced(self, clock, pair):
        clock.shift(31)
        services.rotate(str(pair.refresh))
        clock.shift(31)

        assert services.log_out(str(pair.refresh)) == 1

    def test_is_done_once(self, pair, told):
        assert [services.log_out(str(pair.access)) for _time in range(2)] == [1, 0]
        assert told == [(pair.access.session_id, "logged_out")]

    def test_costs_two_statements(self, pair, django_assert_num_queries):
        with django_assert_num_queries(2):
            services.log_out(str(pair.refresh))

    def test_a_forged_refresh_token_ends_nothing(self, pair):
        forged = RefreshToken.decode(str(pair.refresh))
        forged.payload["ss"] = "forged"

        assert services.log_out(str(forged)) == 0

    def test_is_told_as_djangos_own(self, ada, pair):
        asked, heard = RequestFactory().post("/"), []

        def listen(user, request, **kwargs):
            heard.append((user, request))

        user_logged_out.connect(listen, sender=type(ada))
        services.log_out(str(pair.access), request=Request(asked))
        user_logged_out.disconnect(listen, sender=type(ada))

        assert heard == [(ada, asked)]


class TestRevoke:
    def test_one_of_his_own(self, ada, pair, told):
        assert services.revoke_session(ada, pair.access.session_id)
        assert not services.revoke_session(ada, pair.access.session_id)
        assert told == [(pair.access.session_id, "revoked_by_user")]

    @pytest.mark.parametrize("whose", ["another user's", "nobody's"])
    def test_none_but_his_own(self, bob, pair, whose):
        session_id = pair.access.session_id if whose == "another user's" else uuid.uuid4()

        with pytest.raises(SessionNotFound):
            services.revoke_session(bob, session_id)

        assert Session.objects.get().revoked_at is None

    def test_all_of_his_own(self, ada, bob, told):
        own = {services.start_session(ada).access.session_id for _session in range(3)}
        services.start_session(bob)

        assert services.revoke_all(ada) == 3
        assert services.revoke_all(ada) == 0
        assert {pk for pk, _reason in told} == own

    def test_all_but_one(self, ada, pair):
        services.start_session(ada)

        assert services.revoke_all(ada, keep=pair.access.session_id) == 1
        assert services.check_access(str(pair.access))[0] == ada

    @pytest.mark.usefixtures("clock")
    @pytest.mark.parametrize("column", ["rotated_at", "expires_at"])
    @pytest.mark.parametrize("left", [0, 1], ids=["over", "a moment left"])
    def test_none_that_is_over(self, ada, pair, column, left):
        lifetime = 604_800 if column == "rotated_at" else 0
        ago = dt.timedelta(seconds=lifetime, microseconds=-left)
        Session.objects.update(**{column: dt.datetime.now(dt.UTC) - ago})

        assert services.revoke_all(ada) == left

    def test_one_that_another_request_has_just_ended(self, pair, told):
        now = dt.datetime.now(dt.UTC)
        read_before = Session.objects.get()
        services.log_out(str(pair.access))

        assert not end(read_before, "admin", now=now)
        assert Session.objects.get().revoke_reason == "logged_out"


ENDINGS = {
    "log out": lambda ada, pair, request: services.log_out(str(pair.access), request=request),
    "revoke one": lambda ada, pair, request: services.revoke_session(
        ada, pair.access.session_id, request
    ),
    "revoke all": lambda ada, pair, request: services.revoke_all(ada, request),
    "revoke many": lambda ada, pair, request: services.revoke_many(Session.objects.all(), request),
    "supersede": lambda ada, pair, request: services.start_session(ada, request),
}


@pytest.mark.parametrize("how", ENDINGS)
def test_receivers_are_told_who_asked_for_the_end(ada, pair, settings, how):
    """Django's own request, which REST framework's wraps."""
    settings.JWT_SIGNIN = {"MAX_SESSIONS_PER_USER": 1}
    asked = RequestFactory().post("/")
    heard = []

    def listen(request, **kwargs):
        heard.append(request)

    signals.session_revoked.connect(listen, sender=Session)
    ENDINGS[how](ada, pair, Request(asked))
    signals.session_revoked.disconnect(listen, sender=Session)

    assert heard == [asked]


@pytest.mark.usefixtures("clock")
def test_what_ended_at_the_same_moment_is_told_once(ada, told):
    one, other = (services.start_session(ada).access.session_id for _session in range(2))

    services.revoke_session(ada, one)
    services.revoke_all(ada)

    assert told == [(one, "revoked_by_user"), (other, "revoked_by_user")]


@pytest.mark.usefixtures("clock")
def test_of_those_begun_at_once_one_is_superseded_by_its_id(ada, settings):
    settings.JWT_SIGNIN = {"MAX_SESSIONS_PER_USER": 5}
    for _session in range(5):
        services.start_session(ada)
    first = Session.objects.order_by("pk").first()

    services.start_session(ada)

    assert Session.objects.get(revoke_reason="superseded") == first


class TestList:
    def test_the_one_used_last_comes_first(self, ada, clock):
        older = services.start_session(ada)
        clock.shift(60)
        newer = services.start_session(ada)
        clock.shift(60)
        services.rotate(str(older.refresh))

        ids = [session.pk for session in services.live_sessions(ada)]

        assert ids == [older.access.session_id, newer.access.session_id]

    @pytest.mark.usefixtures("clock")
    def test_those_used_at_once_have_an_order(self, ada):
        for _session in range(5):
            services.start_session(ada)

        ids = [session.pk for session in services.live_sessions(ada)]

        assert ids == list(Session.objects.order_by("pk").values_list("pk", flat=True))

    @pytest.mark.parametrize("how", ["logged out", "idle", "expired", "password changed"])
    def test_what_is_over_is_left_out(self, ada, clock, pair, how):
        if how == "logged out":
            services.log_out(str(pair.access))
        elif how == "idle":
            clock.shift(604_800)
        elif how == "expired":
            Session.objects.update(expires_at=dt.datetime.now(dt.UTC))
        else:
            ada.set_password("another")
            ada.save()

        assert services.live_sessions(ada) == []

    def test_costs_one_statement(self, ada, django_assert_num_queries):
        for _session in range(3):
            services.start_session(ada)

        with django_assert_num_queries(1):
            assert len(services.live_sessions(ada)) == 3


class TestVerify:
    @pytest.mark.parametrize("kind", ["access", "refresh"])
    def test_a_good_token_of_either_kind(self, pair, kind, django_assert_num_queries):
        with django_assert_num_queries(1):
            services.verify(str(getattr(pair, kind)))

    def test_a_refresh_token_that_was_replaced_is_not_good_and_ends_nothing(self, clock, pair):
        clock.shift(31)
        services.rotate(str(pair.refresh))
        services.verify(str(pair.refresh))
        clock.shift(31)

        with pytest.raises(TokenNotValid) as refusal:
            services.verify(str(pair.refresh))

        assert refusal.value.session_id == pair.refresh.session_id
        assert Session.objects.get().revoked_at is None

    def test_a_forged_refresh_token_speaks_as_any_other(self, pair):
        forged = RefreshToken.decode(str(pair.refresh))
        forged.payload["ss"] = "forged"

        with pytest.raises(TokenNotValid) as refusal:
            services.verify(str(forged))

        assert refusal.value.session_id == pair.refresh.session_id

    @pytest.mark.parametrize("kind", ["access", "refresh"])
    def test_an_ended_session_is_told(self, ada, pair, kind):
        services.revoke_all(ada)

        with pytest.raises(SessionRevoked):
            services.verify(str(getattr(pair, kind)))

    @pytest.mark.parametrize(("kind", "life"), [("access", 300), ("refresh", 604_800)])
    def test_an_expired_token_is_told(self, clock, pair, kind, life):
        clock.shift(life)

        with pytest.raises(TokenExpired):
            services.verify(str(getattr(pair, kind)))
