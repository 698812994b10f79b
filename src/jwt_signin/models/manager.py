"""The statements of the session table."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, models, router, transaction

from jwt_signin.conf import simple_jwt
from jwt_signin.models.retries import retried
from jwt_signin.models.statements import fetch, insert, update

if TYPE_CHECKING:
    from jwt_signin.models.session import Session


class SessionQuerySet(models.QuerySet["Session"]):
    """Any number of sessions."""

    def primary(self) -> SessionQuerySet:
        """
        Read from the database that is written to.

        A replica that lags would make a valid token look ahead and a stale one look current.
        """
        return self.using(router.db_for_write(self.model))

    def live(self, now: datetime) -> SessionQuerySet:
        """Sessions that are neither revoked nor past their idle or absolute lifetime."""
        return self.filter(
            revoked_at=None,
            expires_at__gt=now,
            rotated_at__gt=now - simple_jwt.REFRESH_TOKEN_LIFETIME,
        )

    def outlived(self, now: datetime) -> SessionQuerySet:
        """Sessions past their absolute lifetime."""
        return self.filter(expires_at__lte=now)

    def idle(self, now: datetime) -> SessionQuerySet:
        """Sessions past their idle lifetime."""
        return self.filter(rotated_at__lte=now - simple_jwt.REFRESH_TOKEN_LIFETIME)

    @retried
    def revoke(self, reason: str, *, now: datetime) -> int:
        """End those of these sessions that were not ended before; return how many."""
        return self.filter(revoked_at=None).update(revoked_at=now, revoke_reason=reason)


_SessionManager = models.Manager.from_queryset(SessionQuerySet)


class SessionManager(_SessionManager["Session"]):  # pyright: ignore[reportInvalidTypeArguments]
    """
    The statements about one session.

    Of the manager itself, for none of them needs the queryset that a manager's copy of a
    queryset's method would make for it.
    """

    def get_queryset(self) -> SessionQuerySet:
        """Begin a queryset, of a type that every type checker knows."""
        return SessionQuerySet(self.model, using=self._db)

    def primary(self) -> SessionQuerySet:
        """Read from the database that is written to."""
        return self.get_queryset().primary()

    @retried
    def begin(self, session: Session) -> None:
        """Insert the row of a session that begins."""
        insert(session)

    @retried
    def insert_once(self, session: Session) -> bool:
        """
        Insert a row under an id that another request may give to its own.

        Returns:
            Whether this call inserted it; not where the row is there or the user is gone.

        """
        try:
            with transaction.atomic(using=router.db_for_write(self.model)):
                insert(session)
        except IntegrityError:
            return False
        return True

    @retried
    def with_user(self, session_id: uuid.UUID) -> Session | None:
        """Fetch a session and its user in one statement; ``None`` where either is gone."""
        session: Session | None = fetch(self.model, "user", session_id)
        return session

    @retried
    def rotate(self, session: Session, to: int, *, now: datetime, **columns: Any) -> bool:
        """
        Move ``session`` on to generation ``to``, unless another has moved or ended it since.

        One statement, a compare-and-swap: the row's own lock orders all writers on any database
        at any isolation level, and exactly one of them finds the generation it expects.

        Returns:
            Whether this call moved it; the instance has then followed the row.

        """
        columns |= {"generation": to, "rotated_at": now}
        unmoved = {"id": session.pk, "generation": session.generation}
        alive = {"revoked_at": None, "expires_at__gt": now}
        if not update(self.model, unmoved | alive, columns):
            return False
        session.__dict__.update(columns)  # pyright: ignore[reportAttributeAccessIssue]
        return True

    @retried
    def end(self, session: Session, reason: str, *, now: datetime) -> bool:
        """End ``session``; return whether it was this call that ended it."""
        unended = {"id": session.pk, "revoked_at": None}
        return bool(update(self.model, unended, {"revoked_at": now, "revoke_reason": reason}))
