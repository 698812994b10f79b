"""
The process of one contender: two of them cannot share one, for their settings are global.

It reads orders from its input and writes what came of them to its output, a line of JSON each.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import django

from benchmarks.compare import databases
from benchmarks.compare.contenders import PASSWORD
from benchmarks.compare.counting import CallTree, count_calls
from benchmarks.server import ROOT

WARM = 5
"""Requests that are not counted, before those that are."""


class Worker:
    """
    A worker process, from outside, with its tables made; a context manager.

    Args:
        contender: the name of the one that it runs.
        database: a URL.
        hurried: whether its clients refresh more often than honest ones do.

    """

    version: str
    operations: list[str]

    def __init__(self, contender: str, database: str, *, hurried: bool = False) -> None:
        self.contender = contender
        self.environment = environment(contender, database, hurried=hurried)

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.compare.worker"],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            self.version, self.operations = self.do("prepare")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *failure: object) -> None:
        self._process.communicate()

    def do(self, order: str, **given: Any) -> Any:
        """Give an order and wait for what comes of it."""
        assert self._process.stdin is not None  # noqa: S101
        assert self._process.stdout is not None  # noqa: S101
        self._process.stdin.write(json.dumps({"order": order, **given}) + "\n")
        self._process.stdin.flush()
        if not (line := self._process.stdout.readline()):
            raise SystemExit(f"the worker of {self.contender} has died")
        return json.loads(line)


def environment(contender: str, database: str, *, hurried: bool = False) -> dict[str, str]:
    """Return the environment of a process that runs a contender's project."""
    chosen = {
        "COMPARE_CONTENDER": contender,
        "COMPARE_DATABASE": database,
        "DJANGO_SETTINGS_MODULE": "benchmarks.compare.settings",
    }
    return os.environ | chosen | ({"COMPARE_HURRIED": "1"} if hurried else {})


class Serving:
    """What a worker can be ordered to do; each answer can be told in JSON."""

    def __init__(self) -> None:
        from benchmarks.compare.client import Client  # noqa: PLC0415
        from benchmarks.compare.settings import CONTENDER  # noqa: PLC0415

        self.client = Client(CONTENDER)

    def prepare(self) -> tuple[str, tuple[str, ...]]:
        """Make tables and users; answer with what is measured, and what it can do."""
        databases.prepare()
        return self.client.contender.version(), self.client.contender.operations

    def batch(self, operation: str, size: int) -> dict[str, float | None]:
        """Do an operation so often; answer with the medians of CPU and wall time, in seconds."""
        asks = self.client.ready(operation, size)
        before = databases.backend_cpu()
        answers = self.client.batch(operation, asks)
        after = databases.backend_cpu()
        return {
            "cpu": statistics.median(each.cpu for each in answers),
            "wall": statistics.median(each.wall for each in answers),
            "database_cpu": None if before is None or after is None else (after - before) / size,
        }

    def calls(self, operation: str, size: int, top: int) -> dict[str, Any]:
        """Count the calls of single warm requests, and name the functions with the most."""
        counts: list[int] = []

        def count(serve: Callable[[], Any]) -> Any:
            calls, answer = count_calls(serve)
            counts.append(calls)
            return answer

        tree = CallTree()
        for requests, watch in ((WARM, None), (size, count), (int(top > 0), tree.watch)):
            self.client.batch(operation, self.client.ready(operation, requests), watch)
        return {"counts": counts, "top": tree.lines(top)}

    def statements(self, operation: str, size: int) -> dict[str, float]:
        """Answer with what an operation sends to PostgreSQL, and what that writes."""
        self.client.batch(operation, self.client.ready(operation, size))
        asks = self.client.ready(operation, size)
        with databases.counted_statements() as counts:
            self.client.batch(operation, asks)
        return {name: count / size for name, count in counts.items()}

    def change(self, user: int, how: str) -> None:
        """Do to a user what an administrator or he himself does."""
        from django.contrib.auth import get_user_model  # noqa: PLC0415

        found = get_user_model().objects.get(username=f"user{user}")
        if how == "delete":
            found.delete()
            return
        if how == "deactivate":
            found.is_active = False
        else:
            found.set_password(f"{PASSWORD}, changed")
        found.save()

    def pass_time(self) -> None:
        """Let so much time pass that a refresh replaces the token, and the old one is old."""
        self.client.contender.before("refresh")

    def weigh(self) -> dict[str, int]:
        """Answer with the rows and the bytes of all tables, indexes included, after VACUUM."""
        return databases.weigh()

    def drive(self, operation: str, size: int, clients: int) -> int:
        """Do an operation so often, by so many clients; answer with the memory held, in bytes."""
        for _turn in range(size // clients):
            self.client.batch(operation, self.client.ready(operation, clients))
        return resident()


def resident() -> int:
    """Return the bytes of memory that this process holds, as Linux tells."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


def main() -> None:
    """Serve until the input ends."""
    orders, answers = sys.stdin, sys.stdout
    sys.stdout = sys.stderr  # nothing that a contender prints is an answer
    django.setup()
    serving = Serving()
    for line in orders:
        given = json.loads(line)
        answer = getattr(serving, given.pop("order"))(**given)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
