"""Removing the rows of sessions that can never be used again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from jwt_signin.models import Session, SessionQuerySet


def clear_dead_sessions(batch_size: int) -> Iterator[int]:
    """
    Remove dead sessions, a batch a transaction, as the iterator is asked for the next.

    Yields how many each batch removed.

    It rests after a batch for as long as that took, so that at most half of the database's time is
    taken from those who live.
    Nothing is kept between batches: whoever stops it loses nothing, and whoever runs it again
    goes on.
    No live row is touched; MariaDB and MySQL alone may wait for one that is being written just
    then, between dead ones.

    Args:
        batch_size: the most rows that one transaction removes.

    """
    by_end = left = _dead().order_by("expires_at")
    began = time.monotonic()
    while (bound := _end_of(left, batch_size)) is not None:
        # By a range of the index, for a million keys would cost more to carry than to remove;
        # raw, for nothing hangs on a session that would have to be collected first.
        removed = left.filter(expires_at__lt=bound)._raw_delete(left.db)
        removed = removed or _remove_some(left, batch_size)
        took = time.monotonic() - began
        yield removed
        time.sleep(took)
        began = time.monotonic()
        left = by_end.filter(expires_at__gte=bound)
    yield left._raw_delete(left.db)


def count_dead_sessions() -> int:
    """Count what ``clear_dead_sessions`` would remove."""
    return _dead().count()


def _dead() -> SessionQuerySet:
    now, sessions = timezone.now(), Session.objects.primary()
    return sessions.outlived(now) | sessions.idle(now)


def _end_of(left: SessionQuerySet, batch_size: int) -> datetime | None:
    """Return when the first session after a batch ends, or ``None`` if no more than one is left."""
    return left.values_list("expires_at", flat=True)[batch_size : batch_size + 1].first()


def _remove_some(left: SessionQuerySet, batch_size: int) -> int:
    """Remove a batch of those, more than a batch, that end at one moment."""
    # By key, for MySQL takes no LIMIT in a subquery.
    batch = list(left.values_list("pk", flat=True)[:batch_size])
    return Session.objects.filter(pk__in=batch)._raw_delete(left.db)
