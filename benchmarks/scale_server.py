"""Which server the scale is measured on."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import unquote, urlsplit

URL = "SCALE_DATABASE_URL"
"""The environment variable that names the server, and tells it to the worker processes."""
DEFAULT_URL = "postgresql://postgres@127.0.0.1:5432/test"
DATABASE = "jwt_signin_scale"


def database(schema: str) -> dict[str, Any]:
    """Return Django's connection to one schema of the benchmark's own database."""
    parts = urlsplit(os.environ.get(URL, DEFAULT_URL))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "OPTIONS": {"options": f"-c search_path={schema}"},
    }
