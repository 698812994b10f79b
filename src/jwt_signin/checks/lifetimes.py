"""Lifetimes that do not go together, or undo what rotation is for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Weakness

from jwt_signin.checks.base import CheckID, security_check
from jwt_signin.conf import Settings, SimpleJWT, app_settings, simple_jwt
from jwt_signin.conf.base import SettingsBase

IDS = {
    "grace": CheckID("jwt_signin.E011", "``REUSE_GRACE`` above ``REFRESH_TOKEN_LIFETIME``"),
    "long_grace": CheckID(
        "jwt_signin.W005", "``REUSE_GRACE`` above a tenth of ``ACCESS_TOKEN_LIFETIME``"
    ),
    "long_access": CheckID(
        "jwt_signin.W013", "``ACCESS_TOKEN_LIFETIME`` and ``LEEWAY`` together above an hour"
    ),
    "rotation": CheckID(
        "jwt_signin.W014", "``ROTATE_REFRESH_TOKENS = False``: reuse is not detected"
    ),
    "ends_early": CheckID(
        "jwt_signin.W018",
        "a lifetime of a session or a refresh token below ``ACCESS_TOKEN_LIFETIME``",
    ),
}
LONGEST_ACCESS = timedelta(hours=1)
SESSION_ENDS: tuple[tuple[type[SettingsBase], str], ...] = (
    (SimpleJWT, "REFRESH_TOKEN_LIFETIME"),
    (Settings, "SESSION_LIFETIME"),
    (Settings, "SHORT_SESSION_LIFETIME"),
)
_SHORTEN = "Shorten it: what is left out is 30 seconds. Of either a bare number is seconds."


@security_check()
def check_grace() -> Iterable[CheckMessage]:
    """Report a grace above the refresh lifetime (E011), or a tenth of the access one (W005)."""
    if not simple_jwt.ROTATE_REFRESH_TOKENS:
        return
    grace, hint = app_settings.REUSE_GRACE, _SHORTEN
    if grace > simple_jwt.REFRESH_TOKEN_LIFETIME:
        message = (
            "JWT_SIGNIN['REUSE_GRACE'] is above SIMPLE_JWT['REFRESH_TOKEN_LIFETIME']: no refresh"
            " token is ever replaced."
        )
        yield Error(message, hint=hint, id=IDS["grace"])
    elif grace * 10 > simple_jwt.ACCESS_TOKEN_LIFETIME:
        message = (
            "JWT_SIGNIN['REUSE_GRACE'] is above a tenth of SIMPLE_JWT['ACCESS_TOKEN_LIFETIME']:"
            " for so long a stolen refresh token goes unnoticed."
        )
        yield Weakness(message, hint=hint, id=IDS["long_grace"])


@security_check()
def check_order() -> Iterable[CheckMessage]:
    """Report what is set to end before its access token does (W018): days may have been meant."""
    for settings_class, name in SESSION_ENDS:
        lifetime = getattr(settings_class.load(), name)
        if name in settings_class.given() and lifetime < simple_jwt.ACCESS_TOKEN_LIFETIME:
            message = (
                f"{settings_class.SOURCE}[{name!r}] is {lifetime.total_seconds():g} seconds, less"
                " than SIMPLE_JWT['ACCESS_TOKEN_LIFETIME']."
            )
            hint = "Lengthen it; a bare number is seconds, and days are timedelta(days=30)."
            yield Weakness(message, hint=hint, id=IDS["ends_early"])


@security_check(deploy=True)
def check_lifetimes() -> Iterable[CheckMessage]:
    """Report, before a deployment, what keeps stolen tokens good for long (W013, W014)."""
    if simple_jwt.ACCESS_TOKEN_LIFETIME + simple_jwt.LEEWAY > LONGEST_ACCESS:
        message = (
            "SIMPLE_JWT['ACCESS_TOKEN_LIFETIME'], with its LEEWAY, is above an hour: so long a"
            " stolen one is good."
        )
        hint = "Shorten them: a refresh costs two statements, and clients do it by themselves."
        yield Weakness(message, hint=hint, id=IDS["long_access"])
    if not simple_jwt.ROTATE_REFRESH_TOKENS:
        message = "Refresh tokens are not rotated: a stolen one is good unnoticed, until its end."
        hint = "Leave SIMPLE_JWT['ROTATE_REFRESH_TOKENS'] out (RFC 9700 section 4.14.2)."
        yield Weakness(message, hint=hint, id=IDS["rotation"])
