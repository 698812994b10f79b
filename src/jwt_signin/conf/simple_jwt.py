"""What the project says in ``SIMPLE_JWT``, with this package's defaults where it is silent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from difflib import get_close_matches
from functools import cached_property
from typing import Any, ClassVar, cast

from django.conf import settings as django_settings

from jwt_signin.conf import readers
from jwt_signin.conf.base import Mistake, SettingsBase, setting

# Of Simple JWT's other names none is closer than 0.75 to one of these.
_SLIP = 0.85


@dataclass(frozen=True, kw_only=True)
class SimpleJWT(SettingsBase):
    """
    The part of ``SIMPLE_JWT`` that this package uses, in Simple JWT's own words.

    Simple JWT's own settings object is not asked: it cannot tell a default from a choice, and
    what its classes have read of it once does not follow ``override_settings``.
    """

    SOURCE: ClassVar[str] = "SIMPLE_JWT"

    ACCESS_TOKEN_LIFETIME: timedelta = setting(timedelta(minutes=5), readers.lifetime)
    """How long an access token lives."""

    REFRESH_TOKEN_LIFETIME: timedelta = setting(timedelta(days=7), readers.lifetime)
    """The idle lifetime: how long a session lives without a refresh."""

    ROTATE_REFRESH_TOKENS: bool = setting(True, readers.flag)
    """Whether a refresh replaces the refresh token; with ``False`` it answers an access token
    alone, and the session is still checked."""

    ALGORITHM: str = setting("HS256", readers.text)
    """The algorithm that signs, any that Simple JWT supports; all but ``HS…`` need
    ``pip install django-jwt-signin[crypto]``."""

    SIGNING_KEY: Any = setting(None, readers.key, secret=True)
    """The key that signs: a secret, or a private key in PEM, the text and not the name of a file;
    ``SECRET_KEY`` where absent."""

    VERIFYING_KEY: Any = setting(None, readers.key, secret=True)
    """A public key in PEM, that of ``SIGNING_KEY`` where absent; a service that only verifies gives
    it alone."""

    AUDIENCE: Any = setting(None, readers.audience)
    """The ``aud`` claim, written and required when set."""

    ISSUER: str | None = setting(None, readers.text)
    """The ``iss`` claim, written and required when set."""

    JSON_ENCODER: Any = setting(None, readers.importable)
    """The JSON encoder of claims."""

    LEEWAY: timedelta = setting(timedelta(0), readers.duration)
    """The difference of clocks that ``exp``, ``nbf`` and ``iat`` forgive."""

    AUTH_HEADER_TYPES: tuple[str, ...] = setting(("Bearer",), readers.names)
    """Schemes of the header that carry an access token, in any letter case."""

    AUTH_HEADER_NAME: str = setting("HTTP_AUTHORIZATION", readers.text)
    """The key of the header in ``request.META``."""

    USER_ID_FIELD: str = setting("id", readers.text)
    """The field of the user model that the user claim holds."""

    USER_ID_CLAIM: str = setting("user_id", readers.text)
    """The name of the user claim."""

    USER_AUTHENTICATION_RULE: Any = setting(None, readers.importable)
    """Dotted path of ``(user) -> bool``: who may have a session; active users where absent."""

    CHECK_USER_IS_ACTIVE: bool = setting(True, readers.flag)
    """Whether a user who is not active is refused; one whom a manager of yours hides is not, unless
    ``USER_AUTHENTICATION_RULE`` says so."""

    TOKEN_USER_CLASS: Any = setting("rest_framework_simplejwt.models.TokenUser", readers.importable)
    """The class of ``request.user`` where access tokens are checked by signature alone."""

    TOKEN_TYPE_CLAIM: str = setting("token_type", readers.text)
    """The name of the claim that tells access from refresh tokens."""

    JTI_CLAIM: str = setting("jti", readers.text)
    """The name of the claim that identifies a token (RFC 7519 section 4.1.7)."""

    CHECK_REVOKE_TOKEN: bool = setting(False, readers.flag)
    """Whether Simple JWT's own tokens are bound to the password; ours are, by their session."""

    REVOKE_TOKEN_CLAIM: str = setting("hash_password", readers.text)
    """The name of the claim that binds them."""

    @classmethod
    def given(cls) -> Any:
        """The project's dictionary without what is silent: Simple JWT's defaults are falsy."""
        given = super().given()
        if not isinstance(given, Mapping):
            return given
        silent = {"SIGNING_KEY", "VERIFYING_KEY"}
        return {name: value for name, value in given.items() if value or name not in silent}

    @classmethod
    def unknown(cls, given: Mapping[Any, Any]) -> Iterator[Mistake]:
        """Name the slips of the pen; every other name is for Simple JWT or the project to read."""
        known = [option.name for option in fields(cls)]
        slips = [
            name
            for name in given
            if get_close_matches(str(name).strip().upper(), known, n=1, cutoff=_SLIP)
        ]
        return super().unknown(dict.fromkeys(slips))

    @cached_property
    def signing_key(self) -> Any:
        """``SIGNING_KEY``, or Django's ``SECRET_KEY``."""
        return self.SIGNING_KEY or django_settings.SECRET_KEY

    @cached_property
    def json_encoder(self) -> Any:
        """The class that ``JSON_ENCODER`` names."""
        return self.imported("JSON_ENCODER")

    @cached_property
    def token_user_class(self) -> Any:
        """The class that ``TOKEN_USER_CLASS`` names."""
        return self.imported("TOKEN_USER_CLASS")

    @cached_property
    def user_authentication_rule(self) -> Callable[[Any], bool] | None:
        """The function that ``USER_AUTHENTICATION_RULE`` names."""
        return cast("Callable[[Any], bool] | None", self.imported("USER_AUTHENTICATION_RULE"))
