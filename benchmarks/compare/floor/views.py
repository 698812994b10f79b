"""The views of the floor, twice: Django's own, and REST framework's."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from benchmarks.compare.floor.acts import Acts
from benchmarks.compare.views import MeView


class Stateless:
    """A user of whom the token says all that is known."""

    is_authenticated = True

    def __init__(self, pk: str) -> None:
        self.pk = pk


def plain(acts: Acts) -> list[Any]:
    """Return the routes of Django's own views."""

    def post(act: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
        return csrf_exempt(lambda request: JsonResponse(act(json.loads(request.body))))

    def me(request: HttpRequest) -> JsonResponse:
        return JsonResponse({"id": str(acts.user(request.META["HTTP_AUTHORIZATION"]).pk)})

    def signature(request: HttpRequest) -> JsonResponse:
        return JsonResponse({"id": acts.claims(request.META["HTTP_AUTHORIZATION"])["user_id"]})

    def sessions(request: HttpRequest) -> JsonResponse:
        user = acts.user(request.META["HTTP_AUTHORIZATION"])
        return JsonResponse(acts.statements.sessions_of(user), safe=False)

    return [
        *(path(f"api/{name}/", post(act)) for name, act in _posts(acts)),
        path("api/plain/me/", me),
        path("api/signature/", signature),
        path("api/sessions/", sessions),
    ]


def framed(acts: Acts) -> list[Any]:
    """Return the routes of REST framework's views, without a serializer."""

    class Signature(BaseAuthentication):
        def authenticate(self, request: Request) -> tuple[Any, Any]:
            claims = acts.claims(request.META["HTTP_AUTHORIZATION"])
            return Stateless(claims["user_id"]), claims

    class SessionsView(APIView):
        def get(self, request: Request) -> Response:
            return Response(acts.statements.sessions_of(request.user))

    def post(act: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
        class ActView(APIView):
            authentication_classes = ()
            permission_classes = ()

            def post(self, request: Request) -> Response:
                return Response(act(request.data))

        return ActView.as_view()

    return [
        *(path(f"api/{name}/", post(act)) for name, act in _posts(acts)),
        path("api/signature/", MeView.as_view(authentication_classes=[Signature])),
        path("api/sessions/", SessionsView.as_view()),
    ]


def _posts(acts: Acts) -> list[tuple[str, Any]]:
    return [
        ("signin", acts.sign_in),
        ("refresh", acts.refresh),
        ("again", acts.again),
        ("logout", acts.logout),
    ]
