"""
Measure how the session table holds up, on PostgreSQL.

    python -m benchmarks.scale [--database-url URL] [updates] [storage] [growth] [clearing]

It makes a database of its own on that server, and drops it at the end.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys

import django
from django.utils.module_loading import import_string

from benchmarks.scale_server import DEFAULT_URL, URL

PARTS = ("updates", "storage", "growth", "clearing")


def main() -> int:
    """Measure what is asked for and print one table; answer 1 where a goal is missed."""
    options = _options()
    os.environ[URL] = options.database_url
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.scale_settings"
    django.setup()
    # To be told to end is an error like others: what was made is dropped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    figures = []
    with import_string("benchmarks.scale_database.own_database")(options.database_url):
        for part in options.parts or PARTS:
            for figure in import_string(f"benchmarks.scale_{part}.measure")(options):
                sys.stderr.write(figure.line() + "\n")
                figures.append(figure)
    sys.stdout.write(import_string("benchmarks.scale_figures.table")(figures) + "\n")
    return int(any(figure.met is False for figure in figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of {', '.join(PARTS)}")
    parser.add_argument("--database-url", default=os.environ.get(URL, DEFAULT_URL))
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the large table")
    parser.add_argument("--users", type=int, default=100_000, help="of the large table")
    parser.add_argument("--rotations", type=int, default=100_000, help="of few sessions")
    parser.add_argument("--samples", type=int, default=300, help="of each operation and place")
    parser.add_argument("--rounds", type=int, default=3, help="of each clean-up")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return options


if __name__ == "__main__":
    sys.exit(main())
