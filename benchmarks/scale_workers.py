"""The two processes of the clean-up's measurement: one clears, one goes on refreshing."""

from __future__ import annotations

import json
import os
import select
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import django
from django.utils.module_loading import import_string

SESSIONS = 300
PAUSE = 0.002
"""Seconds between two refreshes: a client that is served well, not a load test."""


def clear() -> dict[str, Any]:
    """Run the command; return its seconds, its memory and the rows of its transactions."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    connection.ensure_connection()
    rows: list[int] = []
    before = _peak()
    with connection.execute_wrapper(_counter(rows)), open(os.devnull, "w") as nowhere:  # noqa: PTH123
        began = time.monotonic()
        call_command("clear_jwt_sessions", stdout=nowhere)
        ended = time.monotonic()
    return {
        "began": began,
        "ended": ended,
        "bytes": _peak() - before,
        "largest": max(rows),
        "removed": sum(rows),
    }


def _counter(rows: list[int]) -> Callable[..., Any]:
    """Return an execute wrapper that notes how many rows each transaction removes."""

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        answer, context = execute(sql, *rest), rest[-1]
        if sql.startswith("DELETE"):
            # Outside of a block a statement is its own transaction; within, all are one.
            so_far = rows.pop() if rows and context["connection"].in_atomic_block else 0
            rows.append(so_far + context["cursor"].rowcount)
        return answer

    return note


def refresh() -> list[tuple[float, float]]:
    """Rotate live sessions until the input ends; return when, and how long each took."""
    tokens, rotate = _tokens(), import_string("jwt_signin.services.rotate")
    samples = []
    for at in cycle(range(len(tokens))):
        began = time.monotonic()
        tokens[at] = str(rotate(tokens[at]).refresh)
        samples.append((began, time.monotonic() - began))
        if select.select([sys.stdin], [], [], PAUSE)[0]:
            return samples
    raise RuntimeError("there is no live session")


def _tokens() -> list[str]:
    """Return the refresh tokens of sessions all over the table, which no grace holds back."""
    from django.conf import settings  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    settings.JWT_SIGNIN = {"REUSE_GRACE": timedelta(0)}
    sessions = import_string("jwt_signin.models.Session").objects.live(now := timezone.now())
    issue = import_string("jwt_signin.services.issuing.issue")
    secret = import_string("benchmarks.scale_database.SECRET")
    found = sessions.select_related("user").order_by("id")[:SESSIONS]
    return [str(issue(session, secret=secret, now=now).refresh) for session in found]


def _peak() -> int:
    """
    Return the most bytes that this process has held so far, as Linux tells.

    Not by ``getrusage``, whose peak is inherited from the process that started this one.
    """
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


if __name__ == "__main__":
    django.setup()
    json.dump({"clear": clear, "refresh": refresh}[sys.argv[1]](), sys.stdout)
