"""A client in the same process: Django's own handler, and no socket."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any, NamedTuple

from django.core.wsgi import get_wsgi_application

from benchmarks.compare.contenders import USERS, Ask, Contender, Tokens

BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36"
)


class Answer(NamedTuple):
    """What came back, and what it cost the process, in seconds."""

    status: int
    body: dict[str, Any]
    cpu: float
    wall: float


Watch = Callable[[Callable[[], Any]], Any]
"""Something that calls a function, and looks on."""


class Client:
    """Asks one contender's project; each request waits for its answer."""

    def __init__(self, contender: Contender) -> None:
        self.contender = contender
        self._application = get_wsgi_application()
        self._next_user = 0
        self.pool: list[Tokens] = []
        """The sessions of the clients, one a user."""

    def ask(self, ask: Ask, watch: Watch | None = None) -> Answer:
        """
        Send a request through Django's handler and read the answer to its end.

        Raises:
            RuntimeError: the answer is none of success.

        """
        environ, told = environment(ask), []

        def serve() -> bytes:
            response = self._application(environ, lambda status, _headers: told.append(status))
            body = b"".join(response)
            response.close()
            return body

        wall, cpu = time.perf_counter(), time.process_time()
        body = watch(serve) if watch else serve()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        status = int(told[0].partition(" ")[0])
        if not self.contender.succeeded(ask, status):
            raise RuntimeError(f"{self.contender.name}: {ask} {told[0]} {body[:500]!r}")
        return Answer(status, json.loads(body or b"{}"), cpu, wall)

    def signed_in(self) -> Tokens:
        """Sign the next user in, and return his tokens."""
        return self.contender.tokens(self.ask(self.sign_in()).body)

    def sign_in(self) -> Ask:
        """Spell the sign-in of the next user."""
        self._next_user = (self._next_user + 1) % USERS
        return self.contender.sign_in(self._next_user)

    def ready(self, operation: str, size: int) -> list[Ask]:
        """Spell an operation so often, each on another session; leave the sessions as it needs."""
        while len(self.pool) < size:
            self.pool.append(self.signed_in())
        if operation == "sign_in":
            return [self.sign_in() for _ in range(size)]
        ending = operation == "logout"
        sessions = [self.signed_in() for _ in range(size)] if ending else self.pool[:size]
        self.contender.before(operation)
        return [getattr(self.contender, operation)(tokens) for tokens in sessions]

    def batch(self, operation: str, asks: list[Ask], watch: Watch | None = None) -> list[Answer]:
        """Ask what was made ready, and keep the tokens that replace others."""
        answers = [self.ask(ask, watch) for ask in asks]
        if operation == "refresh":
            for at, answer in enumerate(answers):
                self.pool[at] |= self.contender.tokens(answer.body)
        return answers


def environment(ask: Ask) -> dict[str, Any]:
    """Return a request as a WSGI server hands it over (PEP 3333)."""
    body = b"" if ask.body is None else json.dumps(ask.body).encode()
    headers = {"User-Agent": BROWSER, "Accept": "application/json", **ask.headers}
    return {
        "REQUEST_METHOD": ask.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": ask.path,
        "QUERY_STRING": "",
        "CONTENT_TYPE": "application/json" if body else "",
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "testserver",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": None,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **{f"HTTP_{name.upper().replace('-', '_')}": text for name, text in headers.items()},
    }
