"""The endpoints that hand out, renew, check and end tokens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django.conf import settings
from django.http.request import HttpHeaders
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException

from jwt_signin.conf import app_settings
from jwt_signin.exceptions import Unavailable, UnsupportedGrantType
from jwt_signin.openapi import bodies, refusals
from jwt_signin.openapi.authentication import BEARER, access_schemes, refresh_schemes, register
from jwt_signin.openapi.endpoints import EndpointSchema, header
from jwt_signin.openapi.inference import Schema, object_of
from jwt_signin.openapi.refusals import Refused
from jwt_signin.shapes import OAuth2, Shape


class TransportSchema(EndpointSchema):
    """What refresh tokens travel to and from."""

    def errors(self) -> Iterator[APIException]:
        """Refuse a body that is none, and a cookie from another origin."""
        yield from refusals.of_bodies()
        if self.may_travel("cookie"):
            yield from refusals.of_origins()

    def may_travel(self, name: str) -> bool:
        """Tell whether the view has this transport."""
        return name in self.view.transports

    def component(self, kind: str, schema: Schema) -> Schema:
        """Name the answer of this shape and these transports."""
        shape, names = type(self.view.spelling), [*self.view.transports]
        only = "" if len(names) == len(shape.transports) else names[0].title()
        name = kind + ("" if shape is Shape else shape.__name__) + only
        component = ResolvedComponent(name, ResolvedComponent.SCHEMA, schema, object=shape)
        self.registry.register_on_missing(component)
        return cast("Schema", component.ref)

    def get_override_parameters(self) -> list[OpenApiParameter]:
        """Add the headers that go with cookies."""
        parameters = super().get_override_parameters()
        if self.may_travel("cookie"):
            told = "The cookies, set or cleared."
            parameters.append(header("Set-Cookie", told, [200, 204, 401]))
            if app_settings.CSRF == "django":
                name = cast("str", HttpHeaders.parse_header_name(settings.CSRF_HEADER_NAME))
                parameters.append(header(name, "Django's CSRF token, with a cookie."))
        return parameters


class SignInSchema(TransportSchema):
    """``signin/``."""

    summary = "Sign in"
    body_is_required = True

    def body(self, media_type: str) -> Schema:
        """Take credentials."""
        return bodies.credentials(self.view, media_type)

    def answer(self) -> Schema:
        """Answer a pair of tokens."""
        return self.component("SignedIn", self.spelling.signed_in(self.view.transports.values()))

    def errors(self) -> Iterator[APIException]:
        """Refuse wrong credentials."""
        yield from super().errors()
        yield from refusals.of_sign_ins()


class RefreshSchema(TransportSchema):
    """``refresh/``."""

    summary = "Trade a refresh token for its successor"

    @property
    def body_is_required(self) -> bool:  # type: ignore[override]
        """Do without one where a cookie may be the proof."""
        return not self.may_travel("cookie")

    def body(self, media_type: str) -> Schema | None:
        """Take the token, unless it comes by cookie."""
        return bodies.refresh(self.view.spelling) if self.may_travel("body") else None

    def answer(self) -> Schema:
        """Answer the next pair."""
        return self.component("Refreshed", self.spelling.refreshed(self.view.transports.values()))

    def errors(self) -> Iterator[APIException]:
        """Refuse what is no good refresh token."""
        yield from super().errors()
        yield from refusals.of_refreshes()

    def get_auth(self) -> list[dict[str, list[Any]]]:
        """Ask for the cookie, or for nothing but the body."""
        cookies = refresh_schemes(self.path) if self.may_travel("cookie") else {}
        return register(cookies, self) + ([{}] if self.may_travel("body") else [])

    def get_override_parameters(self) -> list[OpenApiParameter]:
        """Add the name of an attempt."""
        told = "The same for every attempt of one refresh: a lost answer is given again."
        return [*super().get_override_parameters(), header("Idempotency-Key", told)]


class TokenSchema(RefreshSchema, SignInSchema):
    """``token/``."""

    summary = "OAuth 2.0's token endpoint, for first-party clients"
    body_is_required = True

    def is_excluded(self) -> bool:
        """Hide where another shape is chosen."""
        return not isinstance(self.view.spelling, OAuth2)

    def body(self, media_type: str) -> Schema:
        """Take either grant."""
        grants = [{"type": "string", "enum": [name]} for name in ("password", "refresh_token")]
        password = bodies.credentials(self.view, media_type, grant_type=grants[0])
        return {"oneOf": [password, bodies.refresh(self.view.spelling, grant_type=grants[1])]}

    def refused(self) -> Iterator[Refused]:
        """Refuse either grant, and every other."""
        for error in (*SignInSchema.errors(self), UnsupportedGrantType()):
            yield Refused(error, "sign_in")
        for error in refusals.of_refreshes():
            yield Refused(error, "refresh")


class LogoutSchema(TransportSchema):
    """``logout/``."""

    summary = "End the session of any token that is shown"
    status = 204

    def body(self, media_type: str) -> Schema | None:
        """Take a token, or none."""
        if not self.may_travel("body"):
            return None
        return object_of({self.view.spelling.refresh: bodies.nullable({"type": "string"})}, ())

    def answer(self) -> None:
        """Answer nothing."""

    def errors(self) -> Iterator[APIException]:
        """Refuse hardly anybody."""
        yield from super().errors()
        yield Unavailable()

    def get_auth(self) -> list[dict[str, list[Any]]]:
        """Ask for any token, or none."""
        schemes = access_schemes()
        if self.may_travel("cookie"):
            schemes |= refresh_schemes(self.path)
        else:
            schemes = {BEARER: schemes[BEARER]}
        return [*register(schemes, self), {}]


class VerifySchema(EndpointSchema):
    """``verify/``."""

    summary = "Check a token of either kind"
    body_is_required = True

    def body(self, media_type: str) -> Schema:
        """Take a token."""
        return object_of({"token": bodies.TOKEN}, ["token"])

    def answer(self) -> Schema:
        """Answer nothing but that it is good."""
        return {"type": "object"}

    def errors(self) -> Iterator[APIException]:
        """Refuse what is no good token."""
        yield from refusals.of_bodies()
        yield from refusals.of_tokens()
