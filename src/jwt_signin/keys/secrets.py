"""What a secret must not be: known to others, or easily guessed."""

from __future__ import annotations

import base64
import binascii
import math

import jwt

MIN_BITS = 112
"""The least strength of a secret (NIST SP 800-131A)."""

_INSECURE = b"django-insecure-"


def is_misplaced(secret: str | bytes) -> bool:
    """
    Tell whether what stands for a secret is a public or private key, or a JWK.

    Who knows a public key could sign with it (CVE-2022-29217).
    PyJWT knows a whole one; a torn one, and one without its first and last line, are no better.
    """
    data = secret.encode() if isinstance(secret, str) else secret
    if b"-----BEGIN" in data or b"-----END" in data or _is_der(_unarmoured(data)):
        return True
    try:
        jwt.get_algorithm_by_name("HS256").prepare_key(data)
    except jwt.InvalidKeyError:
        return bool(data)
    return False


def is_guessable(secret: bytes) -> bool:
    """Tell whether a secret was made by ``startproject``, or has too few different characters."""
    at_most = len(secret) * math.log2(len(set(secret)))
    return secret.startswith(_INSECURE) or at_most < MIN_BITS


def _unarmoured(text: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(text.split()), validate=True)
    except binascii.Error:
        return b""


def _is_der(data: bytes) -> bool:
    """Tell whether ``data`` is a SEQUENCE that begins with another or with a version (X.690)."""
    if data[:1] != b"\x30" or not data[1:]:
        return False
    header = 2 + (data[1] & 0x7F if data[1] & 0x80 else 0)
    length = int.from_bytes(data[2:header]) if data[1] & 0x80 else data[1]
    return len(data) == header + length and data[header : header + 1] in (b"\x30", b"\x02")
