"""What the endpoints take."""

from __future__ import annotations

from typing import Any

from jwt_signin.openapi.inference import Schema, object_of
from jwt_signin.serializers import CredentialsSerializer
from jwt_signin.shapes import Shape

FLAG: Schema = {"type": "boolean"}
TOKEN: Schema = {"type": "string", "minLength": 1}


def credentials(view: Any, **grant: Schema) -> list[Schema]:
    """Describe the sign-ins of a view: one for each name that an account may come under."""
    context = {"shape": view.spelling, "transports": view.names()}
    serializer = CredentialsSerializer(context=context)
    fields = serializer.fields
    password = {"password": _text(fields["password"]) | {"format": "password"}}
    optional = {"remember": FLAG, "transport": {"type": "string", "enum": view.names()}}
    return [
        object_of({**required, **optional}, required)
        for name in serializer.names()
        if (required := {**grant, name: _text(fields[name]), **password})
    ]


def refresh(shape: Shape, **grant: Schema) -> Schema:
    """Describe a refresh, under the shape's own name for the token."""
    members = {**grant, shape.refresh: TOKEN}
    return object_of(members, members)


def _text(field: Any) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": field.max_length}
