"""dj-rest-auth's spelling."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from rest_framework.exceptions import APIException
from rest_framework.fields import DateTimeField

from jwt_signin.conf import Settings, app_settings
from jwt_signin.exceptions import InvalidCredentials
from jwt_signin.shapes.base import Action, Spelled
from jwt_signin.shapes.simplejwt import SimpleJWT
from jwt_signin.tokens import TokenPair


class DjRestAuth(SimpleJWT):
    """dj-rest-auth's views with ``USE_JWT`` and ``JWT_AUTH_RETURN_EXPIRATION``."""

    identifiers = ("username", "email")

    def user(self, pair: TokenPair, request: Any) -> Any:
        """Spell the user as dj-rest-auth does, unless the project names a serializer of its own."""
        if app_settings.USER_SERIALIZER != Settings.USER_SERIALIZER:
            return super().user(pair, request)
        return {name: getattr(pair.user, name) for name in _details(type(pair.user))}

    def sign_in(self, pair: TokenPair, request: Any) -> dict[str, Any]:
        """Add the user, and when each token ends: in the project's time zone and format."""
        spell = DateTimeField().to_representation
        return {
            **self.tokens(pair),
            "user": self.user(pair, request),
            "access_expiration": spell(_moment(pair.access["exp"])),
            "refresh_expiration": spell(_moment(pair.refresh_expires_at)),
        }

    def refreshed(self, pair: TokenPair, request: Any) -> dict[str, Any]:
        """Add when each token that is answered ends: in UTC, which the renderer spells."""
        answer = {**self.tokens(pair), "access_expiration": _moment(pair.access["exp"])}
        if pair.refresh is not None:
            answer["refresh_expiration"] = _moment(pair.refresh_expires_at)
        return answer

    def refusal(self, error: APIException, action: Action) -> Spelled:
        """Answer a refused sign-in with 400."""
        if isinstance(error, InvalidCredentials):
            return Spelled(400, {"non_field_errors": [error.body["detail"]]})
        return super().refusal(error, action)


def _details(model: Any) -> list[str]:
    """Return the names that dj-rest-auth's own serializer has for a user of ``model``."""
    names = [model.USERNAME_FIELD, getattr(model, "EMAIL_FIELD", None), "first_name", "last_name"]
    return ["pk", *dict.fromkeys(name for name in names if name and hasattr(model, name))]


def _moment(seconds: int) -> dt.datetime:
    """Return a moment as ``timezone.now()`` has it."""
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC if settings.USE_TZ else None)
