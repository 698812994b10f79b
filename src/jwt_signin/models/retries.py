"""Statements that another's statement can trip up, and are simply sent again."""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connections, router

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 4
PAUSE = 0.02
"""Seconds: how long the first pause lasts at most; each further one up to twice as long."""

# serialization_failure, deadlock_detected, lock_not_available (PostgreSQL, appendix A)
_SQLSTATES = {"40001", "40P01", "55P03"}
# deadlock, lock wait timeout (MySQL), record changed since last read (MariaDB)
_ERRNOS = {1213, 1205, 1020}
_SQLITE_BUSY, _SQLITE_LOCKED = 5, 6


def retried(
    statement: Callable[P, R],
) -> Callable[P, R]:
    """
    Send the one statement of a manager or queryset again while others are in its way.

    Only outside of a transaction, where a statement is all that can have been undone; inside,
    the whole block would have to be run again, and that is its owner's to do.
    """

    @functools.wraps(statement)
    def patient(*args: P.args, **kwargs: P.kwargs) -> R:
        queryset: Any = args[0]
        for attempt in range(ATTEMPTS - 1):
            try:
                return statement(*args, **kwargs)
            except OperationalError as error:
                if connections[
                    router.db_for_write(queryset.model)
                ].in_atomic_block or not is_transient(error):
                    raise
                time.sleep(random.uniform(0, PAUSE * 2**attempt))  # noqa: S311
        return statement(*args, **kwargs)

    return patient


def is_transient(error: OperationalError) -> bool:
    """Tell an error of two statements at once from one of the database."""
    cause = error.__cause__
    if getattr(cause, "sqlstate", getattr(cause, "pgcode", None)) in _SQLSTATES:
        return True
    if getattr(cause, "sqlite_errorcode", None) in (_SQLITE_BUSY, _SQLITE_LOCKED):
        return True
    return bool(error.args) and error.args[0] in _ERRNOS
