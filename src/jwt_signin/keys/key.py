"""One key: the algorithm that it is bound to, and its name."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import jwt
from jwt.utils import base64url_encode

_MEMBERS = {"RSA": "e kty n", "EC": "crv kty x y", "OKP": "crv kty x"}
"""What a public key consists of, by its kind (RFC 7638 section 3.2, RFC 8037 section 2)."""


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
        text = json.dumps(self._members(), sort_keys=True, separators=(",", ":"))
        return _name(hashlib.sha256(text.encode()).digest())

    def _members(self) -> dict[str, Any]:
        jwk = jwt.get_algorithm_by_name(self.algorithm).to_jwk(self.verifying, as_dict=True)
        return {name: jwk[name] for name in _MEMBERS[jwk["kty"]].split()}


def _name(data: bytes) -> str:
    return base64url_encode(data).decode()
