"""
The refusals of this package: one class a cause, one stable code a class.

They descend from REST framework's own, so that any project's exception handler answers them;
``detail`` is the whole body, because REST framework's handler would drop the code of a sentence.
"""

from __future__ import annotations

import math
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions as drf
from rest_framework import status
from rest_framework.exceptions import APIException

RETRY_AFTER = 2
"""The seconds after which a client may ask again when the database could not be asked."""


class _Number(int):
    """A number of a body with the code that REST framework expects of every leaf."""

    code: str


def with_codes(body: dict[str, Any], code: str) -> dict[str, Any]:
    """Give each sentence and number of ``body`` the code that exception handlers ask it for."""

    def leaf(value: Any) -> Any:
        if isinstance(value, str):
            return drf.ErrorDetail(value, code)
        if isinstance(value, int):
            (number := _Number(value)).code = code
            return number
        if isinstance(value, list):
            return [leaf(each) for each in value]
        return {name: leaf(each) for name, each in value.items()}

    return {name: leaf(value) for name, value in body.items()}


class Refusal(APIException):
    """
    The base of every refusal; never raised itself.

    Args:
        extra: further members of the body, such as ``reason`` or ``fields``.

    """

    default_code: str

    def __init__(self, **extra: Any) -> None:
        super().__init__()
        given = {name: value for name, value in extra.items() if value is not None}
        self.body = {"detail": str(self.detail), "code": self.default_code, **given}
        """The refusal as the shape ``default`` spells it."""
        self.detail = with_codes(self.body, self.default_code)


class InvalidRequest(Refusal):
    """A field is missing, of the wrong type or too long (``fields``), or the body is not JSON."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "invalid_request"
    default_detail = _("The request is not valid.")


class UnsupportedGrantType(Refusal):
    """``grant_type`` is neither ``password`` nor ``refresh_token``, under ``oauth2`` alone."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "unsupported_grant_type"
    default_detail = _("There is no such grant type here.")


class RequestTooLarge(Refusal):
    """The body is longer than ``MAX_BODY_BYTES``."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "request_too_large"
    default_detail = _("The request is too large.")


class Unauthorized(Refusal, drf.AuthenticationFailed):
    """
    The base of every 401; never raised itself.

    ``token_presented`` tells whether the challenge says ``error="invalid_token"``, which
    RFC 6750 section 3.1 keeps for requests that brought a token.
    """

    token_presented = True

    def __init__(self, *, session_id: uuid.UUID | None = None, **extra: Any) -> None:
        super().__init__(**extra)
        self.session_id = session_id
        """The session that was refused, for the log."""


class InvalidCredentials(Unauthorized):
    """The password is wrong, or nobody may sign in by that name: which of them is not told."""

    default_code = "invalid_credentials"
    default_detail = _("No active account matches these credentials.")
    token_presented = False


class TokenNotValid(Unauthorized):
    """It is no access token of a session here: malformed, of another kind, signed by another."""

    default_code = "token_not_valid"
    default_detail = _("The token is not valid.")


class TokenExpired(Unauthorized):
    """The access token is past its ``exp``."""

    default_code = "token_expired"
    default_detail = _("The token has expired.")


class RefreshMissing(Unauthorized):
    """There is no refresh token where one is needed."""

    default_code = "refresh_missing"
    default_detail = _("The request brings no refresh token.")
    token_presented = False


class RefreshNotValid(Unauthorized):
    """It is no refresh token of a session here, or one of the other transport."""

    default_code = "refresh_not_valid"
    default_detail = _("The refresh token is not valid.")


class RefreshExpired(Unauthorized):
    """The refresh token is past its ``exp``."""

    default_code = "refresh_expired"
    default_detail = _("The refresh token has expired.")


class SessionRevoked(Unauthorized):
    """The session of the token is over, for ``reason``; without one the row is gone."""

    default_code = "session_revoked"
    default_detail = _("The session is over. Please sign in again.")

    def __init__(self, reason: str | None = None, *, session_id: uuid.UUID | None = None) -> None:
        super().__init__(reason=reason, session_id=session_id)


class OriginNotAllowed(Refusal):
    """A page of another origin has sent a request that sets or uses a cookie."""

    status_code = status.HTTP_403_FORBIDDEN
    default_code = "origin_not_allowed"
    default_detail = _("This request is not allowed from another origin.")


class CSRFFailed(Refusal):
    """``CSRF`` is ``"django"``, and a request that sets or uses a cookie lacks Django's token."""

    status_code = status.HTTP_403_FORBIDDEN
    default_code = "csrf_failed"
    default_detail = _("The CSRF token is missing or not valid.")


class Throttled(Refusal, drf.Throttled):
    """Too many sign-ins failed, or the session was refreshed too often; ``retry_after`` tells."""

    default_detail = _("Too many attempts. Please try again later.")

    def __init__(self, retry_after: int, *, session_id: uuid.UUID | None = None) -> None:
        super().__init__(retry_after=retry_after)
        self.wait = retry_after
        self.session_id = session_id


class Unavailable(Refusal):
    """The database cannot be asked just now; ask again ``retry_after`` seconds later."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "unavailable"
    default_detail = _("The service is not available just now. Please try again.")

    def __init__(self) -> None:
        super().__init__(retry_after=RETRY_AFTER)
        self.wait = RETRY_AFTER  # of which REST framework's handler makes Retry-After


class SessionNotFound(Refusal):
    """The user has no such session."""

    status_code = status.HTTP_404_NOT_FOUND
    default_code = "not_found"
    default_detail = _("There is no such session.")


_SENTENCES: dict[type[APIException], Any] = {
    drf.NotAuthenticated: _("The request brings no access token."),
    drf.PermissionDenied: _("You are not allowed to do this."),
    drf.NotFound: _("There is nothing here."),
    drf.MethodNotAllowed: _("The request's method is not allowed here."),
    drf.UnsupportedMediaType: _("The request's media type is not supported here."),
}
"""What is told of REST framework's own refusals, which it cannot tell in every language here."""


def describe(error: APIException) -> dict[str, Any]:
    """
    Return the body of any refusal, ours or REST framework's own, as ``default`` spells it.

    Its members are ``detail``, a sentence in the language of the request, and ``code``; and
    ``fields``, ``reason`` or ``retry_after`` where they apply.
    """
    if isinstance(error, Refusal):
        return dict(error.body)
    if isinstance(error, drf.ValidationError):
        fields = error.detail
        if not isinstance(fields, dict):
            fields = {"non_field_errors": fields}
        return describe(InvalidRequest(fields=fields))
    if isinstance(error, drf.ParseError):
        return describe(InvalidRequest())
    if isinstance(error.detail, dict):
        return {"code": error.default_code, **error.detail}
    if isinstance(error.detail, list):
        return {"detail": " ".join(map(str, error.detail)), "code": error.default_code}
    body = {"detail": _sentence(error), "code": error.get_codes()}
    wait = getattr(error, "wait", None)
    if isinstance(error, drf.Throttled) and wait is not None:
        body |= {"retry_after": math.ceil(wait)}
    return body


def _sentence(error: APIException) -> str:
    """Return the sentence that ``error`` was given, or where it was given none, ours for it."""
    told, default = str(error.detail), str(error.default_detail)
    quotes = "{" in default  # the default, with what was sent filled in
    return str(_SENTENCES.get(type(error), told)) if told == default or quotes else told
