"""What is wrong with the two dictionaries: names, kinds of value, and what they point to."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from jwt_signin.checks.base import CheckID, complaint, mistakes, security_check
from jwt_signin.conf import Settings, SimpleJWT
from jwt_signin.conf.base import SettingsBase
from jwt_signin.shapes import get_shape
from jwt_signin.transports import get_transports

IDS = {
    "unknown": CheckID("jwt_signin.E001", "a setting that nothing reads"),
    "type": CheckID("jwt_signin.E002", "a setting of the wrong kind"),
    "import": CheckID(
        "jwt_signin.E003",
        "a dotted path or a shape that leads nowhere, or a shape that none of ``TRANSPORTS`` fits",
    ),
}
_IMPORTED: dict[type[SettingsBase], tuple[str, ...]] = {
    Settings: ("CLAIMS", "USER_SERIALIZER", "BEFORE_SESSION"),
    SimpleJWT: ("JSON_ENCODER", "TOKEN_USER_CLASS", "USER_AUTHENTICATION_RULE"),
}


@register(Tags.security)
def check_settings(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """Report names that nothing reads (E001) and values of the wrong kind (E002)."""
    return [Error(mistake.message, id=IDS[mistake.kind]) for mistake in mistakes()]


@security_check()
def check_names() -> Iterable[CheckMessage]:
    """Report dotted paths and shapes that lead nowhere, by any of the transports (E003)."""
    for settings_class, names in _IMPORTED.items():
        imported = settings_class.load().imported
        for name in names:
            yield from complaint(partial(imported, name), IDS["import"])
    yield from complaint(lambda: get_transports(shape=get_shape()), IDS["import"])
