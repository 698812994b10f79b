"""A project that a real ASGI server serves."""

import tempfile
from pathlib import Path

from tests.settings import *

ALLOWED_HOSTS = ["127.0.0.1"]
_NAME = Path(tempfile.mkdtemp(prefix="jwt_signin_")) / "sockets.sqlite3"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": _NAME,
        # Every test commits, and none has to outlive the machine.
        "OPTIONS": {"timeout": 60, "init_command": "PRAGMA synchronous=OFF;"},
        "TEST": {"NAME": _NAME},
    }
}
