"""Whose a socket is by its first message."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta
from typing import Any

from rest_framework.exceptions import APIException, NotAuthenticated

from jwt_signin.channels.base import (
    Found,
    Message,
    Receive,
    Send,
    SocketMiddleware,
    as_request,
    closing,
)
from jwt_signin.conf import simple_jwt
from jwt_signin.services.events import log_refusal
from jwt_signin.shapes import get_shape
from jwt_signin.tokens import AccessToken
from jwt_signin.transports import JSONParser, read_token


class JWTFirstMessageMiddleware(SocketMiddleware):
    """
    Has a socket say whose it is in its first message, ``{"access": "<token>"}``.

    For pages that keep their tokens in memory: a script can send no header with a handshake, and
    what stands in its URL is written into logs.
    It accepts the socket, and the application sees nothing of it before the token is good; what
    the application says when it accepts is then too late.
    A socket that ``JWTAuthMiddleware`` knows already is passed on.

    Args:
        inner: the application behind it.
        recheck: how long a socket may stay open after the end of its session.
        limit: how long the first message may take.
        subprotocol: the one that is accepted.

    """

    def __init__(
        self,
        inner: Any,
        *,
        recheck: timedelta = timedelta(minutes=1),
        limit: timedelta = timedelta(seconds=10),
        subprotocol: str | None = None,
    ) -> None:
        super().__init__(inner, recheck=recheck)
        self.limit, self.subprotocol = limit, subprotocol

    async def open(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve it once it has said whose it is."""
        if isinstance(scope.get("auth"), AccessToken):
            await self.inner(scope, receive, send)
            return
        connect = await receive()
        await send({"type": "websocket.accept", "subprotocol": self.subprotocol})
        try:
            found = await self._introduced(scope, receive)
        except APIException as refusal:
            log_refusal(refusal)
            await send(closing(refusal))
            return
        if found is not None:
            await self.serve(found, scope, _preceded(connect, receive), _accepted(send))

    async def _introduced(self, scope: Message, receive: Receive) -> Found | None:
        """Return whose the socket is; ``None`` where it has gone again."""
        try:
            async with asyncio.timeout(self.limit.total_seconds()):
                message = await receive()
        except TimeoutError as error:
            raise NotAuthenticated from error
        if message["type"] == "websocket.disconnect":
            return None
        request: Any = as_request(scope)
        request.data = JSONParser().parse(io.BytesIO(_body(message)))
        raw = read_token(request, "access", "access_token", get_shape().access)
        if raw is None:
            raise NotAuthenticated
        request.META[simple_jwt.AUTH_HEADER_NAME] = f"{simple_jwt.AUTH_HEADER_TYPES[0]} {raw}"
        return await self.find(request)


def _body(message: Message) -> bytes:
    return message.get("bytes") or (message.get("text") or "").encode()


def _preceded(first: Message, receive: Receive) -> Receive:
    """Return ``first`` before all that is received."""
    waiting = [first]

    async def preceded() -> Message:
        return waiting.pop() if waiting else await receive()

    return preceded


def _accepted(send: Send) -> Send:
    """Leave out that the socket is accepted, as it has been."""

    async def accepted(message: Message) -> None:
        if message["type"] != "websocket.accept":
            await send(message)

    return accepted
