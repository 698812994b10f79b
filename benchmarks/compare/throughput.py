"""Refreshes a second: gunicorn with two workers, and clients that wait for each answer."""

from __future__ import annotations

import contextlib
import http.client
import json
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from benchmarks.cluster import free_port
from benchmarks.compare.contenders import CONTENDERS, Ask, Tokens
from benchmarks.compare.databases import Databases
from benchmarks.compare.goals import REFERENCE
from benchmarks.compare.timing import quartiles
from benchmarks.compare.worker import Worker
from benchmarks.server import ROOT, SECONDS, stop

SESSIONS, WORKERS, THREADS = 16, 2, 8


class Served:
    """
    A contender's project under gunicorn, and its clients; a context manager.

    Args:
        worker: a worker that has made the tables; the server has its environment.

    """

    def __init__(self, worker: Worker) -> None:
        self._contender = CONTENDERS[worker.contender]
        self._environment = worker.environment
        self._port = free_port()

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="compare_server_"))
        command = [sys.executable, "-m", "gunicorn", "django.core.wsgi:get_wsgi_application()"]
        command += [f"--bind=127.0.0.1:{self._port}", f"--workers={WORKERS}", "--preload"]
        command += ["--worker-class=gthread", f"--threads={THREADS}", "--keep-alive=60"]
        self._log = self._folder / "log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self._environment | {"HOME": str(self._folder)},
                stdout=log,
                stderr=log,
            )
        try:
            self._clients = [self._signed_in(user) for user in range(SESSIONS)]
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *failure: object) -> None:
        stop(self._process)
        shutil.rmtree(self._folder, ignore_errors=True)

    def refresh(self, seconds: float) -> float:
        """Let every client refresh as often as it is answered; return the refreshes a second."""
        counts = [0] * SESSIONS
        began = time.monotonic()

        def go_on(at: int) -> None:
            connection, tokens = self._clients[at]
            while time.monotonic() - began < seconds:
                answer = self._ask(connection, self._contender.refresh(tokens))
                tokens |= self._contender.tokens(answer)
                counts[at] += 1

        with ThreadPoolExecutor(SESSIONS) as pool:
            list(pool.map(go_on, range(SESSIONS)))
        return sum(counts) / (time.monotonic() - began)

    def tokens(self, at: int) -> Tokens:
        """Return what a client holds."""
        return self._clients[at][1]

    def answer(self, ask: Ask) -> tuple[int, Any]:
        """Send a request on a connection of its own; return status and body, whatever they are."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=SECONDS)
        with contextlib.closing(connection):
            response = _sent(connection, ask)
            body = response.read()
        try:
            return response.status, json.loads(body or b"{}")
        except ValueError:  # a page of HTML that tells of an error
            return response.status, {}

    def _signed_in(self, user: int) -> tuple[http.client.HTTPConnection, Tokens]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=SECONDS)
        for _attempt in range(SECONDS * 10):
            try:
                answer = self._ask(connection, self._contender.sign_in(user))
            except ConnectionError:
                if self._process.poll() is not None:
                    break
                connection.close()
                time.sleep(0.1)
            else:
                return connection, self._contender.tokens(answer)
        raise SystemExit(f"gunicorn did not start:\n{self._log.read_text(errors='replace')}")

    def _ask(self, connection: http.client.HTTPConnection, ask: Ask) -> dict[str, Any]:
        response = _sent(connection, ask)
        body = response.read()
        if not self._contender.succeeded(ask, response.status):
            raise RuntimeError(f"{self._contender.name}: {ask} {response.status} {body[:500]!r}")
        answer: dict[str, Any] = json.loads(body or b"{}")
        return answer


def _sent(connection: http.client.HTTPConnection, ask: Ask) -> http.client.HTTPResponse:
    if ask.body is None:
        connection.request(ask.method, ask.path, headers=ask.headers)
    else:
        headers = {"Content-Type": "application/json", **ask.headers}
        connection.request(ask.method, ask.path, json.dumps(ask.body), headers)
    return connection.getresponse()


def measure(options: Namespace) -> list[dict[str, Any]]:
    """Let the contenders take turns; return a record for each."""
    rates: dict[str, list[float]] = {}
    with ExitStack() as stack:
        home = stack.enter_context(Databases(sqlite=False))
        served = {}
        for name in options.contenders:
            with Worker(name, home.url(name), hurried=True) as worker:
                if "refresh" not in worker.operations:
                    continue
            served[name] = stack.enter_context(Served(worker))
        for turn in range(options.throughput_rounds):
            for name, server in served.items():
                rates.setdefault(name, []).append(server.refresh(options.seconds))
            sys.stderr.write(f"\rthroughput: round {turn + 1} of {options.throughput_rounds} ")
        sys.stderr.write("\n")
    return [_record(name, each, rates.get(REFERENCE)) for name, each in rates.items()]


def _record(name: str, mine: list[float], reference: list[float] | None) -> dict[str, Any]:
    pairs = zip(mine, reference or [], strict=False)
    ratio = quartiles([rate / other for rate, other in pairs]) if reference else None
    return {"part": "throughput", "contender": name, "rates": mine, "ratio": ratio}
