"""The two kinds of token."""

from __future__ import annotations

from datetime import timedelta

from rest_framework_simplejwt.exceptions import (
    TokenBackendError,
    TokenBackendExpiredToken,
    TokenError,
)

from jwt_signin import exceptions
from jwt_signin.conf import simple_jwt
from jwt_signin.keys import key_ring
from jwt_signin.tokens.base import MAX_NUMBER, SessionToken, is_short


class AccessToken(SessionToken):
    """The token that opens protected endpoints (RFC 6749 section 1.4)."""

    token_type = "access"  # noqa: S105
    header_type = "at+jwt"
    """RFC 9068 section 2.1."""
    expired = exceptions.TokenExpired
    not_valid = exceptions.TokenNotValid

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

    def verify(self) -> None:
        """Check ``gen`` and ``ss`` as well."""
        super().verify()
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


def decode_any(raw: str, *, check_exp: bool = True) -> AccessToken | RefreshToken:
    """
    Read a token of either kind, for endpoints that take both.

    Raises:
        exceptions.TokenExpired: it is past its ``exp``.
        exceptions.TokenNotValid: anything else is wrong with it.

    """
    try:
        payload = key_ring().decode(raw, check_exp=check_exp)
        is_refresh = payload.get(simple_jwt.TOKEN_TYPE_CLAIM) == RefreshToken.token_type
        token = RefreshToken() if is_refresh else AccessToken()
        token.payload = payload
        token.verify()
    except TokenBackendExpiredToken as error:
        raise exceptions.TokenExpired from error
    except (TokenBackendError, TokenError) as error:
        raise exceptions.TokenNotValid from error
    return token
