"""The endpoints of a user who is signed in, and the public keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException

from jwt_signin.conf import app_settings
from jwt_signin.exceptions import SessionNotFound
from jwt_signin.openapi import refusals
from jwt_signin.openapi.bodies import FLAG
from jwt_signin.openapi.endpoints import EndpointSchema
from jwt_signin.openapi.inference import Schema, object_of
from jwt_signin.openapi.serializers import described
from jwt_signin.serializers import SessionSerializer


class AccountSchema(EndpointSchema):
    """What an access token opens."""

    def errors(self) -> Iterator[APIException]:
        """Refuse who brings none; with a cookie alone, from another origin."""
        yield from refusals.of_users()
        if app_settings.access_cookie and self.method != "GET":
            yield from refusals.of_origins()


class MeSchema(AccountSchema):
    """``me/``."""

    summary = "The user"

    def answer(self) -> Schema:
        """Answer as ``USER_SERIALIZER`` has it, under every shape."""
        return described(app_settings.user_serializer, self)


class LogoutAllSchema(AccountSchema):
    """``logout/all/``."""

    summary = "End every session of the user"

    def body(self, media_type: str) -> Schema:
        """Take a flag."""
        return object_of({"keep_current": FLAG}, ())

    def answer(self) -> Schema:
        """Answer how many."""
        return object_of({"ended": {"type": "integer", "minimum": 0}}, ["ended"])

    def errors(self) -> Iterator[APIException]:
        """Refuse a body that is none."""
        yield from super().errors()
        yield from refusals.of_bodies()


class SessionListSchema(AccountSchema):
    """``sessions/``."""

    summary = "Where the user is signed in"
    method_mapping = EndpointSchema.method_mapping | {"get": "list"}

    def answer(self) -> Any:
        """Answer a list."""
        return SessionSerializer(many=True)


class SessionSchema(AccountSchema):
    """``sessions/<id>/``."""

    summary = "End one session of the user"
    status = 204

    def answer(self) -> None:
        """Answer nothing."""

    def errors(self) -> Iterator[APIException]:
        """Refuse what is none of his."""
        yield from super().errors()
        yield SessionNotFound()

    def get_override_parameters(self) -> list[OpenApiParameter]:
        """Say what its path holds."""
        session_id = OpenApiParameter("session_id", {"type": "string", "format": "uuid"}, "path")
        return [*super().get_override_parameters(), session_id]


class JWKSSchema(EndpointSchema):
    """``jwks.json``."""

    summary = "The public keys, for services that check access tokens"

    def get_operation_id(self) -> str:
        """Leave out the dot, of which a name in code can have none."""
        return str(super().get_operation_id()).replace(".", "_")

    def answer(self) -> Schema:
        """Answer a JWK set (RFC 7517 section 5)."""
        text = {"type": "string"}
        members = dict.fromkeys(["kty", "kid", "alg", "use"], text)
        key = object_of(members, members) | {"additionalProperties": text}
        return object_of({"keys": {"type": "array", "items": key}}, ["keys"])

    def errors(self) -> Iterator[APIException]:
        """Refuse nobody."""
        yield from ()
