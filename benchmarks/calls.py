"""
Count the Python and C calls of one warm request an operation, under cProfile.

    python -m benchmarks.calls [--top 40] [--sqlite] [CONTENDER …] [--operations refresh …]

The number is the same at every run, whatever else the machine does: an optimisation shows in it
at once, and a test can hold it (``tests/test_budget.py``).
Requests go through Django's WSGI handler, without middleware, on PostgreSQL, and are read to
their end.
``--top`` names the functions that are called most, and those within which most is called.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from benchmarks.compare.contenders import CONTENDERS, OPERATIONS
from benchmarks.compare.databases import Databases
from benchmarks.compare.worker import Worker

LIMITS = {"request": 1600, "signature": 1150, "refresh": 2400, "sign_in": 2900, "logout": 1900}
"""What ``jwt_signin`` may cost at most."""

SIZE = 9
"""Requests that are counted, of which the median is told."""


def main() -> int:
    """Count what is asked for and print one table; answer 1 where a limit is exceeded."""
    options = _options()
    counts: dict[str, dict[str, int]] = {}
    with ExitStack() as stack:
        databases = stack.enter_context(Databases(sqlite=options.sqlite))
        for name in options.contenders:
            with Worker(name, databases.url(name)) as worker:
                counts[name] = dict(_counted(worker, options))
    _print(counts, options.operations)
    mine = counts.get("jwt_signin", {})
    return int(any(mine.get(operation, 0) > limit for operation, limit in LIMITS.items()))


def _counted(worker: Worker, options: argparse.Namespace) -> Iterator[tuple[str, int]]:
    for operation in options.operations:
        if operation in worker.operations:
            found = worker.do("calls", operation=operation, size=SIZE, top=options.top)
            yield operation, round(statistics.median(found["counts"]))
            if options.top:
                _print_top(f"{worker.contender}, {operation}", found)


def _print_top(what: str, found: dict[str, Any]) -> None:
    sys.stdout.write(f"{what}: {found['counts']}\n within  times\n")
    for within, times, function in found["top"]:
        sys.stdout.write(f"{within:7}{times:7} {function}\n")
    sys.stdout.write("\n")


def _print(counts: dict[str, dict[str, int]], operations: list[str]) -> None:
    sys.stdout.write("| operation | " + " | ".join(counts) + " | limit |\n")
    sys.stdout.write("| --- |" + " ---: |" * (len(counts) + 1) + "\n")
    for operation in operations:
        cells = [f"{each[operation]:,}" if operation in each else "" for each in counts.values()]
        limit = f"{LIMITS[operation]:,}" if operation in LIMITS else ""
        sys.stdout.write(f"| {operation} | " + " | ".join([*cells, limit]) + " |\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().partition("\n")[0])
    parser.add_argument("contenders", nargs="*", metavar="CONTENDER", help=", ".join(CONTENDERS))
    parser.add_argument("--operations", nargs="+", choices=OPERATIONS, default=[*OPERATIONS])
    parser.add_argument("--top", type=int, default=0, help="functions to name for each")
    parser.add_argument("--sqlite", action="store_true", help="instead of PostgreSQL")
    options = parser.parse_args()
    if unknown := set(options.contenders) - set(CONTENDERS):
        parser.error(f"no such contender: {', '.join(sorted(unknown))}")
    options.contenders = options.contenders or ["jwt_signin", "simplejwt"]
    return options


if __name__ == "__main__":
    sys.exit(main())
