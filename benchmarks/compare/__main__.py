"""
Compare this package with its peers and with the floor, side by side in one run.

    python -m benchmarks.compare [PART …] [--contenders NAME …] [--json FILE] [--plot FILE]

``time`` measures every operation through Django's handler, without a socket, all contenders
taking turns; ``statements`` counts what is sent to PostgreSQL and written by it; ``storage``
weighs a thousand refreshes; ``throughput`` puts gunicorn in front; ``memory`` follows a worker
of this package over a long run; ``behaviour`` asks the peers what becomes of a session.
Each contender is a process of its own, with a project of its own (``contenders/``), on a
PostgreSQL that is started for the run, or on SQLite.
It needs Linux and PostgreSQL's server binaries; it prints tables in Markdown, and exits with 1
where a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.compare import (
    behaviour,
    memory,
    plot,
    report,
    statements,
    storage,
    throughput,
    timing,
)
from benchmarks.compare.contenders import CONTENDERS
from benchmarks.compare.verdicts import verdicts
from benchmarks.scale_figures import table

DATABASES = ["postgresql", "sqlite"]
PARTS = {
    "statements": (
        statements,
        "Statements: read · written · of transactions · rows · bytes of log",
    ),
    "storage": (storage, "What 1,000 refreshes of one session leave"),
    "throughput": (throughput, "Refreshes a second, 16 sessions, 2 workers"),
    "memory": (memory, "Memory of a worker"),
    "behaviour": (behaviour, "What becomes of a session"),
}


def main() -> int:
    """Measure what is asked for and print the tables; answer 1 where a goal is missed."""
    options = _options()
    # To be told to end is an error like others: what was started is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    measured: list[timing.Times] = []
    found: dict[str, list[dict[str, Any]]] = {}
    if "time" in options.parts:
        measured = [timing.measure(options, database) for database in options.databases]
        _print(report.contenders(measured[0].versions))
    for each in measured:
        _print(*report.times(each))
    for part, (module, title) in PARTS.items():
        if part in options.parts:
            found[part] = module.measure(options)
            _print(f"### {title}\n", getattr(report, part)(found[part]))
    figures = [*verdicts(measured, found)]
    _print(table(figures))
    _keep(options, measured, found)
    return int(any(figure.met is False for figure in figures))


def _keep(
    options: argparse.Namespace,
    measured: list[timing.Times],
    found: dict[str, list[dict[str, Any]]],
) -> None:
    if options.json:
        records = chain(*(each.records() for each in measured), *found.values())
        options.json.write_text("".join(json.dumps(record) + "\n" for record in records))
    if options.plot and measured:
        options.plot.write_text(plot.draw(measured[0]))


def _print(*parts: str) -> None:
    sys.stdout.write("\n".join(parts) + "\n\n")
    sys.stdout.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.compare",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of time, {', '.join(PARTS)}")
    parser.add_argument("--contenders", nargs="+", choices=CONTENDERS, default=[*CONTENDERS])
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES)
    parser.add_argument("--rounds", type=int, default=30, help="of the time")
    parser.add_argument("--batch", type=int, default=10, help="requests of each in a round")
    parser.add_argument("--throughput-rounds", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=2, help="of each round of throughput")
    parser.add_argument("--requests", type=int, default=100_000, help="of the memory's run")
    parser.add_argument("--json", type=Path, help="where to keep everything, a line a record")
    parser.add_argument("--plot", type=Path, help="where to draw the time, as SVG")
    options = parser.parse_args()
    options.parts = options.parts or ["time", *PARTS]
    if unknown := set(options.parts) - {"time", *PARTS}:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return options


if __name__ == "__main__":
    sys.exit(main())
