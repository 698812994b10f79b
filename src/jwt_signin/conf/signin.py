"""The project's ``JWT_SIGNIN``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from functools import cached_property
from typing import Any, ClassVar, Literal, cast

from django.conf import settings as django_settings
from django.contrib.auth import get_user_model

from jwt_signin.conf import readers
from jwt_signin.conf.base import Mistake, SettingsBase, setting
from jwt_signin.conf.simple_jwt import SimpleJWT

TransportName = Literal["body", "cookie"]
"""How refresh tokens travel."""

MAX_COOKIE_SIZE = 4096
"""Bytes of name and value together that every browser keeps (RFC 6265 section 6.1)."""


@dataclass(frozen=True, kw_only=True)
class Settings(SettingsBase):
    """The project's ``JWT_SIGNIN``; all of it is optional."""

    SOURCE: ClassVar[str] = "JWT_SIGNIN"

    SIGNIN_BY: tuple[str, ...] | None = setting(None, readers.names)
    """Fields of the user model that an account is signed in by; the model's ``USERNAME_FIELD``
    alone where absent."""

    SHAPE: Any = setting("default", readers.importable)
    """How requests and answers are spelled: a name of ``jwt_signin.shapes`` or a dotted path."""

    TRANSPORT: TransportName = setting("body", readers.choice("body", "cookie"))
    """How refresh tokens travel where a sign-in does not say: ``"body"`` or ``"cookie"``."""

    TRANSPORTS: tuple[TransportName, ...] = setting(
        ("body", "cookie"), readers.several(readers.choice("body", "cookie"))
    )
    """The transports that a sign-in may ask for."""

    REUSE_GRACE: timedelta = setting(timedelta(seconds=30), readers.duration)
    """How long a replaced refresh token still meets its successor; ``0`` is strict single use."""

    SESSION_LIFETIME: timedelta = setting(timedelta(days=90), readers.lifetime)
    """The absolute lifetime of a session, however often it is refreshed."""

    SHORT_SESSION_LIFETIME: timedelta = setting(timedelta(hours=12), readers.lifetime)
    """The absolute lifetime of a session that was started with ``remember: false``."""

    MAX_SESSIONS_PER_USER: int | None = setting(None, readers.positive)
    """How many live sessions a user may have: the oldest is ended beyond it."""

    CHECK_ACCESS: str = setting("session", readers.choice("session", "signature"))
    """Whether an access token's session is looked up on each request, in one statement, or with
    ``"signature"`` the token trusted, without one."""

    CLAIMS: Any = setting(None, readers.importable)
    """Dotted path of ``(user, session) -> dict``: further claims of access tokens, computed anew at
    each refresh."""

    USER_SERIALIZER: Any = setting("jwt_signin.serializers.UserSerializer", readers.importable)
    """The serializer of the ``user`` of answers and of ``me/``."""

    BEFORE_SESSION: Any = setting(None, readers.importable)
    """Dotted path of ``(user, request)``: asked before a session begins, and may refuse with an
    error of REST framework's."""

    COOKIE_NAME: str = setting("refresh", readers.token)
    """The name of the refresh cookie, before its prefix, which is derived."""

    COOKIE_PATH: str | None = setting(None, readers.path)
    """Its ``Path``; where absent what the refresh and logout of its include have in common, and
    ``/`` for views that are routed one by one."""

    COOKIE_DOMAIN: str | None = setting(None, readers.domain)
    """Its ``Domain``; where absent it is for the host alone that set it."""

    COOKIE_SAMESITE: str = setting("Strict", readers.choice("Strict", "Lax", "None"))
    """Its ``SameSite``: ``"Strict"``, ``"Lax"`` or ``"None"``."""

    COOKIE_SECURE: bool | None = setting(None, readers.flag)
    """Whether it is for https alone; where absent it is, but for plain http under ``DEBUG``."""

    COOKIE_PARTITIONED: bool = setting(False, readers.flag)
    """Whether browsers keep it apart for each site that embeds this one (CHIPS)."""

    ACCESS_COOKIE: str | bool = setting(False, readers.flag_or_token)
    """Whether a cookie carries the access token too, for pages and files that cannot send a header;
    a string names it, otherwise than the refresh cookie."""

    TRUSTED_ORIGINS: tuple[str, ...] | None = setting(None, readers.origins)
    """Other origins whose pages may use the cookies; ``CSRF_TRUSTED_ORIGINS`` where absent."""

    CSRF: str = setting("origin", readers.choice("origin", "django"))
    """What proves that a request with a cookie is meant: its ``"origin"``, or with ``"django"``
    Django's token as well."""

    VERIFYING_KEYS: tuple[tuple[Any, str | None], ...] = setting(
        (), readers.verifying_keys, secret=True
    )
    """Further keys that verify, retired ones and the next one before it signs: a secret, a key in
    PEM, or ``{"key": …, "algorithm": …}``."""

    ACCEPT_SIMPLEJWT_TOKENS: bool = setting(False, readers.flag)
    """Whether tokens of plain Simple JWT are good: a refresh token is traded for a session."""

    SIGNIN_ACCOUNT_RATE: readers.Rate | None = setting(
        readers.Rate(10, 15 * 60), readers.rate, may_be_off=True
    )
    """How many sign-ins of one account may fail from one network; ``None`` is no limit."""

    SIGNIN_NETWORK_RATE: readers.Rate | None = setting(
        readers.Rate(100, 15 * 60), readers.rate, may_be_off=True
    )
    """How many sign-ins may fail from one network, an IPv4 address or 64 bits of IPv6; ``None`` is
    no limit."""

    REFRESH_RATE: readers.Rate | None = setting(readers.Rate(60, 60), readers.rate, may_be_off=True)
    """How many refreshes of one session are answered, repeated answers not counted; ``None`` is no
    limit."""

    NUM_PROXIES: int = setting(0, readers.whole)
    """Trusted proxies in front: how many entries of ``X-Forwarded-For`` are theirs."""

    MAX_PASSWORD_LENGTH: int = setting(4096, readers.positive)
    """The longest password, in characters, that is given to a hasher."""

    MAX_BODY_BYTES: int = setting(16 * 1024, readers.positive)
    """The largest request body, in bytes, that is read."""

    @classmethod
    def mistakes(cls) -> Iterator[Mistake]:
        """Add where two settings, each right by itself, do not go together."""
        mistakes = list(super().mistakes())
        yield from mistakes
        if mistakes:
            return
        given = cls.given()
        allowed = given.get("TRANSPORTS") or cls.TRANSPORTS
        if (given.get("TRANSPORT") or cls.TRANSPORT) not in allowed:
            message = f"{cls.SOURCE}['TRANSPORT'] must be one of {cls.SOURCE}['TRANSPORTS']."
            yield Mistake("type", "TRANSPORT", message)
        # The one would be written over the other.
        name = given.get("COOKIE_NAME") or cls.COOKIE_NAME
        if access_name(given.get("ACCESS_COOKIE") or cls.ACCESS_COOKIE) == name:
            message = f"{cls.SOURCE}['ACCESS_COOKIE'] must not be called {name!r} as well."
            yield Mistake("type", "ACCESS_COOKIE", message)

    @classmethod
    def unknown(cls, given: Mapping[Any, Any]) -> Iterator[Mistake]:
        """Add to the unknown names where those of Simple JWT belong."""
        elsewhere = {option.name for option in fields(SimpleJWT)}
        for mistake in super().unknown(given):
            if (name := mistake.name) in elsewhere:
                message = f"{cls.SOURCE} has no setting {name!r}: it belongs in SIMPLE_JWT."
                yield Mistake("unknown", name, message)
            else:
                yield mistake

    @cached_property
    def signin_by(self) -> tuple[str, ...]:
        """``SIGNIN_BY``, or the user model's ``USERNAME_FIELD``."""
        model: Any = get_user_model()
        return self.SIGNIN_BY or (model.USERNAME_FIELD,)

    @cached_property
    def access_cookie(self) -> str | None:
        """The name of the access cookie before its prefix; ``None`` where it is off."""
        return access_name(self.ACCESS_COOKIE)

    @cached_property
    def trusted_origins(self) -> tuple[str, ...]:
        """``TRUSTED_ORIGINS``, or Django's ``CSRF_TRUSTED_ORIGINS``."""
        if self.TRUSTED_ORIGINS is not None:
            return self.TRUSTED_ORIGINS
        return tuple(origin.lower() for origin in django_settings.CSRF_TRUSTED_ORIGINS)

    @cached_property
    def claims(self) -> Callable[[Any, Any], Mapping[str, Any]] | None:
        """The function that ``CLAIMS`` names."""
        return cast("Callable[[Any, Any], Mapping[str, Any]] | None", self.imported("CLAIMS"))

    @cached_property
    def before_session(self) -> Callable[[Any, Any], Any] | None:
        """The function that ``BEFORE_SESSION`` names."""
        return cast("Callable[[Any, Any], Any] | None", self.imported("BEFORE_SESSION"))

    @cached_property
    def user_serializer(self) -> Any:
        """The class that ``USER_SERIALIZER`` names."""
        return self.imported("USER_SERIALIZER")


def access_name(said: str | bool) -> str | None:
    """Return the name that ``ACCESS_COOKIE`` gives: its own, the one by default, or none."""
    return "access" if said is True else said or None
