"""Every name that a user can meet has its line in the reference, and the reference no other."""

import inspect
import re
from dataclasses import fields
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.dispatch import Signal

import jwt_signin
from jwt_signin import checks, exceptions, services, shapes, signals, testing
from jwt_signin.conf import Settings, SimpleJWT
from jwt_signin.models import Session
from jwt_signin.services import start_session
from jwt_signin.testing import fixtures

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
STATIC = Path(jwt_signin.__file__).parent / "static" / "jwt_signin"
TO_END = re.MULTILINE | re.DOTALL
TABLE_NAME = re.compile(r"^\| (`[^|]+) \|", re.MULTILINE)


def page(name):
    return (REFERENCE / f"{name}.md").read_text()


def tabled(text):
    """Return the names in the first column of the tables."""
    return {name for row in TABLE_NAME.findall(text) for name in re.findall(r"`(\w+)", row)}


def test_settings_are_those_of_the_code():
    settings = {field.name for field in (*fields(Settings), *fields(SimpleJWT))}

    assert tabled(page("settings")) == settings


@pytest.mark.parametrize("settings_class", [Settings, SimpleJWT])
def test_each_setting_says_what_it_is(settings_class):
    source = inspect.getsource(settings_class)

    for field in fields(settings_class):
        assert re.search(rf'    {field.name}: .*\n(?:    [ )].*\n)*    """', source), field.name


def test_codes_are_those_of_the_code():
    classes = [value for value in vars(exceptions).values() if inspect.isclass(value)]
    ours = {each.default_code for each in classes if issubclass(each, exceptions.Refusal)}
    ours -= {"error", "authentication_failed"}  # of the two bases, which are never raised
    theirs = {
        "method_not_allowed",
        "not_authenticated",
        "permission_denied",
        "unsupported_media_type",
    }

    told = set(re.findall(r"^\| \d+ \| `(\w+)`", page("errors"), re.MULTILINE))

    assert told == ours | theirs


def test_reasons_are_those_of_the_code():
    line = next(line for line in page("errors").splitlines() if line.startswith("Reasons"))

    assert set(re.findall(r"`(\w+)`", line)) - {"session_revoked"} == set(Session.Reason.values)


def test_services_signals_checks_and_commands_have_their_line():
    text = page("services")
    commands = {name for name, app in get_commands().items() if app == "jwt_signin"}
    told = {name for name, value in vars(signals).items() if isinstance(value, Signal)}

    assert {*services.__all__, *commands} <= tabled(text)
    assert all(f"`{name}`" in text for name in told)
    assert set(re.findall(r"jwt_signin\.[EW]\d{3}", text)) == set(checks.IDS.values())


def test_claims_are_those_of_the_code(ada):
    pair = start_session(ada)
    code = pair.access.payload.keys() | pair.refresh.payload.keys() | {"iss", "aud"}

    assert tabled(page("claims")) - {"typ"} == code - {"id"}


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
