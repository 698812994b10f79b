"""Which database the suite runs on: SQLite, or the one that ``TEST_DATABASE_URL`` names."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ENGINES = {
    "postgresql": "django.db.backends.postgresql",
    "mysql": "django.db.backends.mysql",
}


def default_database() -> dict[str, Any]:
    """Return ``DATABASES["default"]``."""
    if not (url := os.environ.get("TEST_DATABASE_URL")):
        # A file, not memory: threads with connections of their own have to meet in it.
        name = Path(tempfile.mkdtemp(prefix="jwt_signin_")) / "tests.sqlite3"
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name,
            "OPTIONS": {"timeout": 60},
            "TEST": {"NAME": name},
        }
    parts = urlsplit(url)
    if parts.scheme == "mysql":
        import pymysql

        # Django asks for mysqlclient, which needs a compiler; PyMySQL stands in for it.
        pymysql.version_info = (2, 2, 9, "final", 0)
        pymysql.install_as_MySQLdb()
    return {
        "ENGINE": ENGINES[parts.scheme],
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username,
        "PASSWORD": parts.password or "",
        "HOST": parts.hostname,
        "PORT": parts.port or "",
    }


def silent_server() -> str | None:
    """Return the address of the chosen server where nothing answers, or ``None``."""
    if not (url := os.environ.get("TEST_DATABASE_URL")):
        return None
    parts = urlsplit(url)
    address = (parts.hostname or "127.0.0.1", parts.port or {"mysql": 3306}.get(parts.scheme, 5432))
    try:
        socket.create_connection(address, timeout=3).close()
    except OSError:
        return f"{parts.scheme} at {address[0]}:{address[1]}"
    return None


def isolated(databases: dict[str, Any], level: str) -> dict[str, Any]:
    """Return ``DATABASES`` at another isolation level."""
    chosen: Any = level
    if databases["default"]["ENGINE"] == ENGINES["postgresql"]:
        from psycopg import IsolationLevel

        chosen = IsolationLevel[level.upper().replace(" ", "_")]
    databases["default"]["OPTIONS"] = {"isolation_level": chosen}
    return databases


class PrimaryAlone:
    """A router by which nothing can be read but where it is written."""

    def db_for_read(self, model, **hints):
        return "nowhere"

    def db_for_write(self, model, **hints):
        return "nowhere" if model is None else "default"
