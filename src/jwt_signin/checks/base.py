"""What the checks of every subject share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self, TypeVar

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from jwt_signin.conf import Settings, SimpleJWT
from jwt_signin.conf.base import Mistake

T = TypeVar("T")
Finder = Callable[[], Iterable[CheckMessage]]


class CheckID(str):
    """The id of a mistake, which also says what the mistake is."""

    __slots__ = ("what",)

    what: str

    def __new__(cls, name: str, what: str) -> Self:
        """Take the id itself, and a few words for the reference."""
        check_id = super().__new__(cls, name)
        check_id.what = what
        return check_id


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

        check.__doc__ = find.__doc__  # by whose ids the reference knows what --deploy asks
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
