"""What both kinds of token have in common: their claims, and the border where they are decoded."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, NoReturn, Self

from django.views.decorators.debug import sensitive_variables
from rest_framework_simplejwt.exceptions import (
    ExpiredTokenError,
    TokenBackendError,
    TokenBackendExpiredToken,
    TokenError,
)
from rest_framework_simplejwt.tokens import Token

from jwt_signin import exceptions
from jwt_signin.conf import simple_jwt
from jwt_signin.keys import KeyRing, key_ring

MAX_CLAIM_LENGTH = 255
MAX_NUMBER = 2**53
"""Beyond any moment or generation, within what a BIGINT column and JSON can hold."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class SessionToken(Token):
    """
    The base of both kinds: a token of a session.

    Simple JWT's own constructor is replaced: it reads settings that do not follow
    ``override_settings``, and answers odd but signed claims with an error of its own.

    Args:
        token: the compact serialization; without it the token begins with no claims but its kind.
        verify: whether a token past its ``exp`` is refused; all else is verified in any case.

    Raises:
        TokenError: Simple JWT's, where the token is not one of this kind, or is expired.

    """

    payload: dict[str, Any]
    """The claims."""

    header_type: ClassVar[str] = "JWT"
    """The ``typ`` of the header."""

    expired: ClassVar[type[exceptions.Unauthorized]]
    not_valid: ClassVar[type[exceptions.Unauthorized]]

    @sensitive_variables()
    def __init__(self, token: str | None = None, verify: bool = True) -> None:
        self.token = token  # type: ignore[assignment]
        if token is None:
            self.payload = {simple_jwt.TOKEN_TYPE_CLAIM: self.token_type}
            return
        try:
            self.payload = key_ring().decode(token, check_exp=verify)
        except TokenBackendExpiredToken as error:
            raise ExpiredTokenError("expired") from error
        except TokenBackendError as error:
            raise TokenError("not valid") from error
        self.verify()

    @classmethod
    @sensitive_variables()
    def decode(cls, raw: str, *, check_exp: bool = True) -> Self:
        """
        Read a token that a client brought.

        Args:
            raw: the compact serialization, unverified.
            check_exp: whether a token past its ``exp`` is refused.

        Raises:
            exceptions.TokenExpired: or ``RefreshExpired``: it is past its ``exp``.
            exceptions.TokenNotValid: or ``RefreshNotValid``: anything else is wrong with it.

        """
        try:
            return cls.holding(key_ring().decode(raw, check_exp=check_exp), raw)
        except TokenBackendExpiredToken as error:
            raise cls.expired from error
        except (TokenBackendError, TokenError) as error:
            raise cls.not_valid from error

    @classmethod
    @sensitive_variables()
    def holding(cls, claims: dict[str, Any], raw: str) -> Self:
        """
        Make the token whose signature has been checked.

        Raises:
            TokenError: it is not one of this kind.

        """
        token = cls.kind_of(claims)()
        token.token, token.payload = raw, claims  # type: ignore[assignment]
        token.verify()
        return token

    @classmethod
    def kind_of(cls, claims: Mapping[str, Any]) -> type[Self]:
        """Return the class of a token with these claims: this one, or one of its own."""
        raise NotImplementedError

    @classmethod
    def for_session(
        cls,
        session_id: uuid.UUID,
        user: Any,
        *,
        issued_at: int,
        expires_at: int,
        claims: Mapping[str, Any],
    ) -> Self:
        """
        Make a token of a session.

        Args:
            session_id: the ``sid`` claim.
            user: whose ``USER_ID_FIELD`` becomes the user claim, as text.
            issued_at: whole seconds of the epoch.
            expires_at: likewise.
            claims: those beyond the ones every token has.

        Raises:
            ValueError: ``claims`` names one of those.

        """
        token = cls()
        token.payload |= {
            "exp": expires_at,
            "iat": issued_at,
            simple_jwt.JTI_CLAIM: secrets.token_hex(16),
            simple_jwt.USER_ID_CLAIM: str(getattr(user, simple_jwt.USER_ID_FIELD)),
            "sid": str(session_id),
        }
        if taken := claims.keys() & (token.payload.keys() | {"iss", "aud", "nbf"}):
            raise ValueError(f"claims that every token has cannot be replaced: {sorted(taken)}")
        if not isinstance(claims.get("sub", ""), str):
            raise ValueError("the claim sub must be a string (RFC 7519 section 4.1.2)")
        token.payload |= claims
        return token

    @classmethod
    def for_user(cls, user: Any) -> NoReturn:
        """
        Refuse: a token without a session would be refused wherever it is shown.

        Raises:
            TypeError: always; ``services.start_session(user)`` makes a pair.

        """
        raise TypeError("A token belongs to a session: use jwt_signin.services.start_session().")

    def __getitem__(self, key: str) -> Any:
        return self.payload[key]

    def __str__(self) -> str:
        return key_ring().encode(self.payload, typ=self.header_type)

    def __repr__(self) -> str:
        # The claims of a refresh token hold the session's secret.
        return f"<{type(self).__name__} of session {self.payload.get('sid')}>"

    def verify(self) -> None:
        """
        Check the claims that the key ring does not know.

        Every claim is untrusted even with a valid signature (RFC 8725 section 3.10): code that
        shares the key may have signed it.

        Raises:
            TokenError: one is missing or of the wrong kind.

        """
        claims = self.payload
        if claims.get(simple_jwt.TOKEN_TYPE_CLAIM) != self.token_type:
            raise TokenError("wrong kind")
        if not is_number(claims.get("exp")) or not is_number(claims.get("iat")):
            raise TokenError("no time of issue or end")
        if not is_short(claims.get(simple_jwt.JTI_CLAIM)):
            raise TokenError("no id")
        if not is_short(claims.get(simple_jwt.USER_ID_CLAIM)):
            raise TokenError("no user")
        self.verify_session()

    def verify_session(self) -> None:
        """
        Check the claims that tell of the session.

        Raises:
            TokenError: they are missing or of the wrong kind.

        """
        if not isinstance(sid := self.payload.get("sid"), str) or not _UUID.fullmatch(sid):
            raise TokenError("no session")

    @property
    def current_time(self) -> datetime:  # type: ignore[override]
        """The moment that Simple JWT's own methods count from."""
        return datetime.now(UTC)

    def get_token_backend(self) -> KeyRing:  # type: ignore[override]
        """Stand Simple JWT's methods on this package's key ring."""
        return key_ring()

    @property
    def session_id(self) -> uuid.UUID:
        """The ``sid`` claim."""
        return uuid.UUID(self.payload["sid"])

    @property
    def generation(self) -> int:
        """The place in the session's chain of refresh tokens; an access token has none."""
        return 0

    @property
    def user_id(self) -> str:
        """The user claim."""
        return str(self.payload[simple_jwt.USER_ID_CLAIM])


def is_number(value: Any) -> bool:
    """Tell whether a claim is a moment that any calendar has."""
    return isinstance(value, int | float) and 0 < value < MAX_NUMBER and value is not True


def is_short(value: Any) -> bool:
    """Tell whether a claim is printable text of 1 to 255 characters."""
    # Neither a NUL, which PostgreSQL refuses, nor a lone surrogate, which has no UTF-8.
    return isinstance(value, str) and 0 < len(value) <= MAX_CLAIM_LENGTH and value.isprintable()
