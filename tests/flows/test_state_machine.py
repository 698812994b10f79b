"""Any order of events, against the table of the design read off by hand."""

from __future__ import annotations

import dataclasses
import uuid

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from jwt_signin import services
from jwt_signin.exceptions import RefreshExpired, SessionRevoked
from jwt_signin.models import Session
from jwt_signin.tokens import RefreshToken
from tests.conftest import EPOCH, make_user

GRACE, IDLE, ABSOLUTE = 30, 604_800, 86_400 * 90
RARELY = 3_600
"""Seconds: what ends every session waits until some have a history."""


@dataclasses.dataclass
class Expected:
    """What a session should be, by the table."""

    began: int
    generation: int = 0
    moved: int = 0
    key: str | None = None
    over: str | None = None
    gone: bool = False
    secretless: bool = False


class Sessions(RuleBasedStateMachine):
    """One user, any number of clients, a thief or two and an operator."""

    tokens = Bundle("tokens")

    @initialize()
    def begin(self):
        self.travel = time_machine.travel(EPOCH, tick=False)
        self.clock = self.travel.start()
        self.now = 0
        self.user = make_user(f"user-{uuid.uuid4()}@example.com")
        self.sessions: dict[uuid.UUID, Expected] = {}

    def teardown(self):
        if hasattr(self, "travel"):
            self.travel.stop()

    @rule(target=tokens)
    def sign_in(self):
        pair = services.start_session(self.user)
        self.sessions[pair.access.session_id] = Expected(began=self.now, moved=self.now)
        return str(pair.refresh)

    @rule(seconds=st.sampled_from([1, 3_600, 86_400, IDLE - 1, IDLE]))
    def wait(self, seconds):
        self.now += seconds
        self.clock.shift(seconds)

    @rule(
        target=tokens,
        raw=tokens,
        key=st.sampled_from([None, "a", "b"]),
        after=st.sampled_from([0, 1, GRACE - 1, GRACE, GRACE + 1, GRACE * 2]),
    )
    def refresh(self, raw, key, after):
        return self.refreshed(raw, key, after)

    @rule(target=tokens, raw=tokens, times=st.integers(2, 4))
    def keep_refreshing(self, raw, times):
        """As a client does that is used: its older tokens are left for a thief."""
        made = []
        for _time in range(times):
            answer = self.refreshed(raw, None, GRACE + 1)
            if not isinstance(answer, str):
                break
            made.append(raw := answer)
        return multiple(*made)

    def refreshed(self, raw, key, after):
        self.wait(after)
        token = self.read(raw)
        expected = self.sessions[token.session_id]
        answer = self.foretell(expected, token, key)
        try:
            pair = services.rotate(raw, idempotency_key=key)
        except RefreshExpired:
            assert answer == "expired token"
            return multiple()
        except SessionRevoked as refusal:
            assert answer == refusal.body.get("reason", "gone")
            return multiple()
        assert pair.refresh is not None
        assert answer == pair.refresh.generation
        services.check_access(str(pair.access))
        return str(pair.refresh)

    @rule(raw=consumes(tokens))
    def log_out(self, raw):
        expected = self.sessions[self.read(raw).session_id]
        ended = services.log_out(raw)
        assert ended == (not expected.over and not expected.gone)
        expected.over = expected.over or "logged_out"

    @precondition(lambda self: self.now > RARELY)
    @rule(keep=st.booleans(), raw=tokens)
    def log_out_everywhere(self, keep, raw):
        kept = self.read(raw).session_id if keep else None
        services.revoke_all(self.user, keep=kept)
        for session_id, expected in self.sessions.items():
            if session_id != kept and not self.is_past(expected):
                expected.over = expected.over or "revoked_by_user"

    @precondition(lambda self: self.now > RARELY)
    @rule()
    def change_password(self):
        self.user.set_password(str(uuid.uuid4()))
        self.user.save()
        for expected in self.sessions.values():
            expected.secretless = True

    @rule()
    def clean_up(self):
        list(services.clear_dead_sessions(2))
        for expected in self.sessions.values():
            expected.gone = expected.gone or self.is_past(expected)

    @invariant()
    def the_table_is_as_foretold(self):
        rows = {row.pk: row for row in Session.objects.filter(user=self.user)}
        there = {pk for pk, expected in self.sessions.items() if not expected.gone}
        assert set(rows) == there
        for session_id in there:
            row, expected = rows[session_id], self.sessions[session_id]
            assert row.generation == expected.generation
            assert (row.revoke_reason or None) == expected.over

    def read(self, raw):
        return RefreshToken.decode(raw, check_exp=False)

    def is_past(self, expected):
        return self.now >= min(expected.moved + IDLE, expected.began + ABSOLUTE)

    def foretell(self, expected, token, key):
        """Say what the table says, and make it so."""
        if token["exp"] <= EPOCH.timestamp() + self.now:
            return "expired token"
        if expected.gone:
            return "gone"
        if expected.over:
            return expected.over
        if expected.secretless:
            expected.over = "password_changed"
            return expected.over
        fresh = self.now - expected.moved <= GRACE
        if token.generation == expected.generation and not fresh:
            expected.generation, expected.moved, expected.key = token.generation + 1, self.now, key
        elif token.generation != expected.generation:
            is_predecessor = token.generation == expected.generation - 1
            again = key is not None and key == expected.key
            if not is_predecessor or not (fresh or again):
                expected.over = "reuse_detected"
                return expected.over
        return expected.generation


@pytest.mark.django_db
def test_any_order_of_events_is_as_the_table_says():
    run_state_machine_as_test(
        Sessions,
        settings=settings(
            max_examples=50,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
