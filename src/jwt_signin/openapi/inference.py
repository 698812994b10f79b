"""From examples of a JSON value to its schema."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils.dateparse import parse_datetime

Schema = dict[str, Any]

ANYTHING: Schema = {"type": "object", "additionalProperties": {}}
"""The schema of what is not known."""

_CODE = re.compile(r"[a-z]+(_[a-z]+)*")
_KINDS: dict[type, Schema] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    dt.datetime: {"type": "string", "format": "date-time"},
    uuid.UUID: {"type": "string", "format": "uuid"},
}
_FORMATS: dict[str, Callable[[str], Any]] = {"uuid": uuid.UUID, "date-time": parse_datetime}


class Described:
    """Stands in an example for what has a schema already."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema


class ByName(dict[str, Any]):
    """A dictionary whose names are not known beforehand."""


def object_of(members: Schema, required: Iterable[str]) -> Schema:
    """Describe an object; OpenAPI 3.0 allows no empty list of what is required."""
    names = [*required]
    return {"type": "object", "properties": members} | ({"required": names} if names else {})


def schema_of(value: Any, *, codes: bool = False) -> Schema:
    """
    Describe an example.

    Args:
        value: what an answer holds.
        codes: whether a word such as ``token_expired`` is a code, of which there are so many.

    """
    if isinstance(value, Described):
        return value.schema
    if isinstance(value, ByName):
        values = [schema_of(each, codes=codes) for each in value.values()]
        return {"type": "object", "additionalProperties": union(values)}
    if isinstance(value, dict):
        named = {name: schema_of(each, codes=codes) for name, each in value.items()}
        return object_of(named, named)
    if isinstance(value, list | tuple):
        items = [schema_of(each, codes=codes) for each in value]
        return {"type": "array", "items": union(items) if items else {}}
    for kind, schema in _KINDS.items():
        if isinstance(value, kind):
            return {**schema}
    return {} if value is None else _text(str(value), codes=codes)


def union(schemas: Sequence[Schema]) -> Schema:
    """Describe what is one of several; a name that not all of them have is optional."""
    first = schemas[0]
    if all(schema == first for schema in schemas):
        return first
    if all("properties" in schema for schema in schemas):
        return _object(schemas)
    if all(schema.get("type") == "string" for schema in schemas):
        codes = [code for schema in schemas for code in schema.get("enum", [None])]
        told = {} if None in codes else {"enum": [*dict.fromkeys(codes)]}
        return {"type": "string", **told}
    return {"anyOf": [schema for n, schema in enumerate(schemas) if schema not in schemas[:n]]}


def _object(schemas: Sequence[Schema]) -> Schema:
    names = dict.fromkeys(name for schema in schemas for name in schema["properties"])
    described = {
        name: union([each["properties"][name] for each in schemas if name in each["properties"]])
        for name in names
    }
    required = [name for name in names if all(name in each.get("required", ()) for each in schemas)]
    return object_of(described, required)


def _text(text: str, *, codes: bool) -> Schema:
    if codes and _CODE.fullmatch(text):
        return {"type": "string", "enum": [text]}
    for name, parse in _FORMATS.items():
        with contextlib.suppress(ValueError):
            if parse(text):
                return {"type": "string", "format": name}
    return {"type": "string"}
