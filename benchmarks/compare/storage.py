"""What a thousand refreshes of one session leave in the database."""

from __future__ import annotations

from argparse import Namespace
from contextlib import ExitStack
from typing import Any

from benchmarks.compare.databases import Databases
from benchmarks.compare.worker import Worker

REFRESHES = 1000
WARM = 200
"""Refreshes before the first weighing: the first page of a table is made once."""


def measure(options: Namespace) -> list[dict[str, Any]]:
    """Return a record for each contender that refreshes."""
    records = []
    with ExitStack() as stack:
        home = stack.enter_context(Databases(sqlite=False))
        for name in options.contenders:
            with Worker(name, home.url(name), hurried=True) as worker:
                if "refresh" in worker.operations:
                    records.append({"part": "storage", "contender": name, **_grown(worker)})
    return records


def _grown(worker: Worker) -> dict[str, int]:
    worker.do("drive", operation="refresh", size=WARM, clients=1)
    before = worker.do("weigh")
    worker.do("drive", operation="refresh", size=REFRESHES, clients=1)
    after = worker.do("weigh")
    return {what: after[what] - before[what] for what in ("rows", "bytes")}
