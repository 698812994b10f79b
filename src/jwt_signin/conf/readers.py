"""
What a setting may be: functions that return the value as the package uses it.

Each raises ``ValueError`` with the sentence's end "must be …" when the value is of no use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from http.cookies import Morsel
from typing import Any, NamedTuple

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~\w-]+", re.ASCII)
_PATH = re.compile(r"/[!-:<-~]*")
_DOMAIN = re.compile(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)*", re.IGNORECASE)
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://(\*\.)?[^*/?#@\s]+", re.IGNORECASE)

SHORTEST, LONGEST = timedelta(seconds=1), timedelta(days=36_525)
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
LONGEST_PERIOD = 30 * UNITS["d"]
"""Seconds: memcached takes a longer timeout for a date."""

_RATE = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,8})?([smhd])")


class Rate(NamedTuple):
    """So many in so many seconds."""

    limit: int
    seconds: int


def duration(value: Any) -> timedelta:
    """Read a ``timedelta``, or a number of seconds, that is not negative."""
    seconds = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        span = timedelta(seconds=value) if seconds else value
    except (OverflowError, ValueError):
        span = None
    if not isinstance(span, timedelta) or span < timedelta(0):
        raise ValueError("a timedelta, or a number of seconds, that is not negative")
    return span


def lifetime(value: Any) -> timedelta:
    """Read how long something lives: tokens count whole seconds, and calendars end."""
    if not SHORTEST <= (span := duration(value)) <= LONGEST:
        raise ValueError("a timedelta, or a number of seconds, from a second to a century")
    return span


def whole(value: Any) -> int:
    """Read a whole number that is not negative."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("a whole number that is not negative")
    return value


def positive(value: Any) -> int:
    """Read a whole number above zero."""
    if not (number := whole(value)):
        raise ValueError("a whole number above zero")
    return number


def rate(value: Any) -> Rate:
    """Read "10/15m": so many in so many seconds, minutes, hours or days; in one where unsaid."""
    match = _RATE.fullmatch(value) if isinstance(value, str) else None
    seconds = int(match[2] or 1) * UNITS[match[3]] if match else 0
    if match is None or seconds > LONGEST_PERIOD:
        raise ValueError("None, or a rate such as '10/15m', of s, m, h or d up to 30d")
    return Rate(int(match[1]), seconds)


def flag(value: Any) -> bool:
    """Read ``True`` or ``False``."""
    if not isinstance(value, bool):
        raise ValueError("True or False")
    return value


def text(value: Any) -> str:
    """Read a string that is not empty."""
    if not isinstance(value, str) or not value:
        raise ValueError("a string that is not empty")
    return value


def names(value: Any) -> tuple[str, ...]:
    """Read a list of strings, or a single one."""
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or not given:
        raise ValueError("a list of strings that is not empty")
    return tuple(text(name) for name in given)


def audience(value: Any) -> str | list[str]:
    """Read one recipient or several (RFC 7519 section 4.1.3)."""
    return value if isinstance(value, str) and value else list(names(value))


def importable(value: Any) -> Any:
    """Read a dotted path, or the function or class itself."""
    if not (isinstance(value, str) and value) and not callable(value):
        raise ValueError("a dotted path, a function or a class")
    return value


def key(value: Any) -> Any:
    """Read a key: what it may be depends on the algorithm and is the key ring's to say."""
    return value


def token(value: Any) -> str:
    """Read what may name a cookie (RFC 9110 section 5.6.2), before its prefix is derived."""
    if not isinstance(value, str) or not _TOKEN.fullmatch(value):
        raise ValueError("a name of letters, digits and any of !#$%&'*+-.^_`|~")
    # Browsers know a prefix in any letter case, and drop what its attributes do not allow.
    if value.lower().startswith(("__host-", "__secure-")):
        raise ValueError("a name without __Host- or __Secure-, which is derived")
    if Morsel().isReservedKey(value):
        raise ValueError("a name that is no attribute of cookies")
    return value


def flag_or_token(value: Any) -> bool | str:
    """Read ``True`` or ``False``, or a cookie's name."""
    return value if isinstance(value, bool) else token(value)


def path(value: Any) -> str:
    """Read a cookie's path."""
    if not isinstance(value, str) or not _PATH.fullmatch(value):
        raise ValueError("a path that begins with a slash")
    return value


def domain(value: Any) -> str:
    """Read a cookie's domain (RFC 6265 section 4.1.2.3)."""
    if not isinstance(value, str) or not _DOMAIN.fullmatch(value):
        raise ValueError("a domain such as 'example.com'")
    return value


def origins(value: Any) -> tuple[str, ...]:
    """Read a list of origins, ``https://*.example.com`` for all below one (RFC 6454)."""
    if not isinstance(value, list | tuple) or not all(map(_is_origin, value)):
        raise ValueError("a list of origins such as 'https://app.example.com', without a path")
    return tuple(origin.lower() for origin in value)


def _is_origin(value: Any) -> bool:
    return isinstance(value, str) and _ORIGIN.fullmatch(value) is not None


def several(read: Callable[[Any], str]) -> Callable[[Any], tuple[str, ...]]:
    """Make a reader of a list of what ``read`` reads."""

    def read_all(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or not value:
            raise ValueError("a list that is not empty")
        return tuple(map(read, value))

    return read_all


def verifying_keys(value: Any) -> tuple[tuple[Any, str | None], ...]:
    """Read a list of keys, each as it is or with its algorithm, into pairs of the two."""
    if not isinstance(value, list | tuple):
        raise ValueError("a list of keys")
    return tuple(map(_verifying_key, value))


def _verifying_key(value: Any) -> tuple[Any, str | None]:
    given = value if isinstance(value, Mapping) else {"key": value, "algorithm": None}
    key, algorithm = given.get("key"), given.get("algorithm")
    is_key = isinstance(key, str | bytes) and key
    if given.keys() != {"key", "algorithm"} or not is_key or not isinstance(algorithm, str | None):
        raise ValueError('a list of keys, each a string that is not empty or {"key", "algorithm"}')
    return key, algorithm


def choice(*options: str) -> Callable[[Any], str]:
    """Make a reader of one of ``options``."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in options:
            raise ValueError(" or ".join(map(repr, options)))
        return value

    return read
