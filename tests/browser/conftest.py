"""A real browser in front of the example project: of its API, and of all of it."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import engines
from tests.browser.ports import free_port, wait_for
from tests.browser.visitor import Visitor, end_sessions

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20_000
"""Milliseconds for what happens at once, on a machine that has other things to do."""
expect.set_options(timeout=PATIENCE)


def pytest_sessionstart():
    """Leave out what cannot run here, and say so; where it is required, fail."""
    if missing := engines.missing():
        required = "TEST_REQUIRE_SERVICES" in os.environ
        pytest.exit(f"NOT RUN: there is no {missing}", returncode=1 if required else 0)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The address of the example's API behind a blank page; its tokens live two seconds."""
    command = ["gunicorn", "config.wsgi", "--bind={address}", "--workers=2", "--threads=4"]
    with _served(command, "tests.browser.settings", tmp_path_factory.mktemp("server")) as url:
        yield url


@pytest.fixture(scope="session")
def front(tmp_path_factory):
    """The address of the example project as it is, front end included."""
    command = ["django", "runserver", "--noreload", "--skip-checks", "{address}"]
    with _served(command, "tests.browser.front", tmp_path_factory.mktemp("front")) as url:
        yield url


@contextlib.contextmanager
def _served(command, settings, folder):
    """Serve from a database of its own, on a port that nobody listens on; yield the address."""
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "example_project")]),
        "BROWSER_DATABASE": str(folder / "db.sqlite3"),
    }
    for prepare in (["migrate", "--verbosity", "0"], ["create_demo_user"]):
        subprocess.run(
            [sys.executable, "-m", "django", *prepare], env=environ, check=True, capture_output=True
        )
    port = free_port()
    command = [each.format(address=f"127.0.0.1:{port}") for each in command]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen([sys.executable, "-m", *command], env=environ, stderr=log) as process,
    ):
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def browser():
    with engines.launched() as browser:
        yield browser


@pytest.fixture
def person(browser, server):
    """A person with a browser of his own: cookies, and any number of tabs."""
    context = browser.new_context(base_url=server)
    context.add_init_script(path=Path(__file__).with_name("tab.js"))
    yield context
    context.close()


@pytest.fixture(params=["en", "ko"])
def language(request):
    return request.param


@pytest.fixture
def visit(browser, front, request):
    """Lets somebody with a browser of their own visit the front end, where nobody is yet."""
    spoken = "language" in request.fixturenames
    language = request.getfixturevalue("language") if spoken else "en"
    end_sessions(front)
    with contextlib.ExitStack() as opened:

        def visit(path="/", **options):
            context = browser.new_context(base_url=front, locale=language, **options)
            opened.callback(context.close)
            context.set_default_timeout(PATIENCE)
            return Visitor(context, path)

        yield visit
