"""What a user installs."""

from importlib import metadata, resources

import pytest

from tests.house.test_messages import LANGUAGES

FILES = [
    "py.typed",
    "migrations/0001_initial.py",
    *(f"locale/{language}/LC_MESSAGES/django.mo" for language in LANGUAGES),
    "static/jwt_signin/auth-client.js",
    "static/jwt_signin/auth-client.d.ts",
]


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_is_there(name):
    assert resources.files("jwt_signin").joinpath(name).is_file()


def test_it_needs_four_packages_and_no_more():
    required = [name for name in metadata.requires("django-jwt-signin") if "extra ==" not in name]

    assert sorted(name.split(">")[0].split("<")[0] for name in required) == [
        "django",
        "djangorestframework",
        "djangorestframework-simplejwt",
        "pyjwt",
    ]
