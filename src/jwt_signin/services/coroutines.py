"""
The services as coroutines, for async views.

Each runs its service in the thread that Django keeps for the database.
Who is cancelled stops waiting, and no more: a statement that has begun is finished there, and a
refresh token that it has replaced still meets its successor within ``REUSE_GRACE``.
Django replaces a broken connection between requests; a consumer, which lives longer, asks through
Channels' ``database_sync_to_async``, which does so each time.
"""

from __future__ import annotations

from asgiref.sync import sync_to_async

from jwt_signin.services.access import check_access, recheck_access, verify
from jwt_signin.services.logging_out import log_out
from jwt_signin.services.rotation import rotate
from jwt_signin.services.sessions import live_sessions, revoke_all, revoke_session
from jwt_signin.services.signing_in import sign_in, start_session

acheck_access = sync_to_async(check_access)
alive_sessions = sync_to_async(live_sessions)
alog_out = sync_to_async(log_out)
arecheck_access = sync_to_async(recheck_access)
arevoke_all = sync_to_async(revoke_all)
arevoke_session = sync_to_async(revoke_session)
arotate = sync_to_async(rotate)
asign_in = sync_to_async(sign_in)
astart_session = sync_to_async(start_session)
averify = sync_to_async(verify)
