"""
The compact serialization of tokens (RFC 7515 section 7.1), by keys that are prepared.

PyJWT prepares a key anew for every token, of a secret by trying whether it is a certificate, and
looks at each character of a token in a loop of Python's: together more than half of what it takes.
So tokens are signed here, and read here while nothing about them is out of the ordinary; the
cryptography is PyJWT's in any case, and whether a token is refused is PyJWT's to say.
"""

from __future__ import annotations

import json
import time
from typing import Any

from jwt.utils import base64url_decode, base64url_encode

from jwt_signin.conf import simple_jwt
from jwt_signin.keys.key import Key


def header_of(key: Key, typ: str) -> str:
    """Return the first segment of the tokens of a type that ``key`` signs."""
    header = {"alg": key.algorithm, "kid": key.kid, "typ": typ}
    return base64url_encode(json.dumps(header, separators=(",", ":")).encode()).decode()


def sign(key: Key, header: str, claims: str) -> str:
    """
    Return the token of claims, which are given as JSON, under a header of the key.

    The signature is over the first two segments as they stand (RFC 7515 section 5.1).
    """
    signed = f"{header}.{base64url_encode(claims.encode()).decode()}"
    return f"{signed}.{base64url_encode(key.sign(signed.encode())).decode()}"


def read(key: Key, raw: str, *, check_exp: bool) -> dict[str, Any] | None:
    """
    Return the claims of a token of which no rule could refuse anything.

    What it returns is what ``jwt.decode`` returns, of fewer tokens.

    Args:
        key: what the token's header names: a header that has been read before.
        raw: three segments of base64url.
        check_exp: whether a token past its ``exp`` is refused.

    Returns:
        ``None`` where PyJWT is to be asked, which nearly always refuses.

    Raises:
        ValueError: a segment is no base64url, or the payload no JSON.

    """
    signed, _, last = raw.rpartition(".")
    signature, middle = base64url_decode(last), signed.partition(".")[2]
    # One text for one signature: what is left over in the last character is nothing (section 2).
    is_canonical = base64url_encode(signature).decode() == last
    if not is_canonical or not key.has_signed(signed.encode(), signature):
        return None
    payload = base64url_decode(middle)
    if base64url_encode(payload).decode() != middle:
        return None
    claims = json.loads(payload)
    return claims if _is_plain(claims, check_exp=check_exp) else None


def _is_plain(claims: Any, *, check_exp: bool) -> bool:
    """Tell whether the registered claims are those of a token made here that is good now."""
    if not isinstance(claims, dict) or "nbf" in claims:
        return False
    issued_at, ends_at, now = claims.get("iat"), claims.get("exp"), time.time()
    return (
        type(issued_at) is int
        and type(ends_at) is int
        and issued_at <= now
        and (now < ends_at or not check_exp)
        and isinstance(claims.get("jti", ""), str)
        and isinstance(claims.get("sub", ""), str)
        and claims.get("aud") == simple_jwt.AUDIENCE
        and claims.get("iss") == simple_jwt.ISSUER
    )
