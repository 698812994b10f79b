"""How a settings class is filled from the project's dictionary, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any, ClassVar, NamedTuple

from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string


class Mistake(NamedTuple):
    """One thing that is wrong: its kind, the setting's name, and a sentence that says what."""

    kind: str
    name: Any
    message: str


def setting(
    default: Any, read: Callable[[Any], Any], *, secret: bool = False, may_be_off: bool = False
) -> Any:
    """
    Declare a setting.

    Args:
        default: what holds where the project is silent.
        read: the reader of what a project gives.
        secret: whether it is shown in no ``repr``.
        may_be_off: whether ``None`` switches it off; of every other setting it is silence.

    """
    metadata = {"read": read, "may_be_off": may_be_off}
    return field(default=default, repr=not secret, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class SettingsBase:
    """A settings class: one field a setting, in the project's own spelling."""

    SOURCE: ClassVar[str]
    """The name of the project's dictionary."""

    @classmethod
    def load(cls) -> Any:
        """
        Build the settings from the project's dictionary.

        Raises:
            ImproperlyConfigured: with every mistake that was found.

        """
        if mistakes := list(cls.mistakes()):
            raise ImproperlyConfigured(" ".join(mistake.message for mistake in mistakes))
        given, chosen = cls.given(), {}
        for option in fields(cls):
            if (value := given.get(option.name)) is not None:
                chosen[option.name] = option.metadata["read"](value)
            elif option.name in given and option.metadata["may_be_off"]:
                chosen[option.name] = None
        return cls(**chosen)

    @classmethod
    def given(cls) -> Any:
        """The project's dictionary, as it is."""
        return getattr(django_settings, cls.SOURCE, None) or {}

    @classmethod
    def mistakes(cls) -> Iterator[Mistake]:
        """Find what is wrong with the project's dictionary, one mistake at a time."""
        given = cls.given()
        if not isinstance(given, Mapping):
            yield Mistake("type", None, f"{cls.SOURCE} must be a dictionary.")
            return
        yield from cls.unknown(given)
        for option in fields(cls):
            if (value := given.get(option.name)) is None:
                continue
            try:
                option.metadata["read"](value)
            except ValueError as error:
                message = f"{cls.SOURCE}[{option.name!r}] must be {error}."
                yield Mistake("type", option.name, message)

    @classmethod
    def unknown(cls, given: Mapping[Any, Any]) -> Iterator[Mistake]:
        """Name what the dictionary holds and no setting reads, with the nearest right name."""
        known = [option.name for option in fields(cls)]
        for name in given:
            if name not in known:
                near = get_close_matches(str(name).strip().upper(), known, n=1)
                hint = f" Did you mean {near[0]!r}?" if near else ""
                yield Mistake("unknown", name, f"{cls.SOURCE} has no setting {name!r}.{hint}")

    def imported(self, name: str) -> Any:
        """
        Import what the setting ``name`` names, if it is a dotted path.

        Raises:
            ImproperlyConfigured: there is nothing of that name.

        """
        value = getattr(self, name)
        try:
            return import_string(value) if isinstance(value, str) else value
        except ImportError as error:
            setting = f"{self.SOURCE}[{name!r}]"
            message = f"{setting} names nothing that can be imported: {value!r} ({error})."
            raise ImproperlyConfigured(message) from error
