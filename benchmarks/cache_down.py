"""
Freeze, kill and empty the cache under sign-ins, and see what they notice.

    python -m benchmarks.cache_down [--seconds 5] [--threads 4]

It starts a Redis of its own (``redis-server``, on the loopback interface) and asks the sign-in
endpoint in process, with wrong passwords, from as many threads as it is told.
It exits with 1 where an answer is neither 401 nor 429, where the 99th percentile of any phase is
more than 250 ms above that of a cache that is up, or where more guesses are let through than a
process and the cache together may let.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import django
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client, override_settings

LIMIT = 10
MORE = 0.25
"""Seconds that a cache that is down may cost (G9 of the reference)."""

ADDRESS = "127.0.0.1"
OPEN = {"SIGNIN_ACCOUNT_RATE": "999999999/d", "SIGNIN_NETWORK_RATE": "999999999/d"}
GUARDED = {"SIGNIN_ACCOUNT_RATE": f"{LIMIT}/d", "SIGNIN_NETWORK_RATE": None}


class Redis:
    """A server that may be hurt."""

    def __init__(self) -> None:
        with socket.socket() as listener:
            listener.bind((ADDRESS, 0))
            self.port = listener.getsockname()[1]
        self.start()

    def start(self) -> None:
        """Start it, and wait until it listens."""
        command = ["redis-server", "--port", str(self.port), "--save", "", "--bind", ADDRESS]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _attempt in range(200):
            try:
                self.ask(b"PING")
            except OSError:
                time.sleep(0.02)
            else:
                return
        sys.exit("redis-server did not start")

    def ask(self, command: bytes) -> None:
        """Send it a command of its own."""
        with socket.create_connection((ADDRESS, self.port), timeout=5) as connection:
            connection.sendall(command + b"\r\n")
            connection.recv(64)

    def freeze(self) -> None:
        """Stop it with its connections open: nothing is refused, nothing is answered."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait()


def main() -> int:
    """Go through the phases and print a table; answer 1 where a goal is missed."""
    options = _options()
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.cache_settings"
    database = Path(tempfile.mkdtemp()) / "db.sqlite3"
    os.environ["CACHE_DOWN_DATABASE"] = str(database)
    django.setup()
    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)
    get_user_model()._default_manager.create_user("ada", "ada@example.com", "right")
    redis = Redis()
    backend = "django.core.cache.backends.redis.RedisCache"
    location = f"redis://{ADDRESS}:{redis.port}"
    try:
        with override_settings(CACHES={"default": {"BACKEND": backend, "LOCATION": location}}):
            return int(not _phases(redis, options.seconds, options.threads))
    finally:
        redis.kill()
        database.unlink()


def _phases(redis: Redis, seconds: float, threads: int) -> bool:
    acts: dict[str, Callable[[], None]] = {
        "up": lambda: None,
        "frozen": redis.freeze,
        "thawed": redis.thaw,
        "killed": redis.kill,
        "started again": redis.start,
        "emptied": lambda: redis.ask(b"FLUSHALL"),
    }
    print("| the cache is | answers | p50 | p99 | slowest | guesses let through |")
    print("|---|---|---|---|---|---|")
    usual, held = 0.0, True
    for phase, act in acts.items():
        act()
        statuses, times = _load(seconds, threads)
        through = _guesses(phase)
        p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
        usual = usual or p99
        told = ", ".join(f"{count} x {status}" for status, count in statuses.items())
        row = (
            f"| {phase} | {told} | {_ms(p50)} | {_ms(p99)} | {_ms(times[-1])} | {through} of 200 |"
        )
        print(row)
        held &= set(statuses) == {401} and p99 - usual < MORE and through <= 2 * LIMIT
    return held


def _load(seconds: float, threads: int) -> tuple[Counter[int], list[float]]:
    end, answers = time.perf_counter() + seconds, list[tuple[int, float]]()

    def run() -> None:
        while time.perf_counter() < end:
            start = time.perf_counter()
            status = _sign_in("ada")
            answers.append((status, time.perf_counter() - start))

    running = [threading.Thread(target=run) for _ in range(threads)]
    with override_settings(JWT_SIGNIN=OPEN):
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
    return Counter(status for status, _ in answers), sorted(taken for _, taken in answers)


def _guesses(name: str) -> int:
    """Guess two hundred times at an account that nobody has guessed at; count what is hashed."""
    with override_settings(JWT_SIGNIN=GUARDED):
        return [_sign_in(name) for _ in range(200)].count(401)


def _sign_in(name: str) -> int:
    body = {"username": name, "password": "wrong"}
    return Client().post("/api/auth/signin/", body, content_type="application/json").status_code


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.0f} ms"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=5, help="of each phase")
    parser.add_argument("--threads", type=int, default=4)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
