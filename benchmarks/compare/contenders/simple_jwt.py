"""Simple JWT, the package that the ratios are told in."""

from __future__ import annotations

from typing import Any

from benchmarks.compare.contenders.base import PASSWORD, Ask, Contender, Tokens

BLACKLIST = "rest_framework_simplejwt.token_blacklist"
ROTATING = {"ROTATE_REFRESH_TOKENS": True, "BLACKLIST_AFTER_ROTATION": True}


class SimpleJWT(Contender):
    """Rotation on and the blacklist app installed: an old refresh token is of no use."""

    name = "simplejwt"
    distribution = "djangorestframework_simplejwt"
    note = "with its blacklist app; ROTATE_REFRESH_TOKENS and BLACKLIST_AFTER_ROTATION on"
    apps = (BLACKLIST,)
    settings = {"SIMPLE_JWT": ROTATING}
    authentication = ("rest_framework_simplejwt.authentication.JWTAuthentication",)
    operations = ("sign_in", "request", "signature", "refresh", "logout")

    def urlpatterns(self) -> list[Any]:
        """Return its views, and the common view under its stateless class."""
        from django.urls import path  # noqa: PLC0415
        from rest_framework_simplejwt import authentication, views  # noqa: PLC0415

        from benchmarks.compare.views import MeView  # noqa: PLC0415

        stateless = [authentication.JWTStatelessUserAuthentication]
        return [
            path("api/token/", views.token_obtain_pair),
            path("api/token/refresh/", views.token_refresh),
            path("api/token/blacklist/", views.token_blacklist),
            path("api/signature/", MeView.as_view(authentication_classes=stateless)),
        ]

    def sign_in(self, user: int) -> Ask:
        """Obtain a pair."""
        return Ask("POST", "/api/token/", {"username": f"user{user}", "password": PASSWORD})

    def refresh(self, tokens: Tokens) -> Ask:
        """Refresh the pair."""
        return Ask("POST", "/api/token/refresh/", {"refresh": tokens["refresh"]})

    def logout(self, tokens: Tokens) -> Ask:
        """Put the refresh token on the blacklist."""
        return Ask("POST", "/api/token/blacklist/", {"refresh": tokens["refresh"]})


class PlainSimpleJWT(SimpleJWT):
    """As its documentation begins: nothing is stored, and nothing can be ended."""

    name = "simplejwt-plain"
    note = "without its blacklist app: no rotation, no logout"
    apps = ()
    settings: dict[str, Any] = {}
    operations = ("sign_in", "refresh")


class SimpleJWTWithLastLogin(SimpleJWT):
    """The same, keeping ``last_login`` as Django's own sign-in does."""

    name = "simplejwt-last-login"
    note = "the same with UPDATE_LAST_LOGIN on"
    settings = {"SIMPLE_JWT": {**ROTATING, "UPDATE_LAST_LOGIN": True}}
    operations = ("sign_in",)
