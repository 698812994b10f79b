"""The project that is measured: nothing set that has a default."""

from __future__ import annotations

from typing import Any

from benchmarks.scale_server import database


class Router:
    """Send every statement to one of the two tables: services name none, and need not."""

    alias = "default"

    def db_for_read(self, *args: Any, **hints: Any) -> str:
        """Return the table in use."""
        return Router.alias

    db_for_write = db_for_read


SECRET_KEY = "for-this-benchmark-alone-" + "0123456789abcdef" * 3
DATABASES = {"default": database("public"), "small": database("small")}
DATABASE_ROUTERS = [Router()]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    "jwt_signin",
]
USE_TZ = True
