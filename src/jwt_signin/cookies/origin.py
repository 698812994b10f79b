"""
Proof of a request's origin, without which no cookie is read or written.

Fetch Metadata says it best, and development servers that rewrite ``Host`` do not disturb it;
``Origin`` says it where a browser sends no Fetch Metadata, as to a plain http address.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpResponse
from django.utils.http import is_same_domain
from rest_framework.authentication import CSRFCheck

from jwt_signin.conf import app_settings
from jwt_signin.exceptions import CSRFFailed, OriginNotAllowed

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def check_origin(request: Any) -> None:
    """
    Refuse a request that the page of another origin has caused.

    Login CSRF counts: what sets a cookie needs the proof as much as what uses one.

    Args:
        request: Django's or REST framework's.

    Raises:
        exceptions.OriginNotAllowed: neither this origin sent it nor one of ``TRUSTED_ORIGINS``.
        exceptions.CSRFFailed: ``CSRF`` is ``"django"``, and Django's token is missing or wrong.

    """
    if not _is_allowed(request):
        raise OriginNotAllowed(**_advice(request))
    if app_settings.CSRF == "django" and _lacks_csrf_token(getattr(request, "_request", request)):
        raise CSRFFailed


def _is_allowed(request: Any) -> bool:
    origin = request.META.get("HTTP_ORIGIN")
    site = request.META.get("HTTP_SEC_FETCH_SITE")
    if origin is not None and any(_matches(origin, each) for each in app_settings.trusted_origins):
        return True
    if site is not None:
        return site in {"same-origin", "none"}
    # Without either it is no browser, and nothing has attached the cookie but the client itself.
    return origin is None or origin == _own_origin(request)


def _own_origin(request: Any) -> str | None:
    try:
        return f"{request.scheme}://{request.get_host()}".lower()
    except DisallowedHost:
        return None


def _matches(origin: str, trusted: str) -> bool:
    """Compare as Django does with ``CSRF_TRUSTED_ORIGINS``, ``https://*.example.com`` included."""
    if origin == trusted:
        return True
    scheme, _, pattern = trusted.partition("://*")
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return bool(pattern) and parts.scheme == scheme and is_same_domain(parts.netloc, pattern)


def _lacks_csrf_token(request: Any) -> bool:
    check = CSRFCheck(_no_view)
    check.process_request(request)
    return check.process_view(request, _no_view, (), {}) is not None


def _no_view(request: Any) -> HttpResponse:
    """Stand for the view, which Django asks whether it is exempt."""
    raise NotImplementedError


def _advice(request: Any) -> dict[str, str]:
    """Name the setting to change, for developers alone."""
    if not settings.DEBUG:
        return {}
    origin = request.META.get("HTTP_ORIGIN", "")[:200]
    return {
        "detail": f"The origin {origin!r} is not this server's: if it is yours, name it in "
        "JWT_SIGNIN['TRUSTED_ORIGINS'] or in CSRF_TRUSTED_ORIGINS."
    }
