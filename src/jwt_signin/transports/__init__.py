"""How refresh tokens travel: in bodies, for apps, or in cookies, for browsers."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from jwt_signin.conf import app_settings
from jwt_signin.transports.base import Transport
from jwt_signin.transports.body import BodyTransport, read_token
from jwt_signin.transports.cookie import CookieTransport
from jwt_signin.transports.parsers import FormParser, JSONParser

__all__ = [
    "BodyTransport",
    "CookieTransport",
    "FormParser",
    "JSONParser",
    "Transport",
    "get_transports",
    "read_token",
]

TRANSPORTS: dict[str, Transport] = {
    transport.name: transport for transport in (BodyTransport(), CookieTransport())
}
"""By name, in the order in which a request is searched for a token: the body wins."""


def get_transports(name: str | None = None) -> dict[str, Transport]:
    """
    Return the transport of a name; all that ``TRANSPORTS`` allows where none is given.

    Raises:
        ImproperlyConfigured: there is no such transport.

    """
    chosen = app_settings.TRANSPORTS if name is None else (name,)
    if unknown := set(chosen) - TRANSPORTS.keys():
        raise ImproperlyConfigured(f"There is no transport {unknown}: {[*TRANSPORTS]}.")
    return {each: transport for each, transport in TRANSPORTS.items() if each in chosen}
