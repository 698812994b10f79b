"""The cookie: for browsers, which keep the token where no script can read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.response import Response

from jwt_signin.cookies import Cookie, access_cookie, check_origin, refresh_cookie
from jwt_signin.shapes import Shape
from jwt_signin.tokens import RefreshToken, TokenPair, freshest
from jwt_signin.transports.base import Transport
from jwt_signin.transports.parsers import FormParser, JSONParser


class CookieTransport(Transport):
    """The refresh token is a cookie, both ways, and never a member of a body."""

    name = "cookie"
    parsers = (JSONParser,)
    headers = ("Cookie", "Origin", "Sec-Fetch-Site")

    def check(self, request: Any) -> None:
        """
        Refuse what the page of another origin has sent, and forms: any page can send those.

        Raises:
            OriginNotAllowed: or ``CSRFFailed``: the request's origin is not proved.
            UnsupportedMediaType: its body is a form.

        """
        check_origin(request)
        if request.content_type.partition(";")[0].strip().lower() == FormParser.media_type:
            raise UnsupportedMediaType(request.content_type)

    def read(self, request: Any, shape: Shape) -> str | None:
        """Read the cookie; of several the token that was issued last."""
        return freshest(RefreshToken, _values(refresh_cookie, request))

    def read_all(self, request: Any, shape: Shape) -> list[str]:
        """Read every cookie of either name."""
        return _values(refresh_cookie, request) + _values(access_cookie, request)

    def shown(self, pair: TokenPair) -> TokenPair:
        """Show the access token alone."""
        return replace(pair, refresh=None)

    def write(self, response: Response, pair: TokenPair, request: Any) -> None:
        """
        Set the cookies.

        A token of the generation that the browser has already is left out: an answer that comes
        late must not put it over the next one.
        """
        if pair.refresh is not None and not pair.repeated:
            age = pair.refresh_expires_in if pair.remember else None
            refresh_cookie(request).set(response, str(pair.refresh), age)
        if access := access_cookie(request):
            access.set(response, str(pair.access), pair.expires_in if pair.remember else None)

    def clear(self, response: Response, request: Any) -> None:
        """Delete the cookies."""
        refresh_cookie(request).delete(response)
        if access := access_cookie(request):
            access.delete(response)


def _values(which: Callable[[Any], Cookie | None], request: Any) -> list[str]:
    if not request.META.get("HTTP_COOKIE"):  # apps bring none, and need not wait for its name
        return []
    cookie = which(request)
    return cookie.values(request) if cookie else []
