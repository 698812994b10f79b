"""The session: one sign-in on one client, one row, one chain of refresh tokens."""

from jwt_signin.models.manager import SessionQuerySet
from jwt_signin.models.retries import is_transient
from jwt_signin.models.session import (
    MAX_LABEL,
    MAX_USER_AGENT,
    Session,
    auth_hashes,
    digest,
    may_sign_in,
    short_digest,
)

__all__ = [
    "MAX_LABEL",
    "MAX_USER_AGENT",
    "Session",
    "SessionQuerySet",
    "auth_hashes",
    "digest",
    "is_transient",
    "may_sign_in",
    "short_digest",
]
