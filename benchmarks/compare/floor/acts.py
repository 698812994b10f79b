"""The acts of the floor, whichever views they are called from."""

from __future__ import annotations

import time
import uuid
from typing import Any

import jwt
from django.conf import settings
from django.contrib.auth import authenticate

from benchmarks.compare.floor.statements import ORM, Compiled

ACCESS, REFRESH = 300, 7 * 86400


class RefusedError(Exception):
    """There is no such user, token or session."""


class Acts:
    """What a client can ask for, by one of the two kinds of statements."""

    def __init__(self, statements: ORM | Compiled) -> None:
        self.statements = statements

    def sign_in(self, data: dict[str, Any]) -> dict[str, Any]:
        """Check the password, insert a session, sign a pair."""
        user = authenticate(username=data["username"], password=data["password"])
        if user is None:
            raise RefusedError
        return self._pair(user.pk, *self.statements.start(user))

    def refresh(self, data: dict[str, Any]) -> dict[str, Any]:
        """Verify, swap in one statement, sign a pair."""
        claims = _decode(data["refresh"], "refresh")
        if not self.statements.rotate(claims["sid"], claims["gen"]):
            raise RefusedError
        return self._pair(claims["user_id"], claims["sid"], claims["gen"] + 1)

    def again(self, data: dict[str, Any]) -> dict[str, Any]:
        """Verify, look the session and its user up, sign a pair of the same generation."""
        claims = _decode(data["refresh"], "refresh")
        if self.statements.user_of(claims["sid"]) is None:
            raise RefusedError
        return self._pair(claims["user_id"], claims["sid"], claims["gen"])

    def logout(self, data: dict[str, Any]) -> dict[str, Any]:
        """Verify, end the session."""
        self.statements.end(_decode(data["refresh"], "refresh")["sid"])
        return {}

    def user(self, header: str) -> Any:
        """Verify the token of a header, look its session and its user up."""
        if (user := self.statements.user_of(self.claims(header)["sid"])) is None:
            raise RefusedError
        return user

    def claims(self, header: str) -> dict[str, Any]:
        """Verify the token of a header."""
        return _decode(header.removeprefix("Bearer "), "access")

    def _pair(self, user: Any, session: str, generation: int) -> dict[str, Any]:
        now = int(time.time())
        common = {"user_id": str(user), "sid": session, "iat": now}
        access = {"token_type": "access", "exp": now + ACCESS, **common}
        refresh = {"token_type": "refresh", "exp": now + REFRESH, "gen": generation, **common}
        return {"access": _encode(access), "refresh": _encode(refresh)}


def _encode(claims: dict[str, Any]) -> str:
    return jwt.encode({**claims, "jti": uuid.uuid4().hex}, settings.SECRET_KEY, algorithm="HS256")


def _decode(raw: str, kind: str) -> dict[str, Any]:
    claims = jwt.decode(raw, settings.SECRET_KEY, algorithms=["HS256"])
    if claims["token_type"] != kind:
        raise RefusedError
    return claims
