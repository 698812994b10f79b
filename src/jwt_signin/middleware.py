"""What gives the views of plain Django the user of an access token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from rest_framework.exceptions import APIException
from rest_framework.views import APIView

from jwt_signin.authentication import (
    JWTAuthentication,
    admit,
    bearer_token,
    headers_read,
    refused,
)
from jwt_signin.conf import simple_jwt
from jwt_signin.exceptions import Unavailable


class JWTAuthenticationMiddleware:
    """
    Gives a request with a good access token its user, just before its view is called.

    ``request.user`` is the user, at once and not lazily, so that coroutines may ask for it too;
    ``request.auth`` is the token, or ``None``.
    Whom ``AuthenticationMiddleware`` has found stays where no token is brought.

    A header with a bad token is refused as by REST framework.
    A cookie comes by itself, so a bad one counts as none: the page may be the one to sign in at.

    REST framework's views, the endpoints of this package among them, and those that are
    ``jwt_required`` are left alone: they ask by themselves, once.
    """

    sync_capable = True
    async_capable = True

    authentication: ClassVar[type[JWTAuthentication]] = JWTAuthentication
    """The class that reads the request."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        """Have caches keep answers for those who ask with the same token."""
        if self._is_async:
            return self.__acall__(request)
        return _varied(request, self.get_response(request))

    async def __acall__(self, request: HttpRequest) -> Any:
        """Do the same in a chain of coroutines."""
        return _varied(request, await self.get_response(request))

    # Not a coroutine function: Django calls it where the database may be asked.
    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Give the request its user, or answer it."""
        if _asks_by_itself(view):
            return None
        request.auth = None  # type: ignore[attr-defined]
        if not hasattr(request, "user"):  # no AuthenticationMiddleware has been here
            admit(request, AnonymousUser(), None)
        try:
            found = self.authentication().authenticate(request)
        except APIException as refusal:
            return refused(refusal) if _is_told(request, refusal) else None
        if found is not None:
            admit(request, *found)
        return None


def _asks_by_itself(view: Any) -> bool:
    view_class = getattr(view, "cls", None)  # as REST framework leaves it
    is_api = isinstance(view_class, type) and issubclass(view_class, APIView)
    return is_api or hasattr(view, "jwt_required")


def _is_told(request: HttpRequest, refusal: APIException) -> bool:
    in_header = bearer_token(request.META.get(simple_jwt.AUTH_HEADER_NAME, "")) is not None
    return in_header or isinstance(refusal, Unavailable)


def _varied(request: HttpRequest, response: Any) -> Any:
    if hasattr(request, "auth"):
        patch_vary_headers(response, headers_read())
    return response
