"""What the README and the docs show is run, and what they point to is there."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.dispatch import Signal

from jwt_signin import signals
from jwt_signin.conf import Settings, SimpleJWT

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
JSON = re.compile(r"^```json\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def project():
    """Return what a block finds that adds to a project."""
    return {
        "INSTALLED_APPS": ["django.contrib.auth", "django.contrib.contenttypes"],
        "urlpatterns": [],
    }


def blocks():
    for page in PAGES:
        if "tutorial" in page.parts:  # run as a whole: tests/browser/test_tutorial.py
            continue
        for number, block in enumerate(FENCE.findall(page.read_text()), 1):
            yield pytest.param(block, id=f"{page.relative_to(ROOT)}-{number}")


@pytest.mark.parametrize("block", [*blocks()])
def test_every_python_block_runs(block, monkeypatch, settings):
    """And the settings that it shows are settings."""
    for name in ("JWT_KEY_1", "JWT_KEY_2", "JWT_KEY_2_PUBLIC"):
        monkeypatch.setenv(name, "a key")
    if "drf_spectacular" in block:
        pytest.importorskip("drf_spectacular", reason="NOT RUN here: tox -e schema runs it")
    if re.search(
        r"^from (allauth|channels|django_otp|knox)|^JWTAuthMiddleware", block, re.MULTILINE
    ):
        pytest.skip("NOT RUN here: tox -e neighbours runs it")
    for signal in (value for value in vars(signals).values() if isinstance(value, Signal)):
        monkeypatch.setattr(signal, "receivers", [*signal.receivers])
    scope: dict = {"settings": settings, **project()}
    exec(compile(block, "README.md", "exec"), scope)
    for settings_class in (Settings, SimpleJWT):
        if settings_class.SOURCE in scope:
            setattr(settings, settings_class.SOURCE, scope[settings_class.SOURCE])
            assert [*settings_class.mistakes()] == []


def test_what_begins_a_session_is_a_view_as_ours_are():
    """A view of REST framework's is cached, reported, closed and refused as the project says."""
    text = [block for page in PAGES for block in FENCE.findall(page.read_text())]
    begins = [block for block in text if re.search(r"services\.(start_session|sign_in)\(", block)]

    assert len(begins) > 4
    assert [block for block in begins if "APIView" in block] == []


def anchors(page):
    """Return what GitHub calls the headings of a page."""
    code = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
    headings = HEADING.findall(code.sub("", page.read_text()))
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    for path, anchor in LINK.findall(page.read_text()):
        target = page.parent / path if path else page
        assert target.exists(), path
        assert not anchor or anchor in anchors(target), f"{path}#{anchor}"


def test_the_three_edits_are_enough():
    scope: dict = project()
    exec(FENCE.search(PAGES[0].read_text())[1], scope)

    assert {"rest_framework", "jwt_signin"} <= set(scope["INSTALLED_APPS"])
    assert set(scope["INSTALLED_APPS"]) <= set(settings.INSTALLED_APPS)
    assert scope["REST_FRAMEWORK"].items() <= settings.REST_FRAMEWORK.items()
    assert [str(pattern.pattern) for pattern in scope["urlpatterns"]] == ["api/auth/"]


def test_the_answer_that_is_shown_is_the_answer(db, api):
    asked, answered = map(json.loads, JSON.findall(PAGES[0].read_text()))
    get_user_model()._default_manager.create_user(**asked)

    answer = api.post("/auth/signin/", asked).json()

    assert answer.keys() == answered.keys()
    assert [type(answer[name]) for name in answered] == [*map(type, answered.values())]
    assert answer["expires_in"] == answered["expires_in"]
    assert answer["refresh_expires_in"] == answered["refresh_expires_in"]
    assert answer["user"].keys() == answered["user"].keys()


def test_the_mistake_of_the_tutorial_is_told_so(settings):
    settings.JWT_SIGNIN = {"REUSE_GRACES": 10}
    (mistake,) = Settings.mistakes()

    assert f"`{mistake.message}`" in (ROOT / "docs" / "tutorial" / "index.md").read_text()


def test_sign_in_and_refresh_are_shown_on_the_first_screen():
    first_screen = "\n".join(PAGES[0].read_text().splitlines()[:60])

    assert "/api/auth/signin/" in first_screen
    assert "/api/auth/refresh/" in first_screen
