"""What the endpoints take."""

from __future__ import annotations

from typing import Any

from drf_spectacular.plumbing import append_meta

from jwt_signin.conf import app_settings
from jwt_signin.openapi.inference import Schema, object_of
from jwt_signin.serializers import reader_of_credentials
from jwt_signin.shapes import Shape

FLAG: Schema = {"type": "boolean"}
NO_NUL = r"^[^\u0000]*$"
NAME = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"
"""Not of spaces alone, which are trimmed."""

TOKEN: Schema = {"type": "string", "minLength": 1}


def credentials(view: Any, media_type: str, **grant: Schema) -> Schema:
    """Describe a sign-in, under exactly one of the names that an account may come under."""
    transports = [
        name
        for name in view.names()
        if media_type in {parser.media_type for parser in view.transports[name].parsers}
    ]
    names = view.spelling.names(app_settings.signin_by)
    fields = reader_of_credentials(names, view.names()).fields
    members = {
        **grant,
        **{name: _text(fields[name]) for name in names},
        "password": _text(fields["password"]) | {"format": "password"},
        "remember": FLAG,
        "transport": {"type": "string", "enum": transports},
    }
    required = [*grant, "password", *(["transport"] if view.names()[0] not in transports else [])]
    one_name: Schema = {"oneOf": [{"required": [name]} for name in names]}
    return object_of(members, required) | one_name | _example(view.spelling, grant)


def _example(shape: Shape, grant: Schema) -> Schema:
    """Show what a front end sends; of what is optional a page to try it out would send all."""
    name = (*shape.identifiers, *app_settings.signin_by)[0]
    account = "ada@example.com" if name == "email" else "ada"
    given = {member: kind["enum"][0] for member, kind in grant.items()}
    return {"example": {**given, name: account, "password": "a passphrase"}}


def nullable(schema: Schema) -> Schema:
    """Allow ``null``, in the words of whichever version of OpenAPI is written."""
    allowing: Schema = append_meta(schema, {"nullable": True})
    return allowing


def refresh(shape: Shape, **grant: Schema) -> Schema:
    """Describe a refresh, under the shape's own name for the token."""
    members = {**grant, shape.refresh: TOKEN}
    return object_of(members, members)


def _text(field: Any) -> Schema:
    pattern = NAME if field.trim_whitespace else NO_NUL
    return {"type": "string", "minLength": 1, "maxLength": field.max_length, "pattern": pattern}
