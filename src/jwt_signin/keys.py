"""
The key ring: which key signs, which verify, and the border to JOSE.

A token is a compact JWS (RFC 7515 section 7.1); its header names the key by ``kid``.
PyJWT does the cryptography and the registered claims.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, lru_cache
from typing import Any

import jwt
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.views.decorators.debug import sensitive_variables
from jwt.utils import base64url_encode
from rest_framework_simplejwt.backends import ALLOWED_ALGORITHMS
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenBackendExpiredToken

from jwt_signin.conf import simple_jwt

_SIGNING = "SIMPLE_JWT['SIGNING_KEY']"
_VERIFYING = "SIMPLE_JWT['VERIFYING_KEY']"

MAX_TOKEN_LENGTH = 8 * 1024
"""The longest token, in characters, on which any work is done."""

# PyJWT forgives trailing "=" for the sake of other issuers; two spellings of one token are one
# too many (RFC 7515 section 2 allows none).
_COMPACT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


@dataclass(frozen=True)
class Key:
    """A key bound to its one algorithm (RFC 8725 section 3.1)."""

    algorithm: str
    signing: Any = field(repr=False)
    verifying: Any = field(repr=False)

    @cached_property
    def kid(self) -> str:
        """
        The key's name in token headers.

        The RFC 7638 thumbprint of a public key; of a secret a digest keyed with the secret
        itself, which tells nothing of it.
        """
        if self.algorithm.startswith("HS"):
            return _name(hmac.digest(self.verifying, b"jwt_signin kid", "sha256")[:16])
        members = jwt.get_algorithm_by_name(self.algorithm).to_jwk(self.verifying, as_dict=True)
        required = {"RSA": "e kty n", "EC": "crv kty x y", "OKP": "crv kty x"}[members["kty"]]
        canonical = {name: members[name] for name in required.split()}
        text = json.dumps(canonical, sort_keys=True, separators=(",", ":"))
        return _name(hashlib.sha256(text.encode()).digest())


class KeyRing:
    """
    Signs with the current key, verifies with that and with Django's ``SECRET_KEY_FALLBACKS``.

    It stands where Simple JWT's token backend stands, and raises that one's errors.
    """

    def __init__(self) -> None:
        self.current = current_key()
        self.keys = {key.kid: key for key in (*fallback_keys(), self.current)}

    def encode(self, payload: dict[str, Any], *, typ: str = "JWT") -> str:
        """Sign the claims, with ``iss`` and ``aud`` as configured, and name the key."""
        if self.current.signing is None:
            raise ImproperlyConfigured(f"Without {_SIGNING} tokens are verified and not signed.")
        claims = payload.copy()
        if simple_jwt.AUDIENCE is not None:
            claims["aud"] = simple_jwt.AUDIENCE
        if simple_jwt.ISSUER is not None:
            claims["iss"] = simple_jwt.ISSUER
        raw = jwt.encode(
            claims,
            self.current.signing,
            algorithm=self.current.algorithm,
            headers={"typ": typ, "kid": self.current.kid},
            json_encoder=simple_jwt.json_encoder,
        )
        if len(raw) > MAX_TOKEN_LENGTH:
            raise ValueError(f"a token of {len(raw)} characters would be refused: claim less")
        return raw

    def decode(self, raw: Any, verify: bool = True, *, check_exp: bool = True) -> dict[str, Any]:
        """
        Verify the signature and the registered claims.

        Args:
            raw: the compact serialization, at most 8 KiB.
            verify: kept for Simple JWT's interface; a token is always verified.
            check_exp: whether a token past its ``exp`` is refused.

        Raises:
            TokenBackendExpiredToken: the token is past its ``exp``.
            TokenBackendError: anything else is wrong with it.

        """
        if not isinstance(raw, str) or len(raw) > MAX_TOKEN_LENGTH or not _COMPACT.fullmatch(raw):
            raise TokenBackendError("no compact JWS")
        try:
            key = self._key_of(raw)
            return jwt.decode(raw, key.verifying, algorithms=[key.algorithm], **_rules(check_exp))
        except jwt.ExpiredSignatureError as error:
            raise TokenBackendExpiredToken("expired") from error
        # What PyJWT before 2.15 lets pass: numbers that are no moment of any calendar, and
        # claims that nest deeper than the stack.
        except (jwt.PyJWTError, ArithmeticError, TypeError, ValueError, RecursionError) as error:
            raise TokenBackendError("not valid") from error

    def check_lengths(self) -> None:
        """
        Ask each key for the length that its algorithm needs (RFC 7518 section 3.2).

        Raises:
            ImproperlyConfigured: one is shorter.

        """
        for key in self.keys.values():
            algorithm = jwt.get_algorithm_by_name(key.algorithm)
            if complaint := algorithm.check_key_length(key.verifying):
                raise ImproperlyConfigured(f"A key is too short for {key.algorithm}: {complaint}")

    def get_leeway(self) -> timedelta:
        """``LEEWAY``, for Simple JWT's own methods."""
        return simple_jwt.LEEWAY

    def _key_of(self, raw: str) -> Key:
        header = jwt.get_unverified_header(raw)
        if "crit" in header:  # no extension is understood here (RFC 7515 section 4.1.11)
            raise TokenBackendError("critical header")
        if "kid" not in header:  # plain Simple JWT names no key
            return self.current
        if header["kid"] not in self.keys:
            raise TokenBackendError("unknown key")
        return self.keys[header["kid"]]


def current_key() -> Key:
    """
    Build the key that ``SIMPLE_JWT`` names.

    A service that only verifies may give ``VERIFYING_KEY`` alone.

    Raises:
        ImproperlyConfigured: the key does not fit the algorithm, or that is not known here.

    """
    name = simple_jwt.ALGORITHM
    if name.startswith("HS"):
        return secret_key(name, simple_jwt.signing_key, _SIGNING)
    if simple_jwt.VERIFYING_KEY is not None:
        public = Key(name, None, _public(_prepared(name, simple_jwt.VERIFYING_KEY, _VERIFYING)))
        if simple_jwt.SIGNING_KEY is None:
            return public
    if simple_jwt.SIGNING_KEY is None:
        raise ImproperlyConfigured(f"{name} needs a private key in {_SIGNING}.")
    private = _prepared(name, simple_jwt.SIGNING_KEY, _SIGNING)
    if private is (verifying := _public(private)):
        raise ImproperlyConfigured(f"{_SIGNING} must be a private key.")
    key = Key(name, private, verifying)
    if simple_jwt.VERIFYING_KEY is not None and key.kid != public.kid:
        raise ImproperlyConfigured(f"{_SIGNING} and {_VERIFYING} are not of one pair.")
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


@lru_cache(maxsize=1)
def key_ring() -> KeyRing:
    """Return the ring of the present settings, built once."""
    return KeyRing()


@receiver(setting_changed)
def _forget(**kwargs: Any) -> None:
    key_ring.cache_clear()


def _rules(check_exp: bool) -> dict[str, Any]:
    return {
        "audience": simple_jwt.AUDIENCE,
        "issuer": simple_jwt.ISSUER,
        "leeway": simple_jwt.LEEWAY,
        "options": {"verify_aud": simple_jwt.AUDIENCE is not None, "verify_exp": check_exp},
    }


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


def _name(data: bytes) -> str:
    return base64url_encode(data).decode()
