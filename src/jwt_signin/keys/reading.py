"""From what a setting holds to a key, or to a sentence that says why it is none."""

from __future__ import annotations

from typing import Any

import jwt
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.views.decorators.debug import sensitive_variables
from rest_framework_simplejwt.backends import ALLOWED_ALGORITHMS

from jwt_signin.conf import simple_jwt
from jwt_signin.keys.key import Key

SIGNING = "SIMPLE_JWT['SIGNING_KEY']"
VERIFYING = "SIMPLE_JWT['VERIFYING_KEY']"


def current_key() -> Key:
    """
    Build the key that ``SIMPLE_JWT`` names.

    A service that only verifies may give ``VERIFYING_KEY`` alone.

    Raises:
        ImproperlyConfigured: the key does not fit the algorithm, or that is not known here.

    """
    name = simple_jwt.ALGORITHM
    if name.startswith("HS"):
        return secret_key(name, simple_jwt.signing_key, SIGNING)
    if simple_jwt.VERIFYING_KEY is not None:
        public = Key(name, None, _public(_prepared(name, simple_jwt.VERIFYING_KEY, VERIFYING)))
        if simple_jwt.SIGNING_KEY is None:
            return public
    if simple_jwt.SIGNING_KEY is None:
        raise ImproperlyConfigured(f"{name} needs a private key in {SIGNING}.")
    private = _prepared(name, simple_jwt.SIGNING_KEY, SIGNING)
    if private is (verifying := _public(private)):
        raise ImproperlyConfigured(f"{SIGNING} must be a private key.")
    key = Key(name, private, verifying)
    if simple_jwt.VERIFYING_KEY is not None and key.kid != public.kid:
        raise ImproperlyConfigured(f"{SIGNING} and {VERIFYING} are not of one pair.")
    return key


@sensitive_variables("secret", "prepared")
def secret_key(algorithm: str, secret: Any, setting: str) -> Key:
    """Build the key of an HMAC algorithm, which signs and verifies alike; name its ``setting``."""
    prepared = _prepared(algorithm, secret, setting)
    return Key(algorithm, prepared, prepared)


def fallback_keys() -> list[Key]:
    """Build the keys of ``SECRET_KEY_FALLBACKS``, which verify while ``SECRET_KEY`` signs."""
    name = simple_jwt.ALGORITHM
    if not name.startswith("HS") or simple_jwt.signing_key != settings.SECRET_KEY:
        return []
    fallbacks = settings.SECRET_KEY_FALLBACKS
    return [secret_key(name, secret, "SECRET_KEY_FALLBACKS") for secret in fallbacks]


@sensitive_variables("key")
def _prepared(algorithm: str, key: Any, setting: str) -> Any:
    if algorithm not in ALLOWED_ALGORITHMS:
        raise ImproperlyConfigured(f"SIMPLE_JWT['ALGORITHM'] is not known: {algorithm!r}.")
    try:
        return jwt.get_algorithm_by_name(algorithm).prepare_key(key)
    except NotImplementedError as error:
        raise ImproperlyConfigured(
            f"{algorithm} needs the cryptography package: install django-jwt-signin[crypto]."
        ) from error
    except (jwt.InvalidKeyError, TypeError, ValueError) as error:
        # The message of the cause may quote the key.
        raise ImproperlyConfigured(f"{setting} holds no key for {algorithm}.") from error


def _public(key: Any) -> Any:
    return key.public_key() if hasattr(key, "public_key") else key
