"""What the authentication answers on a project's own endpoints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drf_spectacular.utils import OpenApiResponse

from jwt_signin.conf import app_settings
from jwt_signin.cookies import SAFE_METHODS
from jwt_signin.exceptions import Unauthorized, describe
from jwt_signin.openapi import refusals
from jwt_signin.openapi.authentication import BEARER
from jwt_signin.openapi.inference import Schema
from jwt_signin.shapes import Spelled, get_shape


def add_refusals(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """
    Add how an access token is refused, wherever one is needed and nothing is said of it.

    For ``SPECTACULAR_SETTINGS["POSTPROCESSING_HOOKS"]``.
    """
    for path in result["paths"].values():
        for method, operation in path.items():
            security = operation.get("security", [])
            if {} not in security and any(BEARER in each for each in security):
                for status, response in refusals.by_status(_told(method)).items():
                    operation["responses"].setdefault(str(status), _written(status, response))
    return result


def _told(method: str) -> Iterator[tuple[str, Spelled]]:
    """Yield the refusals of ``JWTAuthentication``, of which the shape spells the 401s alone."""
    shape = get_shape()
    # REST framework's own, raised when authentication is over: it has no code.
    yield "not_authenticated", Spelled(401, {"detail": "…"})
    errors = [*refusals.of_tokens()]
    if app_settings.access_cookie and method.upper() not in SAFE_METHODS:
        errors += refusals.of_origins()
    for error in errors:
        plain = Spelled(error.status_code, describe(error))
        is_ours = isinstance(error, Unauthorized)
        yield describe(error)["code"], shape.refusal(error, "access") if is_ours else plain


def _written(status: int, response: OpenApiResponse) -> Schema:
    headers = {
        name: {"schema": {"type": kind}, "description": meaning, "required": True}
        for name, kind, meaning, statuses in refusals.HEADERS
        if status in statuses
    }
    return {
        "description": response.description,
        "headers": headers,
        "content": {"application/json": {"schema": response.response}},
    }
