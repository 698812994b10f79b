"""What is wrong with the two dictionaries: names, kinds of value, and what they point to."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Weakness
from django.core.exceptions import FieldDoesNotExist

from jwt_signin.checks.base import complaint, mistakes
from jwt_signin.conf import Settings, SimpleJWT, app_settings, simple_jwt
from jwt_signin.conf.base import SettingsBase
from jwt_signin.shapes import get_shape

IDS = {
    "unknown": "jwt_signin.E001",
    "type": "jwt_signin.E002",
    "import": "jwt_signin.E003",
    "field": "jwt_signin.E004",
    "blacklist": "jwt_signin.W004",
}
_IMPORTED: dict[type[SettingsBase], tuple[str, ...]] = {
    Settings: ("CLAIMS", "USER_SERIALIZER", "BEFORE_SESSION"),
    SimpleJWT: ("JSON_ENCODER", "TOKEN_USER_CLASS", "USER_AUTHENTICATION_RULE"),
}


@register(Tags.security)
def check_settings(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """Report names that nothing reads (E001) and values of the wrong kind (E002)."""
    return [Error(mistake.message, id=IDS[mistake.kind]) for mistake in mistakes()]


@register(Tags.security)
def check_names(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """Report dotted paths and shapes that lead nowhere (E003)."""
    if any(mistakes()):
        return
    for settings_class, names in _IMPORTED.items():
        imported = settings_class.load().imported
        for name in names:
            yield from complaint(partial(imported, name), IDS["import"])
    yield from complaint(get_shape, IDS["import"])


@register(Tags.security)
def check_fields(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """Report fields that the user model does not have (E004)."""
    if any(mistakes()):
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
def check_blacklist(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """Report Simple JWT's blacklist where nothing of it is read any more (W004)."""
    installed = apps.is_installed("rest_framework_simplejwt.token_blacklist")
    if installed and not any(mistakes()) and not app_settings.ACCEPT_SIMPLEJWT_TOKENS:
        message = "Simple JWT's token_blacklist has no say in whether a token of ours is good."
        hint = (
            "Remove it from INSTALLED_APPS, or set JWT_SIGNIN['ACCEPT_SIMPLEJWT_TOKENS'] while"
            " you move over."
        )
        yield Weakness(message, hint=hint, id=IDS["blacklist"])
