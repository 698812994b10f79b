"""
What a wrong setting would do, said beforehand.

One function a subject, one id a mistake: ``E`` where the app cannot work, ``W`` where it can and
should not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured

from jwt_signin.conf import Settings, SimpleJWT, app_settings, simple_jwt
from jwt_signin.conf.base import SettingsBase
from jwt_signin.keys import KeyRing
from jwt_signin.shapes import get_shape

IDS = {
    "unknown": "jwt_signin.E001",
    "type": "jwt_signin.E002",
    "import": "jwt_signin.E003",
    "field": "jwt_signin.E004",
    "key": "jwt_signin.E005",
}
_IMPORTED: dict[type[SettingsBase], tuple[str, ...]] = {
    Settings: ("CLAIMS", "USER_SERIALIZER", "BEFORE_SESSION"),
    SimpleJWT: ("JSON_ENCODER", "TOKEN_USER_CLASS", "USER_AUTHENTICATION_RULE"),
}


@register(Tags.security)
def check_settings(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """Report names that nothing reads (E001) and values of the wrong kind (E002)."""
    return [
        Error(mistake.message, id=IDS[mistake.kind])
        for settings_class in (Settings, SimpleJWT)
        for mistake in settings_class.mistakes()
    ]


@register(Tags.security)
def check_names(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """Report dotted paths and shapes that lead nowhere (E003)."""
    if check_settings(app_configs):
        return
    for settings_class, names in _IMPORTED.items():
        imported = settings_class.load().imported
        for name in names:
            yield from _complaint("import", partial(imported, name))
    yield from _complaint("import", get_shape)


@register(Tags.security)
def check_fields(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """Report fields that the user model does not have (E004)."""
    if check_settings(app_configs):
        return
    model = get_user_model()
    for name in app_settings.signin_by:
        try:
            model._meta.get_field(name)
        except FieldDoesNotExist:
            message = f"JWT_SIGNIN['SIGNIN_BY'] names {name!r}, which {model.__name__} has not."
            yield Error(message, id=IDS["field"])
    if not hasattr(model, simple_jwt.USER_ID_FIELD):
        message = f"{model.__name__} has no {simple_jwt.USER_ID_FIELD!r}."
        yield Error(message, hint="Set SIMPLE_JWT['USER_ID_FIELD'].", id=IDS["field"])


@register(Tags.security)
def check_keys(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """Report a key that does not fit its algorithm, or is shorter than it asks for (E005)."""
    if not check_settings(app_configs):
        yield from _complaint("key", lambda: KeyRing().check_lengths())


def _complaint(kind: str, act: Callable[[], Any]) -> Iterable[CheckMessage]:
    try:
        act()
    except ImproperlyConfigured as error:
        yield Error(str(error), id=IDS[kind])
