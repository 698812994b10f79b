"""What the settings take for granted about the user model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Weakness
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Field, UniqueConstraint

from jwt_signin.checks.base import CheckID, security_check
from jwt_signin.conf import app_settings, simple_jwt

IDS = {
    "field": CheckID("jwt_signin.E004", "a field that the user model does not have"),
    "shared": CheckID("jwt_signin.W009", "a field of ``SIGNIN_BY`` that accounts may share"),
}


@security_check()
def check_fields() -> Iterable[CheckMessage]:
    """Report fields that the user model does not have (E004)."""
    model: Any = get_user_model()
    for name in app_settings.signin_by:
        if _field(name) is None:
            message = f"JWT_SIGNIN['SIGNIN_BY'] names {name!r}, which {model.__name__} has not."
            yield Error(message, id=IDS["field"])
    if not hasattr(model, simple_jwt.USER_ID_FIELD):
        message = f"{model.__name__} has no {simple_jwt.USER_ID_FIELD!r}."
        yield Error(message, hint="Set SIMPLE_JWT['USER_ID_FIELD'].", id=IDS["field"])


@security_check()
def check_uniqueness() -> Iterable[CheckMessage]:
    """Report fields of sign-in that accounts may share (W009); Django sees to its own."""
    model: Any = get_user_model()
    for name in app_settings.signin_by:
        field = _field(name)
        if name != model.USERNAME_FIELD and field is not None and not _is_unique(field):
            message = f"Accounts may share one {name!r}, by which none of them is signed in then."
            hint = (
                f"Give {model.__name__} a UniqueConstraint of it, which is also the index of the"
                " look-up, or take it out of JWT_SIGNIN['SIGNIN_BY']."
            )
            yield Weakness(message, hint=hint, id=IDS["shared"])


def _field(name: str) -> Any:
    try:
        return get_user_model()._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _is_unique(field: Field[Any, Any]) -> bool:
    """
    Tell whether the database keeps accounts apart by this field.

    A constraint with a condition counts: the one that leaves empty addresses out is right, and
    what another means cannot be told from here.
    """
    options = field.model._meta
    alone = {field.name}
    return (
        getattr(field, "unique", False)
        or (field.name,) in map(tuple, options.unique_together)
        or any(
            {*each.fields, *_names(each)} == alone
            for each in options.constraints
            if isinstance(each, UniqueConstraint)
        )
    )


def _names(constraint: UniqueConstraint) -> Iterator[str]:
    """Name the fields of its expressions, as of ``Lower("email")``."""
    for expression in constraint.expressions:
        # A bare F is no expression, and has no parts.
        flatten: Any = getattr(expression, "flatten", None)
        parts = flatten() if flatten else [expression]
        references: list[Any] = [part for part in parts if isinstance(part, F)]
        yield from (reference.name.partition("__")[0] for reference in references)
