"""A Redis of the tests' own, which they may freeze and kill."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time

import pytest

PROGRAM = shutil.which("redis-server")


class RedisServer:
    """A server on a port of its own, with nothing on disk."""

    def __init__(self):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = listener.getsockname()[1]
        self.start()

    @property
    def caches(self):
        """Return ``CACHES``, as a project writes it: without a timeout."""
        backend = "django.core.cache.backends.redis.RedisCache"
        return {"default": {"BACKEND": backend, "LOCATION": f"redis://127.0.0.1:{self.port}"}}

    def start(self):
        command = [PROGRAM, "--port", str(self.port), "--save", "", "--bind", "127.0.0.1"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _attempt in range(100):  # pragma: no branch
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        """Let it go on, if it was not killed."""
        self.process.send_signal(signal.SIGCONT)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def flush(self):
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(b"FLUSHALL\r\n")
            assert connection.recv(16) == b"+OK\r\n"


def running_redis():
    """Yield a server; where there is no program of it, say so, or fail where one is required."""
    if PROGRAM is None:  # pragma: no cover
        say = pytest.fail if "TEST_REQUIRE_SERVICES" in os.environ else pytest.skip
        say("NOT RUN: there is no redis-server on this machine")
    server = RedisServer()
    try:
        yield server
    finally:
        server.kill()
