"""
Every setting: its name, type, default and meaning, in one place.

``app_settings`` is the project's ``JWT_SIGNIN``; ``simple_jwt`` is what the project says in
``SIMPLE_JWT``, with this package's defaults where it is silent.
Both are read at first use, checked whole, and emptied when a setting changes, so that
``override_settings`` is honoured everywhere.
"""

from __future__ import annotations

from typing import Any, cast

from django.core.signals import setting_changed

from jwt_signin.conf.base import SettingsBase
from jwt_signin.conf.signin import MAX_COOKIE_SIZE, Settings, TransportName
from jwt_signin.conf.simple_jwt import SimpleJWT

__all__ = [
    "MAX_COOKIE_SIZE",
    "Settings",
    "SimpleJWT",
    "TransportName",
    "app_settings",
    "simple_jwt",
]


class _Lazy:
    """
    Stands for a settings object, and reads it at the first question.

    An answer is kept in the instance's dictionary, so that asking again costs one look-up and
    no call: settings are asked for on every request.
    """

    def __init__(self, settings_class: type[SettingsBase]) -> None:
        self._settings_class = settings_class

    def __getattr__(self, name: str) -> Any:
        is_first = name == "_loaded"
        value = self._settings_class.load() if is_first else getattr(self._loaded, name)
        self.__dict__[name] = value
        return value

    def _empty(self, **kwargs: Any) -> None:
        for name in [name for name in self.__dict__ if name != "_settings_class"]:
            self.__dict__.pop(name, None)


_app_settings = _Lazy(Settings)
_simple_jwt = _Lazy(SimpleJWT)
app_settings = cast("Settings", _app_settings)
simple_jwt = cast("SimpleJWT", _simple_jwt)

# Any setting may matter: the keys follow SECRET_KEY, the fields of sign-in AUTH_USER_MODEL.
setting_changed.connect(_app_settings._empty)
setting_changed.connect(_simple_jwt._empty)
