"""How tokens travel: bodies and what is read of them."""

from jwt_signin.transports.base import Transport
from jwt_signin.transports.body import BodyTransport, read_token
from jwt_signin.transports.parsers import FormParser, JSONParser

__all__ = ["BodyTransport", "FormParser", "JSONParser", "Transport", "read_token"]
