"""What a project writes itself: routes, a shape, hooks, receivers, tests."""

# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_type

from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.test import TestCase
from django.urls import include, path
from rest_framework.exceptions import APIException, PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APITestCase

from jwt_signin import services
from jwt_signin.authentication import CheckedAuthentication
from jwt_signin.decorators import jwt_required
from jwt_signin.exceptions import InvalidCredentials
from jwt_signin.models import Session
from jwt_signin.serializers import UserSerializer
from jwt_signin.shapes import Action, Shape, Spelled
from jwt_signin.signals import refresh_token_reused, session_started
from jwt_signin.testing import JWTAPIClient, JWTClient, bearer
from jwt_signin.testing.fixtures import SignIn
from jwt_signin.tokens import TokenPair
from jwt_signin.urls import auth_urls
from jwt_signin.views import (
    AuthView,
    LogoutView,
    RefreshView,
    SignInView,
    TransportView,
)


class OurShape(Shape):
    access = "accessToken"
    identifiers = ("login",)
    transports = ("cookie",)

    def sign_in(self, pair: TokenPair, request: Request) -> dict[str, Any]:
        return {"data": self.tokens(pair), "who": self.user(pair, request)}

    def refusal(self, error: APIException, action: Action) -> Spelled:
        status, body = super().refusal(error, action)
        if isinstance(error, InvalidCredentials) and action == "sign_in":
            return Spelled(400, body)
        return Spelled(status, {"error": body["detail"]})


class PasskeyView(AuthView):
    action = "sign_in"
    shape = OurShape
    authentication_classes = [CheckedAuthentication]
    permission_classes = [IsAuthenticated]
    reads_access_token = True

    def post(self, request: Request) -> Response:
        pair = services.start_session(User.objects.get(), request)
        return Response(self.spelling.sign_in(pair, request))


class CookieView(TransportView):
    action = "sign_in"
    transport = "cookie"

    def post(self, request: Request) -> Response:
        cookie = self.transports["cookie"]
        cookie.check(request)
        pair = services.start_session(User.objects.get(), request, transport=cookie.name)
        return self.signed_in(pair, cookie)


@jwt_required
def page(request: HttpRequest, number: int) -> HttpResponse:
    return HttpResponse(str(number))


@jwt_required(authentication=CheckedAuthentication)
async def live_page(request: HttpRequest, number: int) -> HttpResponse:
    return HttpResponse(str(number))


async def pages(request: HttpRequest) -> None:
    assert_type(page(request, 1), HttpResponse)
    assert_type(await live_page(request, 1), HttpResponse)


class OurSignIn(SignInView):
    shape = OurShape
    transport = "cookie"


urlpatterns = [
    path("auth/", include("jwt_signin.urls")),
    path("web/", include(auth_urls(shape=OurShape, transport="cookie"), namespace="web")),
    path("named/", include(auth_urls(shape="tests.shapes.Ours"), namespace="named")),
    path("signin/", OurSignIn.as_view()),
    path("refresh/", RefreshView.as_view(shape="simplejwt", transport="body")),
    path("logout/", LogoutView.as_view(shape=OurShape)),
]


def before_session(user: User, request: Request | None) -> None:
    if not user.is_staff and request is not None:
        raise PermissionDenied


def claims(user: User, session: Session) -> Mapping[str, Any]:
    return {"staff": user.is_staff, "since": session.created_at.timestamp()}


class OurUser(UserSerializer):
    def to_representation(self, instance: User) -> dict[str, str]:
        return {**super().to_representation(instance), "email": instance.email}


@receiver(refresh_token_reused)
def tell_the_owner(session: Session, request: HttpRequest | None, **_facts: object) -> None:
    send_mail("A stolen token", session.label, None, [session.user.email])


class NotesTests(APITestCase):
    client: JWTAPIClient
    client_class = JWTAPIClient

    def test_notes(self) -> None:
        user = User.objects.get()
        thief = self.client.sign_in(user, transport="cookie", label="phone").steal()
        assert_type(thief, JWTAPIClient)
        assert_type(thief.refresh_token, str | None)
        assert_type(thief.jwt_session, Session)
        self.client.get("/notes/", headers=bearer(user))
        session_started.disconnect(tell_the_owner)


class PagesTests(TestCase):
    client: JWTClient
    client_class = JWTClient


def test_with_pytest(jwt_client: JWTAPIClient, jwt_sign_in: SignIn, user: User) -> None:
    assert_type(jwt_sign_in(user, remember=False), JWTAPIClient)
    assert_type(jwt_client.sign_in(user), JWTAPIClient)


class Mistaken(Shape):
    access = 7  # type: ignore[assignment]
    transports = ("header",)  # type: ignore[assignment]

    def refusal(self, error: APIException) -> Spelled:  # type: ignore[override]
        return super().refusal(error, "guess")  # type: ignore[arg-type]


def mistakes(client: JWTClient, user: User) -> None:
    """Each ignored line is wrong: where it were not reported, the ignoring would be."""
    auth_urls(shape=Mistaken())  # type: ignore[arg-type]
    auth_urls(transport="header")  # type: ignore[arg-type]
    auth_urls("cookie")  # type: ignore[call-arg]
    client.sign_in("ada")  # type: ignore[arg-type]
    client.sign_in(user, transport="header")  # type: ignore[arg-type]
    client.sign_in(user, password="a passphrase")  # type: ignore[call-arg]
    client.jwt_session = Session()  # type: ignore[misc]
    bearer(user)["Authorization"] = 7  # type: ignore[assignment]
