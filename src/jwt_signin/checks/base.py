"""What the checks of every subject share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.core.checks import Error
from django.core.exceptions import ImproperlyConfigured

from jwt_signin.conf import Settings, SimpleJWT
from jwt_signin.conf.base import Mistake


def mistakes() -> Iterator[Mistake]:
    """Find what is wrong with either dictionary: until it is mended no other check can read it."""
    for settings_class in (Settings, SimpleJWT):
        yield from settings_class.mistakes()


def complaint(act: Callable[[], Any], check_id: str) -> Iterator[Error]:
    """Report what ``act`` cannot work with."""
    try:
        act()
    except ImproperlyConfigured as error:
        yield Error(str(error), id=check_id)
