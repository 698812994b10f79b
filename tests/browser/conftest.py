"""A real browser in front of the example project, under gunicorn with two workers."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
# No service of the browser's own is asked: the tests need nobody but this machine.
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def pytest_sessionstart():
    """Leave out what cannot run here, and say so; where it is required, fail."""
    if shutil.which("chromium") is None:
        required = "TEST_REQUIRE_SERVICES" in os.environ
        pytest.exit("NOT RUN: there is no chromium", returncode=1 if required else 0)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The address of the example project; its tokens live two seconds."""
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "example_project")]),
        "BROWSER_DATABASE": str(tmp_path_factory.mktemp("browser") / "db.sqlite3"),
    }
    for command in (["migrate", "--verbosity", "0"], ["create_demo_user"]):
        subprocess.run(
            [sys.executable, "-m", "django", *command], env=environ, check=True, capture_output=True
        )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["gunicorn", "config.wsgi", f"--bind=127.0.0.1:{port}", "--workers=2", "--threads=4"]
    with subprocess.Popen([sys.executable, "-m", *command], env=environ) as process:
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def person(chromium, server):
    """A person with a browser of his own: cookies, and any number of tabs."""
    context = chromium.new_context(base_url=server)
    context.add_init_script(path=Path(__file__).with_name("tab.js"))
    yield context
    context.close()


def _wait_for(port):
    for _attempt in range(100):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.1)
    pytest.fail("gunicorn does not answer")
