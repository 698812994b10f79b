"""Beside django-axes: it counts what Django tells it, and refuses through Django."""

import pytest
from django.conf import settings as django_settings

from jwt_signin.models import Session
from tests.conftest import PASSWORD, Browser

if django_settings.SETTINGS_MODULE != "tests.neighbours.axes":  # pragma: no cover
    pytest.skip("NOT RUN here: tox -e neighbours runs it", allow_module_level=True)

pytestmark = pytest.mark.django_db


def sign_in(password=PASSWORD, name="ada", address="192.0.2.1"):
    body = {"username": name, "password": password}
    return Browser().post("/auth/signin/", body, REMOTE_ADDR=address)


def fail(times, **how):
    return [sign_in("wrong", **how) for _ in range(times)]


def test_whom_it_lets_in_is_signed_in(ada):
    assert sign_in().status_code == 200


def test_an_account_that_it_locks_is_answered_as_a_wrong_password_is(ada):
    wrong, *_ = fail(3)

    locked = sign_in()

    assert locked.status_code == 401
    assert (locked.content, locked.headers) == (wrong.content, wrong.headers)
    assert not Session.objects.exists()


def test_it_ends_guessing_from_any_number_of_networks(ada):
    for number in range(3):
        fail(1, address=f"203.0.113.{number}")

    assert sign_in(address="198.51.100.1").status_code == 401


def test_an_unknown_name_is_locked_alike(ada):
    fail(3)
    fail(3, name="nobody")

    known, unknown = sign_in(), sign_in(name="nobody")

    assert (known.content, known.headers) == (unknown.content, unknown.headers)


def test_a_success_resets_its_count(ada):
    for _ in range(3):
        fail(2)
        assert sign_in().status_code == 200


def test_both_count_and_the_stricter_refuses(ada, settings):
    settings.JWT_SIGNIN = {"SIGNIN_ACCOUNT_RATE": "2/15m"}

    statuses = [response.status_code for response in fail(4)]

    assert statuses == [401, 401, 429, 429]


def test_its_middleware_answers_in_its_own_way(ada, settings):
    settings.MIDDLEWARE = ["axes.middleware.AxesMiddleware"]
    settings.AXES_HTTP_RESPONSE_CODE = 423
    fail(3)

    assert sign_in().status_code == 423
