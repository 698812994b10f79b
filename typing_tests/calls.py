"""What a project calls, and what it is given."""

# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

import uuid
from typing import Any, assert_type

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from jwt_signin import services
from jwt_signin.authentication import JWTAuthentication, SignatureAuthentication
from jwt_signin.exceptions import InvalidCredentials, SessionRevoked, Unauthorized
from jwt_signin.models import Session
from jwt_signin.shapes import get_shape
from jwt_signin.throttling import RefreshLimit, SignInAttempt
from jwt_signin.tokens import AccessToken, RefreshToken, TokenPair


def sign_in(request: HttpRequest) -> JsonResponse:
    pair = services.sign_in(request, username="ada", password="a passphrase", transport="cookie")
    assert_type(pair, TokenPair)
    assert_type(pair.access, AccessToken)
    assert_type(pair.refresh, RefreshToken | None)
    assert_type(pair.access.session_id, uuid.UUID)
    assert_type(pair.access["sid"], Any)
    assert_type(pair.expires_in, int)
    return JsonResponse({"access": str(pair.access)})


class PasskeyView(APIView):
    authentication_classes = [JWTAuthentication]

    def post(self, request: Request) -> Response:
        pair = services.start_session(User.objects.get(), request, label="phone")
        return Response(get_shape("simplejwt").sign_in(pair, request))

    def delete(self, request: Request) -> Response:
        ended = services.revoke_all(request.user, request, keep=uuid.uuid4())
        assert_type(ended, int)
        return Response({"ended": ended})


class ReadingView(APIView):
    authentication_classes = [SignatureAuthentication]


def refresh(request: HttpRequest, raw: str) -> HttpResponse:
    try:
        with SignInAttempt(request, "ada"):
            pair = services.rotate(raw, transport="body", idempotency_key="1", limit=RefreshLimit())
    except SessionRevoked as refusal:
        assert_type(refusal.session_id, uuid.UUID | None)
        raise InvalidCredentials from refusal
    except Unauthorized:
        return HttpResponse(status=401)
    return HttpResponse(str(pair.refresh))


def sessions(user: User) -> list[str]:
    found = services.live_sessions(user)
    assert_type(found, list[Session])
    assert_type(services.revoke_session(user, found[0].pk, reason="admin"), bool)
    assert_type(services.revoke_many(Session.objects.primary().filter(user=user)), int)
    assert_type(services.log_out("a token", "another", request=None), int)
    assert_type(services.count_dead_sessions(), int)
    assert_type([*services.clear_dead_sessions(1000)], list[int])
    return [session.label for session in found]


class BySignature(JWTAuthentication):
    check_access = "signature"

    def authenticate(self, request: Request) -> tuple[Any, AccessToken] | None:
        found = super().authenticate(request)
        if found is None:
            return None
        assert_type(found[1].user_id, str)
        return found


def check(raw: str) -> bool:
    _user, token = services.check_access(raw)
    assert_type(token, AccessToken)
    services.verify(raw)
    return token.session_id == uuid.UUID(token["sid"])


async def in_a_coroutine(request: HttpRequest, user: User) -> None:
    pair = await services.astart_session(user, request, transport="cookie")
    assert_type(pair, TokenPair)
    assert_type(await services.arotate(str(pair.refresh), transport="cookie"), TokenPair)
    assert_type(await services.arevoke_all(user, keep=pair.access.session_id), int)
    await services.astart_session("ada")  # type: ignore[arg-type]
    await services.arotate(raw="a token", transport="header")  # type: ignore[arg-type]
    str(services.asign_in(request, username="ada", password="a passphrase").access)  # type: ignore[attr-defined]


def mistakes(request: HttpRequest, user: User, pair: TokenPair) -> None:
    """Each ignored line is wrong: where it were not reported, the ignoring would be."""
    services.sign_in(request, username="ada")  # type: ignore[call-arg]
    services.sign_in(request, username=7, password="a passphrase")  # type: ignore[arg-type]
    services.start_session(user.get_username())  # type: ignore[arg-type]
    services.start_session(user, "a request")  # type: ignore[arg-type]
    services.start_session(user, transport="header")  # type: ignore[arg-type]
    services.start_session(user, request, "cookie")  # type: ignore[call-arg]
    services.rotate(pair.refresh)  # type: ignore[arg-type]
    services.rotate("a token", limit=7)  # type: ignore[arg-type]
    services.log_out(pair)  # type: ignore[arg-type]
    services.revoke_session(user, str(uuid.uuid4()))  # type: ignore[arg-type]
    services.revoke_many([pair])  # type: ignore[arg-type]
    str(pair.refresh.secret)  # type: ignore[union-attr]
    pair.refresh = None  # type: ignore[misc]
    get_shape(7)  # type: ignore[arg-type]
    str(JWTAuthentication().authenticate(request)[1])  # type: ignore[index]
    SignInAttempt(None, "ada")  # type: ignore[arg-type]
