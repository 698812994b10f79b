"""
Keeping sessions through an upgrade of the password's hash.

Django stores a password anew when somebody signs in and its hash is out of date: more iterations
after an upgrade of Django, another hasher.
The password is the same, but what a session keeps of it is not, and without this every other
session of the user would be over as if he had changed it.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import get_hasher, identify_hasher
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import pre_save

from jwt_signin.models import Session, auth_hashes

_LOST = "_jwt_signin_lost_an_upgrade"
_signing_in: ContextVar[bool] = ContextVar("_signing_in", default=False)


@contextlib.contextmanager
def signing_in() -> Iterator[None]:
    """Say that whatever is upgraded in here is of somebody who signs in here."""
    token = _signing_in.set(True)
    try:
        yield
    finally:
        _signing_in.reset(token)


def lost_an_upgrade(user: Any) -> bool:
    """Tell whether another request stored a hash of its own while this one checked the password."""
    return _LOST in user.__dict__


def keep_sessions_through_upgrades() -> None:
    """Connect the receiver; without a sender, for a backend may return a proxy of the model."""
    pre_save.connect(upgrade_hash, dispatch_uid="jwt_signin.upgrade_hash")


def upgrade_hash(
    sender: type[Any], instance: Any, using: str, update_fields: Any, **kwargs: Any
) -> None:
    """
    Receive ``pre_save``: store an upgraded hash and move the sessions to it, in one step.

    Of several sign-ins that upgrade at once the first one's hash stays, or each would end the
    sessions of the one before; the others write what is stored, and have to check it again.
    """
    if not _is_upgrade(instance, update_fields) or not issubclass(sender, get_user_model()):
        return
    stored = get_user_model()._base_manager.using(using).filter(pk=instance.pk)
    old = copy.copy(instance)
    old.password = _password(stored)
    if _is_out_of_date(old.password) and _swapped(stored, old, instance, using):
        return
    if _signing_in.get():
        instance.password = _password(stored)
        setattr(instance, _LOST, True)


def _swapped(stored: QuerySet[Any], old: Any, new: Any, using: str) -> bool:
    with transaction.atomic(using):
        if not stored.filter(password=old.password).update(password=new.password):
            return False
        live = Session.objects.filter(user_id=new.pk, revoked_at=None)
        live = live.filter(auth_hash__in=list(auth_hashes(old)))
        live.update(auth_hash=next(auth_hashes(new)))
    return True


def _password(stored: QuerySet[Any]) -> str:
    return stored.values_list("password", flat=True).first() or ""


def _is_upgrade(instance: Any, update_fields: Any) -> bool:
    """
    Tell ``check_password``'s own save from that of a new password.

    It saves that field, with the raw password set and emptied again; ``set_password`` leaves it
    to be seen, and code that assigns a hash never sets it.
    """
    if update_fields is None or "password" not in update_fields:
        return False
    return instance.__dict__.get("_password", "absent") is None


def _is_out_of_date(encoded: str) -> bool:
    preferred = get_hasher()
    try:
        hasher = identify_hasher(encoded)
    except ValueError:  # unusable, or of a hasher that is no longer installed
        return False
    return hasher.algorithm != preferred.algorithm or preferred.must_update(encoded)
