"""
Install the built wheel into an empty environment and run the flow from it, over HTTP.

    python tests/house/flow_from_wheel.py DIST

What the project would be without this repository: one settings file, one URL, one user.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from pathlib import Path

PROJECT = """
import sys

import django
from django.conf import settings
from django.urls import include, path

settings.configure(
    SECRET_KEY="only-for-this-run-" + "0123456789abcdef" * 3,
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}},
    INSTALLED_APPS=[
        "django.contrib.auth", "django.contrib.contenttypes", "rest_framework", "jwt_signin",
    ],
    MIDDLEWARE=["django.middleware.locale.LocaleMiddleware"],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["jwt_signin.authentication.JWTAuthentication"],
    },
    ROOT_URLCONF="__main__",
)
django.setup()
urlpatterns = [path("api/auth/", include("jwt_signin.urls"))]

if __name__ == "__main__":
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
"""
PASSWORD = "a passphrase of the wheel"


def main(dist: Path) -> None:
    """Install, check, migrate, serve and walk through the flow."""
    (wheel,) = dist.glob("*.whl")
    with tempfile.TemporaryDirectory() as folder:
        python = install(wheel, Path(folder))
        (Path(folder) / "project.py").write_text(PROJECT)
        manage = [python, "project.py"]
        subprocess.run([*manage, "check", "--fail-level", "WARNING"], cwd=folder, check=True)
        subprocess.run([*manage, "migrate", "--verbosity", "0"], cwd=folder, check=True)
        environment = os.environ | {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}
        create = ["createsuperuser", "--noinput", "--username", "ada", "--email", "a@example.com"]
        subprocess.run([*manage, *create], cwd=folder, check=True, env=environment)
        port = free_port()
        serve = [*manage, "runserver", "--noreload", f"127.0.0.1:{port}"]
        with subprocess.Popen(serve, cwd=folder) as server:
            try:
                walk(f"http://127.0.0.1:{port}/api/auth/")
            finally:
                server.terminate()


def install(wheel: Path, folder: Path) -> str:
    """Make an empty environment with the wheel; return its Python."""
    venv.create(folder / "venv", with_pip=True)
    python = str(folder / "venv" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(wheel)], check=True)
    where = "import jwt_signin; print(jwt_signin.__file__)"
    found = subprocess.run(
        [python, "-c", where], check=True, capture_output=True, text=True, cwd=folder
    )
    if not found.stdout.startswith(str(folder)):
        sys.exit(f"not from the wheel: {found.stdout}")
    return python


def walk(base: str) -> None:
    """Sign in, ask, refresh and log out."""
    signed_in = send(base + "signin/", {"username": "ada", "password": PASSWORD})
    access = {"Authorization": f"Bearer {signed_in['access']}"}
    if send(base + "me/", **access)["username"] != "ada":
        sys.exit("me/ does not know who is signed in")
    refreshed = send(base + "refresh/", {"refresh": signed_in["refresh"]})
    send(base + "logout/", {"refresh": refreshed["refresh"]})
    try:
        send(base + "me/", **access, **{"Accept-Language": "ja"})
    except urllib.error.HTTPError as error:
        with error:
            if error.code != 401:
                sys.exit(f"an ended session was answered {error.code}")
            if json.load(error)["detail"].isascii():
                sys.exit("the wheel knows no Japanese")
    else:
        sys.exit("the access token outlived its session")
    print("the wheel signs in, refreshes, logs out, and says so in the language of the request")


def send(url: str, body: dict[str, str] | None = None, **headers: str) -> dict[str, str]:
    """Send one request, waiting for the server to come up."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers})
    for _attempt in range(100):
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return json.loads(response.read() or "{}")
        except urllib.error.HTTPError:
            raise
        except urllib.error.URLError:
            time.sleep(0.1)
    sys.exit("the server did not come up")


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
