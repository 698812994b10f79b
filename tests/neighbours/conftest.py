"""
Tests that begin in the real packages; run by ``--ds=tests.neighbours.settings``.

A how-to is executed: what it shows as settings and routes becomes those of the project.
"""

import re
import sys
import types
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.urls import path
from django.utils.module_loading import import_string
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from tests.house.test_readme import project

collect_ignore_glob = [] if "knox" in django_settings.INSTALLED_APPS else ["test_*.py"]

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def follow(settings, monkeypatch):
    """``follow("move-from-….md")`` does what the page says, and returns its names."""

    def execute(page, blocks=None):
        scope: dict = project()
        for block in FENCE.findall((HOW_TO / page).read_text())[:blocks]:
            exec(block, scope)
        authenticators = scope["REST_FRAMEWORK"]["DEFAULT_AUTHENTICATION_CLASSES"]
        settings.JWT_SIGNIN = scope.get("JWT_SIGNIN", {})
        assert set(scope.get("INSTALLED_APPS", [])) <= set(settings.INSTALLED_APPS)
        protect(scope, authenticators)
        moved = types.ModuleType("moved_urls")
        moved.urlpatterns = scope["urlpatterns"]
        monkeypatch.setitem(sys.modules, "moved_urls", moved)
        settings.ROOT_URLCONF = "moved_urls"
        return scope

    return execute


def protect(scope, authenticators):
    """Give the project's own view what REST framework reads once, when a class is made."""

    class NotesView(APIView):
        authentication_classes = [import_string(each) for each in authenticators]
        permission_classes = [IsAuthenticated]

        def get(self, request):
            return Response({"user": request.user.get_username()})

    scope["urlpatterns"].append(path("notes/", NotesView.as_view()))
    if "ComeOverView" in scope:
        scope["urlpatterns"].append(path("come-over/", scope["ComeOverView"].as_view()))


class Client(APIClient):
    def notes(self, token, scheme="Bearer"):
        return self.get("/notes/", headers={"Authorization": f"{scheme} {token}"}).status_code


@pytest.fixture
def browser():
    return Client()
