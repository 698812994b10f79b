"""Every shape and transport, by includes and by views alone, beside an endpoint of the project."""

from django.urls import include, path
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from jwt_signin.authentication import SignatureAuthentication
from jwt_signin.shapes import SHAPES
from jwt_signin.urls import auth_urls
from jwt_signin.views import LogoutView, MeView, RefreshView, SignInView, TokenView
from jwt_signin.views.base import AuthView


class NotesView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(responses={200: {"type": "object"}})
    def get(self, request):
        return Response({"user": str(request.user)})


class QuickView(NotesView):
    authentication_classes = [SignatureAuthentication]


class FurtherView(MeView):
    put = MeView.get


@extend_schema(tags=["people"], summary="Who am I?")
class ToldView(MeView):
    pass


@extend_schema(responses={200: {"type": "object"}})
class AnotherView(AuthView):
    action = "sign_in"
    get = NotesView.get


OURS = [
    path("auth/", include("jwt_signin.urls")),
    *(
        path(f"{shape}/", include(auth_urls(shape=shape), namespace=shape))
        for shape in SHAPES.keys() - {"default"}
    ),
    *(
        path(f"{transport}/", include(auth_urls(transport=transport), namespace=transport))
        for transport in ("body", "cookie")
    ),
    path("alone/signin/", SignInView.as_view(shape="api_login", transport="cookie")),
    path("alone/refresh/", RefreshView.as_view(shape="api_login", transport="cookie")),
    path("alone/logout/", LogoutView.as_view(transport="cookie")),
    path("alone/token/", TokenView.as_view()),
]
urlpatterns = [
    *OURS,
    path("<slug:tenant>/account/", include(auth_urls(), namespace="tenant")),
    path("notes/", NotesView.as_view()),
    path("quick/", QuickView.as_view()),
    path("further/", FurtherView.as_view()),
    path("told/", ToldView.as_view()),
    path("another/", AnotherView.as_view()),
]
