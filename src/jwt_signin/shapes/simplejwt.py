"""Simple JWT's own spelling."""

from __future__ import annotations

from rest_framework.exceptions import APIException

from jwt_signin.exceptions import InvalidCredentials, Unauthorized
from jwt_signin.shapes.base import Action, Spelled, TokensAlone


class SimpleJWT(TokensAlone):
    """Simple JWT's own views, and djoser's over them."""

    def refusal(self, error: APIException, action: Action) -> Spelled:
        """Spell every refused token ``token_not_valid``, as Simple JWT does."""
        status, body = super().refusal(error, action)
        if isinstance(error, InvalidCredentials):
            return Spelled(status, {**body, "code": "no_active_account"})
        if not isinstance(error, Unauthorized):
            return Spelled(status, body)
        body["code"] = "token_not_valid"
        if action == "access":
            message = {"token_class": "AccessToken", "token_type": "access"}
            body["messages"] = [{**message, "message": body["detail"]}]
        return Spelled(status, body)
