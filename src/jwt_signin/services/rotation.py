"""Refreshing: a refresh token is traded for its successor, once, however many ask."""

from __future__ import annotations

import enum
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import connections, router
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from jwt_signin import signals
from jwt_signin.conf import TransportName, app_settings, simple_jwt
from jwt_signin.exceptions import RefreshNotValid, SessionRevoked, Unavailable
from jwt_signin.models import Session, short_digest
from jwt_signin.services.events import AnyRequest, logger, tell
from jwt_signin.services.issuing import issue
from jwt_signin.services.moving import trade
from jwt_signin.services.sessions import end, find
from jwt_signin.tokens import RefreshToken, SessionlessRefreshToken, TokenPair

ATTEMPTS = 3
"""How often the row is read while others move it; each loss means that one of them won."""


class Move(enum.Enum):
    """What a refresh token's generation, against that of the row, calls for."""

    KEEP = "answer with an access token alone; nothing is written"
    REPEAT = "answer with the row's generation; nothing is written"
    ADVANCE = "swap the row to the next generation"
    REUSE = "end the session"


class Limit(Protocol):
    """What may refuse a refresh, unless it repeats an answer, and is told of those it let pass."""

    def check(self, session_id: uuid.UUID) -> None:
        """Raise what the refresh is refused with."""

    def count(self, session_id: uuid.UUID) -> None:
        """Count a refresh that was answered."""


@dataclass(frozen=True)
class _Asked:
    """What came with a refresh token."""

    request: AnyRequest
    key: str | None = field(repr=False)
    limit: Limit | None


def decide(
    session: Session, generation: int, *, now: datetime, grace: timedelta, key: str | None
) -> Move:
    """
    Say what a refresh token of ``generation`` calls for (RFC 9700 section 4.14.2).

    Within ``grace`` of the last rotation both the present token and its predecessor meet the
    present generation: every parallel caller and every retry has the same answer.
    Rotations are therefore at least ``grace`` apart, and a token two generations behind was
    replaced that long ago: no honest client still waits with it.
    """
    if generation >= session.generation and not simple_jwt.ROTATE_REFRESH_TOKENS:
        return Move.KEEP
    if generation > session.generation:  # the database has lost commits in a failover
        return Move.ADVANCE
    fresh = grace > timedelta(0) and session.age(now) <= grace.total_seconds()
    if generation == session.generation:
        return Move.REPEAT if fresh else Move.ADVANCE
    is_predecessor = generation == session.generation - 1
    if is_predecessor and (fresh or session.was_rotated_with(key)):
        return Move.REPEAT
    return Move.REUSE


@sensitive_variables()
def rotate(
    raw: str,
    request: AnyRequest = None,
    *,
    transport: TransportName = "body",
    idempotency_key: str | None = None,
    limit: Limit | None = None,
) -> TokenPair:
    """
    Trade a refresh token for its successor and a new access token.

    Reuse of a token that was replaced ends the whole session, since it cannot be told which of
    two holders is the thief (RFC 9700 section 4.14.2).
    That is committed before this raises; inside a caller's own ``atomic()`` it holds if the
    block commits, so catch the refusal inside of the block.

    Args:
        raw: the refresh token as it was brought, unverified.
        request: Django's or REST framework's, for the receivers of signals.
        transport: how the token came; a session refuses the one that it was not started with.
        idempotency_key: what the client calls this attempt: with the same key a lost answer is
            given again, however late.
        limit: asked before anything is written; it may refuse.

    Raises:
        exceptions.RefreshNotValid: it is no refresh token of any session here.
        exceptions.RefreshExpired: it is past its ``exp``.
        exceptions.SessionRevoked: its session is over, or ends now for its reuse.
        exceptions.Unavailable: others kept replacing it.

    """
    token, asked = RefreshToken.decode(raw), _Asked(request, idempotency_key, limit)
    if isinstance(token, SessionlessRefreshToken):
        traded = trade(token, request, transport=transport, idempotency_key=idempotency_key)
        if traded is not None:
            return traded
    for _attempt in range(ATTEMPTS):
        now = timezone.now()
        session = find(token)
        if session.transport != transport:
            raise RefreshNotValid(session_id=session.pk)
        if reason := session.ended_because(now):
            end(session, reason, request, now=now)
            raise SessionRevoked(reason, session_id=session.pk)
        pair = _answer(session, token, asked, now=now)
        if pair is not None:
            return pair
    raise Unavailable


def _answer(
    session: Session, token: RefreshToken, asked: _Asked, *, now: datetime
) -> TokenPair | None:
    """Do what the token calls for; ``None`` where another request was quicker."""
    grace, key = app_settings.REUSE_GRACE, asked.key
    move = decide(session, token.generation, now=now, grace=grace, key=key)
    if move is Move.REUSE:
        _end_for_reuse(session, asked.request, now=now)
        raise SessionRevoked(Session.Reason.REUSE_DETECTED.value, session_id=session.pk)
    if move is Move.REPEAT:
        repeated = token.generation == session.generation
        return replace(issue(session, secret=token.secret, now=now), repeated=repeated)
    if asked.limit is not None:
        asked.limit.check(session.pk)
    if move is Move.KEEP:
        pair: TokenPair | None = issue(session, secret=token.secret, now=now, with_refresh=False)
    else:
        pair = _advanced(session, token, asked, now=now)
    if asked.limit is not None and pair is not None:
        asked.limit.count(session.pk)
    return pair


def _advanced(
    session: Session, token: RefreshToken, asked: _Asked, *, now: datetime
) -> TokenPair | None:
    """Swap the row to the next generation; ``None`` where another request was quicker."""
    _warn_of_lost_commits(session, token)
    # Made before the row moves: a claim that fails must not cost the client its token.
    coming = session.moved_to(token.generation + 1, now=now)
    pair = issue(coming, secret=token.secret, now=now)
    columns = _columns(session, asked.key)
    if not Session.objects.rotate(session, coming.generation, now=now, **columns):
        return None
    tell(signals.session_refreshed, session, asked.request)
    return pair


def _columns(session: Session, key: str | None) -> dict[str, Any]:
    columns: dict[str, Any] = {"rotation_key": None if key is None else short_digest(key)}
    if bytes(session.auth_hash) != session.current_auth_hash:
        # Signed in under a SECRET_KEY that is a fallback now, and may be dropped one day.
        columns["auth_hash"] = session.current_auth_hash
    return columns


def _end_for_reuse(session: Session, request: AnyRequest, *, now: datetime) -> None:
    if end(session, Session.Reason.REUSE_DETECTED, request, now=now):
        tell(signals.refresh_token_reused, session, request)
    if connections[router.db_for_write(Session)].in_atomic_block:
        logger.warning(
            "session=%s: its end for reuse holds only if the transaction it is in is committed",
            session.pk,
        )


def _warn_of_lost_commits(session: Session, token: RefreshToken) -> None:
    if token.generation > session.generation:
        logger.warning(
            "session=%s is at generation %s and was shown %s: the database has lost commits",
            session.pk,
            session.generation,
            token.generation,
        )
