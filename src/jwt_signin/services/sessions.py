"""What a token's session says, and the ways it ends."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from jwt_signin import signals
from jwt_signin.conf import app_settings, simple_jwt
from jwt_signin.exceptions import SessionNotFound, SessionRevoked
from jwt_signin.models import Session
from jwt_signin.services.events import AnyRequest, tell
from jwt_signin.tokens import RefreshToken, SessionToken

BATCH = 5_000
"""Rows that one statement ends."""


def find(token: SessionToken) -> Session:
    """
    Fetch the session of a token, in one statement.

    Raises:
        exceptions.SessionRevoked: it is gone, or its user is.
        exceptions.Unauthorized: the token is not one of that session.

    """
    session = Session.objects.with_user(token.session_id)
    if session is None:
        raise SessionRevoked(session_id=token.session_id)
    is_owner = str(getattr(session.user, simple_jwt.USER_ID_FIELD)) == token.user_id
    knows_secret = not isinstance(token, RefreshToken) or session.has_secret(token.secret)
    if not is_owner or not knows_secret:
        raise token.not_valid(session_id=session.pk)
    return session


def living(token: SessionToken, *, now: datetime) -> Session:
    """
    Fetch the session of a token, if it is not over.

    Raises:
        exceptions.SessionRevoked: it is over, for a reason, or gone without one.
        exceptions.Unauthorized: the token is not one of that session.

    """
    session = find(token)
    if reason := session.ended_because(now):
        raise SessionRevoked(reason, session_id=session.pk)
    return session


def live_sessions(user: Any) -> list[Session]:
    """Return the live sessions of ``user``, the one used last first."""
    now = timezone.now()
    sessions = Session.objects.primary().filter(user=user).live(now).order_by("-rotated_at", "id")
    for session in (found := list(sessions)):
        session.user = user
    return [session for session in found if session.ended_because(now) is None]


def end(session: Session, reason: str, request: AnyRequest = None, *, now: datetime) -> bool:
    """
    End a session, unless it was ended before.

    Returns:
        Whether this call ended it: of any number at once, one does, and tells.

    """
    if session.revoked_at is not None:
        return False
    if not Session.objects.end(session, reason, now=now):
        return False
    session.revoked_at, session.revoke_reason = now, reason
    tell(signals.session_revoked, session, request)
    return True


def end_oldest(newest: Session, request: AnyRequest = None) -> None:
    """End the oldest live sessions of a user beyond ``MAX_SESSIONS_PER_USER``, never ``newest``."""
    if (limit := app_settings.MAX_SESSIONS_PER_USER) is None:
        return
    owned = Session.objects.primary().filter(user=newest.user).live(timezone.now())
    others = owned.exclude(pk=newest.pk).order_by("-created_at", "-pk")
    for session in others[limit - 1 :]:
        end(session, Session.Reason.SUPERSEDED, request, now=timezone.now())


def revoke_session(
    user: Any,
    session_id: uuid.UUID,
    request: AnyRequest = None,
    *,
    reason: str = Session.Reason.REVOKED_BY_USER,
) -> bool:
    """
    End one session of ``user``.

    Returns:
        Whether this call ended it; ``False`` where it was over before.

    Raises:
        exceptions.SessionNotFound: the user has none of that id, ended or not.

    """
    session = Session.objects.primary().filter(pk=session_id, user=user).first()
    if session is None:
        raise SessionNotFound
    return end(session, reason, request, now=timezone.now())


def revoke_all(
    user: Any,
    request: AnyRequest = None,
    *,
    keep: uuid.UUID | None = None,
    reason: str = Session.Reason.REVOKED_BY_USER,
) -> int:
    """
    End the live sessions of ``user``, but for ``keep``.

    Returns:
        How many this ended.

    """
    owned = Session.objects.primary().filter(user=user).live(timezone.now())
    others = owned if keep is None else owned.exclude(pk=keep)
    return revoke_many(others, request, reason=reason)


def revoke_many(
    sessions: QuerySet[Session], request: AnyRequest = None, *, reason: str = Session.Reason.ADMIN
) -> int:
    """
    End those of ``sessions`` that are not ended yet, some thousands a statement.

    Returns:
        How many this ended.

    """
    # The rows may have been chosen on a replica: they are read again where they are written.
    ended, revocable = 0, Session.objects.primary()
    pending = (
        sessions.using(revocable.db)
        .filter(revoked_at=None)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    batch = list(pending[:BATCH])
    while batch:
        now = timezone.now()
        ended += revocable.filter(pk__in=batch).revoke(reason, now=now)
        if signals.session_revoked.has_listeners(Session):
            # The moment, to the microsecond, tells the rows of this call from those of others.
            for session in revocable.filter(pk__in=batch, revoked_at=now, revoke_reason=reason):
                tell(signals.session_revoked, session, request)
        batch = list(pending.filter(pk__gt=batch[-1])[:BATCH])
    return ended
