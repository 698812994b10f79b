from __future__ import annotations

import datetime as dt
import os
import sys

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.core.signals import got_request_exception
from django.utils import translation
from django.views.debug import ExceptionReporter
from rest_framework.test import APIClient

from jwt_signin import services
from jwt_signin.throttling.counters import counters
from tests.databases import silent_server
from tests.handlers import HANDLERS

pytest_plugins = ["jwt_signin.testing.fixtures"]

APART = {"browser", "neighbours", "schema"}
"""Folders of tests that a browser, a front end or another package takes part in."""

PASSWORD = " a passphrase, spaces and all "
EPOCH = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


def pytest_configure(config):
    """Leave out what cannot run here, and say so; where a server is required, fail."""
    if (silent := silent_server()) is not None:  # pragma: no cover
        required = "TEST_REQUIRE_SERVICES" in os.environ
        pytest.exit(f"NOT RUN: no answer from {silent}", returncode=1 if required else 0)


def pytest_ignore_collect(collection_path, config):
    """Leave what needs more than the suite has to the environment of tox that names it."""
    name = collection_path.name
    if name in APART and not any(name in argument for argument in config.args):
        return True
    return None


@pytest.fixture
def reports(settings):
    """Collect what Django would mail to the administrators for a request's error."""
    settings.DEBUG = False
    pages = []

    def collect(request, **kwargs):
        pages.append(ExceptionReporter(request, *sys.exc_info()).get_traceback_html())

    got_request_exception.connect(collect)
    yield pages
    got_request_exception.disconnect(collect)


class Browser(APIClient):
    """A client that knows the endpoints and one user's tokens."""

    def sign_in(self, **fields):
        return self.post("/auth/signin/", {"password": PASSWORD, **fields})

    def refresh(self, refresh, **headers):
        return self.post("/auth/refresh/", {"refresh": refresh}, headers=headers)

    def with_access(self, access):
        """Send ``access`` from here on."""
        self.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
        return self


@pytest.fixture(autouse=True)
def _language():
    """Leave no test in the language of another: a middleware sets it for the whole thread."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _counts():
    """Count no test's wrong passwords to another."""
    cache.clear()
    counters.reset()


@pytest.fixture
def hashes(monkeypatch):
    """Count the passwords that are hashed."""
    counted = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *args: counted.append(1) or encode(*args)
    )
    return counted


@pytest.fixture
def clock():
    """A clock that stands still until it is moved; ``clock.shift(seconds)`` moves it."""
    with time_machine.travel(EPOCH, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ada(db):
    """A user of whatever model the run has."""
    return make_user("ada")


@pytest.fixture
def bob(db):
    return make_user("bob")


@pytest.fixture
def api():
    return Browser()


@pytest.fixture(params=HANDLERS)
def web(request):
    """A client of each of Django's handlers."""
    return request.param(enforce_csrf_checks=True)


@pytest.fixture
def pair(ada):
    """The tokens of a session of Ada's, started by service."""
    return services.start_session(ada)


@pytest.fixture
def access(clock, pair):
    """The access token of that session, while the clock stands still."""
    return str(pair.access)


def make_user(name, **fields):
    """Create a user called ``name``, under whatever fields the model has."""
    model = get_user_model()
    fields = {model.USERNAME_FIELD: name, "email": f"{name}@example.com"} | fields
    if model.USERNAME_FIELD == "email":
        fields["email"] = f"{name}@example.com"
    known = {field.name for field in model._meta.get_fields()}
    given = {key: value for key, value in fields.items() if key in known}
    return model._default_manager.create_user(password=PASSWORD, **given)


def name_of(user):
    """Return the field and the value that ``user`` signs in by."""
    return {user.USERNAME_FIELD: user.get_username()}
