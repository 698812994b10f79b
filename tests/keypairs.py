"""Keys of every kind, and tokens that no library would sign."""

import base64
import hmac
import json
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests.conftest import EPOCH

NOW = int(EPOCH.timestamp())
SECRET = "0123456789abcdef" * 4
OTHER_SECRET = "fedcba9876543210" * 4
CLAIMS = {"exp": NOW + 300, "iat": NOW, "jti": "1"}
ASYMMETRIC = ["RS256", "PS256", "ES256", "EdDSA"]


def private_key(algorithm, owner="us"):
    """Make a key for ``algorithm``, the same one at every call for the same owner."""
    return _made(algorithm, owner)


@cache
def _made(algorithm, owner):
    if algorithm.startswith(("RS", "PS")):
        return rsa.generate_private_key(65537, 2048)
    if algorithm == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    if algorithm == "Ed448":
        return ed448.Ed448PrivateKey.generate()
    curves = {
        "ES256": ec.SECP256R1,
        "ES256K": ec.SECP256K1,
        "ES384": ec.SECP384R1,
        "ES512": ec.SECP521R1,
    }
    return ec.generate_private_key(curves[algorithm]())


def private_pem(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_pem(key, encoding=Encoding.PEM, form=PublicFormat.SubjectPublicKeyInfo):
    return key.public_key().public_bytes(encoding, form).decode()


def segment(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def by_hand(header, secret=SECRET, claims=CLAIMS, digest="sha256"):
    """Put a token together as no library would, signed by ``secret``."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    body = f"{segment(text)}.{segment(json.dumps(claims).encode())}"
    key = secret.encode() if isinstance(secret, str) else secret
    return f"{body}.{segment(hmac.digest(key, body.encode(), digest))}"
