"""No secret shows in an error report, whatever a project's own code raises."""

import pytest

from jwt_signin import services
from tests.conftest import PASSWORD, Browser

pytestmark = pytest.mark.django_db


class ProjectError(Exception):
    """What a hook of the project's raises by mistake."""


def fail(*args):
    raise ProjectError


@pytest.fixture
def api():
    client = Browser()
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("hook", ["BEFORE_SESSION", "CLAIMS"])
def test_a_sign_in_that_fails_shows_no_password(api, ada, settings, reports, hook):
    settings.JWT_SIGNIN = {hook: "tests.test_leaks.fail"}

    response = api.sign_in(username="ada")

    (page,) = reports
    assert response.status_code == 500
    assert "ProjectError" in page
    assert PASSWORD.strip() not in page


@pytest.mark.parametrize("path", ["refresh", "verify"])
def test_a_token_is_not_shown(api, pair, settings, reports, path):
    settings.SIMPLE_JWT = {"USER_AUTHENTICATION_RULE": "tests.test_leaks.fail"}
    settings.JWT_SIGNIN = {"CLAIMS": "tests.test_leaks.fail"}
    raw = str(pair.refresh)
    body = {"refresh": raw, "token": raw}

    api.post(f"/auth/{path}/", body)

    (page,) = reports
    assert "ProjectError" in page
    assert raw.rsplit(".", 1)[1] not in page
    assert pair.refresh["ss"] not in page


def test_an_access_token_is_not_shown(api, pair, settings, reports):
    settings.SIMPLE_JWT = {"USER_AUTHENTICATION_RULE": "tests.test_leaks.fail"}
    access = str(pair.access)

    api.with_access(access).get("/protected/")

    (page,) = reports
    assert "ProjectError" in page
    assert access.rsplit(".", 1)[1] not in page


def test_a_failing_claim_costs_the_client_no_token(api, clock, pair, settings):
    clock.shift(31)
    settings.JWT_SIGNIN = {"CLAIMS": "tests.test_leaks.fail"}
    with pytest.raises(ProjectError):
        services.rotate(str(pair.refresh))
    clock.shift(31)

    settings.JWT_SIGNIN = {}

    assert services.rotate(str(pair.refresh)).refresh["gen"] == 1


@pytest.mark.parametrize(
    "claims", [{"permissions": ["auth.change_user"] * 600}, {"sub": 7}, {"since": object()}]
)
def test_a_claim_that_would_be_refused_is_told_before_the_row_moves(clock, pair, settings, claims):
    clock.shift(31)
    settings.JWT_SIGNIN = {"CLAIMS": lambda user, session: claims}

    with pytest.raises((ValueError, TypeError)):
        services.rotate(str(pair.refresh))

    settings.JWT_SIGNIN = {}
    assert services.rotate(str(pair.refresh)).refresh["gen"] == 1
