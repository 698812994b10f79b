"""What becomes of every socket: it is served while its session lives, and then closed."""

from __future__ import annotations

import asyncio
import contextlib
import io
import random
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import timedelta
from typing import Any, ClassVar

from channels.db import database_sync_to_async
from django.core.handlers.asgi import ASGIRequest
from rest_framework.exceptions import APIException

from jwt_signin.authentication import JWTAuthentication
from jwt_signin.exceptions import Unauthorized, Unavailable, describe
from jwt_signin.tokens import AccessToken

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Found = tuple[Any, AccessToken]

PARTING = timedelta(seconds=10)
"""How long an application may take to hear that its socket is closed before it is cancelled."""


class SocketMiddleware:
    """
    The base of both: it passes on what is no WebSocket, and watches those that it lets in.

    Args:
        inner: the application behind it.
        recheck: how long a socket may stay open after the end of its session.

    """

    authentication: ClassVar[type[JWTAuthentication]] = JWTAuthentication
    """The class that reads the handshake."""

    def __init__(self, inner: Any, *, recheck: timedelta = timedelta(minutes=1)) -> None:
        self.inner, self.recheck = inner, recheck

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one connection (ASGI)."""
        if scope["type"] == "websocket":
            await self.open(scope, receive, send)
        else:
            await self.inner(scope, receive, send)

    async def open(self, scope: Message, receive: Receive, send: Send) -> None:
        """Find out whose socket it is, and serve or close it."""
        raise NotImplementedError

    async def find(self, request: ASGIRequest) -> Found | None:
        """Return the user and the token of a request, as ``authentication`` finds them."""
        authenticate = database_sync_to_async(self.authentication().authenticate)
        found: Found | None = await authenticate(request)
        return found

    async def serve(self, found: Found, scope: Message, receive: Receive, send: Send) -> None:
        """Run the application while the session lives; what goes wrong beside it ends both."""
        user, token = found
        scope = {**scope, "user": user, "auth": token}
        socket = _Socket(receive, send)
        try:
            async with asyncio.TaskGroup() as group:
                watch = group.create_task(self._watch(token, socket))
                await self.inner(scope, socket.receive, socket.send)
                watch.cancel()
        except BaseExceptionGroup as failed:
            error = failed.exceptions[0]
            if not isinstance(error, _DeafError):
                raise error from None

    async def _watch(self, token: AccessToken, socket: _Socket) -> None:
        recheck = database_sync_to_async(self.authentication().recheck)
        while True:
            # Not all at the same moment, though all may have come back at once.
            await asyncio.sleep(self.recheck.total_seconds() * random.uniform(0.5, 1))  # noqa: S311
            try:
                # A database that restarts closes nothing.
                with contextlib.suppress(Unavailable):
                    await recheck(token)
            except Unauthorized as refusal:
                await socket.close(refusal)
                await asyncio.sleep(PARTING.total_seconds())
                raise _DeafError from refusal


class _DeafError(Exception):
    """Ends an application that goes on although its socket is closed."""


class _Socket:
    """The server's side of a socket that may be closed over the head of the application."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._is_over = False

    async def receive(self) -> Message:
        """Hand on what comes; once it is over nothing but that."""
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                self._is_over = True
                return message
            if not self._is_over:
                return message

    async def send(self, message: Message) -> None:
        """Hand on what goes, until it is over."""
        if self._is_over:
            return
        self._is_over = message["type"] == "websocket.close"
        await self._send(message)

    async def close(self, refusal: APIException) -> None:
        """Close it; the server then tells the application."""
        with contextlib.suppress(OSError):  # the client has gone meanwhile
            await self.send(closing(refusal))


def as_request(scope: Message) -> ASGIRequest:
    """Return the handshake as a request of Django's."""
    scheme = "https" if scope.get("scheme") in {"wss", "https"} else "http"
    # As HTTP/2 spells it (RFC 8441): a GET would not have to prove its origin.
    as_http = {**scope, "scheme": scheme, "method": "CONNECT", "query_string": b""}
    request: Any = ASGIRequest(as_http, io.BytesIO())
    # No page can send Django's token with a handshake: its origin alone is proved.
    request.csrf_processing_done = True
    return request  # type: ignore[no-any-return]


def closing(refusal: APIException) -> Message:
    """Return what closes a socket for a refusal."""
    facts = describe(refusal)
    reason = " ".join(filter(None, [facts["code"], facts.get("reason")]))
    return {"type": "websocket.close", "code": 4000 + type(refusal).status_code, "reason": reason}
