"""How refresh tokens travel: in bodies, for apps, or in cookies, for browsers."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from jwt_signin.conf import app_settings
from jwt_signin.shapes import Shape
from jwt_signin.transports.base import Transport
from jwt_signin.transports.body import BodyTransport, read_token
from jwt_signin.transports.cookie import CookieTransport
from jwt_signin.transports.parsers import FormParser, GrantParser, JSONParser

__all__ = [
    "BodyTransport",
    "CookieTransport",
    "FormParser",
    "GrantParser",
    "JSONParser",
    "Transport",
    "get_transports",
    "read_token",
]

TRANSPORTS: dict[str, Transport] = {
    transport.name: transport for transport in (BodyTransport(), CookieTransport())
}
"""By name, in the order in which a request is searched for a token: the body wins."""


def get_transports(name: str | None = None, shape: Shape | None = None) -> dict[str, Transport]:
    """
    Return the transport of a name; all that ``TRANSPORTS`` allows where none is given.

    Args:
        name: the one transport of a view.
        shape: leaves those over which it may be spelled.

    Raises:
        ImproperlyConfigured: there is no such transport, or the shape leaves none.

    """
    chosen = app_settings.TRANSPORTS if name is None else (name,)
    if unknown := set(chosen) - TRANSPORTS.keys():
        raise ImproperlyConfigured(f"There is no transport {unknown}: {[*TRANSPORTS]}.")
    spelled = TRANSPORTS if shape is None else shape.transports
    left = {each: TRANSPORTS[each] for each in TRANSPORTS if each in chosen and each in spelled}
    if not left:
        raise ImproperlyConfigured(
            f"{type(shape).__name__} is spelled over {[*spelled]}, and here over {[*chosen]} alone."
        )
    return left
