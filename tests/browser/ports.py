"""Servers of this machine that the tests start."""

import contextlib
import socket
import time

import pytest


def free_port():
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def wait_for(port):
    """Wait until somebody listens there."""
    for _attempt in range(150):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.1)
    pytest.fail(f"nobody answers at {port}")
