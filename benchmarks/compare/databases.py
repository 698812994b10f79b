"""The databases of a run: made, filled with users, and gone with it."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from benchmarks.cluster import Cluster
from benchmarks.compare.contenders import PASSWORD, USERS

# Commits wait for the disk, as they do in production, and no worker of PostgreSQL's own wakes up
# amid a measurement.
POSTGRESQL = """
fsync = on
autovacuum = off
shared_buffers = 256MB
checkpoint_timeout = 1h
max_wal_size = 4GB
"""


class Databases:
    """
    A PostgreSQL of the run's own with a database for each contender, or a file of SQLite for each.

    A context manager.
    """

    def __init__(self, *, sqlite: bool) -> None:
        self._sqlite = sqlite

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            if self._sqlite:
                self._folder = Path(tempfile.mkdtemp(prefix="compare_"))
                stack.callback(shutil.rmtree, self._folder, ignore_errors=True)
            else:
                self._cluster = stack.enter_context(Cluster(further=POSTGRESQL))
            self._open = stack.pop_all()
        return self

    def __exit__(self, *failure: object) -> None:
        self._open.close()

    def url(self, contender: str) -> str:
        """Make the contender's database, empty; return its URL."""
        name = contender.replace("-", "_")
        if self._sqlite:
            return f"sqlite://{self._folder}/{name}.sqlite3"
        self._cluster.query(f"CREATE DATABASE {name}")
        return f"postgresql://chaos@127.0.0.1:{self._cluster.port}/{name}"


def prepare() -> None:
    """Make the tables of the contender whose project this is, and the users."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", run_syncdb=True, verbosity=0)
    model, password = get_user_model(), make_password(PASSWORD)
    model.objects.bulk_create(
        model(username=f"user{i}", email=f"user{i}@example.com", password=password)
        for i in range(USERS)
    )
