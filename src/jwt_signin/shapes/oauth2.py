"""The spelling of OAuth 2.0's token endpoint (RFC 6749 section 5), for first-party clients."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import override
from rest_framework.exceptions import APIException

from jwt_signin.exceptions import InvalidRequest, RefreshMissing, Refusal, Unauthorized
from jwt_signin.shapes.base import Action, Spelled, TokensAlone
from jwt_signin.tokens import TokenPair

ERRORS = {
    "refresh_missing": "invalid_request",
    "request_too_large": "invalid_request",
    "method_not_allowed": "invalid_request",
    "unsupported_media_type": "invalid_request",
    "throttled": "temporarily_unavailable",
    "unavailable": "temporarily_unavailable",
}
"""The names that RFC 6749 has for our codes, where they are others (sections 4.1.2.1 and 5.2)."""

_NOT_ALLOWED = re.compile(r"[^\x20\x21\x23-\x5b\x5d-\x7e]")


class OAuth2(TokensAlone):
    """What OAuth clients send and read; refresh tokens travel in bodies alone."""

    access = "access_token"
    refresh = "refresh_token"
    identifiers = ("username",)
    transports = ("body",)

    def names(self, fields: Sequence[str]) -> dict[str, str]:
        """Take ``username``, the one name that the standard has, for an identifier."""
        return {**super().names(fields), "username": "identifier"}

    def tokens(self, pair: TokenPair) -> dict[str, Any]:
        """Spell a successful answer (RFC 6749 section 5.1)."""
        named = super().tokens(pair)
        access = named.pop(self.access)
        kind = {"token_type": "Bearer", "expires_in": pair.expires_in}
        return {self.access: access, **kind, **named}

    def refusal(self, error: APIException, action: Action) -> Spelled:
        """Spell what sign-in and refresh refuse as RFC 6749 section 5.2 has it."""
        status, body = super().refusal(error, action)
        if action not in {"sign_in", "refresh"}:
            return Spelled(status, body)
        name = _name(error, str(body["code"]))
        reason = {"reason": body["reason"]} if "reason" in body else {}
        told = {"error": name, "error_description": _describe(error, name, body), **reason}
        return Spelled(400 if isinstance(error, Unauthorized) else status, told)


def _name(error: APIException, code: str) -> str:
    """Return the name of a refusal; that of one of the project's own is its code."""
    if isinstance(error, Unauthorized) and not isinstance(error, RefreshMissing):
        return "invalid_grant"
    return _allowed(ERRORS.get(code, code))


def _describe(error: APIException, name: str, body: dict[str, Any]) -> str:
    """Return the sentence for the client's developer, who reads ASCII (RFC 6749 section 5.2)."""
    with override(None):  # no language but that of the code is sure to be ASCII
        if isinstance(error, Refusal):
            sentence = str(error.default_detail)
        elif name == "invalid_request":
            sentence = str(InvalidRequest.default_detail)
        else:
            sentence = str(body["detail"])
    if fields := body.get("fields"):
        sentence = f"{sentence.rstrip('.')}: {', '.join(fields)}."
    return _allowed(sentence) or name


def _allowed(text: str) -> str:
    return _NOT_ALLOWED.sub("", text.replace('"', "'")).strip()
