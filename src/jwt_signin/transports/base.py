"""How a refresh token travels: what every transport does."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from jwt_signin.conf import TransportName
from jwt_signin.shapes import Shape
from jwt_signin.tokens import TokenPair


class Transport:
    """The way a refresh token comes and goes; chosen at sign-in, and kept by the session."""

    name: ClassVar[TransportName]
    """What a sign-in asks for, and the session remembers."""

    parsers: ClassVar[tuple[type[BaseParser], ...]]
    """The bodies that are read."""

    headers: ClassVar[tuple[str, ...]] = ()
    """The request headers that an answer depends on, for ``Vary``."""

    def check(self, request: Any) -> None:
        """Refuse a request that may not use this transport."""

    def read(self, request: Any, shape: Shape) -> str | None:
        """
        Return the refresh token that a request brought this way, unverified.

        Raises:
            InvalidRequest: what stands in its place is no string.

        """
        raise NotImplementedError

    def read_all(self, request: Any, shape: Shape) -> list[str]:
        """Return every token that a request brought this way, of either kind, unverified."""
        raise NotImplementedError

    def shown(self, pair: TokenPair) -> TokenPair:
        """Return the part of a pair that goes into the body."""
        raise NotImplementedError

    def write(self, response: Response, pair: TokenPair, request: Any) -> None:
        """Add to an answer what does not go into its body."""

    def clear(self, response: Response, request: Any) -> None:
        """Make the client forget, where an answer can."""
