"""
The key ring: which key signs, which verify.

A token is a compact JWS (RFC 7515 section 7.1); its header names the key by ``kid``.
PyJWT does the cryptography and the registered claims.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from typing import Any

import jwt
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.dispatch import receiver
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenBackendExpiredToken

from jwt_signin.conf import simple_jwt
from jwt_signin.keys import jws
from jwt_signin.keys.key import Key
from jwt_signin.keys.reading import SIGNING, UnfitKeyError, readings

MAX_TOKEN_LENGTH = 8 * 1024
"""The longest token, in characters, on which any work is done."""

MAX_HEADERS = 64
"""How many headers are remembered: each key of the ring has two, plain Simple JWT's one."""

# PyJWT forgives trailing "=" for the sake of other issuers; two spellings of one token are one
# too many (RFC 7515 section 2 allows none).
_COMPACT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


class KeyRing:
    """
    Signs with the current key, verifies with that and with every other key of the settings.

    It stands where Simple JWT's token backend stands, and raises that one's errors.

    Raises:
        UnfitKeyError: a setting holds no key that can be used.

    """

    def __init__(self) -> None:
        self.current, *others = [read() for read in readings()]
        self.keys: dict[str, Key] = {}
        for key in (self.current, *others):
            _check_same(key, self.keys.setdefault(key.kid, key))
        self._headers: dict[str, Key] = {}
        self._own_headers: dict[str, str] = {}
        encoder = simple_jwt.json_encoder or json.JSONEncoder
        self._as_json: Callable[[Any], str] = encoder(separators=(",", ":")).encode

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """Return the public keys, for services that verify (RFC 7517 section 5)."""
        return {"keys": [key.jwk() for key in self.keys.values() if not key.is_secret]}

    def encode(self, payload: dict[str, Any], *, typ: str = "JWT") -> str:
        """Sign the claims, with ``iss`` and ``aud`` as configured, and name the key."""
        if self.current.signing is None:
            raise ImproperlyConfigured(f"Without {SIGNING} tokens are verified and not signed.")
        claims = payload.copy()
        if simple_jwt.AUDIENCE is not None:
            claims["aud"] = simple_jwt.AUDIENCE
        if simple_jwt.ISSUER is not None:
            claims["iss"] = simple_jwt.ISSUER
        if typ not in self._own_headers:
            self._own_headers[typ] = jws.header_of(self.current, typ)
        raw = jws.sign(self.current, self._own_headers[typ], self._as_json(claims))
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
        header, _, _ = raw.partition(".")
        try:
            key = self._headers.get(header)
            claims = jws.read(key, raw, check_exp=check_exp) if key else None
            if claims is not None:
                return claims
            key = key or self._named_by(raw)
            claims = jwt.decode(raw, key.verifying, algorithms=[key.algorithm], **_rules(check_exp))
        except jwt.ExpiredSignatureError as error:
            raise TokenBackendExpiredToken("expired") from error
        # What PyJWT before 2.15 lets pass: numbers that are no moment of any calendar, and
        # claims that nest deeper than the stack.
        except (jwt.PyJWTError, ArithmeticError, TypeError, ValueError, RecursionError) as error:
            raise TokenBackendError("not valid") from error
        # Only what a key of ours has signed is remembered: nobody else can fill the room.
        if len(self._headers) < MAX_HEADERS:
            self._headers[header] = key
        return claims

    def get_leeway(self) -> timedelta:
        """``LEEWAY``, for Simple JWT's own methods."""
        return simple_jwt.LEEWAY

    def _named_by(self, raw: str) -> Key:
        header = jwt.get_unverified_header(raw)
        if "crit" in header:  # no extension is understood here (RFC 7515 section 4.1.11)
            raise TokenBackendError("critical header")
        if "kid" not in header:  # plain Simple JWT names no key
            return self.current
        if header["kid"] not in self.keys:
            raise TokenBackendError("unknown key")
        return self.keys[header["kid"]]


def _check_same(key: Key, known: Key) -> None:
    """Refuse one key under two algorithms, of which each would claim the same name."""
    if key.algorithm != known.algorithm:
        message = (
            f"{key.setting} and {known.setting} hold one key for {key.algorithm} and for "
            f"{known.algorithm}: each algorithm needs its own (RFC 8725 section 3.1)."
        )
        raise UnfitKeyError("twofold", message)


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
