"""
Whether a worker's memory stays as it is over a long run.

Under any contender Python's own caches take some 40,000 requests to fill; what grows beyond is a
leak.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from contextlib import ExitStack
from typing import Any

from benchmarks.compare.databases import Databases
from benchmarks.compare.worker import Worker

CLIENTS = 10
STEPS = 10


def measure(options: Namespace) -> list[dict[str, Any]]:
    """Return for each operation what this package's worker held after each tenth of the run."""
    with ExitStack() as stack:
        home = stack.enter_context(Databases(sqlite=False))
        worker = Worker("jwt_signin", home.url("jwt_signin"), hurried=True)
        stack.enter_context(worker)
        return [_followed(worker, name, options.requests) for name in ("request", "refresh")]


def _followed(worker: Worker, operation: str, requests: int) -> dict[str, Any]:
    held = []
    for step in range(1, STEPS + 1):
        size = requests // STEPS
        held.append(worker.do("drive", operation=operation, size=size, clients=CLIENTS))
        sys.stderr.write(f"\rmemory, {operation}: {step * size:,} of {requests:,} ")
    sys.stderr.write("\n")
    return {"part": "memory", "operation": operation, "requests": requests, "resident": held}
