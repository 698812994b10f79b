"""The shape of what comes in and of rows that go out; no act."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, ClassVar

from django.contrib.auth import get_user_model
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from jwt_signin.conf import app_settings
from jwt_signin.models import Session

MAX_IDENTIFIER_LENGTH = 254
"""Characters of an identifier whose field has no bound of its own (RFC 5321 section 4.5.3.1.3)."""

REQUIRED = serializers.Field.default_error_messages["required"]
"""REST framework's sentence for a field that is missing, in the language that is active."""

ISO_8601: dict[str, Any] = {"format": "iso-8601"}


class StrictCharField(serializers.CharField):
    """A string, and nothing that could be made one: REST framework takes numbers."""

    def to_internal_value(self, data: Any) -> str:
        """Refuse what is no string, or too long."""
        if not isinstance(data, str):
            self.fail("invalid")
        return self.bounded(str(super().to_internal_value(data)))

    def bounded(self, value: str) -> str:
        """Refuse what is too long; REST framework's validator keeps its first one's language."""
        if self.max_length is not None and len(value) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return value


class IdentifierField(StrictCharField):
    """What an account is called, normalised as Django's own forms do."""

    def to_internal_value(self, data: Any) -> str:
        """Trim it, and bring look-alikes to one form once the length is known to be bounded."""
        return self.bounded(unicodedata.normalize("NFKC", super().to_internal_value(data)))


class Flag(serializers.BooleanField):
    """
    A boolean, or in a form its word: REST framework also takes 1, "on", "y" and more.

    Its absence from a form is not taken for an empty checkbox.
    """

    default_empty_html = serializers.empty
    WORDS: ClassVar[dict[str, bool]] = {"true": True, "false": False}

    def to_internal_value(self, data: Any) -> bool:
        """Refuse what is neither."""
        value = self.WORDS.get(data) if isinstance(data, str) else data
        if not isinstance(value, bool):
            self.fail("invalid", input=data)
        return value


class CredentialsSerializer(serializers.Serializer[Any]):
    """
    A sign-in: a name under exactly one of the fields of ``SIGNIN_BY``, and a password.

    ``context["names"]`` maps each name that an account may come under to the one of
    ``services.sign_in``, and ``context["transports"]`` says which transports there are, the first
    of them by default.
    """

    remember = Flag(default=True)

    def get_fields(self) -> dict[str, Any]:
        """Add transport, password, and a field for each name that an account may come under."""
        fields = super().get_fields()
        transports = self.context["transports"]
        fields["transport"] = serializers.ChoiceField(
            choices=transports,
            default=transports[0],
            # REST framework's sentence quotes what was sent, be it printable or not.
            error_messages={"invalid_choice": _("There is no such transport here.")},
        )
        for name, meant in self.context["names"].items():
            fields[name] = IdentifierField(
                required=False, allow_blank=True, allow_null=True, max_length=_bound(meant)
            )
        fields["password"] = StrictCharField(
            trim_whitespace=False, max_length=app_settings.MAX_PASSWORD_LENGTH
        )
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Keep the one name that was given."""
        names = self.context["names"]
        given = {name: value for name in names if (value := attrs.pop(name, None))}
        if len(given) != 1:
            message = _("Give exactly one of these: {names}.").format(names=", ".join(names))
            raise serializers.ValidationError({name: [message] for name in given or [*names][-1:]})
        ((name, value),) = given.items()
        return {**attrs, names[name]: value}

    def field(self, credentials: Mapping[str, Any]) -> str:
        """Return the one of the names of ``services.sign_in`` that the account was called by."""
        (name,) = credentials.keys() & set(self.context["names"].values())
        return str(name)


def reader_of_credentials(
    names: Mapping[str, str], transports: Iterable[str]
) -> CredentialsSerializer:
    """
    Return a serializer whose ``run_validation`` reads any number of sign-ins.

    As that of a list reads its items: to make the fields takes longer than to read by them.
    """
    return _reader(tuple(names.items()), tuple(transports))


class LogoutAllSerializer(serializers.Serializer[Any]):
    """Whether the session that asks is kept."""

    keep_current = Flag(default=False)


class UserSerializer(serializers.BaseSerializer[Any]):
    """The user, as little of him as a front end needs: id and what he signs in by."""

    def to_representation(self, instance: Any) -> dict[str, str]:
        """Answer ``id`` as text, whatever the key's type, and ``USERNAME_FIELD``."""
        model: Any = get_user_model()
        name: str = model.USERNAME_FIELD
        return {"id": str(instance.pk), name: str(getattr(instance, name))}


class SessionSerializer(serializers.ModelSerializer[Session]):
    """A session as its owner sees it; ``context["current"]`` is the id of the one that asks."""

    current = serializers.SerializerMethodField()
    last_used_at = serializers.DateTimeField(source="rotated_at", read_only=True, **ISO_8601)

    class Meta:
        model = Session
        fields = (
            "id",
            "current",
            "label",
            "ip",
            "user_agent",
            "transport",
            "created_at",
            "last_used_at",
            "expires_at",
        )
        read_only_fields = fields
        # A project's DATETIME_FORMAT is for its own answers.
        extra_kwargs = {"created_at": ISO_8601, "expires_at": ISO_8601}

    def get_current(self, session: Session) -> bool:
        """Tell whether this is the session that asks."""
        return bool(session.pk == self.context["current"])


def _bound(name: str) -> int:
    """Return the most characters of a name: as the model has it, the longest for an identifier."""
    fields = [name] if name in app_settings.signin_by else app_settings.signin_by
    model = get_user_model()
    bounds = [getattr(model._meta.get_field(field), "max_length", None) for field in fields]
    return max(bound or MAX_IDENTIFIER_LENGTH for bound in bounds)


@lru_cache(maxsize=16)
def _reader(names: tuple[tuple[str, str], ...], transports: Any) -> CredentialsSerializer:
    return CredentialsSerializer(context={"names": dict(names), "transports": transports})


@receiver(setting_changed)
def _forget(**kwargs: Any) -> None:
    _reader.cache_clear()
