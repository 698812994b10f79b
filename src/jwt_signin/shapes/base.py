"""The shape ``default``, and what every other is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, NamedTuple

from rest_framework.exceptions import APIException
from rest_framework.serializers import BaseSerializer

from jwt_signin.conf import TransportName, app_settings
from jwt_signin.exceptions import describe
from jwt_signin.tokens import TokenPair

Action = Literal["sign_in", "refresh", "access", "other"]
"""What was asked for when it was refused."""


class Spelled(NamedTuple):
    """A refusal as it is answered."""

    status: int
    body: dict[str, Any]


class Shape:
    """The shape ``default``, and the base of every other."""

    access: ClassVar[str] = "access"
    """The name of the access token in answers."""

    refresh: ClassVar[str] = "refresh"
    """The name of the refresh token in answers, and one of its names in requests."""

    identifiers: ClassVar[tuple[str, ...]] = ()
    """Names that a sign-in may use for ``identifier``, where no field of that name is signed in
    by."""

    transports: ClassVar[tuple[TransportName, ...]] = ("body", "cookie")
    """The transports that it may be spelled over."""

    def names(self, fields: Sequence[str]) -> dict[str, str]:
        """
        Map each name that a sign-in may use to the one of ``services.sign_in``.

        Args:
            fields: ``SIGNIN_BY``.

        """
        aliases = dict.fromkeys(("identifier", *self.identifiers), "identifier")
        return aliases | {name: name for name in fields}

    def tokens(self, pair: TokenPair) -> dict[str, Any]:
        """Spell the tokens alone; the refresh token is left out where it was not replaced."""
        named = {self.access: str(pair.access)}
        if pair.refresh is not None:
            named[self.refresh] = str(pair.refresh)
        return named

    @property
    def user_serializer(self) -> type[BaseSerializer[Any]]:
        """The serializer of the user, which ``USER_SERIALIZER`` names."""
        serializer: type[BaseSerializer[Any]] = app_settings.user_serializer
        return serializer

    def user(self, pair: TokenPair, request: Any) -> Any:
        """Spell the user."""
        return self.user_serializer(pair.user, context={"request": request}).data

    def sign_in(self, pair: TokenPair, request: Any) -> dict[str, Any]:
        """Spell the answer of a sign-in."""
        return {
            **self.tokens(pair),
            "token_type": "Bearer",
            "expires_in": pair.expires_in,
            "expires_at": pair.access["exp"],
            "refresh_expires_in": pair.refresh_expires_in,
            "session": pair.access["sid"],
            "user": self.user(pair, request),
        }

    def refreshed(self, pair: TokenPair, request: Any) -> dict[str, Any]:
        """Spell the answer of a refresh."""
        return self.sign_in(pair, request)

    def refusal(self, error: APIException, action: Action) -> Spelled:
        """
        Spell a refusal.

        Args:
            error: this package's or REST framework's own.
            action: what was asked for.

        """
        return Spelled(error.status_code, describe(error))


class TokensAlone(Shape):
    """The base of shapes that answer nothing but the tokens."""

    def sign_in(self, pair: TokenPair, request: Any) -> dict[str, Any]:
        """Answer the tokens."""
        return self.tokens(pair)

    def refreshed(self, pair: TokenPair, request: Any) -> dict[str, Any]:
        """Answer the tokens."""
        return self.tokens(pair)
