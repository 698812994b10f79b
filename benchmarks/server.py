"""gunicorn, serving the project; its workers can be killed."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self

from benchmarks.cluster import free_port

ROOT = Path(__file__).parents[1]
USERNAME, PASSWORD = "ada", "a passphrase of the harness"
WORKERS, THREADS = 2, 4
SECONDS = 60
"""How long starting, migrating and stopping may take."""


class Server:
    """
    gunicorn on a port of this machine alone, with a migrated database and one user.

    A context manager; the temporary folder that holds the log goes with it.

    Args:
        database_port: where PostgreSQL listens.
        grace: ``REUSE_GRACE``, in seconds.
        connections: how database connections are kept, a name of ``settings.CONNECTIONS``.
        log: where to copy the server's log afterwards.

    """

    def __init__(
        self, database_port: int, *, grace: float, connections: str, log: Path | None = None
    ) -> None:
        self.port = free_port()
        self._log = log
        self._chosen = {
            "CHAOS_PORT": str(database_port),
            "CHAOS_GRACE": str(grace),
            "CHAOS_CONNECTIONS": connections,
        }

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="chaos_server_"))
        self._environment = (
            os.environ
            | self._chosen
            | {
                "DJANGO_SETTINGS_MODULE": "benchmarks.project.settings",
                "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
                "HOME": str(self._folder),  # newer gunicorns keep a socket there
            }
        )
        try:
            self._manage("migrate", "--verbosity=0")
            account = [f"--username={USERNAME}", "--email=ada@example.com"]
            self._manage("createsuperuser", "--noinput", "--verbosity=0", *account)
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *failure: object) -> None:
        try:
            if process := getattr(self, "_process", None):
                stop(process)
            if self._log and self._log_file.exists():
                shutil.copyfile(self._log_file, self._log)
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def kill_a_worker(self) -> bool:
        """Kill one worker with SIGKILL, whatever it is at; ``False`` where none is alive."""
        if not (workers := children(self._process.pid)):
            return False
        try:
            os.kill(random.choice(workers), signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def count_in_log(self, words: str) -> int:
        """Return how many lines of the server's log hold ``words``."""
        with self._log_file.open(errors="replace") as lines:
            return sum(words in line for line in lines)

    @property
    def _log_file(self) -> Path:
        return self._folder / "log"

    def _manage(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "django", *arguments]
        subprocess.run(command, check=True, timeout=SECONDS, cwd=ROOT, env=self._environment)

    def _start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "django.core.wsgi:get_wsgi_application()"]
        command += [f"--bind=127.0.0.1:{self.port}", f"--workers={WORKERS}", "--keep-alive=5"]
        # Preloaded, a killed worker is replaced at once: what is measured is the package under
        # kills, not how long Django takes to import.
        command += ["--worker-class=gthread", f"--threads={THREADS}", "--preload"]
        with self._log_file.open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        for _attempt in range(SECONDS * 10):
            if self._process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise SystemExit(f"gunicorn did not start:\n{self._log_file.read_text(errors='replace')}")


def children(parent: int) -> list[int]:
    """Return the living children of a process; reads ``/proc``, as Linux has it."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name, in parentheses, may hold anything.
            state, its_parent = entry.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue  # it ended meanwhile
        if int(its_parent) == parent and state != "Z":
            found.append(int(entry.parent.name))
    return found


def stop(process: subprocess.Popen[bytes]) -> None:
    """End gunicorn, and its workers with it."""
    process.terminate()
    try:
        process.wait(timeout=SECONDS / 4)
    except subprocess.TimeoutExpired:
        workers = children(process.pid)
        process.kill()
        process.wait(timeout=SECONDS)
        for worker in workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
