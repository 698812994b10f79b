"""
What drf-spectacular writes of the endpoints, where it is installed.

No answer is described twice: each view's own shape is asked to spell examples, and the document
says what they look like; so it is true for every shape and transport, a project's own among them.
"""

from jwt_signin.openapi.authentication import AccessTokenScheme
from jwt_signin.openapi.extension import EndpointExtension
from jwt_signin.openapi.hooks import add_refusals
from jwt_signin.openapi.serializers import SessionExtension, UserExtension

__all__ = [
    "AccessTokenScheme",
    "EndpointExtension",
    "SessionExtension",
    "UserExtension",
    "add_refusals",
]
