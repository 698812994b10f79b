"""What a plain Django view is wrapped in that asks for an access token."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, TypeVar, overload

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from rest_framework.exceptions import APIException, NotAuthenticated
from rest_framework.views import set_rollback

from jwt_signin.authentication import JWTAuthentication, admit, headers_read, refused
from jwt_signin.exceptions import Unavailable
from jwt_signin.services.events import log_refusal

View = TypeVar("View", bound=Callable[..., Any])


@overload
def jwt_required(view: View) -> View: ...


@overload
def jwt_required(*, authentication: type[JWTAuthentication]) -> Callable[[View], View]: ...


def jwt_required(
    view: Any = None, *, authentication: type[JWTAuthentication] = JWTAuthentication
) -> Any:
    """
    Call a view for requests with a good access token alone.

    The others are answered as by REST framework, with 401 and JSON.
    ``request.user`` is the token's user and ``request.auth`` the token; a session of Django's own
    is not asked.
    The view may be a coroutine function; a class takes it by
    ``method_decorator(jwt_required, name="dispatch")``, its handlers of either kind.
    Django's CSRF token is not asked for: a header no foreign page can send, and a cookie needs
    the proof of its origin.
    ``cache_page`` stands above it: below, it would keep one user's answer for all.

    Args:
        view: the view, where the decorator is used without arguments.
        authentication: the class that reads the request.

    """
    if view is None:
        return partial(jwt_required, authentication=authentication)
    guarded: Any = (_guarded_async if _is_async(view) else _guarded)(view, authentication)
    guarded.jwt_required = True  # for this package's middleware, which then need not ask as well
    guarded.login_required = False  # for Django's, which asks before
    guarded.csrf_exempt = True
    return guarded


def _guarded(view: Any, authentication: type[JWTAuthentication]) -> Any:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        refusal = _refusal(request, authentication)
        return _varied(view(request, *args, **kwargs)) if refusal is None else refusal

    return guarded


def _guarded_async(view: Any, authentication: type[JWTAuthentication]) -> Any:
    @wraps(view)
    async def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        refusal = await sync_to_async(_refusal)(request, authentication)
        return _varied(await view(request, *args, **kwargs)) if refusal is None else refusal

    return guarded


def _is_async(view: Any) -> bool:
    """
    Tell whether a view is to be awaited.

    ``method_decorator`` hands over a bound ``dispatch``, which is a plain function that returns
    a coroutine where the handlers of its class are coroutine functions.
    """
    owner = getattr(getattr(view, "func", None), "__self__", None)
    return iscoroutinefunction(view) or bool(getattr(owner, "view_is_async", False))


def _refusal(request: HttpRequest, authentication: type[JWTAuthentication]) -> HttpResponse | None:
    """Give the request its user; return the answer where it may have none."""
    try:
        found = authentication().authenticate(request)
        if found is None:
            raise NotAuthenticated
    except APIException as refusal:
        log_refusal(refusal)
        if isinstance(refusal, Unavailable):
            set_rollback()  # a connection that is lost can commit no ATOMIC_REQUESTS: a 500
        return refused(refusal)
    admit(request, *found)
    return None


def _varied(response: Any) -> Any:
    patch_vary_headers(response, headers_read())
    return response
