"""Who is asking: what a session remembers of the client that it was started from."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import NamedTuple

from django.http import HttpRequest

from jwt_signin.conf import app_settings
from jwt_signin.models import MAX_LABEL, MAX_USER_AGENT

# Each list is in order: a browser names those that it descends from as well.
_BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


_WITH_PORT = re.compile(r"\[([^]]+)\](?::[0-9]+)?|([^:]+):[0-9]+")
"""An address as some proxies write it, with the port it was asked from (RFC 7239 section 6)."""

MAX_ADDRESS = 100
"""The longest address that is read, in characters; its zone may be the client's own words."""


class Client(NamedTuple):
    """The columns of a session that describe its client; all are as untrusted as the request."""

    ip: str | None
    user_agent: str
    label: str


def client_of(request: HttpRequest | None, label: str | None = None) -> Client:
    """Describe the client of ``request``, or of none; ``label`` replaces the one derived of it."""
    if request is None:
        return Client(None, "", printable(label or "")[:MAX_LABEL])
    user_agent = printable(request.META.get("HTTP_USER_AGENT", ""))
    name = describe(user_agent) if label is None else printable(label)
    return Client(address_of(request), user_agent[:MAX_USER_AGENT], name[:MAX_LABEL])


def address_of(request: HttpRequest) -> str | None:
    """
    Return the client's address, or ``None`` where it has none (a Unix socket).

    ``REMOTE_ADDR``, unless ``NUM_PROXIES`` says how many trusted proxies stand in front: then
    the entry of ``X-Forwarded-For`` that the outermost of them wrote.
    Entries further left are the client's own words.
    """
    candidate = request.META.get("REMOTE_ADDR", "")
    if proxies := app_settings.NUM_PROXIES:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        candidate = forwarded[-min(proxies, len(forwarded))].strip() or candidate
    return _read(candidate) if len(candidate) <= MAX_ADDRESS else None


@lru_cache(maxsize=1024)
def _read(text: str) -> str | None:
    """Bring an address to its one form; a request has it read more than once, a client often."""
    if match := _WITH_PORT.fullmatch(text):
        text = match[1] or match[2]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])  # a zone is this machine's
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)


def describe(user_agent: str) -> str:
    """Name program and system, as "Firefox on Linux" or "curl"; what is not known is left out."""
    product = user_agent.partition("/")[0]
    unknown = "" if product == "Mozilla" else product  # which every browser says it is
    browser = next((name for mark, name in _BROWSERS.items() if mark in user_agent), unknown)
    system = next((name for mark, name in _SYSTEMS.items() if mark in user_agent), "")
    return " on ".join(filter(None, (browser, system)))


def printable(text: str) -> str:
    """Drop what is not printable: a line break in a log, a NUL in PostgreSQL."""
    if text.isprintable():
        return text
    return "".join(character for character in text if character.isprintable())
