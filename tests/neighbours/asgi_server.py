"""A real ASGI server in the process of the tests, so that their settings and clock reach it."""

import threading
import time
from contextlib import contextmanager

import uvicorn


@contextmanager
def serving(application):
    """
    Serve ``application``; yield the port.

    uvicorn, because it can run in a thread and be stopped: Daphne's reactor needs the main one,
    and no second can be started.
    """
    config = uvicorn.Config(application, port=0, log_level="critical", ws="websockets-sansio")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


def eventually(ask):
    """Return what ``ask`` returns once it is something."""
    for _attempt in range(500):
        if answer := ask():
            return answer
        time.sleep(0.02)
    return None  # pragma: no cover
