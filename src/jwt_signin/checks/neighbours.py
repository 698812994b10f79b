"""What the packages around this one are set to, where it defeats this one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage
from django.core.checks import Warning as Weakness
from rest_framework.settings import api_settings

from jwt_signin.authentication import JWTAuthentication
from jwt_signin.checks.base import CheckID, security_check, unless_broken
from jwt_signin.checks.routes import Route, cookies_travel, views
from jwt_signin.conf import app_settings

IDS = {
    "blacklist": CheckID(
        "jwt_signin.W004",
        "``token_blacklist`` beside ``ACCEPT_SIMPLEJWT_TOKENS = False``: nothing asks it",
    ),
    "cors": CheckID(
        "jwt_signin.W008", "cookies that django-cors-headers lets the pages of every origin use"
    ),
    "default": CheckID(
        "jwt_signin.W010", "``DEFAULT_AUTHENTICATION_CLASSES`` without a class of ours"
    ),
    "middleware": CheckID(
        "jwt_signin.W015", "``LoginRequiredMiddleware`` above ``JWTAuthenticationMiddleware``"
    ),
    "views": CheckID(
        "jwt_signin.W019",
        "a view of Simple JWT's own among the URLs, which counts no guess and ends no session",
    ),
}
THEIR_VIEW = "rest_framework_simplejwt.views.TokenViewBase"
STRANGERS = ("https://stranger.invalid", "http://stranger.invalid")
"""Origins that no project means (RFC 6761 section 6.4)."""
MIDDLEWARE = "jwt_signin.middleware.JWTAuthenticationMiddleware"
LOGIN_REQUIRED = "django.contrib.auth.middleware.LoginRequiredMiddleware"


@security_check()
def check_blacklist() -> Iterable[CheckMessage]:
    """Report Simple JWT's blacklist where nothing of it is read any more (W004)."""
    installed = apps.is_installed("rest_framework_simplejwt.token_blacklist")
    if installed and not app_settings.ACCEPT_SIMPLEJWT_TOKENS:
        message = "Simple JWT's token_blacklist has no say in whether a token of ours is good."
        hint = (
            "Remove it from INSTALLED_APPS, or set JWT_SIGNIN['ACCEPT_SIMPLEJWT_TOKENS'] while"
            " you move over."
        )
        yield Weakness(message, hint=hint, id=IDS["blacklist"])


@security_check()
def check_cors() -> Iterable[CheckMessage]:
    """Report cookies that django-cors-headers lets the pages of every origin use (W008)."""
    credentials = getattr(settings, "CORS_ALLOW_CREDENTIALS", False)
    if credentials and unless_broken(_is_open_to_all, False) and cookies_travel():
        message = "CORS lets the pages of every origin send cookies and read the answers."
        hint = (
            "Name your front ends in CORS_ALLOWED_ORIGINS; or drop CORS_ALLOW_CREDENTIALS, and"
            " set JWT_SIGNIN['TRANSPORTS'] = ['body'] if no front end uses cookies."
        )
        yield Weakness(message, hint=hint, id=IDS["cors"])


@security_check()
def check_default() -> Iterable[CheckMessage]:
    """Report a REST framework that by default does not know access tokens (W010)."""
    if not unless_broken(_is_default, True):
        message = "Views that do not name their authentication do not know access tokens."
        hint = (
            "Add 'jwt_signin.authentication.JWTAuthentication' to"
            " REST_FRAMEWORK['DEFAULT_AUTHENTICATION_CLASSES']."
        )
        yield Weakness(message, hint=hint, id=IDS["default"])


@security_check()
def check_middleware() -> Iterable[CheckMessage]:
    """Report that Django asks who signed in before this package has looked (W015)."""
    in_order = [each for each in settings.MIDDLEWARE if each in {MIDDLEWARE, LOGIN_REQUIRED}]
    if in_order == [LOGIN_REQUIRED, MIDDLEWARE]:
        message = "LoginRequiredMiddleware asks for the user before the token has been read."
        hint = f"Put {MIDDLEWARE!r} above it in MIDDLEWARE."
        yield Weakness(message, hint=hint, id=IDS["middleware"])


@security_check()
def check_views() -> Iterable[CheckMessage]:
    """
    Report views of Simple JWT's own among the URLs (W019).

    Passwords may be guessed there without end; a refresh token of ours is taken as often as it
    comes, whatever became of its session, and one that is blacklisted there goes on here.
    """
    nowhere: list[str] = []
    if found := unless_broken(_theirs, nowhere):
        left = ", ".join(found)
        message = f"Simple JWT's own views count no guess, and ask and end no session: {left}."
        hint = "Put those of jwt_signin.views in their place."
        yield Weakness(message, hint=hint, id=IDS["views"])


def _theirs() -> list[str]:
    found: list[Route] = []
    taken: set[Route] = set()
    for route, callback in views():
        if route not in taken and _is_theirs(callback):
            found.append(route)
        if route.is_whole:  # who stands first at a URL is found there
            taken.add(route)
    return [str(route) for route in found]


def _is_theirs(callback: Any) -> bool:
    # By name, for their module reads settings of REST framework's when it is imported.
    kinds = getattr(getattr(callback, "cls", None), "__mro__", ())
    return any(f"{kind.__module__}.{kind.__qualname__}" == THEIR_VIEW for kind in kinds)


def _is_open_to_all() -> bool:
    if _cors("CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL", False):
        return True
    patterns = _cors("CORS_ALLOWED_ORIGIN_REGEXES", "CORS_ORIGIN_REGEX_WHITELIST", ())
    return any(re.match(pattern, stranger) for pattern in patterns for stranger in STRANGERS)


def _cors(name: str, former_name: str, default: Any) -> Any:
    return getattr(settings, name, getattr(settings, former_name, default))


def _is_default() -> bool:
    classes: Any = api_settings.DEFAULT_AUTHENTICATION_CLASSES
    return any(issubclass(each, JWTAuthentication) for each in classes)
