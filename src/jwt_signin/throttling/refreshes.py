"""How often a session is refreshed."""

from __future__ import annotations

import uuid

from jwt_signin.conf import app_settings, simple_jwt
from jwt_signin.conf.readers import Rate
from jwt_signin.exceptions import Throttled
from jwt_signin.throttling.counters import counters
from jwt_signin.throttling.windows import window


class RefreshLimit:
    """
    ``REFRESH_RATE``, as ``services.rotate`` asks for it.

    A place is counted when it has been used, not before: of parallel refreshes one rotates, and
    the others, which are given the same answer, must not fill the window.
    Rotations cannot be made parallel, so nothing is outrun.
    """

    def check(self, session_id: uuid.UUID) -> None:
        """
        Let a session's refresh pass.

        Raises:
            exceptions.Throttled: it has been refreshed too often.

        """
        if (rate := _rate()) is None:
            return
        present = window("refresh", rate, str(session_id))
        if counters.run(present.is_full):
            raise Throttled(present.retry_after, session_id=session_id)

    def count(self, session_id: uuid.UUID) -> None:
        """Count a refresh that was answered with something new."""
        if (rate := _rate()) is not None:
            counters.run(window("refresh", rate, str(session_id)).take)


def _rate() -> Rate | None:
    """Return the rate, unless it cannot be reached: rotations are more than the grace apart."""
    if (rate := app_settings.REFRESH_RATE) is None or not simple_jwt.ROTATE_REFRESH_TOKENS:
        return rate
    shortest = rate.limit * app_settings.REUSE_GRACE.total_seconds()
    return None if shortest >= rate.seconds else rate
