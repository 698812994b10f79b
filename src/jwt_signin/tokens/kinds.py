"""The two kinds of token, ours and plain Simple JWT's."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.crypto import constant_time_compare
from jwt.utils import base64url_encode
from rest_framework_simplejwt.exceptions import (
    TokenBackendError,
    TokenBackendExpiredToken,
    TokenError,
)
from rest_framework_simplejwt.utils import get_md5_hash_password

from jwt_signin import exceptions
from jwt_signin.conf import app_settings, simple_jwt
from jwt_signin.keys import key_ring
from jwt_signin.tokens.base import MAX_NUMBER, SessionToken, is_short


class AccessToken(SessionToken):
    """The token that opens protected endpoints (RFC 6749 section 1.4)."""

    token_type = "access"  # noqa: S105
    header_type = "at+jwt"
    """RFC 9068 section 2.1."""
    expired = exceptions.TokenExpired
    not_valid = exceptions.TokenNotValid

    @classmethod
    def kind_of(cls, claims: Mapping[str, Any]) -> type[AccessToken]:
        """Tell plain Simple JWT's from ours."""
        return SessionlessAccessToken if is_sessionless(claims) else AccessToken

    def verify_session(self) -> None:
        """
        Refuse what Simple JWT makes of a refresh token of ours, with its claims.

        A view of Simple JWT's that still stands asks neither the session nor its place in it.
        """
        super().verify_session()
        if {"gen", "ss"} <= self.payload.keys():
            raise TokenError("made of a refresh token")

    @property
    def lifetime(self) -> timedelta:  # type: ignore[override]
        """``ACCESS_TOKEN_LIFETIME``."""
        return simple_jwt.ACCESS_TOKEN_LIFETIME


class RefreshToken(SessionToken):
    """
    The token that is traded for a new pair (RFC 6749 section 1.5).

    It carries the session's secret: who holds the signing key alone cannot make one.
    """

    token_type = "refresh"  # noqa: S105
    expired = exceptions.RefreshExpired
    not_valid = exceptions.RefreshNotValid

    @classmethod
    def kind_of(cls, claims: Mapping[str, Any]) -> type[RefreshToken]:
        """Tell plain Simple JWT's from ours."""
        return SessionlessRefreshToken if is_sessionless(claims) else RefreshToken

    def verify_session(self) -> None:
        """Check ``gen`` and ``ss`` as well."""
        super().verify_session()
        generation = self.payload.get("gen")
        if not isinstance(generation, int) or isinstance(generation, bool):
            raise TokenError("no generation")
        if not 0 <= generation < MAX_NUMBER or not is_short(self.payload.get("ss")):
            raise TokenError("no place in the session")

    @property
    def lifetime(self) -> timedelta:  # type: ignore[override]
        """``REFRESH_TOKEN_LIFETIME``."""
        return simple_jwt.REFRESH_TOKEN_LIFETIME

    @property
    def generation(self) -> int:
        """The place in the session's chain of refresh tokens."""
        return int(self.payload["gen"])

    @property
    def secret(self) -> str:
        """The session's secret."""
        return str(self.payload["ss"])


class Sessionless(SessionToken):
    """
    The base of tokens that plain Simple JWT made, while ``ACCEPT_SIMPLEJWT_TOKENS`` is on.

    Who holds the signing key can make both kinds: no session's secret stands behind them.
    """

    def verify(self) -> None:
        """Take a number for the user as well: earlier releases of Simple JWT wrote it so."""
        user = self.payload.get(simple_jwt.USER_ID_CLAIM)
        if isinstance(user, int) and not isinstance(user, bool):
            self.payload[simple_jwt.USER_ID_CLAIM] = str(user)
        super().verify()

    def verify_session(self) -> None:
        """Check nothing: there is none."""

    def is_bound_to(self, password: str) -> bool:
        """Tell whether the token was made for this stored password, where it says for which."""
        if not simple_jwt.CHECK_REVOKE_TOKEN:
            return True
        bound_to = str(self.payload.get(simple_jwt.REVOKE_TOKEN_CLAIM))
        return constant_time_compare(bound_to, get_md5_hash_password(password))


class SessionlessAccessToken(Sessionless, AccessToken):
    """An access token of plain Simple JWT: good until its ``exp``, whatever is revoked."""

    @property
    def session_id(self) -> None:  # type: ignore[override]
        """``None``: it has no session."""


class SessionlessRefreshToken(Sessionless, RefreshToken):
    """
    A refresh token of plain Simple JWT: generation 0 of the one session that it is traded for.

    All that this session needs follows from the token itself, so that any number of requests
    that bring it at once mean the same one.
    """

    @property
    def session_id(self) -> uuid.UUID:
        """A name made of the token's own (RFC 9562 section 5.5)."""
        return uuid.uuid5(_NAMESPACE, self.jti)

    @property
    def generation(self) -> int:
        """The first."""
        return 0

    @property
    def secret(self) -> str:
        """
        A digest of the whole token, signature included.

        Whoever holds the token is entitled to the session, and nobody else can know the
        digest: ``jti`` is random, and the row's id does not tell it.
        """
        digest = hashlib.sha256(f"jwt_signin ss {self.token}".encode()).digest()
        return base64url_encode(digest).decode()

    @property
    def jti(self) -> str:
        """The claim that identifies the token."""
        return str(self.payload[simple_jwt.JTI_CLAIM])


_NAMESPACE = uuid.UUID("5f1d4fd8-6f0e-4c0e-9b0b-1f6f3c9a7d52")


def is_sessionless(claims: Mapping[str, Any]) -> bool:
    """Tell whether claims are those of a token of plain Simple JWT, and such are accepted."""
    return app_settings.ACCEPT_SIMPLEJWT_TOKENS and not claims.keys() & {"sid", "gen", "ss"}


def decode_any(raw: str, *, check_exp: bool = True) -> AccessToken | RefreshToken:
    """
    Read a token of either kind, for endpoints that take both.

    Raises:
        exceptions.TokenExpired: it is past its ``exp``.
        exceptions.TokenNotValid: anything else is wrong with it.

    """
    try:
        claims = key_ring().decode(raw, check_exp=check_exp)
        is_refresh = claims.get(simple_jwt.TOKEN_TYPE_CLAIM) == RefreshToken.token_type
        return (RefreshToken if is_refresh else AccessToken).holding(claims, raw)
    except TokenBackendExpiredToken as error:
        raise exceptions.TokenExpired from error
    except (TokenBackendError, TokenError) as error:
        raise exceptions.TokenNotValid from error
