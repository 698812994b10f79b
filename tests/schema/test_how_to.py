"""What the how-to shows is run, and does what it says."""

import sys
import types
from pathlib import Path

import pytest

from tests.house.test_readme import FENCE, project

BLOCKS = FENCE.findall((Path(__file__).parents[2] / "docs" / "how-to" / "openapi.md").read_text())


@pytest.fixture
def scope(settings, monkeypatch):
    """What all its blocks say together; their routes are those of the project."""
    scope, routes = project(), types.ModuleType("shown")
    routes.urlpatterns = []
    for block in BLOCKS:
        settled = scope.pop("SPECTACULAR_SETTINGS", {})
        exec(block, scope)
        scope["SPECTACULAR_SETTINGS"] = settled | scope.get("SPECTACULAR_SETTINGS", {})
        routes.urlpatterns += scope.pop("urlpatterns", [])
    monkeypatch.setitem(sys.modules, "shown", routes)
    settings.ROOT_URLCONF = "shown"
    return scope


def test_the_settings_are_those_of_the_tests(scope, settings):
    assert set(scope["INSTALLED_APPS"]) <= set(settings.INSTALLED_APPS)
    assert scope["REST_FRAMEWORK"].items() <= settings.REST_FRAMEWORK.items()


def test_the_document_and_its_page_are_served(scope, client):
    document = client.get("/api/schema/", headers={"Accept": "application/json"})
    page = client.get("/api/docs/")

    assert "/api/auth/signin/" in document.json()["paths"]
    assert (page.status_code, b"swagger-ui" in page.content) == (200, True)


def test_the_dialog_may_sign_in(scope, write):
    document = write(**scope["SPECTACULAR_SETTINGS"])

    (flow,) = document["components"]["securitySchemes"]["password"]["flows"].values()
    assert flow["tokenUrl"] in document["paths"]
    assert document.requirements("GET", "/api/auth/me/") == [["accessToken"], ["password"]]
    assert document.requirements("POST", "/api/token/") == [[]]
    assert (
        "jwt_signin.openapi.add_refusals" in scope["SPECTACULAR_SETTINGS"]["POSTPROCESSING_HOOKS"]
    )
