"""The two cookies: their names and attributes, all derived, all alike when they are deleted."""

from __future__ import annotations

from dataclasses import dataclass
from http.cookies import Morsel
from posixpath import commonprefix
from typing import Any, cast
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpResponseBase
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, override
from django.views.decorators.debug import sensitive_variables

from jwt_signin.conf import MAX_COOKIE_SIZE, app_settings

MAX_AGE = 400 * 24 * 60 * 60
"""Seconds beyond which browsers shorten a cookie's life themselves."""

HOST, SECURE = "__Host-", "__Secure-"


@dataclass(frozen=True)
class Cookie:
    """A cookie of this package; no script can read it."""

    base_name: str
    path: str
    domain: str | None
    secure: bool

    @property
    def name(self) -> str:
        """
        The name with the prefix that its attributes allow.

        Browsers take a prefixed cookie from nobody but a secure page, and ``__Host-`` from this
        very host alone; one whose attributes do not fit its prefix is dropped without a word.
        """
        if not self.secure:
            return self.base_name
        belongs_to_host = self.path == "/" and self.domain is None
        return (HOST if belongs_to_host else SECURE) + self.base_name

    @sensitive_variables()
    def values(self, request: Any) -> list[str]:
        """
        Return every value that the request brings under this name.

        There may be several, of other paths or domains.
        ``request.COOKIES`` keeps the last, which is the one that fits worst: browsers send the
        longest path first (RFC 6265 section 5.4).
        It also trims what Unicode calls a space: a sibling domain's cookie whose name begins with
        one has no prefix for the browser, and would have it here.
        """
        pairs = (pair.strip(" \t").partition("=") for pair in _header(request).split(";"))
        # Quotes hold a value that is empty, as a client keeps it that forgets nothing.
        values = (value.strip('"') for name, _, value in pairs if name == self.name)
        return [*dict.fromkeys(filter(None, values))]

    @sensitive_variables()
    def set(self, response: HttpResponseBase, value: str, max_age: int | None) -> None:
        """
        Write the cookie.

        Args:
            response: the answer that carries it.
            value: what it holds.
            max_age: the seconds it lives; ``None`` for as long as the browser is open.

        Raises:
            ValueError: browsers would drop it for its size.

        """
        if len(self.name) + len(value) > MAX_COOKIE_SIZE:
            raise ValueError(f"the cookie {self.name} exceeds {MAX_COOKIE_SIZE} bytes: claim less")
        self._write(response, value, max_age if max_age is None else min(max_age, MAX_AGE))

    def delete(self, response: HttpResponseBase) -> None:
        """Make the browser forget it, which takes the attributes that it was written with."""
        self._write(response, "", 0)

    @sensitive_variables()
    def _write(self, response: HttpResponseBase, value: str, max_age: int | None) -> None:
        response.set_cookie(
            self.name,
            value,
            max_age=max_age,
            expires="Thu, 01 Jan 1970 00:00:00 GMT" if max_age == 0 else None,
            path=self.path,
            domain=self.domain,
            secure=self.secure,
            httponly=True,
            samesite=cast("Any", app_settings.COOKIE_SAMESITE),
        )
        if app_settings.COOKIE_PARTITIONED:
            dict.__setitem__(
                response.cookies, self.name, _PartitionedMorsel.of(response.cookies[self.name])
            )


class _PartitionedMorsel(Morsel[str]):
    """A cookie with ``Partitioned``, which Python knows from 3.14 on and Django not yet."""

    @classmethod
    def of(cls, morsel: Morsel[str]) -> _PartitionedMorsel:
        partitioned = cls()
        partitioned.set(morsel.key, morsel.value, morsel.coded_value)
        partitioned.update(morsel)
        return partitioned

    def OutputString(self, attrs: Any = None) -> str:  # noqa: N802
        return f"{super().OutputString(attrs)}; Partitioned"


def refresh_cookie(request: Any) -> Cookie:
    """Return the cookie that carries refresh tokens to the endpoints of this request's include."""
    path = app_settings.COOKIE_PATH or _common_path(request)
    return Cookie(app_settings.COOKIE_NAME, path, app_settings.COOKIE_DOMAIN, _is_secure(request))


def access_cookie(request: Any) -> Cookie | None:
    """Return the cookie that carries access tokens everywhere, or ``None`` where it is off."""
    if (name := app_settings.access_cookie) is None:
        return None
    return Cookie(name, "/", app_settings.COOKIE_DOMAIN, _is_secure(request))


def _header(request: Any) -> str:
    return str(request.META.get("HTTP_COOKIE", ""))


def _is_secure(request: Any) -> bool:
    """
    Tell whether the cookie is for https alone: always, but for plain http under ``DEBUG``.

    Behind a proxy that ends TLS a request looks like plain http, so its scheme alone says nothing;
    and WebKit drops a ``Secure`` cookie of http://localhost, so it cannot simply be always.
    """
    if app_settings.COOKIE_SECURE is not None:
        return app_settings.COOKIE_SECURE
    return bool(request.is_secure()) or not settings.DEBUG


def _common_path(request: Any) -> str:
    """
    Return what the URLs of refresh and logout have in common, ``SCRIPT_NAME`` included.

    A logout that lies outside of the path would never see the cookie.
    Views that are routed one by one may be anywhere: theirs is ``/``.
    """
    match = request.resolver_match
    if match is None or match.app_names[-1:] != ["jwt_signin"]:
        return "/"
    try:
        own, *urls = _urls(request, match, match.url_name, "refresh", "logout")
    except NoReverseMatch:  # a project's own routes, under this app's name
        return "/"
    # A namespace that is included twice has the URLs of one of the two; and what a tenant's name
    # brings into them could end the attribute and begin another: in a URL a semicolon is itself.
    if unquote(own) != request.path or ";" in (prefix := commonprefix(urls)):
        return "/"
    return prefix[: prefix.rindex("/") + 1]


def _urls(request: Any, match: Any, *names: str | None) -> list[str]:
    # What an include adds of its own is no part of its URLs.
    captured = {name: match.kwargs[name] for name in match.kwargs.keys() - match.extra_kwargs}
    # A receiver of user_logged_in may have turned to the user's language meanwhile.
    with override(getattr(request, "LANGUAGE_CODE", None) or get_language()):
        return [
            reverse(f"{match.namespace}:{name}", args=match.args, kwargs=captured) for name in names
        ]
