"""What each kind of endpoint refuses, and how that is spelled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from drf_spectacular.utils import OpenApiResponse
from rest_framework.exceptions import APIException, NotAuthenticated, UnsupportedMediaType

from jwt_signin import exceptions
from jwt_signin.conf import app_settings
from jwt_signin.exceptions import describe
from jwt_signin.models import Session
from jwt_signin.openapi.inference import ByName, Schema, schema_of, union
from jwt_signin.openapi.samples import Spelling
from jwt_signin.shapes import Action, Spelled

HEADERS = (
    ("WWW-Authenticate", "string", "What is asked for (RFC 6750).", [401]),
    ("Retry-After", "integer", "Seconds until another attempt.", [429, 503]),
)
"""The headers that refusals always have: name, type, meaning, and of which statuses."""


class Refused(NamedTuple):
    """A refusal, and what was asked for."""

    error: APIException
    action: Action


def of_bodies() -> Iterator[APIException]:
    """Yield what is wrong with a body."""
    yield exceptions.InvalidRequest()
    yield exceptions.InvalidRequest(fields=ByName(name=["…"]))
    yield exceptions.RequestTooLarge()
    yield UnsupportedMediaType("text/plain")


def of_origins() -> Iterator[APIException]:
    """Yield what is wrong with a request that sets or uses a cookie."""
    yield exceptions.OriginNotAllowed()
    if app_settings.CSRF == "django":
        yield exceptions.CSRFFailed()


def of_sessions() -> Iterator[APIException]:
    """Yield what is wrong with the session of a token."""
    yield exceptions.SessionRevoked()
    for reason in Session.Reason.values:
        yield exceptions.SessionRevoked(reason)
    yield exceptions.Unavailable()


def of_tokens() -> Iterator[APIException]:
    """Yield what is wrong with a token, and with its session."""
    yield exceptions.TokenNotValid()
    yield exceptions.TokenExpired()
    yield from of_sessions()


def of_users() -> Iterator[APIException]:
    """Yield what is wrong with a request that an access token opens."""
    yield NotAuthenticated()
    yield from of_tokens()


def of_sign_ins() -> Iterator[APIException]:
    """Yield what is wrong with credentials, or with too many of them."""
    yield exceptions.InvalidCredentials()
    yield exceptions.Throttled(1)
    yield exceptions.Unavailable()


def of_refreshes() -> Iterator[APIException]:
    """Yield what is wrong with a refresh token, or with too many of them."""
    yield exceptions.RefreshMissing()
    yield exceptions.RefreshNotValid()
    yield exceptions.RefreshExpired()
    yield exceptions.Throttled(1)
    yield from of_sessions()


def spelled(refused: Iterable[Refused], spelling: Spelling) -> dict[int, OpenApiResponse]:
    """Describe refusals as a shape spells them."""
    return by_status(
        (describe(error)["code"], spelling.refused(error, action)) for error, action in refused
    )


def by_status(told: Iterable[tuple[str, Spelled]]) -> dict[int, OpenApiResponse]:
    """Describe refusals by their status, each with the codes that it may have."""
    bodies: dict[int, list[Schema]] = defaultdict(list)
    codes: dict[int, dict[str, None]] = defaultdict(dict)
    for code, (status, body) in told:
        bodies[status].append(schema_of(body, codes=True))
        codes[status][code] = None
    return {
        status: OpenApiResponse(union(bodies[status]), ", ".join(codes[status]))
        for status in sorted(bodies)
    }
