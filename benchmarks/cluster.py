"""A PostgreSQL of the harness's own: made for one run, restarted at will, gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any, Self

import psycopg

SECONDS = 60
"""How long any one command of PostgreSQL may take."""

# TCP alone, for a socket's path may be too long. Without fsync no answer of a disk is measured;
# what the processes die of here loses nothing by it, as the operating system does not die.
CONFIGURATION = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 60
fsync = off
log_min_messages = fatal
"""

# Answers are given before their commit is in the log, and the log is written every ten seconds:
# an immediate restart loses what was committed last, as a failover to a lagging replica does.
LOSING_COMMITS = """
synchronous_commit = off
wal_writer_delay = 10s
wal_writer_flush_after = 1GB
"""


class Cluster:
    """
    A PostgreSQL on a port of its own, in a temporary folder; a context manager.

    Started by root it runs as ``owner``, because PostgreSQL refuses to run as root.

    Args:
        owner: the account to run it as, where the harness itself runs as root.
        loses_commits: whether a restart loses the last seconds of commits.
        further: lines of ``postgresql.conf``, which win over the harness's own.

    """

    def __init__(
        self, *, owner: str = "postgres", loses_commits: bool = False, further: str = ""
    ) -> None:
        self.port = free_port()
        self._further = further
        self._binaries = find_binaries()
        self._owner = owner if os.geteuid() == 0 else None
        self._loses_commits = loses_commits
        self._lock, self._over = threading.Lock(), False

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="chaos_database_"))
        self._data = self._folder / "data"
        try:
            if self._owner:
                shutil.chown(self._folder, self._owner)
            initdb = ["--username=chaos", "--auth=trust", "--encoding=UTF8", "--locale=C"]
            self._run("initdb", "--no-sync", *initdb)
            with (self._data / "postgresql.conf").open("a") as configuration:
                configuration.write(CONFIGURATION.format(port=self.port))
                configuration.write(LOSING_COMMITS if self._loses_commits else "")
                configuration.write(self._further)
            self._run("pg_ctl", "start", "--wait", "--log", str(self._folder / "log"))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *failure: object) -> None:
        # A restart under way in another thread would start it again behind the stop.
        with self._lock:
            self._over = True
            try:
                if (self._data / "postmaster.pid").exists():
                    self._run("pg_ctl", "stop", "--mode=immediate")
            finally:
                shutil.rmtree(self._folder, ignore_errors=True)

    def restart(self) -> None:
        """Kill every process of it without a checkpoint, and return when it answers again."""
        log = str(self._folder / "log")
        with self._lock:
            if not self._over:
                self._run("pg_ctl", "restart", "--mode=immediate", "--wait", "--log", log)

    def checkpoint(self) -> None:
        """Make what is committed so far safe from any restart."""
        self.query("CHECKPOINT")

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Run one statement; return its rows, if it has any."""
        where = f"host=127.0.0.1 port={self.port} user=chaos dbname=postgres connect_timeout=10"
        with psycopg.connect(where, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), "--pgdata", str(self._data), *arguments]
        subprocess.run(
            command,
            check=True,
            timeout=SECONDS,
            user=self._owner,
            group=self._owner,
            extra_groups=[] if self._owner else None,
            cwd=self._folder,  # the owner may not enter where the harness was started
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            # Not a pipe: the server inherits it, and reading would wait for the server's end.
            stderr=None,
        )


def find_binaries() -> Path:
    """
    Return the folder that holds ``initdb`` and ``pg_ctl``, of the newest version there is.

    Raises:
        SystemExit: there is none; Debian's ``pg_config`` may well point to a folder without them.

    """
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    if found := shutil.which("pg_config"):
        told = subprocess.run(
            [found, "--bindir"], check=True, capture_output=True, text=True, timeout=SECONDS
        )
        folders.insert(0, Path(told.stdout.strip()))
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise SystemExit("no initdb and pg_ctl found: install PostgreSQL's server")


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _version(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0
