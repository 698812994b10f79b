"""Examples of what the endpoints answer, spelled by the shapes themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, cast

from django.contrib.auth import get_user_model
from drf_spectacular.drainage import warn
from rest_framework.exceptions import APIException

from jwt_signin.conf import simple_jwt
from jwt_signin.openapi.inference import ANYTHING, Described, Schema, schema_of, union
from jwt_signin.shapes import Action, Shape, Spelled
from jwt_signin.tokens import TokenPair
from jwt_signin.transports import Transport

NOW = 1_790_000_000
SESSION = "0b6c1d7e-2f53-4d3b-9b8e-5a1f6c7d8e90"


class Token(dict[str, Any]):
    """Stands for a token: there may be no key to sign one with where the document is written."""

    def __str__(self) -> str:
        return "eyJ…"


class Spelling:
    """
    A shape that is asked how it would spell something.

    Args:
        shape: that of a view.
        user: the schema of the user, whose serializer is known.
        request: the one that drf-spectacular makes.

    """

    def __init__(self, shape: Shape, user: Schema, request: Any) -> None:
        name, spelled = type(shape).__name__, Described(user)
        members = {"user": lambda shape, pair, request: spelled}
        self._shape: Shape = type(name, (type(shape),), members)()
        self._request = request

    def signed_in(self, transports: Iterable[Transport]) -> Schema:
        """Describe the answer of a sign-in, over any of ``transports``."""
        return self._described(self._shape.sign_in, transports, _pair())

    def refreshed(self, transports: Iterable[Transport]) -> Schema:
        """Describe the answer of a refresh."""
        rotates = simple_jwt.ROTATE_REFRESH_TOKENS
        pair = _pair() if rotates else replace(_pair(), refresh=None)
        return self._described(self._shape.refreshed, transports, pair)

    def refused(self, error: APIException, action: Action) -> Spelled:
        """Spell a refusal."""
        return self._shape.refusal(error, action)

    def _described(self, spell: Any, transports: Iterable[Transport], pair: TokenPair) -> Schema:
        try:
            answers = [spell(each.shown(pair), self._request) for each in transports]
        except Exception as error:  # noqa: BLE001  a shape of the project's own may ask for more
            warn(f"{type(self._shape).__name__} cannot spell an example: {error!r}")
            return {**ANYTHING}
        return union([schema_of(answer) for answer in answers])


def _pair() -> TokenPair:
    claims = {"sid": SESSION, "iat": NOW, "jti": SESSION, simple_jwt.USER_ID_CLAIM: "7"}
    access = Token(claims, exp=NOW + 300)
    refresh = Token(claims, exp=NOW + 604_800, gen=0)
    return TokenPair(
        access=cast("Any", access),
        refresh=cast("Any", refresh),
        user=get_user_model()(),
        refresh_expires_at=NOW + 604_800,
    )
