"""What the project says in ``SIMPLE_JWT`` and nothing here asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, NamedTuple

from django.core.checks import CheckMessage
from django.core.checks import Warning as Weakness

from jwt_signin.checks.base import CheckID, security_check
from jwt_signin.conf import Settings, SimpleJWT

IDS = {
    "unasked": CheckID("jwt_signin.W016", "a setting of Simple JWT that nothing here asks"),
    "elsewhere": CheckID("jwt_signin.W017", "a setting of ``JWT_SIGNIN`` in ``SIMPLE_JWT``"),
}


class _Unasked(NamedTuple):
    default: Any
    """What Simple JWT has where the project is silent: a copy of it asks for nothing."""

    instead: str


_SERIALIZERS = "rest_framework_simplejwt.serializers"
_PAIR = (
    "What it writes into tokens belongs in JWT_SIGNIN['CLAIMS'], what it answers beside them in"
    " JWT_SIGNIN['SHAPE'], and whom it refuses in JWT_SIGNIN['BEFORE_SESSION'] or"
    " SIMPLE_JWT['USER_AUTHENTICATION_RULE']."
)
_VIEW = "Route a view of your own that calls jwt_signin.services.{service}()."
_SLIDING = "Sliding tokens are not taken here: a refresh token keeps a client signed in."
UNASKED = {
    "TOKEN_OBTAIN_SERIALIZER": _Unasked(f"{_SERIALIZERS}.TokenObtainPairSerializer", _PAIR),
    "TOKEN_REFRESH_SERIALIZER": _Unasked(f"{_SERIALIZERS}.TokenRefreshSerializer", _PAIR),
    "TOKEN_VERIFY_SERIALIZER": _Unasked(
        f"{_SERIALIZERS}.TokenVerifySerializer", _VIEW.format(service="verify")
    ),
    "TOKEN_BLACKLIST_SERIALIZER": _Unasked(
        f"{_SERIALIZERS}.TokenBlacklistSerializer", _VIEW.format(service="log_out")
    ),
    "SLIDING_TOKEN_OBTAIN_SERIALIZER": _Unasked(
        f"{_SERIALIZERS}.TokenObtainSlidingSerializer", _SLIDING
    ),
    "SLIDING_TOKEN_REFRESH_SERIALIZER": _Unasked(
        f"{_SERIALIZERS}.TokenRefreshSlidingSerializer", _SLIDING
    ),
    "AUTH_TOKEN_CLASSES": _Unasked(
        ["rest_framework_simplejwt.tokens.AccessToken"],
        "Access tokens alone are taken; what reads others is an authentication class of your own.",
    ),
    "JWK_URL": _Unasked(
        None, "No server is asked for keys: list them in JWT_SIGNIN['VERIFYING_KEYS']."
    ),
}
"""By name; Simple JWT is not asked itself, which reads its settings when it is imported."""


@security_check()
def check_unasked() -> Iterable[CheckMessage]:
    """Report settings of Simple JWT whose values have no effect on tokens of ours (W016)."""
    for name, value in SimpleJWT.given().items():
        told = list(value) if isinstance(value, tuple) else value
        if name in UNASKED and told and told != UNASKED[name].default:
            message = f"SIMPLE_JWT[{name!r}] is not asked here."
            yield Weakness(message, hint=UNASKED[name].instead, id=IDS["unasked"])


@security_check()
def check_elsewhere() -> Iterable[CheckMessage]:
    """Report settings of this package in the wrong dictionary (W017)."""
    ours = {option.name for option in fields(Settings)}
    for name in SimpleJWT.given():
        if name in ours:
            message = f"SIMPLE_JWT[{name!r}] is not read: it belongs in JWT_SIGNIN."
            yield Weakness(message, hint=f"Move it to JWT_SIGNIN[{name!r}].", id=IDS["elsewhere"])
