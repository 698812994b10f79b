"""Removing the rows of sessions that can never be used again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from jwt_signin.models import Session, SessionQuerySet


def clear_dead_sessions(batch_size: int) -> Iterator[int]:
    """
    Remove dead sessions, a batch a transaction, as the iterator is asked for the next.

    Yields how many each batch removed.

    Nothing is kept between batches: whoever stops it loses nothing, and whoever runs it again
    goes on.
    No live row is touched; MariaDB and MySQL alone may wait for one that is being written just
    then, between dead ones.

    Args:
        batch_size: the most rows that one transaction removes.

    """
    by_end = rest = _dead().order_by("expires_at")
    while (bound := _end_of(rest, batch_size)) is not None:
        # By a range of the index, for a million keys would cost more to carry than to remove;
        # raw, for nothing hangs on a session that would have to be collected first.
        removed = rest.filter(expires_at__lt=bound)._raw_delete(rest.db)
        yield removed or _remove_some(rest, batch_size)
        rest = by_end.filter(expires_at__gte=bound)
    yield rest._raw_delete(rest.db)


def count_dead_sessions() -> int:
    """Count what ``clear_dead_sessions`` would remove."""
    return _dead().count()


def _dead() -> SessionQuerySet:
    now, sessions = timezone.now(), Session.objects.primary()
    return sessions.outlived(now) | sessions.idle(now)


def _end_of(rest: SessionQuerySet, batch_size: int) -> datetime | None:
    """Return when the first session after a batch ends, or ``None`` if no more than one is left."""
    return rest.values_list("expires_at", flat=True)[batch_size : batch_size + 1].first()


def _remove_some(rest: SessionQuerySet, batch_size: int) -> int:
    """Remove a batch of those, more than a batch, that end at one moment."""
    # By key, for MySQL takes no LIMIT in a subquery.
    batch = list(rest.values_list("pk", flat=True)[:batch_size])
    return Session.objects.filter(pk__in=batch)._raw_delete(rest.db)
