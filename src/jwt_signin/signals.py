"""
What the world may listen to, told after it has happened.

Every signal is sent by the class ``Session`` with ``session`` (its row) and ``request`` (Django's
``HttpRequest``, or ``None`` outside of one); none carries a token.
A receiver that raises changes nothing: the error is logged and the answer stays.
"""

from django.dispatch import Signal

session_started = Signal()
"""A session has begun: also sends ``user``."""

session_refreshed = Signal()
"""A refresh token was replaced; repeated answers within the grace are not told."""

session_revoked = Signal()
"""A session was ended, or found to be over; ``session.revoke_reason`` says why."""

refresh_token_reused = Signal()
"""A refresh token came back after its successor: the session has just been ended for it."""
