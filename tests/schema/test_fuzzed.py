"""Schemathesis asks for whatever the document allows, and forbids, and holds us to it."""

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from schemathesis.checks import CHECKS

from jwt_signin import services

pytestmark = pytest.mark.django_db

ACCEPTED = ["2xx", 401, 403, 404]
SPELLED_400 = "^/(dj_rest_auth/signin|api_signin/signin|oauth2|alone/token)/"
"""Where credentials that are well formed, and wrong, are answered as the malformed are."""

document = SchemaGenerator(urlconf="tests.schema.fuzzed_urls").get_schema(public=True)
schema = schemathesis.openapi.from_dict(
    document,
    config=schemathesis.Config.from_dict(
        {
            "checks": {"negative_data_rejection": {"expected-statuses": ["4xx"]}},
            "operations": [
                {
                    "include-path-regex": SPELLED_400,
                    "checks": {"positive_data_acceptance": {"expected-statuses": [*ACCEPTED, 400]}},
                }
            ],
        }
    ),
)
schema.app = get_wsgi_application()
schema.location = "/"


@pytest.fixture(autouse=True)
def _project(settings):
    """Routes of the document, and no limit: what is asked for is chance."""
    settings.ROOT_URLCONF = "tests.schema.fuzzed_urls"
    settings.JWT_SIGNIN = {"SIGNIN_ACCOUNT_RATE": None, "SIGNIN_NETWORK_RATE": None}
    for signal in (request_started, request_finished):  # the connection is that of the test
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@hypothesis.settings(
    max_examples=20,
    derandomize=True,  # a gate says the same of the same code
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
def test_every_endpoint_does_what_is_written(case, ada):
    access = services.start_session(ada).access

    case.call_and_validate(headers={"Authorization": f"Bearer {access}"}, checks=CHECKS.get_all())
