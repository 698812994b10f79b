"""Beside drf-standardized-errors: it spells the refusals of a project's own API."""

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError, connection

if django_settings.SETTINGS_MODULE != "tests.neighbours.standardized":  # pragma: no cover
    pytest.skip("NOT RUN here: tox -e neighbours runs it", allow_module_level=True)

pytestmark = pytest.mark.django_db


def told(response):
    """Return what it made of a refusal, by the member that it took it from."""
    return {error["attr"]: error["code"] for error in response.json()["errors"]}


def test_a_refused_token_keeps_its_code(api):
    response = api.with_access("garbage").get("/protected/")

    assert response.status_code == 401
    assert set(told(response).values()) == {"token_not_valid"}


def test_a_session_that_is_over_keeps_its_code(jwt_client, ada):
    jwt_client.sign_in(ada).revoke()

    response = jwt_client.get("/protected/")

    assert response.status_code == 401
    assert set(told(response).values()) == {"session_revoked"}


def test_an_unreachable_database_is_a_503(jwt_client, ada):
    def down(*args):
        raise OperationalError

    jwt_client.sign_in(ada)
    jwt_client.raise_request_exception = False  # which it reports, as Django does a 500
    with connection.execute_wrapper(down):
        response = jwt_client.get("/protected/")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "2"
    assert set(told(response).values()) == {"unavailable"}


def test_the_endpoints_keep_their_shape(api, ada):
    response = api.sign_in(username="ada", password="wrong")

    assert (response.status_code, response.json()["code"]) == (401, "invalid_credentials")
