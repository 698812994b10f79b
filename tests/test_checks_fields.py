"""The user model and REST framework, as ``manage.py check`` sees them."""

import pytest
from django.contrib.auth import get_user_model
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Lower

from jwt_signin.authentication import SignatureAuthentication
from tests.checked import ids
from tests.usermodels.models import Person

BASIC = "rest_framework.authentication.BasicAuthentication"
OURS = "jwt_signin.authentication.JWTAuthentication"


class TestUniqueness:
    @pytest.mark.parametrize(
        ("names", "expected"),
        [
            (["username"], []),
            (["username", "email"], ["jwt_signin.W009"]),
            (["email"], ["jwt_signin.W009"]),
            (["id"], []),
            (["email", "first_name"], ["jwt_signin.W009"] * 2),
            (["mail"], ["jwt_signin.E004"]),
        ],
        ids=repr,
    )
    def test_is_asked_of_each_field_that_signs_in(self, settings, names, expected):
        settings.JWT_SIGNIN = {"SIGNIN_BY": names}

        assert ids() == expected

    @pytest.mark.parametrize(
        ("constraint", "expected"),
        [
            (UniqueConstraint(fields=["email"], name="x"), []),
            (UniqueConstraint(fields=["email"], name="x", condition=~Q(email="")), []),
            (UniqueConstraint(Lower("email"), name="x"), []),
            (UniqueConstraint(F("email").desc(), name="x"), []),
            (UniqueConstraint("email", name="x"), []),
            (UniqueConstraint("email__lower", name="x"), []),
            (UniqueConstraint(fields=["email", "username"], name="x"), ["jwt_signin.W009"]),
            (UniqueConstraint(Lower("email"), "username", name="x"), ["jwt_signin.W009"]),
            (UniqueConstraint(fields=["username"], name="x"), ["jwt_signin.W009"]),
            (CheckConstraint(condition=Q(email="a"), name="email"), ["jwt_signin.W009"]),
        ],
    )
    def test_may_be_a_constraint(self, settings, monkeypatch, constraint, expected):
        monkeypatch.setattr(get_user_model()._meta, "constraints", [constraint])
        settings.JWT_SIGNIN = {"SIGNIN_BY": ["email"]}

        assert ids() == expected

    @pytest.mark.parametrize(
        ("together", "expected"),
        [((("email",),), []), ((("email", "username"),), ["jwt_signin.W009"])],
    )
    def test_may_be_said_in_the_old_way(self, settings, monkeypatch, together, expected):
        monkeypatch.setattr(get_user_model()._meta, "unique_together", together)
        settings.JWT_SIGNIN = {"SIGNIN_BY": ["email"]}

        assert ids() == expected

    @pytest.mark.parametrize(
        ("name", "expected"), [("born_at", []), ("balance", ["jwt_signin.W009"])]
    )
    def test_may_be_that_of_a_parent(self, settings, monkeypatch, name, expected):
        constraint = UniqueConstraint(fields=["born_at"], name="x")
        monkeypatch.setattr(Person._meta, "constraints", [constraint])
        settings.AUTH_USER_MODEL = "usermodels.MemberUser"
        settings.JWT_SIGNIN = {"SIGNIN_BY": [name]}

        assert ids() == expected


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        ([OURS], []),
        ([BASIC, OURS], []),
        ([SignatureAuthentication], []),
        ([BASIC], ["jwt_signin.W010"]),
        ([], ["jwt_signin.W010"]),
        (["nothing.Here"], []),
    ],
)
def test_rest_framework_knows_access_tokens(settings, classes, expected):
    settings.REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": classes}

    assert ids() == expected
