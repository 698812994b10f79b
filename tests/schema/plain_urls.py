"""The include alone."""

from django.urls import include, path

urlpatterns = [path("auth/", include("jwt_signin.urls"))]
