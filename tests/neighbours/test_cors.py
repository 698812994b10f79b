"""Beside django-cors-headers: pages of another origin may read every answer, refusals too."""

import re

import pytest
from django.conf import settings as django_settings
from django.core.checks import Tags, run_checks

from jwt_signin.models import Session
from tests.conftest import PASSWORD
from tests.neighbours.entrances_urls import FENCE, HOW_TO

if django_settings.SETTINGS_MODULE != "tests.neighbours.entrances":  # pragma: no cover
    pytest.skip("NOT RUN here: tox -e neighbours runs it", allow_module_level=True)

pytestmark = pytest.mark.django_db

APP = "https://app.example.com"
FOREIGN = "https://app.example.org"
CREDENTIALS = {"username": "ada", "password": PASSWORD, "transport": "cookie"}


@pytest.fixture(autouse=True)
def _as_the_page_says(settings):
    (block,) = (
        block
        for block in FENCE.findall((HOW_TO / "front-ends.md").read_text())
        if "CORS_ALLOWED_ORIGINS" in block
    )
    exec(block, scope := {})
    for name in ("JWT_SIGNIN", *filter(re.compile("CORS_").match, scope)):
        setattr(settings, name, scope[name])


@pytest.fixture
def from_app(api):
    """Send what a browser sends from a page of another origin of the same site."""

    def send(path, body=None, method="post", origin=APP, **headers):
        headers |= {"Origin": origin, "Sec-Fetch-Site": "same-site"}
        return getattr(api, method)(path, body, headers=headers)

    return send


def readable(response):
    """Tell whether the page that asked may read the answer, cookies having been sent."""
    return (
        response.headers.get("Access-Control-Allow-Origin") == APP
        and response.headers.get("Access-Control-Allow-Credentials") == "true"
        and "origin" in response.headers["Vary"].lower()
    )


@pytest.mark.parametrize("path", ["signin/", "refresh/", "logout/", "sessions/"])
@pytest.mark.parametrize(("origin", "allowed"), [(APP, True), (FOREIGN, False)])
def test_a_preflight(from_app, path, origin, allowed):
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
    }

    response = from_app(f"/auth/{path}", method="options", origin=origin, **asked)

    assert response.status_code == 200
    assert readable(response) == allowed
    heard = response.headers.get("Access-Control-Allow-Headers", "").split(", ")
    assert (set(asked["Access-Control-Request-Headers"].split(",")) <= {*heard}) == allowed


def test_the_whole_flow(from_app, ada):
    signed_in = from_app("/auth/signin/", CREDENTIALS)
    access = {"Authorization": f"Bearer {signed_in.json()['access']}"}
    answers = [
        signed_in,
        from_app("/auth/refresh/", **{"Idempotency-Key": "one"}),
        from_app("/auth/me/", method="get", **access),
        from_app("/protected/", method="get", **access),
        from_app("/auth/logout/"),
    ]

    assert [response.status_code for response in answers] == [200, 200, 200, 200, 204]
    assert all(map(readable, answers))
    assert "__Secure-refresh" in signed_in.cookies


@pytest.mark.parametrize(
    ("path", "body", "answer"),
    [
        ("/auth/signin/", CREDENTIALS | {"password": "wrong"}, (401, "invalid_credentials")),
        ("/auth/signin/", {"username": "ada"}, (400, "invalid_request")),
        ("/auth/refresh/", {"refresh": "garbage"}, (401, "refresh_not_valid")),
        ("/auth/refresh/", None, (401, "refresh_missing")),
        ("/auth/logout/all/", None, (401, "not_authenticated")),
    ],
)
def test_a_refusal_can_be_read(from_app, ada, path, body, answer):
    response = from_app(path, body)

    assert (response.status_code, response.json()["code"]) == answer
    assert readable(response)


def test_a_limit_can_be_read(from_app, ada, clock, settings):
    settings.JWT_SIGNIN = settings.JWT_SIGNIN | {"SIGNIN_ACCOUNT_RATE": "1/m"}
    wrong = CREDENTIALS | {"password": "wrong"}
    from_app("/auth/signin/", wrong)

    response = from_app("/auth/signin/", wrong)

    assert response.status_code == 429
    assert readable(response)
    exposed = response.headers["Access-Control-Expose-Headers"].split(", ")
    assert {"Retry-After", "WWW-Authenticate"} <= {*exposed}


def test_an_origin_that_only_the_one_of_the_two_knows(from_app, ada, settings):
    """It may read that its cookie is not taken: two settings, and the answer says which."""
    settings.JWT_SIGNIN = {}

    response = from_app("/auth/signin/", CREDENTIALS)

    assert (response.status_code, response.json()["code"]) == (403, "origin_not_allowed")
    assert readable(response)
    assert not response.cookies


def test_a_foreign_page_reads_nothing_and_ends_nothing(from_app, ada):
    from_app("/auth/signin/", CREDENTIALS)

    for path in ("/auth/refresh/", "/auth/logout/"):
        response = from_app(path, origin=FOREIGN)

        assert response.status_code == 403
        assert not readable(response)
        assert not response.cookies
    assert Session.objects.get().revoked_at is None


def test_what_the_page_says_is_no_weakness():
    found = run_checks(tags=[Tags.security], include_deployment_checks=True)

    assert not [each for each in found if each.id == "jwt_signin.W008"]
