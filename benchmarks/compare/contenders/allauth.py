"""django-allauth without pages, with its JWT strategy."""

from __future__ import annotations

from typing import Any

from benchmarks.compare.contenders.base import PASSWORD, Ask, Contender, Tokens

JWT = "allauth.headless.tokens.strategies.jwt.JWTTokenStrategy"
NOT_SIGNED_IN = 401


class Allauth(Contender):
    """The ``app`` client: tokens in the body, rotated."""

    name = "allauth"
    distribution = "django-allauth"
    note = "headless, JWT strategy; without rate limits; needs three middlewares"
    apps = (
        "django.contrib.sessions",
        "django.contrib.messages",
        "allauth",
        "allauth.account",
        "allauth.headless",
    )
    settings = {
        "HEADLESS_ONLY": True,
        "HEADLESS_CLIENTS": ("app",),
        "HEADLESS_TOKEN_STRATEGY": JWT,
        "HEADLESS_JWT_ALGORITHM": "HS256",
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_RATE_LIMITS": False,
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        "MIDDLEWARE": [
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
    }
    authentication = (
        "allauth.headless.contrib.rest_framework.authentication.JWTTokenAuthentication",
    )
    renewed = {"access": "access_token", "refresh": "refresh_token"}

    def urlpatterns(self) -> list[Any]:
        """Return its routes."""
        from django.urls import include, path  # noqa: PLC0415

        return [
            path("accounts/", include("allauth.urls")),
            path("_allauth/", include("allauth.headless.urls")),
        ]

    def sign_in(self, user: int) -> Ask:
        """Sign in by name."""
        body = {"username": f"user{user}", "password": PASSWORD}
        return Ask("POST", "/_allauth/app/v1/auth/login", body)

    def tokens(self, answer: dict[str, Any]) -> Tokens:
        """Find the tokens in ``meta`` after a sign-in, in ``data`` after a refresh."""
        data = answer.get("data", {})
        return super().tokens(data if "access_token" in data else answer["meta"])

    def refresh(self, tokens: Tokens) -> Ask:
        """Refresh the pair."""
        body = {"refresh_token": tokens["refresh"]}
        return Ask("POST", "/_allauth/app/v1/tokens/refresh", body)

    def logout(self, tokens: Tokens) -> Ask:
        """End the session."""
        return Ask("DELETE", "/_allauth/app/v1/auth/session", headers=self.bearer(tokens))

    def succeeded(self, ask: Ask, status: int) -> bool:
        """Take 401 for a logout's success, as it is here: the client is signed out."""
        return status == NOT_SIGNED_IN if ask.method == "DELETE" else super().succeeded(ask, status)


class StatefulAllauth(Allauth):
    """Access tokens are checked against the session, and sessions can be listed."""

    name = "allauth-stateful"
    note = "headless, HEADLESS_JWT_STATEFUL_VALIDATION_ENABLED, usersessions app"
    apps = (*Allauth.apps, "django.contrib.humanize", "allauth.usersessions")
    settings = {**Allauth.settings, "HEADLESS_JWT_STATEFUL_VALIDATION_ENABLED": True}
    operations = ("request", "sessions")
    abilities = ("sign_in", "refresh", "logout")
    checks_session = True

    def sessions(self, tokens: Tokens) -> Ask:
        """List the sessions."""
        return Ask("GET", "/_allauth/app/v1/auth/sessions", headers=self.bearer(tokens))
