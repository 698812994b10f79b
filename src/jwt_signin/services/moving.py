"""Moving over: tokens of plain Simple JWT, and the session that each of them is traded for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import router
from django.utils import timezone

from jwt_signin import signals
from jwt_signin.conf import TransportName, app_settings, simple_jwt
from jwt_signin.exceptions import SessionRevoked
from jwt_signin.models import Session, auth_hashes, digest, may_sign_in, short_digest
from jwt_signin.services.client import client_of
from jwt_signin.services.events import AnyRequest, django_request, tell
from jwt_signin.services.issuing import issue
from jwt_signin.services.sessions import end_oldest
from jwt_signin.tokens import SessionlessAccessToken, SessionlessRefreshToken, TokenPair
from jwt_signin.tokens.blacklist import blacklist, is_blacklisted


def owner(token: SessionlessAccessToken | SessionlessRefreshToken) -> Any:
    """
    Find the user of a token that has no session, in one statement.

    Where several share what ``USER_ID_FIELD`` holds nobody is chosen among them: any of them could
    have the token, and be taken for another.

    Raises:
        exceptions.SessionRevoked: he is gone, not the only one, inactive, or has changed the
            password that the token is bound to.

    """
    model = get_user_model()
    users = model._default_manager.using(router.db_for_write(model))
    try:
        found = list(users.filter(**{simple_jwt.USER_ID_FIELD: token.user_id})[:2])
    except (ValueError, TypeError, OverflowError, ValidationError):
        found = []  # a claim of another type than the field, as after a change of keys
    if len(found) != 1:
        raise SessionRevoked
    (user,) = found
    if not may_sign_in(user):
        raise SessionRevoked(Session.Reason.INACTIVE_USER.value)
    if not token.is_bound_to(getattr(user, "password", "")):
        raise SessionRevoked(Session.Reason.PASSWORD_CHANGED.value)
    return user


def candidate(token: SessionlessRefreshToken, *, now: datetime) -> Any:
    """
    Find the user for whom a refresh token may begin a session.

    Returns:
        ``None`` where it has begun one before, or was blacklisted: the session's row, or that
        there is none, says the rest.

    Raises:
        exceptions.SessionRevoked: the token is older than a session may be, or as in ``owner``.

    """
    if is_blacklisted(token) or Session.objects.primary().filter(pk=token.session_id).exists():
        return None
    # A row outlives the token that it was traded for: once cleared, it could be traded again.
    lifetime = min(simple_jwt.REFRESH_TOKEN_LIFETIME, app_settings.SESSION_LIFETIME)
    if now.timestamp() >= min(token["exp"], token["iat"] + lifetime.total_seconds()):
        raise SessionRevoked(Session.Reason.EXPIRED.value)
    return owner(token)


def trade(
    token: SessionlessRefreshToken,
    request: AnyRequest = None,
    *,
    transport: TransportName = "body",
    idempotency_key: str | None = None,
) -> TokenPair | None:
    """
    Trade a refresh token of plain Simple JWT for a session, once.

    It is generation 0 of that session and is replaced at once: whatever comes after is the same
    as for any token of ours.
    ``BEFORE_SESSION`` is not asked, for nobody signs in; nor is ``user_logged_in`` sent.

    Returns:
        ``None`` where ``candidate`` finds nobody, or another request was quicker.

    Raises:
        exceptions.SessionRevoked: as in ``candidate``.

    """
    key = None if idempotency_key is None else short_digest(idempotency_key)
    begun = begin(token, request, transport=transport, rotation_key=key)
    if begun is None:
        return None
    session, pair = begun
    end_oldest(session, request)
    return pair


def begin(
    token: SessionlessRefreshToken, request: AnyRequest = None, **columns: Any
) -> tuple[Session, TokenPair] | None:
    """
    Begin the session of a token, as ``trade`` does, and end no other for it: it may not stay.

    Args:
        token: what it is traded for.
        request: Django's or REST framework's, for address and client; ``None`` outside of one.
        columns: of the row, beyond those that follow from token and request.

    """
    now, rotates = timezone.now(), simple_jwt.ROTATE_REFRESH_TOKENS
    if (user := candidate(token, now=now)) is None:
        return None
    session = _new(token, user, request, now=now, **columns)
    session.generation += rotates
    # Made before the row is: a claim that fails must not cost the client its token.
    pair = issue(session, secret=token.secret, now=now, with_refresh=rotates)
    if not Session.objects.insert_once(session):
        return None
    blacklist(token, user)
    tell(signals.session_started, session, request, user=user)
    return session, pair


def _new(
    token: SessionlessRefreshToken, user: Any, request: AnyRequest, *, now: datetime, **columns: Any
) -> Session:
    return Session(
        id=token.session_id,
        user=user,
        generation=token.generation,
        secret_hash=digest(token.secret),
        auth_hash=next(auth_hashes(user)),
        created_at=now,
        rotated_at=now,
        expires_at=now + app_settings.SESSION_LIFETIME,
        **client_of(django_request(request))._asdict(),
        **columns,
    )
