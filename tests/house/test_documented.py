"""Every name that a user can meet has its line in the reference, and the reference no other."""

import configparser
import inspect
import re
from dataclasses import fields
from pathlib import Path

import pytest
from rest_framework import exceptions as drf

import jwt_signin
from docs import tables
from jwt_signin import exceptions, shapes, testing
from jwt_signin.conf import Settings, SimpleJWT
from jwt_signin.serializers import SessionSerializer
from jwt_signin.services import start_session
from jwt_signin.testing import fixtures

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
STATIC = Path(jwt_signin.__file__).parent / "static" / "jwt_signin"
TO_END = re.MULTILINE | re.DOTALL
TABLE_NAME = re.compile(r"^\| (`[^|]+) \|", re.MULTILINE)
FOREIGN_CODES = {getattr(drf, name).default_code for name in tables.FOREIGN}


def page(name):
    return (REFERENCE / f"{name}.md").read_text()


def tabled(text):
    """Return the names in the first column of the tables."""
    return {name for row in TABLE_NAME.findall(text) for name in re.findall(r"`(\w+)", row)}


def section(text, heading):
    return text.partition(f"\n## `{heading}`\n")[2].partition("\n## ")[0]


def classes():
    """Return the refusals that have a code of their own."""
    bases = {exceptions.Refusal, exceptions.Unauthorized}
    found = [each for each in vars(exceptions).values() if inspect.isclass(each)]
    return {each for each in found if issubclass(each, exceptions.Refusal)} - bases


@pytest.mark.parametrize("path", [*REFERENCE.glob("*.md")], ids=lambda path: path.stem)
def test_a_page_is_what_the_code_makes_of_it(path):
    """Else ``python -m docs.generate`` makes it so."""
    assert path.read_text() == tables.filled(path.read_text())


@pytest.mark.parametrize("name", [*tables.tables()])
def test_a_table_is_on_a_page(name):
    assert sum(f"<!-- generated: {name} -->" in path.read_text() for path in REFERENCE.glob("*.md"))


@pytest.mark.parametrize("name", [*tables.tables()])
def test_a_table_is_told_in_words(name):
    head, *rows = tables.tables()[name]()

    assert rows
    for row in rows:
        assert len(row) == len(head)
        assert all(cell.strip("`. ") for cell in row), row


@pytest.mark.parametrize("settings_class", [Settings, SimpleJWT])
def test_each_setting_says_what_it_is(settings_class):
    source = inspect.getsource(settings_class)

    for field in fields(settings_class):
        assert re.search(rf'    {field.name}: .*\n(?:    [ )].*\n)*    """', source), field.name


def test_codes_are_those_of_the_code():
    told = re.findall(r"^\| \d+ \| `(\w+)`", page("errors"), re.MULTILINE)

    assert sorted(told) == sorted([*(each.default_code for each in classes()), *FOREIGN_CODES])


def test_claims_are_those_of_the_code(ada):
    pair = start_session(ada)
    code = pair.access.payload.keys() | pair.refresh.payload.keys() | {"iss", "aud"}

    assert tabled(page("claims")) - {"typ"} == code - {"id"}


def test_answers_are_those_of_the_code(ada, rf):
    pair = start_session(ada)
    rows = section(page("endpoints"), "signin/").partition("| answer |")[2]

    names = {name for row in TABLE_NAME.findall(rows) for name in re.findall(r"`(\w+)`", row)}

    assert names == shapes.Shape().sign_in(pair, rf.get("/")).keys()


def test_sessions_are_told_as_they_are():
    rows = TABLE_NAME.findall(section(page("endpoints"), "sessions/"))

    names = {name for row in rows for name in re.findall(r"`(\w+)`", row)}

    assert names == SessionSerializer().fields.keys()


def test_the_floors_are_those_of_the_import_contract():
    drawn, told = configparser.ConfigParser(), []
    drawn.read(REFERENCE.parents[1] / ".importlinter")
    house = (REFERENCE.parent / "explanation" / "the-house.md").read_text()
    for floor, rooms in re.findall(r"^\| (\d?) ?\| (`.*?) \|", house, re.MULTILINE):
        told += [set()] if floor else []
        told[-1] |= set(re.findall(r"`(\w+)`", rooms))

    layers = drawn["importlinter:contract:floors"]["layers"].strip().splitlines()

    assert told == [set(re.findall(r"\w+", layer)) for layer in layers]


def test_the_client_is_that_of_its_types():
    types = (STATIC / "auth-client.d.ts").read_text()
    declared = set()
    for name in ("AuthClientOptions", "AuthClient", "AuthState", "AuthError"):
        body = re.search(rf"^export \w+ {name}\b.*?\{{\n(.*?)^\}}", types, TO_END)[1]
        declared |= set(re.findall(r"^  (?:readonly )?(\w+)[?(:]", body, re.MULTILINE))

    assert tabled(page("auth-client")) == declared - {"constructor", "name", "state"}


def test_shapes_are_those_of_the_code():
    shapes_alone = page("shapes").partition("\n## ")[0]

    assert tabled(shapes_alone) == set(shapes.SHAPES)


def test_what_tests_use_is_that_of_the_code():
    client = {name for name in vars(testing.JWTClient) if not name.startswith("_")}
    given = {name for name in vars(fixtures) if name.startswith("jwt_")}

    assert tabled(page("testing")) == {*testing.__all__, *client, *given}
