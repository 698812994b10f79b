"""Cookies that browsers drop, that do not arrive, or that others can read on their way."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Weakness

from jwt_signin.checks.base import CheckID, security_check
from jwt_signin.checks.routes import cookie_routes, cookies_travel
from jwt_signin.conf import app_settings

IDS = {
    "same_site": CheckID(
        "jwt_signin.E012",
        "a cookie with ``SameSite=None`` and ``COOKIE_SECURE = False``, which browsers drop",
    ),
    "partitioned": CheckID(
        "jwt_signin.E013",
        "a cookie with ``Partitioned`` and ``COOKIE_SECURE = False``, which browsers drop",
    ),
    "insecure": CheckID(
        "jwt_signin.W006",
        "``COOKIE_SECURE = False`` without ``DEBUG``: the tokens of cookies travel in the clear",
    ),
    "path": CheckID(
        "jwt_signin.W007",
        "a ``COOKIE_PATH`` outside of which a refresh or a logout of the URLs lies",
    ),
}
_DERIVED = "Leave JWT_SIGNIN['COOKIE_SECURE'] out: it is derived."


@security_check()
def check_secure() -> Iterable[CheckMessage]:
    """Report what lacks ``Secure``: browsers drop some (E012, E013), networks read all (W006)."""
    if app_settings.COOKIE_SECURE is not False or not cookies_travel():
        return
    if app_settings.COOKIE_SAMESITE == "None":
        message = "Browsers drop cookies with SameSite=None that are not Secure."
        yield Error(message, hint=_DERIVED, id=IDS["same_site"])
    if app_settings.COOKIE_PARTITIONED:
        message = "Browsers drop cookies with Partitioned that are not Secure."
        yield Error(message, hint=_DERIVED, id=IDS["partitioned"])
    if not settings.DEBUG:
        message = "Tokens travel in cookies that browsers send over plain http too."
        yield Weakness(message, hint=_DERIVED, id=IDS["insecure"])


@security_check()
def check_path() -> Iterable[CheckMessage]:
    """
    Report a ``COOKIE_PATH`` outside of which a refresh or a logout lies (W007).

    It is no error, for a server may put the project under a path that no setting names.
    """
    path = app_settings.COOKIE_PATH
    if path is None:
        return
    outside = [
        str(route)
        for route, is_to_bring in cookie_routes().items()
        if is_to_bring and not route.may_lie_under(path)
    ]
    if outside:
        message = f"Browsers send no cookie of the path {path} to {', '.join(outside)}."
        hint = (
            "Leave JWT_SIGNIN['COOKIE_PATH'] out, which derives it for each include, or set what"
            " all of them begin with, FORCE_SCRIPT_NAME included."
        )
        yield Weakness(message, hint=hint, id=IDS["path"])
