"""dj-rest-auth's spelling."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from rest_framework.exceptions import APIException
from rest_framework.serializers import DateTimeField, ModelSerializer

from jwt_signin.conf import Settings, app_settings
from jwt_signin.exceptions import InvalidCredentials
from jwt_signin.shapes.base import Action, Spelled
from jwt_signin.shapes.simplejwt import SimpleJWT
from jwt_signin.tokens import TokenPair


class DjRestAuth(SimpleJWT):
    """dj-rest-auth's views with ``USE_JWT`` and ``JWT_AUTH_RETURN_EXPIRATION``."""

    identifiers = ("username", "email")

    @property
    def user_serializer(self) -> Any:
        """One as dj-rest-auth has it, unless the project names its own."""
        if app_settings.USER_SERIALIZER != Settings.USER_SERIALIZER:
            return super().user_serializer
        return details_serializer(get_user_model())

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


@cache
def details_serializer(model: Any) -> Any:
    """Make what dj-rest-auth's ``UserDetailsSerializer`` is for users of ``model``."""
    names = [model.USERNAME_FIELD, getattr(model, "EMAIL_FIELD", None), "first_name", "last_name"]
    fields = ["pk", *dict.fromkeys(name for name in names if name and hasattr(model, name))]
    meta = type("Meta", (), {"model": model, "fields": fields, "read_only_fields": fields})
    return type("DjRestAuthUserSerializer", (ModelSerializer,), {"Meta": meta})


def _moment(seconds: int) -> dt.datetime:
    """Return a moment as ``timezone.now()`` has it."""
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC if settings.USE_TZ else None)
