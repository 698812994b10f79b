"""
How requests and answers are spelled, so that an existing front end keeps working.

A shape chooses names and statuses; what happens is the same under each.
A project writes its own by subclassing ``Shape`` and naming it in ``JWT_SIGNIN["SHAPE"]`` or in
``shape=`` of a view or an include.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from jwt_signin.conf import app_settings
from jwt_signin.shapes.base import Action, Shape, Spelled
from jwt_signin.shapes.dj_rest_auth import DjRestAuth
from jwt_signin.shapes.handwritten import APILogin, APISignIn
from jwt_signin.shapes.oauth2 import OAuth2
from jwt_signin.shapes.simplejwt import SimpleJWT

__all__ = ["SHAPES", "Action", "OAuth2", "Shape", "Spelled", "get_shape"]

SHAPES: dict[str, type[Shape]] = {
    "default": Shape,
    "simplejwt": SimpleJWT,
    "dj_rest_auth": DjRestAuth,
    "oauth2": OAuth2,
    "api_login": APILogin,
    "api_signin": APISignIn,
}


def get_shape(shape: str | type[Shape] | None = None) -> Shape:
    """
    Return the shape of a name, a dotted path or a class; the project's where none is given.

    Raises:
        ImproperlyConfigured: there is no such shape.

    """
    chosen = app_settings.SHAPE if shape is None else shape
    if isinstance(chosen, str):
        chosen = SHAPES.get(chosen) or import_shape(chosen)
    if not isinstance(chosen, type) or not issubclass(chosen, Shape):
        raise ImproperlyConfigured(f"{chosen!r} is no subclass of jwt_signin.shapes.Shape.")
    return chosen()


def import_shape(path: str) -> Any:
    """Import a project's own shape, or say which there are."""
    try:
        return import_string(path)
    except ImportError as error:
        message = f"There is no shape {path!r} ({error}): {sorted(SHAPES)}, or a dotted path."
        raise ImproperlyConfigured(message) from error
