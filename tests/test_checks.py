"""What ``manage.py check`` says; asked through Django, so that a check must be registered."""

import pytest
from django.core.checks import Tags, run_checks


def ids():
    found = [message.id for message in run_checks(tags=[Tags.security])]
    return [name for name in found if name.startswith("jwt_signin.")]


def test_a_project_that_sets_nothing_has_nothing_to_mend():
    assert ids() == []


@pytest.mark.parametrize("source", ["JWT_SIGNIN", "SIMPLE_JWT"])
def test_right_settings_have_nothing_to_mend(settings, source):
    names = {"JWT_SIGNIN": {"REUSE_GRACE": 0}, "SIMPLE_JWT": {"UPDATE_LAST_LOGIN": True}}

    setattr(settings, source, names[source])

    assert ids() == []


@pytest.mark.parametrize("name", ["REUSE_GRACES", "ROTATE_REFRESH_TOKENS", 5], ids=repr)
def test_a_name_that_nothing_reads(settings, name):
    settings.JWT_SIGNIN = {name: 1}

    assert ids() == ["jwt_signin.E001"]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("JWT_SIGNIN", {"REUSE_GRACE": -1}),
        ("JWT_SIGNIN", ["REUSE_GRACE"]),
        ("SIMPLE_JWT", {"ROTATE_REFRESH_TOKENS": "yes"}),
        ("SIMPLE_JWT", ["ROTATE_REFRESH_TOKENS"]),
    ],
    ids=["ours", "no dictionary", "Simple JWT's", "no dictionary of Simple JWT's"],
)
def test_a_value_of_the_wrong_kind(settings, source, value):
    setattr(settings, source, value)

    assert ids() == ["jwt_signin.E002"]


def test_each_mistake_is_told(settings):
    settings.JWT_SIGNIN = {"XYZZY": 1, "NUM_PROXIES": -1, "MAX_BODY_BYTES": 0}
    settings.SIMPLE_JWT = {"LEEWAY": -1}

    assert sorted(ids()) == ["jwt_signin.E001"] + ["jwt_signin.E002"] * 3


@pytest.mark.parametrize(
    ("dictionary", "given", "expected"),
    [
        ("JWT_SIGNIN", {"SHAPE": "simpeljwt"}, "jwt_signin.E003"),
        ("JWT_SIGNIN", {"CLAIMS": "nothing.here"}, "jwt_signin.E003"),
        ("SIMPLE_JWT", {"USER_AUTHENTICATION_RULE": "nothing.here"}, "jwt_signin.E003"),
        ("JWT_SIGNIN", {"SIGNIN_BY": ["mail"]}, "jwt_signin.E004"),
        ("SIMPLE_JWT", {"USER_ID_FIELD": "uuid"}, "jwt_signin.E004"),
        ("SIMPLE_JWT", {"ALGORITHM": "hs256"}, "jwt_signin.E005"),
        ("SIMPLE_JWT", {"ALGORITHM": "RS256"}, "jwt_signin.E005"),
        ("SIMPLE_JWT", {"SIGNING_KEY": "short"}, "jwt_signin.E005"),
    ],
)
def test_what_would_fail_at_the_first_sign_in_is_said_before(settings, dictionary, given, expected):
    setattr(settings, dictionary, given)

    assert [message.id for message in run_checks(tags=["security"])] == [expected]


def test_a_dictionary_that_cannot_be_read_is_said_once(settings):
    settings.JWT_SIGNIN = {"SIGNIN_BYE": ["mail"]}

    assert [message.id for message in run_checks(tags=["security"])] == ["jwt_signin.E001"]
