"""Whether this package is where it is promised to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from benchmarks.compare import goals
from benchmarks.compare.behaviour import QUESTIONS
from benchmarks.compare.timing import Times
from benchmarks.scale_figures import Figure

MINE = "jwt_signin"

Record = dict[str, Any]


def verdicts(measured: Iterable[Times], found: dict[str, list[Record]]) -> Iterator[Figure]:
    """Hold what was measured of this package against what is promised."""
    for times in measured:
        if times.database == "postgresql":
            yield from _of_time(times)
    judges = {
        "statements": _of_statements,
        "storage": _of_storage,
        "throughput": _of_throughput,
        "memory": _of_memory,
        "behaviour": _of_behaviour,
    }
    for part, records in found.items():
        for record in records:
            if record.get("contender", MINE) == MINE:
                yield from judges[part](record)


def _of_time(times: Times) -> Iterator[Figure]:
    for operation, limit in goals.CPU.items():
        if ratio := times.ratio(MINE, operation, "cpu"):
            yield _at_most(f"CPU of {operation}", ratio.median, limit, str(ratio))
    if ratio := times.ratio(f"{MINE}-no-last-login", "sign_in", "cpu"):
        what, limit = "CPU of sign_in without last_login", goals.CPU_WITHOUT_LAST_LOGIN
        yield _at_most(what, ratio.median, limit, str(ratio))


def _of_statements(record: Record) -> Iterator[Figure]:
    if (operation := record["operation"]) in goals.STATEMENTS:
        sent = record["reads"] + record["writes"]
        yield _at_most(f"statements of {operation}", sent, goals.STATEMENTS[operation])


def _of_storage(record: Record) -> Iterator[Figure]:
    for what in ("rows", "bytes"):
        yield _at_most(f"{what} after 1,000 refreshes", record[what], 0)


def _of_throughput(record: Record) -> Iterator[Figure]:
    if ratio := record["ratio"]:
        reached = ratio.median >= goals.THROUGHPUT
        yield Figure("refreshes a second", str(ratio), f">= {goals.THROUGHPUT}", reached)


def _of_memory(record: Record) -> Iterator[Figure]:
    gained = record["resident"][-1] - record["resident"][0]
    what = f"bytes gained by {record['requests']:,} of {record['operation']}"
    yield _at_most(what, gained, goals.GROWTH)


def _of_behaviour(record: Record) -> Iterator[Figure]:
    for question, right in goals.BEHAVIOUR.items():
        found = record[question]
        yield Figure(QUESTIONS[question], found, right, found == right)


def _at_most(what: str, measured: float, limit: float, told: str = "") -> Figure:
    return Figure(what, told or f"{measured:,.0f}", f"<= {limit:,}", measured <= limit)
