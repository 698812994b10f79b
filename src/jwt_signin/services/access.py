"""Whether a token is still good, without changing anything."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from jwt_signin.conf import app_settings
from jwt_signin.exceptions import RefreshNotValid, TokenNotValid
from jwt_signin.services.moving import candidate, owner
from jwt_signin.services.rotation import Move, decide
from jwt_signin.services.sessions import living
from jwt_signin.tokens import (
    AccessToken,
    RefreshToken,
    SessionlessAccessToken,
    SessionlessRefreshToken,
    decode_any,
)


@sensitive_variables()
def check_access(raw: str) -> tuple[Any, AccessToken]:
    """
    Find the user of an access token whose session lives, in one statement.

    Args:
        raw: the token as it was brought, unverified.

    Raises:
        exceptions.TokenNotValid: it is no access token of a session here.
        exceptions.TokenExpired: it is past its ``exp``.
        exceptions.SessionRevoked: its session is over.

    """
    token = AccessToken.decode(raw)
    if isinstance(token, SessionlessAccessToken):
        return owner(token), token
    return living(token, now=timezone.now()).user, token


@sensitive_variables()
def recheck_access(token: AccessToken) -> None:
    """
    Check again a token that was good, for a connection that stays open on it.

    It lives on in its session, past its own ``exp``; a token without a session lives until then.

    Raises:
        exceptions.SessionRevoked: its session is over.
        exceptions.TokenExpired: it has none, and is past its ``exp``.

    """
    raw: Any = token.token
    if isinstance(token, SessionlessAccessToken):
        check_access(raw)
    else:
        living(token, now=timezone.now())


@sensitive_variables()
def verify(raw: str) -> None:
    """
    Check a token of either kind, and its session; nothing is rotated or ended.

    Raises:
        exceptions.TokenNotValid: it is no token of a session here, or one that was replaced.
        exceptions.TokenExpired: it is past its ``exp``.
        exceptions.SessionRevoked: its session is over.

    """
    token, now = decode_any(raw), timezone.now()
    if _is_good_without_a_session(token, now=now):
        return
    try:
        session = living(token, now=now)
    except RefreshNotValid as refusal:
        raise TokenNotValid(session_id=refusal.session_id) from refusal
    if isinstance(token, RefreshToken):
        grace = app_settings.REUSE_GRACE
        if decide(session, token.generation, now=now, grace=grace, key=None) is Move.REUSE:
            raise TokenNotValid(session_id=session.pk)


def _is_good_without_a_session(token: AccessToken | RefreshToken, *, now: datetime) -> bool:
    if isinstance(token, SessionlessAccessToken):
        return owner(token) is not None
    return isinstance(token, SessionlessRefreshToken) and candidate(token, now=now) is not None
