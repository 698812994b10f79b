"""Removing the rows of sessions that can never be used again."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from jwt_signin.models import Session, SessionQuerySet


def clear_dead_sessions(batch_size: int) -> Iterator[int]:
    """
    Remove dead sessions, a batch a transaction, as the iterator is asked for the next.

    Yields how many each batch removed.

    Nothing is kept between batches: whoever stops it loses nothing, and whoever runs it again
    goes on.
    No live row is touched, read for update or waited for.

    Args:
        batch_size: the most rows that one transaction removes.

    """
    for dead in _dead():
        yield from _batches(dead, batch_size)


def count_dead_sessions() -> int:
    """Count what ``clear_dead_sessions`` would remove."""
    outlived, idle = _dead()
    return (outlived | idle).count()


def _dead() -> tuple[SessionQuerySet, SessionQuerySet]:
    """
    Return the two kinds, the one that an index serves first.

    The idle ones are found by reading the table; in the order of no index, so that each batch
    ends as soon as it is full.
    """
    now, sessions = timezone.now(), Session.objects.primary()
    return sessions.outlived(now), sessions.idle(now)


def _batches(dead: SessionQuerySet, batch_size: int) -> Iterator[int]:
    while batch := list(dead.values_list("pk", flat=True)[:batch_size]):
        # By key, for MySQL takes no LIMIT in a subquery; raw, for nothing hangs on a session that
        # would have to be collected first.
        yield Session.objects.filter(pk__in=batch)._raw_delete(dead.db)
