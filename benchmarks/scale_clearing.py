"""What clearing a million dead sessions costs, and what it costs those who live."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from statistics import median
from typing import Any, NamedTuple

from benchmarks.scale_database import ONE_IN, fill, run
from benchmarks.scale_figures import Figure, percentile

SECONDS, MEGABYTES, ROWS, SLOWER = 8, 20, 10_000, 2
QUIET = 5
"""Seconds of refreshes before and after the clean-up, to compare with."""
KINDS = {"outlived": "past the absolute lifetime", "idle": "past the idle lifetime alone"}


class Run(NamedTuple):
    """One clean-up, and the refreshes around it."""

    seconds: float
    megabytes: float
    largest: int
    removed: int
    quiet: float
    meanwhile: float


def measure(options: Namespace) -> Iterator[Figure]:
    """Clear each kind of dead session several times; the medians count."""
    alive = options.rows // (ONE_IN - 1)
    for kind, name in KINDS.items():
        runs = []
        for _round in range(options.rounds):
            fill(options.rows + alive, users=options.users, dead=kind)
            runs.append(_clear())
        yield from _figures(runs, f"clearing {runs[0].removed:,} sessions {name}")


def _figures(runs: list[Run], what: str) -> Iterator[Figure]:
    seconds = median(run.seconds for run in runs)
    spread = ", ".join(f"{run.seconds:.1f}" for run in runs)
    yield Figure(f"{what}: seconds", spread, f"<= {SECONDS}", seconds <= SECONDS)
    megabytes = max(run.megabytes for run in runs)
    goal = f"<= {MEGABYTES}"
    yield Figure("its extra memory, MB", f"{megabytes:.1f}", goal, megabytes <= MEGABYTES)
    largest = max(run.largest for run in runs)
    yield Figure("its largest transaction, rows", f"{largest:,}", f"<= {ROWS:,}", largest <= ROWS)
    slower = median(run.meanwhile / run.quiet for run in runs)
    pairs = ", ".join(f"{run.meanwhile * 1000:.1f}/{run.quiet * 1000:.1f} ms" for run in runs)
    value = f"{slower:.2f} ({pairs})"
    yield Figure("p99 of refresh meanwhile / without", value, f"< {SLOWER}", slower < SLOWER)


def _clear() -> Run:
    """Clear in one process while another refreshes."""
    with _worker("refresh", stdin=subprocess.PIPE) as refreshing:
        try:
            time.sleep(QUIET)
            with _worker("clear") as clearing:
                cleared = json.loads(clearing.communicate()[0])
            time.sleep(QUIET)
        finally:
            samples = json.loads(refreshing.communicate(b"enough")[0])
    run("VACUUM jwt_signin_session")
    return _read(cleared, samples)


def _worker(name: str, **pipes: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "benchmarks.scale_workers", name]
    return subprocess.Popen(command, stdout=subprocess.PIPE, **pipes)


def _read(cleared: dict[str, Any], samples: list[tuple[float, float]]) -> Run:
    began, ended = cleared["began"], cleared["ended"]
    meanwhile = [took for at, took in samples if began <= at < ended]
    quiet = [took for at, took in samples[1:] if not began - 1 <= at < ended]
    return Run(
        ended - began,
        cleared["bytes"] / 2**20,
        cleared["largest"],
        cleared["removed"],
        percentile(quiet, 99),
        percentile(meanwhile, 99),
    )
