"""
The key ring: which key signs, which verify.

A token is a compact JWS (RFC 7515 section 7.1); its header names the key by ``kid``.
PyJWT does the cryptography and the registered claims.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from typing import Any

import jwt
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.dispatch import receiver
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenBackendExpiredToken

from jwt_signin.conf import simple_jwt
from jwt_signin.keys.key import Key
from jwt_signin.keys.reading import SIGNING, current_key, fallback_keys

MAX_TOKEN_LENGTH = 8 * 1024
"""The longest token, in characters, on which any work is done."""

# PyJWT forgives trailing "=" for the sake of other issuers; two spellings of one token are one
# too many (RFC 7515 section 2 allows none).
_COMPACT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


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
            raise ImproperlyConfigured(f"Without {SIGNING} tokens are verified and not signed.")
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
