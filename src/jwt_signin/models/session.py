"""The session: one sign-in on one client, one row, one chain of refresh tokens."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.crypto import constant_time_compare
from django.utils.functional import cached_property
from django.utils.translation import pgettext_lazy

from jwt_signin.conf import simple_jwt
from jwt_signin.models.manager import SessionManager

MAX_USER_AGENT = 200
MAX_LABEL = 60


def digest(secret: str) -> bytes:
    """Return the SHA-256 of ``secret``, 32 bytes: all that a row keeps of it."""
    return hashlib.sha256(secret.encode()).digest()


def short_digest(key: str) -> bytes:
    """
    Return the first 8 bytes of the SHA-256 of an ``Idempotency-Key``: what a row keeps of it.

    Enough to tell a client's attempts apart: who guesses has one try, for it is reuse if he errs.
    """
    return digest(key)[:8]


def auth_hashes(user: Any) -> Iterator[bytes]:
    """
    Yield the digests of Django's session auth hash of ``user``, the current one first.

    Those made with ``SECRET_KEY_FALLBACKS`` follow.
    A user model without passwords has none of Django's, and one that never changes here.
    """
    if not hasattr(user, "get_session_auth_hash"):
        yield digest("")
        return
    yield digest(user.get_session_auth_hash())
    yield from map(digest, user.get_session_auth_fallback_hash())


def may_sign_in(user: Any) -> bool:
    """Tell whether ``user`` may have a session: ``USER_AUTHENTICATION_RULE``, or is active."""
    if rule := simple_jwt.user_authentication_rule:
        return bool(rule(user))
    return not simple_jwt.CHECK_USER_IS_ACTIVE or getattr(user, "is_active", True)


class Session(models.Model):
    """
    One sign-in on one client.

    It holds nothing a token can be made from: of the session's secret and of the client's
    ``Idempotency-Key`` only digests.
    No index holds what a rotation writes, so that on PostgreSQL it stays a heap-only update; the
    one on the user leads to his sessions past those that were ended.
    Columns of one width stand first, and PostgreSQL has none to align among the others.
    """

    class Reason(models.TextChoices):
        """Why a session is over."""

        LOGGED_OUT = "logged_out", pgettext_lazy("session", "Logged out")
        REVOKED_BY_USER = "revoked_by_user", pgettext_lazy("session", "Revoked by the user")
        PASSWORD_CHANGED = "password_changed", pgettext_lazy("session", "Password changed")
        REUSE_DETECTED = "reuse_detected", pgettext_lazy("session", "Refresh token reused")
        ADMIN = "admin", pgettext_lazy("session", "Ended by an administrator")
        INACTIVE_USER = "inactive_user", pgettext_lazy("session", "User inactive")
        EXPIRED = "expired", pgettext_lazy("session", "Expired")
        SUPERSEDED = "superseded", pgettext_lazy("session", "Superseded by a newer session")

    id = models.UUIDField(
        pgettext_lazy("session", "id"), primary_key=True, default=uuid.uuid4, editable=False
    )
    generation = models.BigIntegerField(pgettext_lazy("session", "generation"), default=0)
    rotated_at = models.DateTimeField(pgettext_lazy("session", "last used at"))
    created_at = models.DateTimeField(pgettext_lazy("session", "created at"))
    expires_at = models.DateTimeField(pgettext_lazy("session", "expires at"), db_index=True)
    revoked_at = models.DateTimeField(pgettext_lazy("session", "revoked at"), null=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="jwt_sessions",
        db_index=False,
        verbose_name=pgettext_lazy("session", "user"),
    )
    remember = models.BooleanField(pgettext_lazy("session", "remember"), default=True)
    rotation_key = models.BinaryField(
        pgettext_lazy("session", "rotation key"), max_length=8, null=True
    )
    secret_hash = models.BinaryField(pgettext_lazy("session", "secret hash"), max_length=32)
    auth_hash = models.BinaryField(pgettext_lazy("session", "auth hash"), max_length=32)
    transport = models.CharField(
        pgettext_lazy("session", "transport"), max_length=6, default="body"
    )
    ip = models.GenericIPAddressField(pgettext_lazy("session", "address"), null=True)
    user_agent = models.CharField(
        pgettext_lazy("session", "user agent"), max_length=MAX_USER_AGENT, blank=True
    )
    label = models.CharField(pgettext_lazy("session", "label"), max_length=MAX_LABEL, blank=True)
    revoke_reason = models.CharField(
        pgettext_lazy("session", "reason"), max_length=16, blank=True, choices=Reason.choices
    )

    objects = SessionManager()

    class Meta:
        verbose_name = pgettext_lazy("session", "session")
        verbose_name_plural = pgettext_lazy("session", "sessions")
        indexes = [models.Index(fields=["user", "revoked_at"], name="jwt_signin_session_user")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def idle_at(self) -> datetime:
        """When the session ends unless it is refreshed before."""
        return min(self.rotated_at + simple_jwt.REFRESH_TOKEN_LIFETIME, self.expires_at)

    def ended_because(self, now: datetime) -> str | None:
        """Return the reason why the session is over, or ``None`` while it lives."""
        if self.revoked_at is not None:
            return self.revoke_reason
        if now >= self.idle_at:
            return self.Reason.EXPIRED.value
        if not may_sign_in(self.user):
            return self.Reason.INACTIVE_USER.value
        if not self._is_auth_hash(self.current_auth_hash) and not any(
            map(self._is_auth_hash, auth_hashes(self.user))
        ):
            return self.Reason.PASSWORD_CHANGED.value
        return None

    @cached_property
    def current_auth_hash(self) -> bytes:
        """The digest of Django's session auth hash of the user, as the row was read."""
        return next(auth_hashes(self.user))

    def moved_to(self, generation: int, *, now: datetime) -> Session:
        """Return what this row will be once it is moved on, and leave it as it is."""
        moved = Session.__new__(Session)  # as copy.copy does by way of pickle
        columns = {"generation": generation, "rotated_at": now}
        moved.__dict__ = {**self.__dict__, **columns}  # pyright: ignore[reportAttributeAccessIssue]
        return moved

    def has_secret(self, secret: str) -> bool:
        """Tell whether ``secret`` is the one that this session's refresh tokens carry."""
        return constant_time_compare(digest(secret), bytes(self.secret_hash))

    def was_rotated_with(self, key: str | None) -> bool:
        """Tell whether the last rotation bore the ``Idempotency-Key`` ``key``."""
        if key is None or self.rotation_key is None:
            return False
        # Rows that were rotated before 1.1 keep 16 bytes.
        return constant_time_compare(short_digest(key), bytes(self.rotation_key)[:8])

    def age(self, now: datetime) -> float:
        """Return the seconds since the last rotation; never negative, for clocks differ."""
        return max((now - self.rotated_at).total_seconds(), 0.0)

    def _is_auth_hash(self, current: bytes) -> bool:
        return constant_time_compare(current, bytes(self.auth_hash))
