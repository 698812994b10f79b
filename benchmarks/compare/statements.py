"""What each operation sends to PostgreSQL, and what that writes."""

from __future__ import annotations

from argparse import Namespace
from contextlib import ExitStack
from typing import Any

from benchmarks.compare.contenders import OPERATIONS
from benchmarks.compare.databases import Databases
from benchmarks.compare.worker import Worker

SIZE = 50
"""Requests that the figures are a mean of."""


def measure(options: Namespace) -> list[dict[str, Any]]:
    """Return a record for each contender and operation."""
    records = []
    with ExitStack() as stack:
        home = stack.enter_context(Databases(sqlite=False))
        for name in options.contenders:
            with Worker(name, home.url(name)) as worker:
                for operation in OPERATIONS:
                    if operation in worker.operations:
                        counts = worker.do("statements", operation=operation, size=SIZE)
                        record = {"part": "statements", "contender": name, "operation": operation}
                        records.append(record | counts)
    return records
