"""Where table and token meet: a session's row becomes a pair of tokens."""

from __future__ import annotations

from datetime import datetime

from django.views.decorators.debug import sensitive_variables

from jwt_signin.conf import MAX_COOKIE_SIZE, app_settings, simple_jwt
from jwt_signin.models import Session
from jwt_signin.tokens import AccessToken, RefreshToken, TokenPair


@sensitive_variables()
def issue(session: Session, *, secret: str, now: datetime, with_refresh: bool = True) -> TokenPair:
    """
    Make a pair of the session's present generation.

    The refresh token ends when the row does, and the access token not later: neither outlives
    the absolute lifetime.
    """
    issued_at, idle_at = int(now.timestamp()), int(session.idle_at.timestamp())
    refresh = None
    if with_refresh:
        refresh = RefreshToken.for_session(
            session.pk,
            session.user,
            issued_at=issued_at,
            expires_at=idle_at,
            claims={"gen": session.generation, "ss": secret},
        )
    return TokenPair(
        access=_access(session, issued_at),
        refresh=refresh,
        user=session.user,
        remember=session.remember,
        refresh_expires_at=idle_at,
    )


def _access(session: Session, issued_at: int) -> AccessToken:
    claims = app_settings.claims
    lifetime = int(simple_jwt.ACCESS_TOKEN_LIFETIME.total_seconds())
    access = AccessToken.for_session(
        session.pk,
        session.user,
        issued_at=issued_at,
        expires_at=min(issued_at + lifetime, int(session.expires_at.timestamp())),
        claims=claims(session.user, session) if claims else {},
    )
    if claims:
        # What cannot be signed, or not be brought, is told before anything is written.
        _check_room(session, str(access))
    return access


@sensitive_variables()
def _check_room(session: Session, raw: str) -> None:
    name = app_settings.access_cookie if session.transport == "cookie" else None
    if name and len(f"__Secure-{name}{raw}") > MAX_COOKIE_SIZE:
        raise ValueError(f"browsers would drop an access cookie of {len(raw)} bytes: claim less")
