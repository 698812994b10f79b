"""The tables of a run, in Markdown, and the goals that it is held against."""

from __future__ import annotations

import platform
import statistics
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib.metadata import version
from typing import Any

from benchmarks.compare import goals
from benchmarks.compare.behaviour import QUESTIONS
from benchmarks.compare.contenders import CONTENDERS, OPERATIONS
from benchmarks.compare.timing import MEASURES, Times

TITLES = {
    "cpu": "CPU of the application",
    "wall": "time by the clock",
    "database_cpu": "CPU of PostgreSQL's process",
}


def contenders(versions: dict[str, str]) -> str:
    """Return who was measured, and on what."""
    ground = [f"{name} {version(name)}" for name in ("Django", "djangorestframework", "PyJWT")]
    lines = [f"Python {platform.python_version()}, {', '.join(ground)}.\n"]
    rows = [[f"`{name}`", told, CONTENDERS[name].note] for name, told in versions.items()]
    return "\n".join([*lines, grid(["contender", "version", "how"], rows)])


def times(measured: Times) -> Iterator[str]:
    """Return a table for each measure: ratios, and what 1.00 is."""
    for measure in MEASURES:
        if measure == "database_cpu" and measured.database == "sqlite":
            continue
        yield f"### {measured.database}: {TITLES[measure]}, {goals.REFERENCE} = 1\n"
        yield by_operation(measured.versions, partial(measured.ratio, measure=measure))
        yield "\n1.00 is " + ", ".join(_absolute(measured, measure)) + ".\n"


def _absolute(measured: Times, measure: str) -> Iterator[str]:
    for operation in OPERATIONS:
        other = goals.compared_with(operation)
        if measured.has(*other):
            micros = statistics.median(measured.samples(*other, measure)) * 1e6
            name = "" if other == (goals.REFERENCE, operation) else f" ({' '.join(other)})"
            yield f"{operation} {micros:,.0f} µs{name}"


def statements(records: list[dict[str, Any]]) -> str:
    """Return the table of what is sent and written."""
    found = {(record["contender"], record["operation"]): record for record in records}

    def cell(name: str, operation: str) -> str:
        if (record := found.get((name, operation))) is None:
            return ""
        numbers = [record[kind] for kind in ("reads", "writes", "transactions", "rows", "bytes")]
        return " · ".join(f"{number:,.0f}" if number > 1 else f"{number:.2g}" for number in numbers)

    return by_operation(dict.fromkeys(record["contender"] for record in records), cell)


def storage(records: list[dict[str, Any]]) -> str:
    """Return the table of what a thousand refreshes leave."""
    rows = [
        [record["contender"], f"{record['rows']:,}", f"{record['bytes']:,}"] for record in records
    ]
    return grid(["contender", "rows", "bytes"], rows)


def throughput(records: list[dict[str, Any]]) -> str:
    """Return the table of refreshes a second."""
    rows = [
        [
            record["contender"],
            f"{statistics.median(record['rates']):,.0f}",
            f"{min(record['rates']):,.0f}-{max(record['rates']):,.0f}",
            str(record["ratio"] or ""),
        ]
        for record in records
    ]
    return grid(["contender", "refreshes/s", "range", f"÷ {goals.REFERENCE}"], rows)


def memory(records: list[dict[str, Any]]) -> str:
    """Return the table of what a worker held on the way."""
    rows = []
    for record in records:
        first, *_rest, last = record["resident"]
        held = [f"{each / 2**20:.1f}" for each in (first, max(record["resident"]), last)]
        rows.append([record["operation"], f"{record['requests']:,}", *held])
    return grid(["operation", "requests", "MB after a tenth", "most", "at the end"], rows)


def behaviour(records: list[dict[str, Any]]) -> str:
    """Return the table of what each answered, a line for each question."""
    names = [f"`{record['contender']}`" for record in records]
    rows = [
        [question, *(record.get(key, "") for record in records)]
        for key, question in QUESTIONS.items()
    ]
    return grid(["", *names], rows)


def by_operation(names: Iterable[str], cell: Callable[[str, str], Any]) -> str:
    """Return a table with a line for each contender and a column for each operation."""
    rows = [
        [f"`{name}`", *(str(cell(name, operation) or "") for operation in OPERATIONS)]
        for name in names
    ]
    return grid(["", *OPERATIONS], rows)


def grid(head: list[str], rows: Iterable[list[str]]) -> str:
    """Return a table in Markdown, its first column to the left."""
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, rule, *rows])
