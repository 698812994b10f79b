"""From a request's access token to its user."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.debug import sensitive_variables
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.status import HTTP_401_UNAUTHORIZED

from jwt_signin import services
from jwt_signin.conf import app_settings, simple_jwt
from jwt_signin.cookies import SAFE_METHODS, access_cookie, be_reticent, check_origin
from jwt_signin.exceptions import CSRFFailed, OriginNotAllowed, Unauthorized, with_codes
from jwt_signin.services.events import UNREACHABLE, django_request, log_refusal, unavailable
from jwt_signin.shapes import get_shape
from jwt_signin.tokens import AccessToken, freshest

AUTHORIZATION = "HTTP_AUTHORIZATION"
"""The one header of which Django and caches know that it is a secret."""


class JWTAuthentication(BaseAuthentication):
    """
    Authenticates a request by ``Authorization: Bearer`` and an access token (RFC 6750).

    ``request.user`` is the user and ``request.auth`` the ``AccessToken``.
    Whether the token's session is looked up is ``CHECK_ACCESS``'s to say; subclasses may fix it.
    """

    check_access: ClassVar[str | None] = None
    """``"session"``, ``"signature"``, or the project's ``CHECK_ACCESS``."""

    @sensitive_variables()
    def authenticate(self, request: Any) -> tuple[Any, AccessToken] | None:
        """
        Return the user and the token, or ``None`` where the request brings none of ours.

        The header wins over the access cookie, which a browser sends whoever asked it to: with
        the cookie alone, methods that are not safe need the proof of their origin.

        Raises:
            exceptions.Unauthorized: the token is not valid, expired, or its session over.
            exceptions.OriginNotAllowed: or ``CSRFFailed``: the origin is not proved.
            exceptions.Unavailable: the database cannot be asked.

        """
        meta, name = request.META, simple_jwt.AUTH_HEADER_NAME
        in_header = bearer_token(meta.get(name, ""))
        if meta.get("HTTP_COOKIE") or app_settings.access_cookie or name != AUTHORIZATION:
            _keep_private(request)
        raw = token_in_cookie(request) if in_header is None else in_header
        if raw is None:
            return None
        try:
            if in_header is None and request.method not in SAFE_METHODS:
                check_origin(request)
            if (self.check_access or app_settings.CHECK_ACCESS) == "session":
                return services.check_access(raw)
            token = AccessToken.decode(raw)
            return simple_jwt.token_user_class(token), token
        except UNREACHABLE as error:
            raise unavailable(error) from error
        except (OriginNotAllowed, CSRFFailed) as refusal:
            log_refusal(refusal)
            raise
        except Unauthorized as refusal:
            log_refusal(refusal)
            _spell(refusal)
            raise

    @sensitive_variables()
    def recheck(self, token: AccessToken) -> None:
        """
        Check again a token that was good, for a connection that stays open on it.

        A token lives on in its session, past its own ``exp``; where the session is not looked
        up, until then.

        Raises:
            exceptions.Unauthorized: it is not good any more.
            exceptions.Unavailable: the database cannot be asked.

        """
        raw: Any = token.token
        try:
            if (self.check_access or app_settings.CHECK_ACCESS) == "session":
                services.recheck_access(token)
            else:
                AccessToken.decode(raw)
        except UNREACHABLE as error:
            raise unavailable(error) from error
        except Unauthorized as refusal:
            log_refusal(refusal)
            raise

    def authenticate_header(self, request: Any) -> str:
        """Return the challenge of a 401 (RFC 6750 section 3)."""
        header = bearer_token(request.META.get(simple_jwt.AUTH_HEADER_NAME, ""))
        presented = header is not None or token_in_cookie(request) is not None
        return challenge(token_presented=presented)


class CheckedAuthentication(JWTAuthentication):
    """Looks the session up, whatever ``CHECK_ACCESS`` says."""

    check_access = "session"


class SignatureAuthentication(JWTAuthentication):
    """Trusts the signature, whatever ``CHECK_ACCESS`` says; ``request.user`` has no row."""

    check_access = "signature"


def bearer_token(header: str) -> str | None:
    """
    Return the token of an ``Authorization`` header, unverified; ``None`` for other schemes.

    The scheme is read in any letter case (RFC 9110 section 11.1).
    """
    scheme, _, raw = header.strip().partition(" ")
    if scheme.lower() not in {known.lower() for known in simple_jwt.AUTH_HEADER_TYPES}:
        return None
    return raw.strip()


def token_in_cookie(request: Any) -> str | None:
    """Return the token of the access cookie, unverified; ``None`` where there is no such cookie."""
    cookie = access_cookie(request)
    return freshest(AccessToken, cookie.values(request)) if cookie else None


def headers_read() -> list[str]:
    """Return the names of the headers that tell who asks, as ``Vary`` spells them."""
    in_meta = simple_jwt.AUTH_HEADER_NAME.removeprefix("HTTP_")
    return [in_meta.replace("_", "-").title(), *(["Cookie"] if app_settings.access_cookie else [])]


def challenge(*, token_presented: bool) -> str:
    """Return the ``WWW-Authenticate`` of a 401 (RFC 6750 section 3)."""
    error = ', error="invalid_token"' if token_presented else ""
    return f'{simple_jwt.AUTH_HEADER_TYPES[0]} realm="api"{error}'


def refusal_headers(refusal: APIException, status: int) -> dict[str, str]:
    """Return the headers of a refusal that is answered with ``status``."""
    headers = {}
    if status == HTTP_401_UNAUTHORIZED:
        presented = isinstance(refusal, Unauthorized) and refusal.token_presented
        headers["WWW-Authenticate"] = challenge(token_presented=presented)
    if (wait := getattr(refusal, "wait", None)) is not None:
        headers["Retry-After"] = str(math.ceil(wait))
    return headers


def refused(refusal: APIException) -> HttpResponse:
    """Answer a refusal where REST framework does not, with the same bytes and headers."""
    status, body = get_shape().refusal(refusal, "access")
    headers = refusal_headers(refusal, status) | {"Cache-Control": "no-store"}
    response = HttpResponse(
        JSONRenderer().render(body), "application/json", status, headers=headers
    )
    patch_vary_headers(response, headers_read())
    return response


def admit(request: Any, user: Any, token: AccessToken | None) -> None:
    """Let Django's ``request`` be that of a user, and of the token that he was found by."""

    async def auser() -> Any:
        return user

    request.user, request.auser, request.auth = user, auser, token


def _spell(refusal: Unauthorized) -> None:
    """Write the shape's words where a project's own exception handler takes its answer from."""
    refusal.status_code, body = get_shape().refusal(refusal, "access")
    refusal.detail = with_codes(body, refusal.default_code)


def _keep_private(request: Any) -> None:
    """Keep the token out of error reports, and the answer from those who bring another."""
    # An answer may be an error without one being raised, and is reported as well.
    be_reticent(django_request(request))
    if app_settings.access_cookie or simple_jwt.AUTH_HEADER_NAME != AUTHORIZATION:
        _keep_apart(request)


def _keep_apart(request: Any) -> None:
    """
    Have caches keep an answer for those who ask with the same token, as Django's sessions do.

    What ``Authorization`` opens no shared cache keeps unasked (RFC 9111 section 3.5), and Django's
    own keeps apart; for a cookie and for a header of another name there is no such rule.
    """
    view: Any = (getattr(request, "parser_context", None) or {}).get("view")
    if hasattr(view, "headers"):
        others = filter(None, [view.headers.get("Vary")])
        view.headers["Vary"] = ", ".join([*others, *headers_read()])
