"""The body: for native clients, servers and scripts, which keep the token themselves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from jwt_signin.exceptions import InvalidRequest
from jwt_signin.shapes import Shape
from jwt_signin.tokens import TokenPair
from jwt_signin.transports.base import Transport
from jwt_signin.transports.parsers import FormParser, JSONParser


class BodyTransport(Transport):
    """The refresh token is a member of the body, both ways."""

    name = "body"
    parsers = (JSONParser, FormParser)

    def read(self, request: Any, shape: Shape) -> str | None:
        """Read it under any of its names."""
        return read_token(request, "refresh", "refresh_token", shape.refresh)

    def read_all(self, request: Any, shape: Shape) -> list[str]:
        """Read the one."""
        raw = self.read(request, shape)
        return [raw] if raw else []

    def shown(self, pair: TokenPair) -> TokenPair:
        """Show both tokens."""
        return pair


@sensitive_variables()
def read_token(request: Any, *names: str) -> str | None:
    """
    Return the first of ``names`` that the body holds a token under, or ``None``.

    Raises:
        InvalidRequest: one holds something else.

    """
    for name in names:
        value = request.data.get(name)
        if value is not None and not isinstance(value, str):
            raise InvalidRequest(fields={name: [_("This must be a string.")]})
        if value:
            return value
    return None
