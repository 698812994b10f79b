"""
Keeping sessions through an upgrade of the password's hash.

Django stores a password anew when somebody signs in and its hash is out of date: more iterations
after an upgrade of Django, another hasher.
The password is the same, but what a session keeps of it is not, and without this every other
session of the user would be over as if he had changed it.
"""

from __future__ import annotations

import copy
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import get_hasher, identify_hasher
from django.db.models.signals import post_save, pre_save

from jwt_signin.models import Session, auth_hashes

_MARK = "_jwt_signin_upgraded_from"


def keep_sessions_through_upgrades() -> None:
    """Connect the receivers to the user model."""
    model = get_user_model()
    pre_save.connect(note_old_hash, sender=model, dispatch_uid="jwt_signin.note_old_hash")
    post_save.connect(stamp_new_hash, sender=model, dispatch_uid="jwt_signin.stamp_new_hash")


def note_old_hash(
    sender: type[Any], instance: Any, using: str, update_fields: Any, **kwargs: Any
) -> None:
    """Receive ``pre_save`` of the user model: remember what the stored password's sessions hold."""
    if not _is_upgrade(instance, update_fields):
        return
    stored = sender._base_manager.using(using).filter(pk=instance.pk)
    old = copy.copy(instance)
    old.password = stored.values_list("password", flat=True).get()
    if _is_out_of_date(old.password):
        setattr(instance, _MARK, list(auth_hashes(old)))


def stamp_new_hash(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """Receive ``post_save`` of the user model: move its live sessions to the new hash."""
    if old := instance.__dict__.pop(_MARK, None):
        live = Session.objects.filter(user=instance, auth_hash__in=old, revoked_at=None)
        live.update(auth_hash=next(auth_hashes(instance)))


def _is_upgrade(instance: Any, update_fields: Any) -> bool:
    """
    Tell ``check_password``'s own save from that of a new password.

    It saves the one field, with the raw password set and emptied again; ``set_password`` leaves
    it to be seen, and code that assigns a hash never sets it.
    """
    emptied = instance.__dict__.get("_password", "absent") is None
    return emptied and update_fields is not None and set(update_fields) == {"password"}


def _is_out_of_date(encoded: str) -> bool:
    preferred = get_hasher()
    try:
        hasher = identify_hasher(encoded)
    except ValueError:  # unusable, or of a hasher that is no longer installed
        return False
    return hasher.algorithm != preferred.algorithm or preferred.must_update(encoded)
