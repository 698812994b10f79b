"""
The user of a WebSocket: two middlewares for Channels, and for any ASGI application.

A socket that is refused is opened and closed at once, for a browser tells a page no more of a
refused handshake than that it failed.
The close code is 4000 and the status that HTTP would have; the reason is the refusal's code and,
after a space, its ``reason``.
Only where a page of another origin makes use of the access cookie the handshake is refused.
"""

from jwt_signin.channels.first_message import JWTFirstMessageMiddleware
from jwt_signin.channels.handshake import JWTAuthMiddleware

__all__ = ["JWTAuthMiddleware", "JWTFirstMessageMiddleware"]
