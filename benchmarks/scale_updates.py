"""Whether rotations leave nothing behind: heap-only updates, rows and bytes."""

from __future__ import annotations

import random
import time
from argparse import Namespace
from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from benchmarks.scale_database import ask, fill, run, weigh
from benchmarks.scale_figures import Figure
from jwt_signin.models import Session

SESSIONS = 500
SHARE = 0.95
PAUSE = 1
"""Seconds until a backend that is told to end has ended."""


def measure(options: Namespace) -> Iterator[Figure]:
    """Rotate a few sessions often, then many seldom, each by the services' own statement."""
    fill(SESSIONS, users=SESSIONS + 2)
    before = sum(weigh().values())
    yield _heap_only(f"{options.rotations:,} rotations of {SESSIONS} sessions", options.rotations)
    rows = Session.objects.count() / SESSIONS
    yield Figure("rows a session after that", f"{rows:g}", "1", rows == 1)
    after = sum(weigh().values())
    yield Figure("table and indexes, before and after", f"{before:,} and {after:,} bytes")
    fill(options.rows, users=options.users)
    rotations = options.rows // 50
    pages = f"{rotations:,} at random among {options.rows:,} sessions, every page full"
    yield _heap_only(pages, rotations, promised=False)
    yield Figure("autovacuum", ask("SHOW autovacuum")[0][0])


def _heap_only(what: str, rotations: int, *, promised: bool = True) -> Figure:
    run("SELECT pg_stat_reset()")
    _rotate(rotations)
    connection.close()  # its backend reports the last of its counts when it ends
    time.sleep(PAUSE)
    ((heap_only, updates),) = ask(
        "SELECT n_tup_hot_upd, n_tup_upd FROM pg_stat_user_tables"
        " WHERE relid = 'jwt_signin_session'::regclass"
    )
    share = heap_only / updates
    goal = (f">= {SHARE}", share >= SHARE and updates == rotations) if promised else ("", None)
    return Figure(f"heap-only share of {what}", f"{share:.4f}", *goal)


def _rotate(times: int) -> None:
    """Move sessions on in no order, as their clients come."""
    sessions = list(Session.objects.filter(revoked_at=None).order_by("id")[: max(SESSIONS, times)])
    for _time in range(times):
        session = random.choice(sessions)
        columns = {"now": timezone.now(), "rotation_key": session.rotation_key}
        if not Session.objects.rotate(session, session.generation + 1, **columns):
            raise RuntimeError("a rotation that nobody raced was lost")
