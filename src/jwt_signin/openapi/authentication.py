"""How a request proves itself: security schemes of the tokens and of their cookies."""

from __future__ import annotations

import contextlib
import re
import uuid
from typing import Any

from django.test import RequestFactory
from django.urls import Resolver404, get_script_prefix, resolve
from drf_spectacular.drainage import set_override
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, build_bearer_security_scheme_object

from jwt_signin.authentication import JWTAuthentication
from jwt_signin.conf import simple_jwt
from jwt_signin.cookies import Cookie, access_cookie, refresh_cookie
from jwt_signin.openapi.inference import Schema

BEARER = "accessToken"
"""The name of the scheme that stands for the header."""

_NOT_A_NAME = re.compile(r"[^\w.-]", re.ASCII)
_PARAMETER = re.compile(r"\{.*?\}")
_VALUES = ("x", "0", str(uuid.UUID(int=0)))
"""What a parameter of a path may be, whatever converts it."""

# A project has views of more than one of our classes, and it is the same scheme.
set_override(JWTAuthentication, "suppress_collision_warning", True)


class AccessTokenScheme(OpenApiAuthenticationExtension):
    """An access token, in its header or, with ``ACCESS_COOKIE``, in its cookie."""

    target_class = "jwt_signin.authentication.JWTAuthentication"
    match_subclasses = True

    def __init__(self, target: Any) -> None:
        super().__init__(target)
        self.schemes = access_schemes()
        self.name = [*self.schemes]

    def get_security_requirement(self, auto_schema: AutoSchema) -> list[dict[str, list[Any]]]:
        """Ask for one of the two."""
        return [{name: []} for name in self.schemes]

    def get_security_definition(self, auto_schema: AutoSchema) -> list[Schema]:
        """Describe each."""
        return [*self.schemes.values()]


def access_schemes() -> dict[str, Schema]:
    """Describe how an access token comes, by the name of the scheme."""
    bearer = build_bearer_security_scheme_object(
        header_name=simple_jwt.AUTH_HEADER_NAME,
        token_prefix=simple_jwt.AUTH_HEADER_TYPES[0],
        bearer_format="JWT",
    )
    cookie = access_cookie(RequestFactory().get("/"))
    return {BEARER: bearer} | (_cookie_scheme(cookie) if cookie else {})


def refresh_schemes(path: str) -> dict[str, Schema]:
    """Describe the cookie that carries a refresh token to ``path``."""
    factory = RequestFactory(SCRIPT_NAME=get_script_prefix().rstrip("/"))
    for value in _VALUES:
        request = factory.post(_PARAMETER.sub(value, path))
        with contextlib.suppress(Resolver404):
            request.resolver_match = resolve(request.path_info)
            break
    return _cookie_scheme(refresh_cookie(request))


def register(schemes: dict[str, Schema], auto_schema: AutoSchema) -> list[dict[str, list[Any]]]:
    """Enter schemes into the document; return the requirement of any of them."""
    for name, definition in schemes.items():
        component = ResolvedComponent(
            name=name,
            type=ResolvedComponent.SECURITY_SCHEMA,
            schema=definition,
            object=JWTAuthentication,
        )
        auto_schema.registry.register_on_missing(component)
    return [{name: []} for name in schemes]


def _cookie_scheme(cookie: Cookie) -> dict[str, Schema]:
    # By the cookie's own name: the includes of a project may have cookies of different ones.
    definition = {"type": "apiKey", "in": "cookie", "name": cookie.name}
    return {_NOT_A_NAME.sub("_", cookie.name): definition}
