"""One key: the algorithm that it is bound to, its name, and what the world may know of it."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import jwt
from jwt.algorithms import Algorithm
from jwt.utils import base64url_encode

_MEMBERS = {"RSA": "e kty n", "EC": "crv kty x y", "OKP": "crv kty x"}
"""What a public key consists of, by its kind (RFC 7638 section 3.2, RFC 8037 section 2)."""


@dataclass(frozen=True)
class Key:
    """A key bound to its one algorithm (RFC 8725 section 3.1)."""

    algorithm: str
    signing: Any = field(repr=False)
    """The private key or the secret; ``None`` where it only verifies."""
    verifying: Any = field(repr=False)
    """The public key or the secret."""
    setting: str = field(default="", compare=False)
    """Where it was read."""

    @property
    def is_secret(self) -> bool:
        """Whether the key that verifies signs as well, and nobody may know it."""
        return self.algorithm.startswith("HS")

    @cached_property
    def kid(self) -> str:
        """
        The key's name in token headers.

        The RFC 7638 thumbprint of a public key; of a secret a digest keyed with the secret
        itself, which tells nothing of it.
        """
        if self.is_secret:
            return _name(hmac.digest(self.verifying, b"jwt_signin kid", "sha256")[:16])
        text = json.dumps(self._members(), sort_keys=True, separators=(",", ":"))
        return _name(hashlib.sha256(text.encode()).digest())

    def sign(self, data: bytes) -> bytes:
        """Return the signature of ``data`` by the private key or the secret."""
        return self._algorithm.sign(data, self.signing)

    def has_signed(self, data: bytes, signature: bytes) -> bool:
        """Tell whether ``signature`` is one of ``data`` by this key."""
        return self._algorithm.verify(data, self.verifying, signature)

    def jwk(self) -> dict[str, str]:
        """
        Return what another service needs in order to verify (RFC 7517 section 4).

        Raises:
            TypeError: the key is a secret.

        """
        if self.is_secret:
            raise TypeError("a secret is not published")
        return {**self._members(), "kid": self.kid, "alg": self.algorithm, "use": "sig"}

    @cached_property
    def _algorithm(self) -> Algorithm:
        return jwt.get_algorithm_by_name(self.algorithm)

    def _members(self) -> dict[str, str]:
        # Named one by one: whatever else PyJWT may tell of a key stays here.
        jwk = self._algorithm.to_jwk(self.verifying, as_dict=True)
        return {name: jwk[name] for name in _MEMBERS[jwk["kty"]].split()}


def _name(data: bytes) -> str:
    return base64url_encode(data).decode()
