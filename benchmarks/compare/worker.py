"""
The process of one contender: two of them cannot share one, for their settings are global.

It reads orders from its input and writes what came of them to its output, a line of JSON each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any, Self

import django

from benchmarks.compare.counting import CallTree, count_calls
from benchmarks.server import ROOT

WARM = 5
"""Requests that are not counted, before those that are."""


class Worker:
    """
    A worker process, from outside; a context manager.

    Args:
        contender: the name of the one that it runs.
        database: a URL.

    """

    def __init__(self, contender: str, database: str) -> None:
        self.contender, self._database = contender, database

    def __enter__(self) -> Self:
        chosen = {"COMPARE_CONTENDER": self.contender, "COMPARE_DATABASE": self._database}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.compare.worker"],
            cwd=ROOT,
            env=os.environ | chosen | {"DJANGO_SETTINGS_MODULE": "benchmarks.compare.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
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


class Serving:
    """What a worker can be ordered to do; each answer can be told in JSON."""

    def __init__(self) -> None:
        from benchmarks.compare.client import Client  # noqa: PLC0415
        from benchmarks.compare.settings import CONTENDER  # noqa: PLC0415

        self.client = Client(CONTENDER)

    def prepare(self) -> dict[str, Any]:
        """Make tables and users; answer with what is measured, and what it can do."""
        from benchmarks.compare.databases import prepare  # noqa: PLC0415

        prepare()
        contender = self.client.contender
        return {"version": contender.version(), "operations": contender.operations}

    def batch(self, operation: str, size: int) -> list[tuple[float, float]]:
        """Do an operation so often; answer with the CPU and the wall time of each."""
        return [(each.cpu, each.wall) for each in self.client.batch(operation, size)]

    def calls(self, operation: str, size: int, top: int) -> dict[str, Any]:
        """Count the calls of single warm requests, and name the functions with the most."""
        self.client.batch(operation, WARM)
        counts: list[int] = []

        def count(serve: Callable[[], Any]) -> Any:
            calls, answer = count_calls(serve)
            counts.append(calls)
            return answer

        self.client.batch(operation, size, count)
        tree = CallTree()
        if top:
            self.client.batch(operation, 1, tree.watch)
        return {"counts": counts, "top": tree.lines(top)}


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
