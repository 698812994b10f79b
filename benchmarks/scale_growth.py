"""Whether an operation costs the same however many sessions there are."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from statistics import median
from typing import Any, NamedTuple

from django.utils import timezone

from benchmarks.scale_database import ENDED, MANY, SECRET, fill
from benchmarks.scale_figures import Figure, ratio
from benchmarks.scale_settings import Router
from jwt_signin import services
from jwt_signin.models import Session
from jwt_signin.services.issuing import issue

LIMIT = 1.15
ROUNDS = 15
SMALL = 1000
OPERATIONS = ("check_access", "rotate", "grace repeat", "log_out", "start_session", "live_sessions")


class Client(NamedTuple):
    """A session, and the tokens that its client holds."""

    session: Session
    access: str
    refresh: str


class Place:
    """A table and some of its sessions, and what each operation has cost there."""

    def __init__(self, name: str, alias: str = "default", **which: Any) -> None:
        Router.alias, self.name, self.alias = alias, name, alias
        self.cpu: dict[str, list[float]] = {operation: [] for operation in OPERATIONS}
        self.wall: dict[str, list[float]] = {operation: [] for operation in OPERATIONS}
        found = Session.objects.filter(revoked_at=None, **which).select_related("user")
        self.clients = cycle([_client(session) for session in islice(found.order_by("id"), SMALL)])

    def sample(self) -> None:
        """Time each operation but the list once, on the next session; leave all as it was."""
        Router.alias = self.alias
        session, access, refresh = next(self.clients)
        self._time("check_access", services.check_access, access)
        self._time("rotate", services.rotate, refresh)
        self._time("grace repeat", services.rotate, refresh)
        self._time("log_out", services.log_out, refresh)
        pair = self._time("start_session", services.start_session, session.user)
        Session.objects.filter(pk=pair.access["sid"]).delete()
        Session.objects.filter(pk=session.pk).update(
            generation=0, rotated_at=session.rotated_at, revoked_at=None, revoke_reason=""
        )

    def list(self) -> None:
        """Time the list of sessions, with the processor's caches as any request leaves them."""
        Router.alias = self.alias
        session, access, _refresh = next(self.clients)
        services.check_access(access)
        self._time("live_sessions", services.live_sessions, session.user)

    def _time(self, operation: str, act: Callable[..., Any], *given: Any) -> Any:
        wall, cpu = time.perf_counter(), time.process_time()
        answer = act(*given)
        self.cpu[operation].append(time.process_time() - cpu)
        self.wall[operation].append(time.perf_counter() - wall)
        return answer


def measure(options: Namespace) -> Iterator[Figure]:
    """Sample the places in turns, so that what disturbs one disturbs all."""
    fill(SMALL, users=SMALL + 2, alias="small")
    fill(options.rows, users=options.users)
    small, large = Place("small", "small"), Place("one", user_id__gt=options.users)
    many, ended = Place("many", user_id=MANY), Place("ended", user_id=ENDED)
    for act in (Place.sample, Place.list):  # a thousand objects weigh on what comes after them
        for turn in range(options.samples):
            for place in (small, large, many, ended)[:: 1 if turn % 2 else -1]:
                act(place)
    rows = f"{SMALL:,} -> {options.rows:,} sessions"
    for operation in OPERATIONS:
        yield _compare(f"{operation}, {rows}", operation, large, small)
    for operation in OPERATIONS:
        # A list of a thousand costs what a thousand cost, wherever it comes from.
        promised = operation != "live_sessions"
        what = f"{operation}, 1 -> 1,000 sessions of the user"
        yield _compare(what, operation, many, large, promised=promised)
    what = "live_sessions, 1 -> 1 that lives among 1,000 of the user"
    yield _compare(what, "live_sessions", ended, large)


def _compare(
    what: str, operation: str, these: Place, those: Place, *, promised: bool = True
) -> Figure:
    cpu, of_cpu = ratio(these.cpu[operation], those.cpu[operation], ROUNDS)
    wall, of_wall = ratio(these.wall[operation], those.wall[operation], ROUNDS)
    base = median(those.wall[operation]) * 1000
    value = f"CPU {cpu:.2f} {of_cpu}, wall {wall:.2f} {of_wall} of {base:.2f} ms"
    goal = (f"<= {LIMIT}", max(cpu, wall) <= LIMIT) if promised else ("", None)
    return Figure(what, value, *goal)


def _client(session: Session) -> Client:
    pair = issue(session, secret=SECRET, now=timezone.now())
    return Client(session, str(pair.access), str(pair.refresh))
