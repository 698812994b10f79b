"""The serializers whose schema cannot be read off their fields, or whose name is too common."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.serializers import BaseSerializer

from jwt_signin.openapi.inference import ANYTHING, Schema


class UserExtension(OpenApiSerializerExtension):
    """The user, unless a project names its own serializer."""

    target_class = "jwt_signin.serializers.UserSerializer"

    def get_name(self, auto_schema: AutoSchema, direction: Any) -> str:
        """Leave "User" to the project."""
        return "SignedInUser"

    def map_serializer(self, auto_schema: AutoSchema, direction: Any) -> Schema:
        """Describe ``id`` and ``USERNAME_FIELD``, which are both text."""
        names = ["id", get_user_model().USERNAME_FIELD]
        properties = {name: {"type": "string"} for name in names}
        return {"type": "object", "properties": properties, "required": names}


class SessionExtension(OpenApiSerializerExtension):
    """A session, as its owner sees it."""

    target_class = "jwt_signin.serializers.SessionSerializer"

    def get_name(self, auto_schema: AutoSchema, direction: Any) -> str:
        """Leave "Session" to the project."""
        return "SignedInSession"

    def map_serializer(self, auto_schema: AutoSchema, direction: Any) -> Schema:
        """Tell readers of the document, not of the code."""
        schema: Schema = super().map_serializer(auto_schema, direction)
        return schema | {"description": "A session, as its owner sees it."}


def described(serializer: Any, auto_schema: AutoSchema) -> Schema:
    """Describe what a serializer answers, of whatever kind the project's is."""
    is_known = isinstance(serializer, type) and issubclass(serializer, BaseSerializer)
    component = auto_schema.resolve_serializer(serializer, "response") if is_known else None
    reference: Schema = component.ref if component else {**ANYTHING}
    return reference
