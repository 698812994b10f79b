"""The time of each operation, all contenders taking turns in one run."""

from __future__ import annotations

import statistics
import sys
from argparse import Namespace
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any, NamedTuple

from benchmarks.compare.contenders import OPERATIONS
from benchmarks.compare.databases import Databases
from benchmarks.compare.goals import compared_with
from benchmarks.compare.worker import Worker

MEASURES = ("cpu", "wall", "database_cpu")


class Ratio(NamedTuple):
    """The median of a ratio over the rounds, and its quartiles: noise widens them."""

    low: float
    median: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.2f} [{self.low:.2f}-{self.high:.2f}]"


class Times:
    """What every batch of a run has taken, in seconds: by contender, operation and round."""

    def __init__(self, database: str, versions: dict[str, str]) -> None:
        self.database, self.versions = database, versions
        self._batches: dict[tuple[str, str], list[dict[str, Any]]] = {}

    def add(self, contender: str, operation: str, batch: dict[str, Any]) -> None:
        """Add a batch; each contender adds one a round."""
        self._batches.setdefault((contender, operation), []).append(batch)

    def has(self, contender: str, operation: str) -> bool:
        """Tell whether this was measured."""
        return (contender, operation) in self._batches

    def samples(self, contender: str, operation: str, measure: str) -> list[float]:
        """Return one of ``MEASURES``, a number a round."""
        return [batch[measure] for batch in self._batches[contender, operation]]

    def ratio(self, contender: str, operation: str, measure: str) -> Ratio | None:
        """Divide each round by the same round of what stands for the reference."""
        other = compared_with(operation)
        if not self.has(contender, operation) or not self.has(*other):
            return None
        mine, theirs = self.samples(contender, operation, measure), self.samples(*other, measure)
        if not all(theirs):  # there is nothing to divide by: no statement is sent
            return None
        return quartiles([one / other for one, other in zip(mine, theirs, strict=True)])

    def records(self) -> list[dict[str, Any]]:
        """Return everything, a record for each contender and operation."""
        return [
            {
                "part": "time",
                "database": self.database,
                "contender": contender,
                "version": self.versions[contender],
                "operation": operation,
                "ratio": self.ratio(contender, operation, "cpu"),
                "rounds": batches,
            }
            for (contender, operation), batches in self._batches.items()
        ]


def measure(options: Namespace, database: str) -> Times:
    """Run every operation of every contender in turns, round by round."""
    with ExitStack() as stack:
        home = stack.enter_context(Databases(sqlite=database == "sqlite"))
        workers = [stack.enter_context(Worker(name, home.url(name))) for name in options.contenders]
        times = Times(database, {worker.contender: worker.version for worker in workers})
        for turn in range(-1, options.rounds):
            # Nobody is always the first after somebody.
            shift = turn % len(workers)
            for operation in OPERATIONS:
                for worker in workers[shift:] + workers[:shift]:
                    if operation in worker.operations:
                        batch = worker.do("batch", operation=operation, size=options.batch)
                        if turn >= 0:  # the first one warms up
                            times.add(worker.contender, operation, batch)
            sys.stderr.write(f"\r{database}: round {turn + 1} of {options.rounds} ")
        sys.stderr.write("\n")
    return times


def quartiles(samples: Sequence[float]) -> Ratio:
    """Return the median and its quartiles."""
    if len(samples) == 1:
        return Ratio(samples[0], samples[0], samples[0])
    return Ratio(*statistics.quantiles(samples, n=4, method="inclusive"))
