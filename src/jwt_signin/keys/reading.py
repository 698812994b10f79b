"""From what a setting holds to a key, or to a sentence that says why it is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import jwt
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.views.decorators.debug import sensitive_variables
from rest_framework_simplejwt.backends import ALLOWED_ALGORITHMS

from jwt_signin.conf import app_settings, simple_jwt
from jwt_signin.keys.key import Key
from jwt_signin.keys.secrets import is_misplaced

SIGNING = "SIMPLE_JWT['SIGNING_KEY']"
VERIFYING = "SIMPLE_JWT['VERIFYING_KEY']"
_BY_THE_KEY = ("ES256", "ES384", "ES512", "ES256K", "EdDSA")
"""Algorithms that a key tells by itself: by its curve."""


class UnfitKeyError(ImproperlyConfigured):
    """
    A setting holds no key that can be used.

    Args:
        kind: a word for what is wrong, which the system checks have an id for.
        message: a sentence that names the setting and quotes nothing of the key.

    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def readings() -> Iterator[Callable[[], Key]]:
    """
    Yield a function for each key of the settings, the one that signs first.

    ``SECRET_KEY_FALLBACKS`` are read while ``SECRET_KEY`` signs: who gave tokens a key of their
    own has said that they no longer hang on that one.
    """
    yield current_key
    for number, (key, algorithm) in enumerate(app_settings.VERIFYING_KEYS):
        yield partial(verifying_key, key, algorithm, f"JWT_SIGNIN['VERIFYING_KEYS'][{number}]")
    if signs_with_secret_key():
        for number, secret in enumerate(settings.SECRET_KEY_FALLBACKS):
            setting = f"SECRET_KEY_FALLBACKS[{number}]"
            yield partial(secret_key, simple_jwt.ALGORITHM, secret, setting)


def signs_with_secret_key() -> bool:
    """Tell whether Django's ``SECRET_KEY`` itself signs."""
    is_secret = simple_jwt.ALGORITHM.startswith("HS")
    return is_secret and bool(simple_jwt.signing_key == settings.SECRET_KEY)


def current_key() -> Key:
    """
    Build the key that ``SIMPLE_JWT`` names.

    A service that only verifies may give ``VERIFYING_KEY`` alone.

    Raises:
        UnfitKeyError: the key does not fit the algorithm, or that is not known here.

    """
    name = simple_jwt.ALGORITHM
    _check_algorithm(name, "SIMPLE_JWT['ALGORITHM']")
    if name.startswith("HS"):
        given = SIGNING if simple_jwt.SIGNING_KEY else "SECRET_KEY"
        return secret_key(name, simple_jwt.signing_key, given)
    if simple_jwt.SIGNING_KEY is None and simple_jwt.VERIFYING_KEY is None:
        raise UnfitKeyError("key", f"{name} needs a private key in {SIGNING}.")
    if simple_jwt.SIGNING_KEY is None:
        return _public_key(name, simple_jwt.VERIFYING_KEY, VERIFYING)
    key = _private_key(name, simple_jwt.SIGNING_KEY)
    if simple_jwt.VERIFYING_KEY is not None:
        public = _public_key(name, simple_jwt.VERIFYING_KEY, VERIFYING)
        if key.kid != public.kid:
            raise UnfitKeyError("key", f"{SIGNING} and {VERIFYING} are not of one pair.")
    return key


@sensitive_variables()
def verifying_key(key: str | bytes, algorithm: str | None, setting: str) -> Key:
    """
    Build a key that verifies only: a secret, or the public half of a pair.

    Without an ``algorithm`` that of the key's curve; of a secret and of an RSA key, which tell
    none, the one that signs, and where that is of another family ``HS256`` and ``RS256``.

    Raises:
        UnfitKeyError: it is no such key.

    """
    if algorithm is None:
        algorithm = _told_by(key, setting)
    _check_algorithm(algorithm, f"{setting}['algorithm']")
    if algorithm.startswith("HS"):
        return secret_key(algorithm, key, setting)
    return _public_key(algorithm, key, setting)


@sensitive_variables()
def secret_key(algorithm: str, secret: Any, setting: str) -> Key:
    """
    Build the key of an HMAC algorithm, which signs and verifies alike.

    Raises:
        UnfitKeyError: it is no secret, or too short.

    """
    if isinstance(secret, str | bytes) and is_misplaced(secret):
        message = f"{setting} holds a public or private key where {algorithm} needs a secret."
        raise UnfitKeyError("misplaced", message)
    prepared = _prepared(algorithm, secret, setting)
    return _long_enough(Key(algorithm, prepared, prepared, setting))


@sensitive_variables()
def _private_key(algorithm: str, given: Any) -> Key:
    private = _prepared(algorithm, given, SIGNING)
    if not hasattr(private, "public_key"):
        raise UnfitKeyError("key", f"{SIGNING} must be a private key.")
    return _long_enough(Key(algorithm, private, private.public_key(), SIGNING))


@sensitive_variables()
def _public_key(algorithm: str, given: Any, setting: str) -> Key:
    prepared = _prepared(algorithm, given, setting)
    public = prepared.public_key() if hasattr(prepared, "public_key") else prepared
    return _long_enough(Key(algorithm, None, public, setting))


@sensitive_variables()
def _told_by(key: str | bytes, setting: str) -> str:
    name = simple_jwt.ALGORITHM
    if not is_misplaced(key):
        return name if name.startswith("HS") else "HS256"
    rsa = name if name.startswith(("RS", "PS")) else "RS256"
    for algorithm in (rsa, *_BY_THE_KEY):
        try:
            _prepared(algorithm, key, setting)
        except UnfitKeyError as error:
            if error.kind != "key":
                raise
        else:
            return algorithm
    message = f"{setting} holds neither a secret nor a public or private key in PEM."
    raise UnfitKeyError("key", message)


@sensitive_variables()
def _prepared(algorithm: str, key: Any, setting: str) -> Any:
    try:
        return jwt.get_algorithm_by_name(algorithm).prepare_key(key)
    except NotImplementedError as error:
        message = f"{setting} needs the cryptography package: install django-jwt-signin[crypto]."
        raise UnfitKeyError("crypto", message) from error
    except (jwt.InvalidKeyError, TypeError, ValueError) as error:
        # The message of the cause may quote the key.
        message = f"{setting} holds no key for {algorithm}."
        if not algorithm.startswith("HS"):
            message += " Give it the text of a PEM, line breaks included, not the name of a file."
        raise UnfitKeyError("key", message) from error


def _check_algorithm(name: str, setting: str) -> None:
    if name not in ALLOWED_ALGORITHMS:
        raise UnfitKeyError("algorithm", f"{setting} is not known: {name!r}.")


def _long_enough(key: Key) -> Key:
    """Ask a key for the length that its algorithm needs (RFC 7518 sections 3.2 and 3.3)."""
    algorithm = jwt.get_algorithm_by_name(key.algorithm)
    if complaint := algorithm.check_key_length(key.verifying):
        raise UnfitKeyError("short", f"{key.setting} is too short: {complaint}")
    return key
