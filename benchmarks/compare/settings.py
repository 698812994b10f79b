"""
The project of one contender.

``COMPARE_CONTENDER`` names it, ``COMPARE_DATABASE`` the database, as a URL, and
``COMPARE_HURRIED`` is set where clients refresh more often than honest ones do.
What all have in common is here: no middleware, JSON alone, HS256, one connection that stays
open, and a hasher that costs next to nothing.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import unquote, urlsplit

from benchmarks.compare.contenders import CONTENDERS

CONTENDER = CONTENDERS[os.environ["COMPARE_CONTENDER"]]


def database(url: str) -> dict[str, Any]:
    """Return Django's connection to a PostgreSQL, or to a file of SQLite."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        options = {
            # As Django's documentation recommends for production.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            "transaction_mode": "IMMEDIATE",
        }
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path,
            "OPTIONS": options,
            "CONN_MAX_AGE": None,
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": None,
    }


SECRET_KEY = "for-this-benchmark-alone-" + "0123456789abcdef" * 3
ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
USE_TZ = True
DATABASES = {"default": database(os.environ["COMPARE_DATABASE"])}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    *CONTENDER.apps,
]
ROOT_URLCONF = "benchmarks.compare.urls"
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [*CONTENDER.authentication],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
}
globals().update(CONTENDER.settings)
if "COMPARE_HURRIED" in os.environ:
    globals().update(CONTENDER.hurried)
