"""Moving over from plain Simple JWT: its tokens are taken, and each is traded once."""

import copy
import datetime as dt
import uuid

import jwt
import pytest
from django.test import RequestFactory
from rest_framework.request import Request
from rest_framework_simplejwt import tokens as simplejwt
from rest_framework_simplejwt.utils import get_md5_hash_password

from jwt_signin import services, signals
from jwt_signin.exceptions import (
    RefreshExpired,
    RefreshNotValid,
    SessionRevoked,
    TokenExpired,
    TokenNotValid,
)
from jwt_signin.keys import key_ring
from jwt_signin.models import Session
from jwt_signin.services import moving
from jwt_signin.tokens import (
    RefreshToken,
    SessionlessAccessToken,
    SessionlessRefreshToken,
    decode_any,
)
from tests.conftest import EPOCH

NOW = int(EPOCH.timestamp())
GRACE = 30
DAY = 86_400

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def use(settings):
    """``use(REUSE_GRACE=…)`` adds to ``JWT_SIGNIN``."""

    def add(**names):
        settings.JWT_SIGNIN = {"ACCEPT_SIMPLEJWT_TOKENS": True} | names

    add()
    return add


@pytest.fixture
def old(ada, use):
    """Ada's refresh token, as plain Simple JWT made it, unknown to any table."""
    return str(simplejwt.RefreshToken.for_user(ada))


@pytest.fixture
def old_access(ada, use):
    return str(simplejwt.AccessToken.for_user(ada))


def changed(raw, **claims):
    """Sign the claims of ``raw`` again, some of them changed or, as ``None``, left out."""
    payload = jwt.decode(raw, options={"verify_signature": False}) | claims
    kept = {name: value for name, value in payload.items() if value is not None}
    return jwt.encode(kept, key_ring().current.signing, "HS256")


def log_out(raw, request):
    services.log_out(raw, request=request)


def refused(act, *args, **kwargs):
    with pytest.raises(SessionRevoked) as refusal:
        act(*args, **kwargs)
    return refusal.value.body.get("reason")


class TestOff:
    """As it is where nothing is set."""

    def test_neither_kind_is_taken(self, ada, old, old_access, settings):
        settings.JWT_SIGNIN = {}

        with pytest.raises(RefreshNotValid):
            services.rotate(old)
        with pytest.raises(TokenNotValid):
            services.check_access(old_access)
        for raw in (old, old_access):
            with pytest.raises(TokenNotValid):
                services.verify(raw)
        assert services.log_out(old, old_access) == 0
        assert not Session.objects.exists()


class TestTrade:
    def test_a_session_begins(self, ada, old):
        pair = services.rotate(old)

        session = Session.objects.get()
        assert (session.user, session.pk) == (ada, pair.refresh.session_id)
        assert pair.user == ada
        assert session.created_at == session.rotated_at == dt.datetime.now(dt.UTC)
        assert session.expires_at - session.created_at == dt.timedelta(days=90)
        assert services.check_access(str(pair.access))[0] == ada

    def test_the_session_is_as_any_other(self, old, clock):
        pair = services.rotate(old)
        for generation in (2, 3):
            clock.shift(GRACE + 1)
            pair = services.rotate(str(pair.refresh))
            assert pair.refresh.generation == generation

        services.log_out(str(pair.access))
        assert refused(services.rotate, str(pair.refresh)) == "logged_out"

    def test_the_statements_are_few(self, old, django_assert_num_queries):
        with django_assert_num_queries(5):  # two of them are savepoints
            services.rotate(old)

    def test_a_retry_meets_the_same_session(self, old, clock):
        first = services.rotate(old)
        clock.shift(GRACE)

        again = services.rotate(old)

        assert again.refresh.session_id == first.refresh.session_id
        assert again.refresh.generation == first.refresh.generation == 1
        assert again.refresh.secret == first.refresh.secret
        assert Session.objects.count() == 1

    def test_a_late_use_is_reuse(self, old, clock):
        pair = services.rotate(old)
        clock.shift(GRACE + 0.001)

        assert refused(services.rotate, old) == "reuse_detected"
        assert refused(services.rotate, str(pair.refresh)) == "reuse_detected"
        assert refused(services.rotate, old) == "reuse_detected"

    def test_a_use_after_its_successor_is_reuse(self, old, clock):
        pair = services.rotate(old)
        clock.shift(GRACE + 1)
        services.rotate(str(pair.refresh))

        assert refused(services.rotate, old) == "reuse_detected"

    def test_a_lost_answer_is_given_again_however_late(self, old, clock):
        services.rotate(old, idempotency_key="attempt 1")
        clock.shift(DAY - 1)

        assert services.rotate(old, idempotency_key="attempt 1").refresh.generation == 1

    def test_without_a_grace_it_counts_once(self, old, use):
        use(REUSE_GRACE=0)

        assert services.rotate(old).refresh.generation == 1
        assert refused(services.rotate, old) == "reuse_detected"

    def test_each_token_has_a_session_of_its_own(self, ada, old):
        other = str(simplejwt.RefreshToken.for_user(ada))

        sessions = {services.rotate(raw).refresh.session_id for raw in (old, other)}

        assert len(sessions) == Session.objects.count() == 2

    def test_the_transport_is_the_one_that_it_came_by(self, old):
        services.rotate(old, transport="cookie")

        assert Session.objects.get().transport == "cookie"
        with pytest.raises(RefreshNotValid):
            services.rotate(old)

    @pytest.mark.parametrize("act", [services.rotate, log_out], ids=["refresh", "logout"])
    def test_it_is_told(self, old, act):
        asked, told = RequestFactory().post("/"), []
        signals.session_started.connect(
            listener := lambda session, user, request, **_: told.append((session.pk, user, request))
        )

        act(old, asked)
        act(old, asked)

        signals.session_started.disconnect(listener)
        session = Session.objects.get()
        assert told == [(session.pk, session.user, asked)]

    def test_the_number_of_sessions_stays_bounded(self, ada, old, use, clock):
        use(MAX_SESSIONS_PER_USER=1)
        asked, told = RequestFactory().post("/"), []
        services.start_session(ada)
        clock.shift(1)
        signals.session_revoked.connect(listener := lambda request, **_: told.append(request))

        services.rotate(old, asked)

        signals.session_revoked.disconnect(listener)
        assert [each.generation for each in services.live_sessions(ada)] == [1]
        assert told == [asked]

    def test_the_client_is_remembered(self, old):
        asked = RequestFactory(REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT="curl/8").post("/")

        services.rotate(old, Request(asked))

        session = Session.objects.get()
        assert (session.ip, session.user_agent, session.label) == ("192.0.2.7", "curl/8", "curl")

    def test_nobody_is_asked_whether_he_may_sign_in(self, old, use):
        """``BEFORE_SESSION`` may ask for a second factor, which a refresh cannot bring."""
        use(BEFORE_SESSION="tests.test_moving.refuse")

        assert services.rotate(old).refresh

    def test_a_claim_that_fails_does_not_cost_the_token(self, old, use):
        use(CLAIMS="tests.test_moving.refuse")
        with pytest.raises(ZeroDivisionError):
            services.rotate(old)

        use()
        assert not Session.objects.exists()
        assert services.rotate(old).refresh

    def test_the_loser_of_a_race_has_the_winners_session(self, old, monkeypatch):
        winner = services.rotate(old)
        candidate = Session.objects.get().user
        monkeypatch.setattr(moving, "candidate", lambda token, now: candidate)

        loser = services.rotate(old)

        assert loser.refresh.session_id == winner.refresh.session_id
        assert loser.refresh.generation == winner.refresh.generation

    @pytest.mark.django_db(transaction=True)
    def test_a_user_who_is_deleted_meanwhile_is_refused(self, ada, old, monkeypatch):
        ghost = copy.copy(ada)
        monkeypatch.setattr(moving, "candidate", lambda token, now: ghost)
        ada.delete()

        assert refused(services.rotate, old) is None
        assert not Session.objects.exists()


def refuse(*args):
    raise ZeroDivisionError


class TestWithoutRotation:
    """Simple JWT's plain refresh: the client keeps the token that it has."""

    @pytest.fixture(autouse=True)
    def _off(self, settings):
        settings.SIMPLE_JWT = {"ROTATE_REFRESH_TOKENS": False}

    def test_the_token_goes_on_within_its_session(self, ada, old, clock):
        for _hour in range(3):
            pair = services.rotate(old)
            assert pair.refresh is None
            assert services.check_access(str(pair.access))[0] == ada
            clock.shift(3_600)

        assert Session.objects.get().generation == 0
        services.revoke_all(ada)
        assert refused(services.rotate, old) == "revoked_by_user"

    def test_rotation_may_be_switched_on_later(self, old, clock, settings):
        services.rotate(old)
        settings.SIMPLE_JWT = {}
        clock.shift(GRACE + 1)

        pair = services.rotate(old)

        assert pair.refresh.generation == 1
        clock.shift(GRACE + 1)
        assert services.rotate(str(pair.refresh)).refresh.generation == 2


class TestWhoseToken:
    def test_a_deleted_user_is_refused(self, ada, old, old_access):
        ada.delete()

        assert refused(services.rotate, old) is None
        assert refused(services.check_access, old_access) is None
        assert refused(services.verify, old) is None

    def test_an_inactive_user_is_refused(self, ada, old, old_access):
        ada.is_active = False
        ada.save()

        for act, raw in (
            (services.rotate, old),
            (services.check_access, old_access),
            (services.verify, old),
        ):
            assert refused(act, raw) == "inactive_user"
        assert not Session.objects.exists()

    @pytest.mark.parametrize("user_id", ["abc", "10" * 60, "-1", "1.5", 10**40, "0x1"], ids=str)
    def test_a_claim_that_is_no_key_is_nobodys(self, old, old_access, user_id):
        """An answer and no 500, as when the type of the keys has changed."""
        assert refused(services.rotate, changed(old, user_id=user_id)) is None
        assert refused(services.check_access, changed(old_access, user_id=user_id)) is None

    @pytest.mark.parametrize("user_id", [True, [], {}, "", "\0", None, 1.5], ids=repr)
    def test_a_claim_that_is_nothing_is_refused(self, old, old_access, user_id):
        with pytest.raises(RefreshNotValid):
            services.rotate(changed(old, user_id=user_id))
        with pytest.raises(TokenNotValid):
            services.check_access(changed(old_access, user_id=user_id))

    def test_a_number_is_a_key(self, ada, old, old_access):
        """As Simple JWT wrote it before 5.5."""
        assert services.rotate(changed(old, user_id=ada.pk)).user == ada
        assert services.check_access(changed(old_access, user_id=ada.pk))[0] == ada

    def test_of_those_who_share_what_it_names_it_is_nobodys(
        self, ada, bob, old, old_access, settings
    ):
        """Or who gives himself another's address would be taken for him."""
        settings.SIMPLE_JWT = {"USER_ID_FIELD": "password"}
        type(ada)._default_manager.filter(pk__in=[ada.pk, bob.pk]).update(password="shared")

        assert refused(services.rotate, changed(old, user_id="shared")) is None
        assert refused(services.check_access, changed(old_access, user_id="shared")) is None
        assert not Session.objects.exists()

    def test_another_user_does_not_take_the_session_over(self, bob, old):
        services.rotate(old)

        with pytest.raises(RefreshNotValid):
            services.rotate(changed(old, user_id=str(bob.pk)))

    def test_another_token_by_the_same_name_does_not_either(self, old):
        """``jti`` names the session, and the whole token opens it."""
        services.rotate(old)

        with pytest.raises(RefreshNotValid):
            services.rotate(changed(old, role="admin"))

    def test_a_change_of_the_password_ends_what_was_traded(self, ada, old):
        pair = services.rotate(old)
        ada.set_password("another")
        ada.save()

        assert refused(services.rotate, str(pair.refresh)) == "password_changed"
        assert refused(services.rotate, old) == "password_changed"

    def test_a_token_bound_to_the_password_ends_with_it(self, ada, old, old_access, settings):
        """``CHECK_REVOKE_TOKEN`` of Simple JWT."""
        settings.SIMPLE_JWT = {"CHECK_REVOKE_TOKEN": True}
        bound = {"hash_password": get_md5_hash_password(ada.password)}
        refresh, access = changed(old, **bound), changed(old_access, **bound)
        assert services.check_access(access)[0] == ada
        services.verify(refresh)

        ada.set_password("another")
        ada.save()

        assert refused(services.rotate, refresh) == "password_changed"
        assert refused(services.check_access, access) == "password_changed"

    def test_a_token_that_says_no_password_is_refused_where_it_must(self, old, settings):
        settings.SIMPLE_JWT = {"CHECK_REVOKE_TOKEN": True}

        assert refused(services.rotate, old) == "password_changed"


class TestHowLong:
    @pytest.mark.parametrize(("before", "status"), [(1, True), (0, False)], ids=["before", "at"])
    def test_until_its_own_end(self, old, clock, before, status):
        clock.shift(DAY - before)  # Simple JWT's own default

        if status:
            assert services.rotate(old)
        else:
            with pytest.raises(RefreshExpired):
                services.rotate(old)
            with pytest.raises(TokenExpired):
                services.verify(old)

    @pytest.mark.parametrize("name", ["REFRESH_TOKEN_LIFETIME", "SESSION_LIFETIME"])
    def test_no_longer_than_a_token_of_ours(self, old, clock, settings, use, name):
        """Else a session that was ended and cleared could begin again."""
        hour = dt.timedelta(hours=1)
        settings.SIMPLE_JWT = {"REFRESH_TOKEN_LIFETIME": hour} if name[0] == "R" else {}
        use(**({"SESSION_LIFETIME": hour} if name[0] == "S" else {}))
        clock.shift(3_599)
        assert services.verify(old) is None
        clock.shift(1)

        assert refused(services.verify, old) == "expired"
        assert refused(services.rotate, old) == "expired"

    def test_what_was_ended_and_cleared_does_not_begin_again(self, ada, old, clock):
        long = changed(old, exp=NOW + 30 * DAY)
        services.rotate(long)
        services.revoke_all(ada)
        clock.shift(7 * DAY)
        assert sum(services.clear_dead_sessions(10)) == 1

        assert refused(services.rotate, long) == "expired"

    def test_an_access_token_until_its_end(self, old_access, clock):
        clock.shift(299)
        _user, token = services.check_access(old_access)
        services.recheck_access(token)
        clock.shift(1)

        with pytest.raises(TokenExpired):
            services.check_access(old_access)
        with pytest.raises(TokenExpired):
            services.recheck_access(token)


class TestKinds:
    def test_each_is_told_from_the_other(self, old, old_access):
        with pytest.raises(RefreshNotValid):
            services.rotate(old_access)
        with pytest.raises(TokenNotValid):
            services.check_access(old)

    @pytest.mark.parametrize("claims", [{"sid": str(uuid.uuid4())}, {"gen": 0}, {"ss": "x"}])
    def test_half_a_token_of_ours_is_none_of_theirs(self, old, claims):
        with pytest.raises(RefreshNotValid):
            services.rotate(changed(old, **claims))

    @pytest.mark.parametrize("claim", ["jti", "iat", "exp", "token_type"])
    def test_what_every_token_needs_they_need(self, old, claim):
        with pytest.raises(RefreshNotValid):
            services.rotate(changed(old, **{claim: None}))

    def test_a_sliding_token_is_not_taken(self, ada, use):
        raw = str(simplejwt.SlidingToken.for_user(ada))

        with pytest.raises(RefreshNotValid):
            services.rotate(raw)
        with pytest.raises(TokenNotValid):
            services.check_access(raw)

    def test_ours_stay_ours(self, ada, use):
        pair = services.start_session(ada)

        kinds = {type(decode_any(str(token))) for token in (pair.access, pair.refresh)}

        assert not any(issubclass(kind, SessionlessRefreshToken) for kind in kinds)
        assert not any(issubclass(kind, SessionlessAccessToken) for kind in kinds)

    def test_no_secret_is_in_a_repr(self, old):
        token = RefreshToken.decode(old)

        assert token.secret not in repr(token)
        assert old not in repr(token)

    def test_who_has_the_row_and_the_key_cannot_refresh(self, old):
        """Neither the token nor its ``jti`` nor the secret is in any column."""
        token = RefreshToken.decode(old)
        pair = services.rotate(old)

        row = Session.objects.values().get()
        kept = " ".join(
            bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)
            for value in row.values()
        )

        told = [token.jti, str(uuid.UUID(token.jti)), token.secret, token.secret.encode().hex()]
        assert not [
            text for text in (*told, *old.split("."), *str(pair.refresh).split(".")) if text in kept
        ]
        del pair.refresh.payload["ss"]
        with pytest.raises(RefreshNotValid):
            services.rotate(str(pair.refresh))


class TestVerify:
    def test_either_kind_is_good_and_nothing_begins(self, old, old_access):
        services.verify(old)
        services.verify(old_access)

        assert not Session.objects.exists()

    def test_once_traded_the_session_says(self, ada, old, clock):
        services.rotate(old)
        services.verify(old)
        clock.shift(GRACE + 1)

        with pytest.raises(TokenNotValid):
            services.verify(old)
        services.revoke_all(ada)
        assert refused(services.verify, old) == "revoked_by_user"


class TestLogout:
    def test_a_token_not_yet_traded_never_will_be(self, old):
        assert services.log_out(old) == 1

        assert refused(services.rotate, old) == "logged_out"
        assert services.log_out(old) == 0

    def test_a_token_not_yet_traded_ends_no_session_but_its_own(self, ada, old, use):
        use(MAX_SESSIONS_PER_USER=1)
        pair = services.start_session(ada)

        assert services.log_out(old) == 1

        assert services.check_access(str(pair.access))[0] == ada

    def test_a_token_that_was_traded_ends_its_session(self, old, clock):
        pair = services.rotate(old)
        clock.shift(GRACE + 1)

        assert services.log_out(old) == 1
        assert refused(services.check_access, str(pair.access)) == "logged_out"

    def test_a_token_past_its_end_has_nothing_to_end(self, old, clock):
        clock.shift(2 * DAY)

        assert services.log_out(old) == 0
        assert not Session.objects.exists()

    def test_an_access_token_has_no_session_to_end(self, old_access):
        assert services.log_out(old_access) == 0
        services.check_access(old_access)


def test_no_database_is_read_but_the_one_that_is_written_to(ada, old, old_access, settings):
    settings.DATABASE_ROUTERS = ["tests.databases.PrimaryAlone"]

    assert services.rotate(old).user == services.check_access(old_access)[0] == ada
    assert services.log_out(old) == 1


def test_an_access_token_costs_one_statement(ada, old_access, django_assert_num_queries):
    with django_assert_num_queries(1):
        user, token = services.check_access(old_access)

    assert (user, token.session_id, token.user_id) == (ada, None, str(ada.pk))
