"""
What is told of what happens: signals to the project, and a line of the log for each refusal.

OWASP ASVS 5.0 section 16.3: every attempt to get in and every refusal leaves a trace.
"""

import logging

import pytest
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import OperationalError, connection
from django.dispatch import Signal
from django.utils.functional import SimpleLazyObject

from jwt_signin import services, signals
from jwt_signin.models import Session
from tests.conftest import PASSWORD, Browser

pytestmark = pytest.mark.django_db

HEARD = {
    "user_logged_in": user_logged_in,
    "user_logged_out": user_logged_out,
    "user_login_failed": user_login_failed,
    **{name: value for name, value in vars(signals).items() if isinstance(value, Signal)},
}


@pytest.fixture
def trace(caplog):
    """``trace()`` returns, and forgets, the signals that were sent and the lines of the log."""
    caplog.set_level(logging.DEBUG, "jwt_signin")
    told = []
    listeners = {name: lambda _name=name, **facts: told.append(_name) for name in HEARD}
    for name, listen in listeners.items():
        HEARD[name].connect(listen)

    def take():
        lines = [each.getMessage() for each in caplog.records if each.name == "jwt_signin"]
        taken = (sorted(told), lines)
        told.clear()
        caplog.clear()
        return taken

    yield take
    for name, listen in listeners.items():
        HEARD[name].disconnect(listen)


@pytest.fixture
def line(pair):
    """Return the line of a refusal of the session of ``pair``, or of none."""

    def line(code, reason=None, *, session=pair.access.session_id):
        return f"refused: {code} reason={reason} session={session}"

    return line


def ended(reason):
    Session.objects.update(revoked_at=Session.objects.get().created_at, revoke_reason=reason)


class TestSignIn:
    def test_that_succeeds(self, api, ada, trace):
        api.sign_in(username="ada")

        assert trace() == (["session_started", "user_logged_in"], [])

    @pytest.mark.parametrize("name", ["ada", "nobody"])
    def test_that_fails(self, api, ada, trace, line, name):
        trace()

        api.sign_in(username=name, password="wrong")

        assert trace() == (["user_login_failed"], [line("invalid_credentials", session=None)])

    def test_of_a_user_as_a_request_has_him(self, ada):
        """``request.user`` is lazy, and receivers listen to the model."""
        heard = []

        def listen(user, **kwargs):
            heard.append(user)

        user_logged_in.connect(listen, sender=type(ada))

        services.start_session(SimpleLazyObject(lambda: ada))

        user_logged_in.disconnect(listen, sender=type(ada))
        assert heard == [ada]

    def test_that_fails_is_a_record_of_facts(self, api, ada, caplog):
        caplog.set_level(logging.INFO, "jwt_signin")

        api.sign_in(username="ada", password="wrong")

        (record,) = (each for each in caplog.records if each.name == "jwt_signin")
        assert (record.levelname, record.code) == ("INFO", "invalid_credentials")
        assert (record.reason, record.session) == (None, None)

    def test_that_is_throttled(self, api, settings, trace, line):
        settings.JWT_SIGNIN = {"SIGNIN_ACCOUNT_RATE": "1/h"}
        api.sign_in(username="ada", password="wrong")
        trace()

        api.sign_in(username="ada", password="wrong")

        assert trace() == ([], [line("throttled", session=None)])

    def test_that_is_malformed(self, api, trace, line):
        trace()

        api.post("/auth/signin/", {"username": 7})

        assert trace() == ([], [line("invalid_request", session=None)])

    def test_that_ends_an_older_session(self, api, settings, trace, pair):
        settings.JWT_SIGNIN = {"MAX_SESSIONS_PER_USER": 1}
        trace()

        api.sign_in(username="ada")

        assert trace() == (["session_revoked", "session_started", "user_logged_in"], [])


class TestRefresh:
    @pytest.fixture(autouse=True)
    def _late(self, clock, pair, trace):
        clock.shift(31)
        trace()

    def test_that_rotates(self, api, pair, trace):
        api.refresh(str(pair.refresh))

        assert trace() == (["session_refreshed"], [])

    def test_that_repeats_an_answer(self, api, pair, trace):
        api.refresh(str(pair.refresh))
        trace()

        api.refresh(str(pair.refresh))

        assert trace() == ([], [])

    def test_that_is_a_reuse_is_told_once(self, api, clock, pair, trace, line):
        raw = str(pair.refresh)
        api.refresh(raw)
        clock.shift(31)
        trace()

        api.refresh(raw)
        told, lines = trace()
        api.refresh(raw)

        refused = line("session_revoked", "reuse_detected")
        assert told == ["refresh_token_reused", "session_revoked"]
        assert lines[-1] == refused  # before it that a transaction is open, as in any test
        assert trace() == ([], [refused])

    def test_that_finds_lost_commits(self, api, clock, pair, trace):
        newest = services.rotate(str(pair.refresh))
        Session.objects.update(generation=0)
        clock.shift(31)
        trace()

        api.refresh(str(newest.refresh))

        told, (warning,) = trace()
        assert told == ["session_refreshed"]
        assert f"session={newest.access.session_id} is at generation 0" in warning

    @pytest.mark.parametrize("reason", ["logged_out", "admin", "superseded"])
    def test_of_a_session_that_is_over(self, api, pair, trace, line, reason):
        ended(reason)

        api.refresh(str(pair.refresh))

        assert trace() == ([], [line("session_revoked", reason)])

    def test_of_a_user_who_is_not_active_ends_the_session(self, api, ada, pair, trace, line):
        type(ada).objects.update(is_active=False)

        api.refresh(str(pair.refresh))

        assert trace() == (["session_revoked"], [line("session_revoked", "inactive_user")])

    def test_that_is_throttled(self, api, settings, pair, trace, line):
        settings.JWT_SIGNIN = {"REFRESH_RATE": "1/h", "REUSE_GRACE": 0}
        raw = api.refresh(str(pair.refresh)).json()["refresh"]
        trace()

        api.refresh(raw)

        assert trace() == ([], [line("throttled")])

    @pytest.mark.parametrize("raw", ["garbage", "a.b.c"])
    def test_of_what_is_no_token(self, api, trace, line, raw):
        api.refresh(raw)

        assert trace() == ([], [line("refresh_not_valid", session=None)])


class TestTheRest:
    @pytest.mark.parametrize("kind", ["access", "refresh"])
    def test_logging_out(self, api, pair, trace, kind):
        trace()

        api.post("/auth/logout/", {"refresh": str(getattr(pair, kind))})

        assert trace() == (["session_revoked", "user_logged_out"], [])

    def test_logging_out_with_nothing(self, api, trace):
        api.post("/auth/logout/", {"refresh": "garbage"})

        assert trace() == ([], [])

    def test_ending_one_session_and_all(self, jwt_client, ada, trace):
        other = services.start_session(ada)
        jwt_client.sign_in(ada)
        trace()

        jwt_client.delete(f"/auth/sessions/{other.access['sid']}/")
        one = trace()
        jwt_client.post("/auth/logout/all/")

        assert one == trace() == (["session_revoked"], [])

    @pytest.mark.parametrize("path", ["/auth/me/", "/protected/"])
    def test_an_access_token_of_a_session_that_is_over(self, pair, trace, line, path):
        ended("admin")
        trace()

        Browser().with_access(str(pair.access)).get(path)

        assert trace() == ([], [line("session_revoked", "admin")])

    def test_a_database_that_cannot_be_asked(self, api, ada, trace, line, caplog):
        error = OperationalError()

        def down(*args):
            raise error

        trace()
        with connection.execute_wrapper(down):
            api.sign_in(username="ada")

        assert [record.exc_info[1] for record in caplog.records if record.exc_info] == [error]
        assert trace() == (
            [],
            ["the database is unavailable", line("unavailable", session=None)],
        )

    def test_a_receiver_that_raises_changes_nothing(self, api, ada):
        """But for those of ``user_login_failed``, which is Django's own to send."""

        def fail(**kwargs):
            raise LookupError

        ours = [signal for name, signal in HEARD.items() if name != "user_login_failed"]
        for signal in ours:
            signal.connect(fail)

        answer = api.post("/auth/signin/", {"username": "ada", "password": PASSWORD})
        logout = api.post("/auth/logout/", {"refresh": answer.json()["refresh"]})

        for signal in ours:
            signal.disconnect(fail)
        assert (answer.status_code, logout.status_code) == (200, 204)
