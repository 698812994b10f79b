"""What an operator runs."""

import datetime as dt
import io
import sys
from types import SimpleNamespace

import jwt
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from jwt_signin import services, signals
from jwt_signin.keys import key_ring, making
from jwt_signin.models import Session
from jwt_signin.services import clearing, sessions
from tests.checked import SHARED_CACHE, deploy_ids

pytestmark = pytest.mark.django_db


def run(*args, **options):
    out = io.StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue().splitlines()


def start(user, count=1):
    return [services.start_session(user) for _session in range(count)]


class TestClear:
    @pytest.fixture
    def dead(self, ada, clock):
        """Three sessions past one lifetime or the other, and a live one beside them."""
        outlived, _idle, ended, live = start(ada, 4)
        services.log_out(str(ended.access))
        clock.shift(86_400 * 5)
        services.rotate(str(live.refresh))
        rows = Session.objects.filter(pk=outlived.access.session_id)
        rows.update(expires_at=timezone.now() + dt.timedelta(days=1), rotated_at=timezone.now())
        clock.shift(86_400 * 3)
        return live

    def test_what_can_never_be_used_again_is_removed(self, dead):
        assert run("clear_jwt_sessions") == ["3 sessions removed"]
        assert Session.objects.get().pk == dead.access.session_id

    def test_a_second_run_finds_nothing(self, dead):
        run("clear_jwt_sessions")

        assert run("clear_jwt_sessions") == ["0 sessions removed"]

    def test_a_dry_run_counts_alone(self, dead):
        assert run("clear_jwt_sessions", "--dry-run") == ["3 sessions would be removed"]
        assert Session.objects.count() == 4

    def test_many_are_removed_in_batches_with_a_line_each(self, ada, clock):
        start(ada, 5)
        clock.shift(86_400 * 91)

        assert run("clear_jwt_sessions", "--batch-size=2") == [
            "2 sessions removed so far",
            "4 sessions removed so far",
            "5 sessions removed",
        ]

    def test_those_that_end_at_different_moments_are_removed_by_ranges(
        self, ada, clock, django_assert_num_queries
    ):
        for _session in range(5):
            clock.shift(1)
            start(ada)
        clock.shift(86_400 * 91)

        with django_assert_num_queries(6):  # where a batch ends, and its removal
            assert list(services.clear_dead_sessions(2)) == [2, 2, 1]

    def test_a_live_one_between_them_is_kept(self, ada, clock):
        pairs = []
        for _session in range(5):
            clock.shift(1)
            pairs += start(ada)
        clock.shift(86_400 * 6)
        kept = services.rotate(str(pairs[2].refresh))
        clock.shift(86_400 * 2)

        assert sum(services.clear_dead_sessions(2)) == 4
        assert Session.objects.get().pk == kept.access.session_id

    def test_it_rests_between_batches_for_as_long_as_each_took(self, ada, clock, monkeypatch):
        moments, rests = iter([0, 3, 10, 14, 20]), []
        watch = SimpleNamespace(monotonic=lambda: next(moments), sleep=rests.append)
        monkeypatch.setattr(clearing, "time", watch)
        start(ada, 5)
        clock.shift(86_400 * 91)

        removed = [(batch, rests[:]) for batch in services.clear_dead_sessions(2)]

        assert removed == [(2, []), (2, [3]), (1, [3, 4])]

    def test_whoever_stops_it_loses_nothing(self, ada, clock):
        start(ada, 5)
        clock.shift(86_400 * 91)

        assert next(services.clear_dead_sessions(2)) == 2

        assert Session.objects.count() == 3
        assert run("clear_jwt_sessions") == ["3 sessions removed"]

    @pytest.mark.parametrize(("seconds", "left"), [(604_799, 1), (604_800, 0)])
    def test_the_idle_lifetime_is_exact(self, ada, clock, seconds, left):
        start(ada)
        clock.shift(seconds)

        run("clear_jwt_sessions")

        assert Session.objects.count() == left

    @pytest.mark.parametrize("size", ["0", "-1", "many"])
    def test_a_batch_has_a_row_at_least(self, size):
        with pytest.raises(CommandError):
            run("clear_jwt_sessions", f"--batch-size={size}")


class TestRevoke:
    def test_which_has_to_be_said(self):
        with pytest.raises(CommandError):
            run("revoke_jwt_sessions")

    def test_all(self, ada, bob):
        start(ada, 2)
        start(bob)

        assert run("revoke_jwt_sessions", "--all") == ["3 sessions ended"]
        assert run("revoke_jwt_sessions", "--all") == ["0 sessions ended"]
        assert set(Session.objects.values_list("revoke_reason", flat=True)) == {"admin"}

    def test_those_of_a_user(self, ada, bob):
        start(ada, 2)
        (kept,) = start(bob)

        assert run("revoke_jwt_sessions", "--user=ada") == ["2 sessions ended"]
        assert services.check_access(str(kept.access))[0] == bob

    def test_of_an_unknown_user(self):
        with pytest.raises(CommandError):
            run("revoke_jwt_sessions", "--user=nobody")

    @pytest.mark.parametrize(
        ("when", "ended"),
        [
            ("2026-11-22T12:00:00Z", 0),
            ("2026-11-22T12:00:01Z", 1),
            ("2026-11-22T13:00:01+01:00", 1),
            ("2026-11-23", 1),
            ("2026-11-22", 0),
            ("2026-11-22T12:00:01", 1),
        ],
    )
    def test_those_begun_before(self, ada, clock, settings, when, ended):
        settings.TIME_ZONE = "UTC"
        start(ada)

        assert run("revoke_jwt_sessions", f"--before={when}") == [f"{ended} sessions ended"]

    @pytest.mark.parametrize("when", ["2026-11-23T00:00:00", "2026-11-23T00:00:00Z"])
    def test_before_a_moment_of_a_project_without_time_zones(self, ada, clock, settings, when):
        settings.USE_TZ = False
        start(ada)

        assert run("revoke_jwt_sessions", f"--before={when}") == ["1 sessions ended"]

    def test_an_empty_name_is_not_everybodys(self, ada):
        start(ada)

        with pytest.raises(CommandError):
            run("revoke_jwt_sessions", "--user=", "--before=2099-01-01")

        assert Session.objects.get().revoked_at is None

    @pytest.mark.parametrize("when", ["yesterday", "2026-13-01", "2026-11-22T25:00:00"])
    def test_before_no_moment(self, when):
        with pytest.raises(CommandError):
            run("revoke_jwt_sessions", f"--before={when}")

    def test_of_a_user_before_a_moment(self, ada, bob, clock):
        start(ada)
        start(bob)
        clock.shift(60)
        start(ada)

        ended = run("revoke_jwt_sessions", "--user=ada", "--before=2026-11-22T12:01:00Z")

        assert ended == ["1 sessions ended"]

    def test_many_in_several_statements(self, ada, monkeypatch):
        told = []
        signals.session_revoked.connect(listener := lambda session, **_: told.append(session.pk))
        monkeypatch.setattr(sessions, "BATCH", 2)
        pairs = start(ada, 5)

        assert run("revoke_jwt_sessions", "--all") == ["5 sessions ended"]

        signals.session_revoked.disconnect(listener)
        assert sorted(told) == sorted(pair.access.session_id for pair in pairs)


class TestMakeKey:
    """``make_jwt_key``."""

    def made(self, *args):
        """Run it, and take what it prints for settings."""
        scope: dict = {}
        exec("\n".join(run("make_jwt_key", *args)), scope)
        return scope["SIMPLE_JWT"], scope["JWT_SIGNIN"]

    @pytest.mark.parametrize("algorithm", making.ALGORITHMS)
    def test_what_it_prints_rotates_to_the_new_key(self, settings, ada, algorithm):
        before = services.start_session(ada)
        old = str(before.access)

        simple_jwt, settings.JWT_SIGNIN = self.made("--algorithm", algorithm)
        shown = key_ring().keys.keys()
        services.check_access(old)
        retired = {"key": settings.SECRET_KEY, "algorithm": "HS256"}
        settings.SIMPLE_JWT, settings.JWT_SIGNIN = simple_jwt, {"VERIFYING_KEYS": [retired]}

        services.check_access(old)
        new = str(services.start_session(ada).access)
        services.check_access(new)
        assert jwt.get_unverified_header(new)["alg"] == simple_jwt["ALGORITHM"] == algorithm
        assert jwt.get_unverified_header(new)["kid"] in shown

    def test_es256_is_made_where_nothing_is_said(self):
        assert self.made()[0]["ALGORITHM"] == "ES256"

    def test_each_run_makes_another(self):
        assert self.made() != self.made()

    @pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512", "EdDSA"])
    def test_no_check_has_anything_against_it(self, settings, algorithm):
        settings.SIMPLE_JWT = self.made("--algorithm", algorithm)[0]
        settings.CACHES = SHARED_CACHE

        assert deploy_ids() == []

    def test_the_public_half_is_no_private_one(self):
        simple_jwt, jwt_signin = self.made()

        (shown,) = jwt_signin["VERIFYING_KEYS"]
        assert "PRIVATE" in simple_jwt["SIGNING_KEY"]
        assert "PRIVATE" not in shown["key"]

    def test_an_unknown_algorithm_is_told(self):
        with pytest.raises(CommandError, match="invalid choice"):
            run("make_jwt_key", "--algorithm", "none")

    def test_a_setting_that_waits_for_the_key_is_no_obstacle(self, settings):
        settings.SIMPLE_JWT = {"ALGORITHM": "ES256"}

        assert self.made()[0]["SIGNING_KEY"]

    def test_without_cryptography_the_extra_is_named(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric", None)

        with pytest.raises(CommandError, match=r"\[crypto\]"):
            run("make_jwt_key", "--algorithm", "RS256")
        assert self.made("--algorithm", "HS256")
