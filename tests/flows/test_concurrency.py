"""Many at once, on a real database: threads and processes with connections of their own."""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from jwt_signin import services, signals
from jwt_signin.models import Session
from jwt_signin.tokens import RefreshToken
from tests.conftest import Browser
from tests.flows import racers

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 40
"""Threads that share the requests of a race, below what a database allows of connections."""


@pytest.fixture
def stale(pair):
    """A refresh token that is due to be replaced."""
    session = Session.objects.get()
    Session.objects.update(rotated_at=session.rotated_at - racers.LONG_AGO)
    return str(pair.refresh)


def race(count, act):
    """Run ``act`` ``count`` times, as many at once as there are workers, and return the answers."""
    barrier = threading.Barrier(min(count, WORKERS))
    pooled = "pool" in connection.settings_dict.get("OPTIONS", {})

    def start():
        # Where there are fewer connections than workers, some come later.
        if not pooled:  # pragma: no branch
            connection.ensure_connection()
        barrier.wait()

    def run(_number):
        try:
            return act()
        finally:
            if pooled:  # pragma: no cover
                connection.close()

    with ThreadPoolExecutor(min(count, WORKERS), initializer=start) as pool:
        answers = list(pool.map(run, range(count)))
        closed = threading.Barrier(min(count, WORKERS))
        list(pool.map(lambda _n: (closed.wait(), connections.close_all()), range(closed.parties)))
    return answers


def refresh(raw):
    response = Browser().refresh(raw)
    return response.status_code, response.json()


@pytest.mark.parametrize("count", [2, 8, 50, 200])
def test_parallel_refreshes_make_one_rotation(stale, count):
    told = []
    signals.session_refreshed.connect(listener := lambda **_: told.append(1))

    answers = race(count, lambda: refresh(stale))

    signals.session_refreshed.disconnect(listener)
    generations = {RefreshToken.decode(body["refresh"]).generation for _status, body in answers}
    assert [status for status, _body in answers] == [200] * count
    assert generations == {1}
    assert Session.objects.get().generation == len(told) == 1


def test_parallel_replays_end_the_session_once(stale, settings):
    services.rotate(stale)
    Session.objects.update(rotated_at=Session.objects.get().rotated_at - racers.LONG_AGO)
    told = []
    signals.refresh_token_reused.connect(listener := lambda **_: told.append(1))

    answers = race(50, lambda: refresh(stale))

    signals.refresh_token_reused.disconnect(listener)
    reasons = {(status, body["reason"]) for status, body in answers}
    assert reasons == {(401, "reuse_detected")}
    assert len(told) == 1


def test_no_refresh_succeeds_once_a_session_was_ended(ada, stale):
    ended = threading.Event()

    def act():
        before = ended.is_set()
        status, _body = refresh(stale)
        if threading.get_ident() % 7 == 0:
            services.revoke_all(ada)
            ended.set()
        return before and status == 200

    assert not any(race(80, act))
    services.revoke_all(ada)
    assert refresh(stale)[0] == 401


def test_processes_make_one_rotation_as_well(stale):
    context = multiprocessing.get_context("spawn")
    database = dict(connection.settings_dict)
    connections.close_all()

    with context.Pool(4, initializer=racers.set_up, initargs=(database, os.getpid())) as pool:
        answers = pool.map(racers.refresh, [stale] * 40, chunksize=1)

    assert [status for status, _generation in answers] == [200] * 40
    assert {generation for _status, generation in answers} == {1}
    assert Session.objects.get().generation == 1
