"""What stands at the project's URLs, and where they let refresh tokens travel by cookie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import get_resolver
from django.urls.resolvers import RoutePattern
from django.utils.encoding import iri_to_uri

from jwt_signin.checks.base import unless_broken
from jwt_signin.conf import app_settings


class Route(NamedTuple):
    """A URL, or as much of its beginning as does not vary."""

    path: str
    is_whole: bool

    def may_lie_under(self, cookie_path: str) -> bool:
        """Tell whether a cookie of this path may reach it (RFC 6265 section 5.1.4)."""
        if not self.is_whole and cookie_path.startswith(self.path):
            return True
        parent = cookie_path if cookie_path.endswith("/") else f"{cookie_path}/"
        return self.path == cookie_path or self.path.startswith(parent)

    def below(self, pattern: Any) -> Route:
        """Return the route that ``pattern`` makes of this one."""
        if not self.is_whole or not isinstance(pattern, RoutePattern):
            return Route(self.path, False)
        literal, varies, _ = str(pattern).partition("<")
        return Route(self.path + literal, not varies)

    def __str__(self) -> str:
        return self.path if self.is_whole else f"{self.path}…"


def cookies_travel() -> bool:
    """Tell whether any endpoint sets a cookie or reads one."""
    return app_settings.access_cookie is not None or bool(cookie_routes())


def cookie_routes() -> dict[Route, bool]:
    """Return the URLs where refresh tokens may be cookies, and whether that one is to bring its."""
    return unless_broken(lambda: dict(_cookie_routes()), {})


def views() -> Iterator[tuple[Route, Any]]:
    """Find every view of the project's URLs."""
    yield from _below(_root(), get_resolver().url_patterns)


def _root() -> Route:
    script_name = settings.FORCE_SCRIPT_NAME or ""
    return Route(f"{script_name.rstrip('/')}/", True)


def _below(route: Route, patterns: Iterable[Any]) -> Iterator[tuple[Route, Any]]:
    for each in patterns:
        lower = route.below(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from _below(lower, each.url_patterns)
        else:
            yield lower, each.callback


def _cookie_routes() -> Iterator[tuple[Route, bool]]:
    # REST framework's views read its settings when they are imported, which the URLs have done.
    from jwt_signin.views import LogoutView, RefreshView, TransportView  # noqa: PLC0415

    for route, callback in views():
        view = getattr(callback, "cls", None)
        if not isinstance(view, type) or not issubclass(view, TransportView):
            continue
        if unless_broken(partial(_takes_cookies, view, callback.initkwargs), False):
            is_to_bring = issubclass(view, RefreshView | LogoutView)
            yield route._replace(path=iri_to_uri(route.path)), is_to_bring


def _takes_cookies(view: Any, initkwargs: dict[str, Any]) -> bool:
    """Ask the view itself: the shape that it is given has a say as well."""
    return "cookie" in view(**initkwargs).transports
