"""Whose a socket is by its handshake: by header or cookie."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from rest_framework.exceptions import APIException
from rest_framework.status import HTTP_403_FORBIDDEN

from jwt_signin.channels.base import (
    Message,
    Receive,
    Send,
    SocketMiddleware,
    as_request,
    closing,
)


class JWTAuthMiddleware(SocketMiddleware):
    """
    Reads a handshake as ``JWTAuthentication`` reads a request: header, or access cookie.

    ``scope["user"]`` is the user and ``scope["auth"]`` the token.
    A handshake without a token is passed on with ``None`` for the one, and for the other whom a
    middleware before this has found, else ``AnonymousUser``.
    A bad token closes the socket.
    """

    async def open(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve it, anonymously where it brings no token."""
        try:
            found = await self.find(as_request(scope))
        except APIException as refusal:
            await receive()
            if type(refusal).status_code != HTTP_403_FORBIDDEN:
                offered = scope.get("subprotocols") or [None]
                await send({"type": "websocket.accept", "subprotocol": offered[0]})
            await send(closing(refusal))
            return
        if found is None:
            scope = {"user": AnonymousUser(), **scope, "auth": None}
            await self.inner(scope, receive, send)
        else:
            await self.serve(found, scope, receive, send)
