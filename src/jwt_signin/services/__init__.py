"""
What a session can do: the only room where table and token meet, and the public Python interface.

Everything takes Django's or REST framework's request, or none; a token comes in as the ``str``
that a client brought and goes out as a ``TokenPair``.
What async code needs is there as a coroutine as well, under Django's prefix ``a``.
"""

from jwt_signin.services.access import check_access, recheck_access, verify
from jwt_signin.services.clearing import clear_dead_sessions, count_dead_sessions
from jwt_signin.services.coroutines import (
    acheck_access,
    alive_sessions,
    alog_out,
    arecheck_access,
    arevoke_all,
    arevoke_session,
    arotate,
    asign_in,
    astart_session,
    averify,
)
from jwt_signin.services.logging_out import log_out
from jwt_signin.services.rotation import rotate
from jwt_signin.services.sessions import (
    live_sessions,
    revoke_all,
    revoke_many,
    revoke_session,
)
from jwt_signin.services.signing_in import sign_in, start_session

__all__ = [
    "acheck_access",
    "alive_sessions",
    "alog_out",
    "arecheck_access",
    "arevoke_all",
    "arevoke_session",
    "arotate",
    "asign_in",
    "astart_session",
    "averify",
    "check_access",
    "clear_dead_sessions",
    "count_dead_sessions",
    "live_sessions",
    "log_out",
    "recheck_access",
    "revoke_all",
    "revoke_many",
    "revoke_session",
    "rotate",
    "sign_in",
    "start_session",
    "verify",
]
