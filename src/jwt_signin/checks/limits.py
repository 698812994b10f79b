"""What keeps the limits on guessing from holding in production."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core.cache import DEFAULT_CACHE_ALIAS, caches
from django.core.checks import CheckMessage
from django.core.checks import Warning as Weakness

from jwt_signin.checks.base import CheckID, security_check, unless_broken
from jwt_signin.conf import Settings, app_settings
from jwt_signin.throttling.counters import HERE

IDS = {
    "cache": CheckID(
        "jwt_signin.W011", "a cache in which processes do not count together, while a rate is set"
    ),
    "proxies": CheckID(
        "jwt_signin.W012", "settings that tell of a proxy, and no ``NUM_PROXIES``; 0 is an answer"
    ),
}
RATES = ("SIGNIN_ACCOUNT_RATE", "SIGNIN_NETWORK_RATE", "REFRESH_RATE")
BEHIND_PROXY = ("SECURE_PROXY_SSL_HEADER", "USE_X_FORWARDED_HOST", "USE_X_FORWARDED_PORT")


@security_check(deploy=True)
def check_cache() -> Iterable[CheckMessage]:
    """Report, before a deployment, a cache in which processes do not count together (W011)."""
    if any(getattr(app_settings, name) for name in RATES) and unless_broken(_counts_apart, True):
        message = "CACHES['default'] does not count for several processes: a guesser has each limit"
        hint = "Use Redis or Memcached, whose increment is atomic."
        yield Weakness(f"{message} once with each.", hint=hint, id=IDS["cache"])


@security_check(deploy=True)
def check_proxies() -> Iterable[CheckMessage]:
    """
    Report, before a deployment, proxies that nobody has counted (W012).

    A count of 0 is an answer: some servers put the client's address where Django looks for it.
    """
    counted = Settings.given().get("NUM_PROXIES") is not None
    signs = [name for name in BEHIND_PROXY if getattr(settings, name)]
    if signs and not counted:
        message = f"{signs[0]} tells of a proxy, whose address all clients seem to have."
        hint = (
            "Set JWT_SIGNIN['NUM_PROXIES'] to the number of proxies that add to X-Forwarded-For;"
            " to 0 if your server sets REMOTE_ADDR by it."
        )
        yield Weakness(message, hint=hint, id=IDS["proxies"])


def _counts_apart() -> bool:
    return isinstance(caches[DEFAULT_CACHE_ALIAS], HERE)
