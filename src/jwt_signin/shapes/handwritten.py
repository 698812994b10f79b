"""The spellings of views that projects write by hand around ``RefreshToken.for_user``."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException

from jwt_signin.exceptions import InvalidCredentials, Unauthorized
from jwt_signin.shapes.base import Action, Spelled, TokensAlone
from jwt_signin.tokens import TokenPair


class _ErrorAlone(TokensAlone):
    """The base of shapes that spell what sign-in and refresh refuse as ``error``."""

    def wrong_credentials(self) -> Spelled:
        """Spell a refused sign-in."""
        raise NotImplementedError

    def refusal(self, error: APIException, action: Action) -> Spelled:
        status, body = super().refusal(error, action)
        if isinstance(error, InvalidCredentials):
            return self.wrong_credentials()
        if isinstance(error, Unauthorized) and action == "refresh":
            return Spelled(status, _as_error(body))
        return Spelled(status, body)


class APILogin(_ErrorAlone):
    """A ``LoginView`` that answers ``{refresh, access}``, or ``{error}``."""

    identifiers = ("username",)

    def wrong_credentials(self) -> Spelled:
        """Answer 401, in English whatever the language."""
        return Spelled(401, {"error": "Invalid Credentials"})


class APISignIn(_ErrorAlone):
    """A ``signin`` view that answers ``{access_token, refresh_token, message}`` or ``{error}``."""

    access = "access_token"
    refresh = "refresh_token"
    identifiers = ("email",)

    def sign_in(self, pair: TokenPair, request: Any) -> dict[str, Any]:
        """Add the message."""
        return {**self.tokens(pair), "message": _("Signed in successfully")}

    def wrong_credentials(self) -> Spelled:
        """Answer 400."""
        return Spelled(400, {"error": _("The e-mail address or the password is not correct")})


def _as_error(body: dict[str, Any]) -> dict[str, Any]:
    """Spell the sentence ``error``, and keep the reason, which the front end may tell."""
    reason = {"reason": body["reason"]} if "reason" in body else {}
    return {"error": body["detail"], **reason}
