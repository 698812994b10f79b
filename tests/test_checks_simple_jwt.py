"""What ``manage.py check`` says of names in ``SIMPLE_JWT`` that nothing here asks."""

import pytest
from rest_framework_simplejwt.settings import DEFAULTS

from jwt_signin.checks.simple_jwt import UNASKED
from tests.checked import ids

OWN = "accounts.serializers.OwnSerializer"


@pytest.mark.parametrize("name", [*UNASKED])
def test_a_setting_that_nothing_asks(settings, name):
    settings.SIMPLE_JWT = {name: OWN}

    assert ids() == ["jwt_signin.W016"]


@pytest.mark.parametrize("shape", [list, tuple])
def test_a_list_of_token_classes_may_be_either(settings, shape):
    settings.SIMPLE_JWT = {"AUTH_TOKEN_CLASSES": shape(["accounts.tokens.OwnToken"])}

    assert ids() == ["jwt_signin.W016"]


def test_a_copy_of_what_simple_jwt_has_asks_for_nothing(settings):
    """Many projects begin with the whole of its page."""
    settings.SIMPLE_JWT = {**DEFAULTS}

    assert {*UNASKED} <= {*DEFAULTS}
    assert ids() == []


@pytest.mark.parametrize("value", [None, ""], ids=repr)
def test_silence_asks_for_nothing(settings, value):
    settings.SIMPLE_JWT = {"TOKEN_OBTAIN_SERIALIZER": value}

    assert ids() == []


@pytest.mark.parametrize("name", ["REUSE_GRACE", "COOKIE_PATH", "SIGNIN_BY"])
def test_a_setting_of_ours_among_them(settings, name):
    settings.SIMPLE_JWT = {name: None}

    assert ids() == ["jwt_signin.W017"]


def test_each_name_is_told(settings):
    settings.SIMPLE_JWT = {
        "TOKEN_OBTAIN_SERIALIZER": OWN,
        "TOKEN_REFRESH_SERIALIZER": OWN,
        "CLAIMS": OWN,
        "A_NAME_OF_THE_PROJECTS": OWN,
    }

    assert ids() == ["jwt_signin.W016", "jwt_signin.W016", "jwt_signin.W017"]
