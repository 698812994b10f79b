"""dj-rest-auth, which hands out Simple JWT's tokens."""

from __future__ import annotations

from typing import Any

from benchmarks.compare.contenders.base import PASSWORD, Ask, Contender, Tokens
from benchmarks.compare.contenders.simple_jwt import BLACKLIST, ROTATING


class DjRestAuth(Contender):
    """Tokens in the body, rotated, the old one put on the blacklist."""

    name = "dj-rest-auth"
    distribution = "dj-rest-auth"
    note = "over Simple JWT with its blacklist app; SESSION_LOGIN off (the default is on)"
    apps = ("dj_rest_auth", BLACKLIST)
    settings = {
        "SIMPLE_JWT": ROTATING,
        "REST_AUTH": {
            "USE_JWT": True,
            "TOKEN_MODEL": None,
            "SESSION_LOGIN": False,
            "JWT_AUTH_HTTPONLY": False,
        },
    }
    authentication = ("dj_rest_auth.jwt_auth.JWTCookieAuthentication",)

    def urlpatterns(self) -> list[Any]:
        """Return its routes."""
        from django.urls import include, path  # noqa: PLC0415

        return [path("api/auth/", include("dj_rest_auth.urls"))]

    def sign_in(self, user: int) -> Ask:
        """Sign in by name."""
        return Ask("POST", "/api/auth/login/", {"username": f"user{user}", "password": PASSWORD})

    def refresh(self, tokens: Tokens) -> Ask:
        """Refresh the pair."""
        return Ask("POST", "/api/auth/token/refresh/", {"refresh": tokens["refresh"]})

    def logout(self, tokens: Tokens) -> Ask:
        """Put the refresh token on the blacklist."""
        return Ask("POST", "/api/auth/logout/", {"refresh": tokens["refresh"]})
