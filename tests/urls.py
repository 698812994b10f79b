from django.urls import include, path
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from jwt_signin.urls import auth_urls
from jwt_signin.views import RefreshView, SignInView


class ProtectedView(APIView):
    permission_classes = [IsAuthenticated]

    def get(self, request):
        return Response({"user": str(request.user), "session": request.auth["sid"]})


class OpenView(APIView):
    permission_classes = [AllowAny]

    def get(self, request):
        return Response({"user": str(request.user)})


urlpatterns = [
    path("auth/", include("jwt_signin.urls")),
    path("simplejwt/", include(auth_urls(shape="simplejwt"), namespace="simplejwt")),
    path("api/login", SignInView.as_view(shape="api_login")),
    path("api/login/refresh", RefreshView.as_view(shape="api_login")),
    path("api/signin", SignInView.as_view(shape="api_signin")),
    path("api/signin/refresh", RefreshView.as_view(shape="api_signin")),
    path("protected/", ProtectedView.as_view()),
    path("notes/", ProtectedView.as_view()),
    path("open/", OpenView.as_view()),
]
