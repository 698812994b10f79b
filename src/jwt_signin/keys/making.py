"""Making keys."""

from __future__ import annotations

import secrets
from typing import NamedTuple

from jwt_signin.keys.reading import UnfitKeyError

SECRET_BYTES = {"HS256": 32, "HS384": 48, "HS512": 64}
CURVES = {"ES256": "SECP256R1", "ES384": "SECP384R1", "ES512": "SECP521R1", "ES256K": "SECP256K1"}
RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
ALGORITHMS = (*CURVES, "EdDSA", *RSA, *SECRET_BYTES)
"""Those that a key can be made for."""

RSA_BITS = 3072
"""As strong as P-256 (NIST SP 800-57 part 1)."""


class KeyPair(NamedTuple):
    """Two texts: what signs, and what verifies; of a secret they are one."""

    private: str
    public: str


def make_key(algorithm: str) -> KeyPair:
    """
    Make a key from the system's randomness: a secret, or a pair in PEM.

    Raises:
        UnfitKeyError: the algorithm needs the ``cryptography`` package, which is not installed.

    """
    if algorithm in SECRET_BYTES:
        secret = secrets.token_urlsafe(SECRET_BYTES[algorithm])
        return KeyPair(secret, secret)
    try:
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa  # noqa: PLC0415
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
            Encoding,
            NoEncryption,
            PrivateFormat,
            PublicFormat,
        )
    except ImportError as error:
        message = f"{algorithm} needs the cryptography package: install django-jwt-signin[crypto]."
        raise UnfitKeyError("crypto", message) from error
    key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
    if algorithm in CURVES:
        key = ec.generate_private_key(getattr(ec, CURVES[algorithm])())
    elif algorithm == "EdDSA":
        key = ed25519.Ed25519PrivateKey.generate()
    else:
        key = rsa.generate_private_key(65537, RSA_BITS)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return KeyPair(private.decode(), public.decode())
