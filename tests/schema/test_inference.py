"""From examples to their schema."""

import datetime as dt
import uuid

import pytest
from django.utils.translation import gettext_lazy

from jwt_signin.openapi.inference import ByName, Described, schema_of, union

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        (True, {"type": "boolean"}),
        (1, NUMBER),
        (1.5, {"type": "number"}),
        (None, {}),
        ("a sentence.", TEXT),
        (gettext_lazy("lazy"), TEXT),
        ("token_expired", TEXT),
        (str(uuid.UUID(int=7)), TEXT | {"format": "uuid"}),
        (uuid.UUID(int=7), TEXT | {"format": "uuid"}),
        (dt.datetime(2026, 11, 22, tzinfo=dt.UTC), TEXT | {"format": "date-time"}),
        ("2026-11-22T12:00:00Z", TEXT | {"format": "date-time"}),
        ("2026-13-22T12:00:00Z", TEXT),
        ([], {"type": "array", "items": {}}),
        ([1, 2], {"type": "array", "items": NUMBER}),
        ((1, "a"), {"type": "array", "items": {"anyOf": [NUMBER, TEXT]}}),
        ({}, {"type": "object", "properties": {}}),
        ({"a": 1}, {"type": "object", "properties": {"a": NUMBER}, "required": ["a"]}),
        (ByName(a=["x"]), {"type": "object", "additionalProperties": schema_of(["x"])}),
        (Described({"$ref": "#"}), {"$ref": "#"}),
    ],
    ids=str,
)
def test_an_example_has_a_schema(value, schema):
    assert schema_of(value) == schema


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("token_expired", ["token_expired"]),
        ("admin", ["admin"]),
        ("A sentence.", None),
        ("Bearer", None),
    ],
)
def test_a_word_is_a_code_where_codes_are_looked_for(value, codes):
    assert schema_of([{"a": value}], codes=True)["items"]["properties"]["a"].get("enum") == codes


def test_of_objects_what_only_some_have_is_optional():
    both = union([schema_of({"a": 1, "b": 2}), schema_of({"a": "x"}), schema_of({"a": 3})])

    assert both == {
        "type": "object",
        "properties": {"a": {"anyOf": [NUMBER, TEXT]}, "b": NUMBER},
        "required": ["a"],
    }


def test_of_codes_all_are_told_once():
    schemas = [schema_of(code, codes=True) for code in ("one", "two", "one")]

    assert union(schemas) == TEXT | {"enum": ["one", "two"]}


def test_of_codes_and_a_sentence_any_text_is_told():
    assert union([schema_of("one", codes=True), schema_of("A sentence.", codes=True)]) == TEXT
