"""
Where the counts are kept: in Django's cache, or in this process while that does not answer.

A limit must neither fall with the cache nor shut everybody out, and a cache that hangs must not
hang the sign-ins: the timeouts of its connections are the project's to set, and by default Django
sets none.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from django.core.cache import DEFAULT_CACHE_ALIAS, caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.locmem import LocMemCache

T = TypeVar("T")
Job = Callable[[BaseCache], T]

DEADLINE = 0.2
"""Seconds that a question to the cache may take; who has waited in vain asks no second one."""

PAUSE = 5.0
"""Seconds for which a cache that has failed is left alone."""

QUIET = 60.0
"""Seconds between two lines of the log about it."""

MAX_ENTRIES = 10_000
"""Counts that a process keeps; beyond them the ones not used for longest are dropped."""

HERE = (DatabaseCache, DummyCache, FileBasedCache, LocMemCache)
"""Caches that do not hang; nor does any count for several processes at once."""

logger = logging.getLogger("jwt_signin")


class Counters:
    """The counts, wherever they are kept just now."""

    def __init__(self) -> None:
        options = {"OPTIONS": {"MAX_ENTRIES": MAX_ENTRIES}}
        self.local = LocMemCache("jwt_signin.throttling", options)
        self._asker = _Asker()
        self._left_alone_until = self._quiet_until = 0.0

    def run(self, job: Job[T]) -> T:
        """Do ``job`` with the store; it may be done twice, once in each."""
        if time.monotonic() < self._left_alone_until:
            return job(self.local)
        try:
            return self._ask(job)
        except Exception as error:  # noqa: BLE001  # each backend has errors of its own
            self._leave_alone(error)
            return job(self.local)

    def reset(self) -> None:
        """Forget what this process counted, and that the cache ever failed."""
        self.local.clear()
        self._left_alone_until = self._quiet_until = 0.0

    def _ask(self, job: Job[T]) -> T:
        shared = caches[DEFAULT_CACHE_ALIAS]
        # What answers from this machine or this thread's database connection does not hang.
        return job(shared) if isinstance(shared, HERE) else self._asker.ask(job)

    def _leave_alone(self, error: Exception) -> None:
        now = time.monotonic()
        self._left_alone_until = now + PAUSE
        if now >= self._quiet_until:
            self._quiet_until = now + QUIET
            logger.error("the cache cannot count: limits hold per process", exc_info=error)


class _Asker:
    """
    One thread that asks the cache on behalf of all others, which wait no longer than the deadline.

    One, for its connection is kept, and a cache that hangs can catch no more of them.
    """

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._questions: queue.SimpleQueue[tuple[Job[Any], Future[Any]]]
        self._starting = threading.Lock()

    def ask(self, job: Job[T]) -> T:
        """
        Do ``job`` with the project's cache.

        Raises:
            TimeoutError: the deadline passed; the job may still be done.

        """
        with self._starting:
            if self._thread is None or not self._thread.is_alive():  # as after a fork
                self._start()
        answer: Future[T] = Future()
        self._questions.put((job, answer))
        try:
            return answer.result(DEADLINE)
        finally:
            answer.cancel()  # nobody waits for it any more

    def _start(self) -> None:
        # Django imports the cache's client here, which may take longer than any answer.
        getattr(caches[DEFAULT_CACHE_ALIAS], "_cache", None)
        self._questions = queue.SimpleQueue()
        # A daemon, or a cache that hangs would keep the process from ending.
        self._thread = threading.Thread(target=self._answer, daemon=True)
        self._thread.start()

    def _answer(self) -> None:
        questions = self._questions
        while True:
            job, answer = questions.get()
            if not answer.set_running_or_notify_cancel():
                continue
            try:
                answer.set_result(job(caches[DEFAULT_CACHE_ALIAS]))
            except Exception as error:  # noqa: BLE001  # it is the asker's
                answer.set_exception(error)


counters = Counters()
