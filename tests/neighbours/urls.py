"""The project before it moves: each package's own views, one that asks for a user, and ours."""

from django.urls import include, path
from knox.auth import TokenAuthentication
from knox.views import LoginView as KnoxLoginView
from knox.views import LogoutView as KnoxLogoutView
from rest_framework.authentication import BasicAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.views import (
    TokenBlacklistView,
    TokenObtainPairView,
    TokenRefreshView,
)

from jwt_signin.urls import auth_urls


class NotesView(APIView):
    authentication_classes = [JWTAuthentication, TokenAuthentication]
    permission_classes = [IsAuthenticated]

    def get(self, request):
        return Response({"user": request.user.get_username()})


urlpatterns = [
    path("notes/", NotesView.as_view()),
    path("api/token/", TokenObtainPairView.as_view()),
    path("api/token/refresh/", TokenRefreshView.as_view()),
    path("api/token/blacklist/", TokenBlacklistView.as_view()),
    path("auth/", include("djoser.urls.jwt")),
    path("dj-rest-auth/", include("dj_rest_auth.urls")),
    path("ours/", include(auth_urls(shape="dj_rest_auth"))),
    path("oauth/", include(auth_urls(shape="oauth2"), namespace="oauth")),
    path("knox/login/", KnoxLoginView.as_view(authentication_classes=[BasicAuthentication])),
    path("knox/logout/", KnoxLogoutView.as_view()),
]
