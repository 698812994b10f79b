"""drf-auth-kit, which hands out Simple JWT's tokens."""

from __future__ import annotations

from typing import Any

from benchmarks.compare.contenders.base import PASSWORD, Ask, Contender, Tokens
from benchmarks.compare.contenders.simple_jwt import BLACKLIST, ROTATING


class AuthKit(Contender):
    """Tokens in the body, rotated, the old one put on the blacklist."""

    name = "drf-auth-kit"
    distribution = "drf-auth-kit"
    note = "over Simple JWT with its blacklist app; needs allauth and its middleware"
    apps = (
        "django.contrib.sites",
        "django.contrib.sessions",
        "django.contrib.messages",
        "allauth",
        "allauth.account",
        "auth_kit",
        BLACKLIST,
    )
    settings = {
        "SITE_ID": 1,
        "SIMPLE_JWT": ROTATING,
        # With HTTPONLY on, a refresh answers no refresh token, cookie or not.
        "AUTH_KIT": {"USE_AUTH_COOKIE": False, "AUTH_COOKIE_HTTPONLY": False},
        "MIDDLEWARE": ["allauth.account.middleware.AccountMiddleware"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_RATE_LIMITS": False,
    }
    authentication = ("auth_kit.authentication.JWTCookieAuthentication",)

    def urlpatterns(self) -> list[Any]:
        """Return its routes."""
        from django.urls import include, path  # noqa: PLC0415

        return [path("api/auth/", include("auth_kit.urls"))]

    def sign_in(self, user: int) -> Ask:
        """Sign in by name."""
        return Ask("POST", "/api/auth/login/", {"username": f"user{user}", "password": PASSWORD})

    def refresh(self, tokens: Tokens) -> Ask:
        """Refresh the pair."""
        return Ask("POST", "/api/auth/token/refresh/", {"refresh": tokens["refresh"]})

    def logout(self, tokens: Tokens) -> Ask:
        """Put the refresh token on the blacklist."""
        body = {"refresh": tokens["refresh"]}
        return Ask("POST", "/api/auth/logout/", body, self.bearer(tokens))
