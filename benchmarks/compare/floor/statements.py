"""The statements of the floor, twice: built by the ORM at each request, and written down once."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from benchmarks.compare.floor.models import Chain

LIFETIME = timedelta(days=90)


class ORM:
    """
    By the ORM.

    Of a refresh it is told that the session lives, and not that the user is still active: with a
    subquery in the UPDATE the ORM takes as long again.
    """

    def start(self, user: Any) -> tuple[str, int]:
        """Insert a session."""
        now = timezone.now()
        chain = Chain.objects.create(
            user=user, created_at=now, rotated_at=now, expires_at=now + LIFETIME
        )
        return str(chain.pk), 0

    def user_of(self, session: str) -> Any:
        """Find the user of a session that lives."""
        chain = Chain.objects.select_related("user").get(
            pk=session, revoked_at=None, expires_at__gt=timezone.now()
        )
        return chain.user if chain.user.is_active else None

    def rotate(self, session: str, generation: int) -> bool:
        """Move a session that lives on."""
        now = timezone.now()
        mine = Chain.objects.filter(pk=session, generation=generation, revoked_at=None)
        return bool(
            mine.filter(expires_at__gt=now).update(generation=generation + 1, rotated_at=now)
        )

    def end(self, session: str) -> None:
        """End a session."""
        Chain.objects.filter(pk=session, revoked_at=None).update(revoked_at=timezone.now())

    def sessions_of(self, user: Any) -> list[dict[str, Any]]:
        """List the sessions of a user that live."""
        living = Chain.objects.filter(user=user, revoked_at=None, expires_at__gt=timezone.now())
        return list(living.values("id", "created_at", "rotated_at", "expires_at"))


class Compiled:
    """By a cursor; a user is a model's instance, whose values no field has converted."""

    def __init__(self) -> None:
        user = get_user_model()
        self._fields = [field.attname for field in user._meta.concrete_fields]
        columns = ", ".join(f"u.{field.column}" for field in user._meta.concrete_fields)
        living = "s.revoked_at IS NULL AND s.expires_at > %s"
        self._find = (
            f"SELECT {columns} FROM floor_chain s JOIN auth_user u ON u.id = s.user_id "
            f"WHERE s.id = %s AND {living} AND u.is_active"
        )
        self._rotate = (
            "UPDATE floor_chain AS s SET generation = %s, rotated_at = %s "
            f"WHERE s.id = %s AND s.generation = %s AND {living} "
            "AND EXISTS (SELECT 1 FROM auth_user u WHERE u.id = s.user_id AND u.is_active)"
        )
        self._sessions_of = (
            "SELECT id, created_at, rotated_at, expires_at FROM floor_chain s "
            f"WHERE s.user_id = %s AND {living}"
        )

    def start(self, user: Any) -> tuple[str, int]:
        """Insert a session."""
        session, now = uuid.uuid4(), timezone.now()
        at = self._moment(now)
        self._run(
            "INSERT INTO floor_chain (id, user_id, generation, created_at, rotated_at, expires_at)"
            " VALUES (%s, %s, 0, %s, %s, %s)",
            [self._key(session), user.pk, at, at, self._moment(now + LIFETIME)],
        )
        return str(session), 0

    def user_of(self, session: str) -> Any:
        """Find the user of a session that lives, if he is active."""
        key, now = self._key(uuid.UUID(session)), self._moment(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(self._find, [key, now])
            row = cursor.fetchone()
        return None if row is None else get_user_model().from_db("default", self._fields, row)

    def rotate(self, session: str, generation: int) -> bool:
        """Move a session that lives on, if its user is active."""
        now, key = self._moment(timezone.now()), self._key(uuid.UUID(session))
        return self._run(self._rotate, [generation + 1, now, key, generation, now]) > 0

    def end(self, session: str) -> None:
        """End a session."""
        now, key = self._moment(timezone.now()), self._key(uuid.UUID(session))
        self._run(
            "UPDATE floor_chain SET revoked_at = %s WHERE id = %s AND revoked_at IS NULL",
            [now, key],
        )

    def sessions_of(self, user: Any) -> list[dict[str, Any]]:
        """List the sessions of a user that live."""
        with connection.cursor() as cursor:
            cursor.execute(self._sessions_of, [user.pk, self._moment(timezone.now())])
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _run(self, sql: str, parameters: list[Any]) -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return int(cursor.rowcount)

    def _key(self, session: uuid.UUID) -> Any:
        return session if connection.features.has_native_uuid_field else session.hex

    def _moment(self, moment: Any) -> Any:
        return connection.ops.adapt_datetimefield_value(moment)
