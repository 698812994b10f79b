"""The routes of the served project."""

from django.urls import include, path

urlpatterns = [path("api/auth/", include("jwt_signin.urls"))]
