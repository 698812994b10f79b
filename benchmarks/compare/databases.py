"""The databases of a run: made, filled with users, and gone with it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

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
max_connections = 400
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.track = none
"""

# What a statement is, of those that PostgreSQL has counted.
KINDS = {
    "reads": "query ~* '^select' AND query !~ '^SELECT 1 FROM ONLY '",  # PostgreSQL's own, of a key
    "writes": "query ~* '^(insert|update|delete|with)'",
    "transactions": "query ~* '^(begin|commit|rollback|savepoint|release)'",
}


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
            return f"sqlite://{tempfile.mkdtemp(dir=self._folder)}/{name}.sqlite3"
        self._cluster.query(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._cluster.query(f"CREATE DATABASE {name}")
        return f"postgresql://chaos@127.0.0.1:{self._cluster.port}/{name}"


def prepare() -> None:
    """Make the tables of the contender whose project this is, and the users."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    # The floor has no migrations, and its table points to that of the users.
    call_command("migrate", run_syncdb=True, verbosity=0)
    model, password = get_user_model(), make_password(PASSWORD)
    model.objects.bulk_create(
        model(username=f"user{i}", email=f"user{i}@example.com", password=password)
        for i in range(USERS)
    )


def backend_cpu() -> float | None:
    """Return the seconds that PostgreSQL's process of this connection has computed so far."""
    from django.db import connection  # noqa: PLC0415

    if connection.vendor != "postgresql":
        return None
    connection.ensure_connection()
    statistics = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(statistics.read_text().split()[0]) / 1e9


@contextmanager
def counted_statements() -> Iterator[dict[str, int]]:
    """Count what this connection sends, and fill the dictionary when it is done."""
    counts: dict[str, int] = {}
    _ask("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    _ask("SELECT pg_stat_statements_reset()")
    _ask("SET pg_stat_statements.track = 'top'")
    before = _ask("SELECT pg_current_wal_insert_lsn()")
    yield counts
    after = _ask("SELECT pg_current_wal_insert_lsn()")
    _ask("SET pg_stat_statements.track = 'none'")
    sums = ", ".join(f"sum(calls) FILTER (WHERE {which})" for which in KINDS.values())
    found = _ask(
        f"SELECT {sums}, sum(rows) FILTER (WHERE {KINDS['writes']}) FROM pg_stat_statements"
        " WHERE query !~ 'pg_current_wal_insert_lsn'"
    )
    counts.update(zip((*KINDS, "rows"), (int(count or 0) for count in found[0]), strict=True))
    bytes_written = _ask(f"SELECT pg_wal_lsn_diff('{after[0][0]}', '{before[0][0]}')")
    counts["bytes"] = int(bytes_written[0][0])


def weigh() -> dict[str, int]:
    """Return the rows and the bytes of all tables of this database, after VACUUM."""
    _ask("VACUUM")
    tables = [name for (name,) in _ask("SELECT relid::regclass::text FROM pg_stat_user_tables")]
    sizes = [
        _ask(f"SELECT count(*), pg_total_relation_size('{name}') FROM {name}")[0] for name in tables
    ]
    return {"rows": sum(rows for rows, _ in sizes), "bytes": sum(size for _, size in sizes)}


def _ask(sql: str) -> list[tuple[Any, ...]]:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall()) if cursor.description else []
