"""The endpoint that tells other services how to check our tokens."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from jwt_signin.keys import key_ring
from jwt_signin.views.base import AuthView

MAX_AGE = 3600
"""Seconds that the answer may be kept: how long the next key is shown before it may sign."""


class JWKSView(AuthView):
    """``GET``: the public keys, those that sign and those that only verify (RFC 7517)."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer 200 with the set, which is empty where secrets alone sign and verify."""
        headers = {"Cache-Control": f"public, max-age={MAX_AGE}"}
        return Response(key_ring().jwks(), headers=headers)
