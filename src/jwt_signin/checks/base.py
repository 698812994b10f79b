"""What the checks of every subject share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from jwt_signin.conf import Settings, SimpleJWT
from jwt_signin.conf.base import Mistake

T = TypeVar("T")
Finder = Callable[[], Iterable[CheckMessage]]


def mistakes() -> Iterator[Mistake]:
    """Find what is wrong with either dictionary: until it is mended no other check can read it."""
    for settings_class in (Settings, SimpleJWT):
        yield from settings_class.mistakes()


def security_check(*, deploy: bool = False) -> Callable[[Finder], Callable[..., Any]]:
    """
    Register a check, which is asked once either dictionary can be read.

    Args:
        deploy: whether ``check --deploy`` alone asks it.

    """

    def decorate(find: Finder) -> Callable[..., Any]:
        @register(Tags.security, deploy=deploy)
        def check(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
            return [] if any(mistakes()) else list(find())

        return check

    return decorate


def complaint(act: Callable[[], Any], check_id: str) -> Iterator[Error]:
    """Report what ``act`` cannot work with."""
    try:
        act()
    except ImproperlyConfigured as error:
        yield Error(str(error), id=check_id)


def unless_broken(read: Callable[[], T], otherwise: T) -> T:
    """Return what ``read`` finds in the project, which may be broken in ways that others tell."""
    try:
        return read()
    except Exception:  # noqa: BLE001  # it imports the project's own modules
        return otherwise
