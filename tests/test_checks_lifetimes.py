"""Lifetimes and limits, as ``manage.py check`` sees them."""

from datetime import timedelta

import pytest
from django.conf.global_settings import CACHES

from tests.checked import SHARED_CACHE, deploy_ids, ids

MINUTES, SECOND = timedelta(minutes=5), timedelta(seconds=1)
KEY = {"SIGNING_KEY": "0123456789abcdef" * 2}


@pytest.fixture
def deployed(settings):
    """Settings that have nothing to mend, also for a deployment."""
    settings.CACHES, settings.SIMPLE_JWT = SHARED_CACHE, KEY
    return settings


def test_a_sound_deployment_has_nothing_to_mend(deployed):
    assert deploy_ids() == []


@pytest.mark.parametrize(
    ("grace", "access", "refresh", "expected"),
    [
        (30, MINUTES, MINUTES, []),
        (31, MINUTES, MINUTES, ["jwt_signin.W005"]),
        (0, SECOND, SECOND, []),
        (30, timedelta(seconds=299), MINUTES, ["jwt_signin.W005"]),
        (300, MINUTES, MINUTES, ["jwt_signin.W005"]),
        (301, MINUTES, MINUTES, ["jwt_signin.E011"]),
        (301, timedelta(hours=1), MINUTES, ["jwt_signin.E011", "jwt_signin.W018"]),
    ],
)
def test_the_grace_is_a_small_part_of_every_lifetime(settings, grace, access, refresh, expected):
    settings.JWT_SIGNIN = {"REUSE_GRACE": grace}
    settings.SIMPLE_JWT = {"ACCESS_TOKEN_LIFETIME": access, "REFRESH_TOKEN_LIFETIME": refresh}

    assert sorted(ids()) == expected


def test_without_rotation_there_is_no_grace_to_check(settings):
    settings.JWT_SIGNIN = {"REUSE_GRACE": timedelta(days=8)}
    settings.SIMPLE_JWT = {"ROTATE_REFRESH_TOKENS": False}

    assert ids() == []


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("JWT_SIGNIN", "SESSION_LIFETIME"),
        ("JWT_SIGNIN", "SHORT_SESSION_LIFETIME"),
        ("SIMPLE_JWT", "REFRESH_TOKEN_LIFETIME"),
    ],
)
@pytest.mark.parametrize(
    ("value", "expected"),
    [(30, ["jwt_signin.W018"]), (MINUTES - SECOND, ["jwt_signin.W018"]), (MINUTES, [])],
    ids=["days were meant", "less", "as long"],
)
def test_what_ends_before_its_access_token(settings, source, name, value, expected):
    setattr(settings, source, {name: value})

    assert ids() == expected


def test_what_nobody_has_set_is_not_told(settings):
    """An access token of a day is told before a deployment, and only itself."""
    settings.SIMPLE_JWT = {"ACCESS_TOKEN_LIFETIME": timedelta(days=30)}

    assert ids() == []


def test_each_lifetime_that_ends_before_is_told(settings):
    settings.JWT_SIGNIN = {"SESSION_LIFETIME": 90, "SHORT_SESSION_LIFETIME": 12}

    assert ids() == ["jwt_signin.W018"] * 2


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"ACCESS_TOKEN_LIFETIME": timedelta(hours=1)}, []),
        ({"ACCESS_TOKEN_LIFETIME": timedelta(hours=1) + SECOND}, ["jwt_signin.W013"]),
        ({"LEEWAY": timedelta(minutes=55)}, []),
        ({"LEEWAY": timedelta(minutes=55) + SECOND}, ["jwt_signin.W013"]),
        ({"ROTATE_REFRESH_TOKENS": True}, []),
        ({"ROTATE_REFRESH_TOKENS": False}, ["jwt_signin.W014"]),
    ],
    ids=repr,
)
def test_what_keeps_a_stolen_token_good(deployed, given, expected):
    deployed.SIMPLE_JWT = KEY | given

    assert ids() == []
    assert deploy_ids() == expected


@pytest.mark.parametrize(
    ("backend", "expected"),
    [
        ("locmem.LocMemCache", ["jwt_signin.W011"]),
        ("dummy.DummyCache", ["jwt_signin.W011"]),
        ("filebased.FileBasedCache", ["jwt_signin.W011"]),
        ("db.DatabaseCache", ["jwt_signin.W011"]),
        ("nothing.Here", ["jwt_signin.W011"]),
        ("redis.RedisCache", []),
    ],
)
def test_a_cache_in_which_processes_do_not_count_together(deployed, tmp_path, backend, expected):
    location = str(tmp_path) if "File" in backend else "redis://127.0.0.1:1"
    cache = {"BACKEND": f"django.core.cache.backends.{backend}", "LOCATION": location}
    deployed.CACHES = {"default": cache}

    assert ids() == []
    assert deploy_ids() == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (None, []),
        ("SIGNIN_ACCOUNT_RATE", ["jwt_signin.W011"]),
        ("SIGNIN_NETWORK_RATE", ["jwt_signin.W011"]),
        ("REFRESH_RATE", ["jwt_signin.W011"]),
    ],
)
def test_without_limits_any_cache_will_do(deployed, on, expected):
    rates = ("SIGNIN_ACCOUNT_RATE", "SIGNIN_NETWORK_RATE", "REFRESH_RATE")
    deployed.JWT_SIGNIN = {name: "1/m" if name == on else None for name in rates}
    deployed.CACHES = CACHES

    assert deploy_ids() == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECURE_PROXY_SSL_HEADER", ("HTTP_X_FORWARDED_PROTO", "https")),
        ("USE_X_FORWARDED_HOST", True),
        ("USE_X_FORWARDED_PORT", True),
    ],
)
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["jwt_signin.W012"]),
        ({"NUM_PROXIES": None}, ["jwt_signin.W012"]),
        ({"NUM_PROXIES": 0}, []),
        ({"NUM_PROXIES": 1}, []),
    ],
    ids=repr,
)
def test_a_proxy_that_nobody_has_counted(deployed, name, value, given, expected):
    setattr(deployed, name, value)
    deployed.JWT_SIGNIN = given

    assert ids() == []
    assert deploy_ids() == expected


@pytest.mark.parametrize("name", ["JWT_SIGNIN", "SIMPLE_JWT"])
def test_settings_that_cannot_be_read_are_told_alone(deployed, name):
    deployed.CACHES = CACHES
    deployed.USE_X_FORWARDED_HOST = True
    setattr(deployed, name, ["no dictionary"])

    assert deploy_ids() == ["jwt_signin.E002"]
