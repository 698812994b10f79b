"""The package itself, with every default."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from benchmarks.compare.contenders.base import PASSWORD, Ask, Contender, Tokens


class JWTSignin(Contender):
    """As its README has it."""

    name = "jwt_signin"
    distribution = "django-jwt-signin"
    apps = ("jwt_signin",)
    hurried = {"JWT_SIGNIN": {"REUSE_GRACE": 0, "REFRESH_RATE": None}}
    authentication = ("jwt_signin.authentication.CheckedAuthentication",)
    operations = ("sign_in", "request", "signature", "refresh", "grace", "logout", "sessions")
    checks_session = True

    def urlpatterns(self) -> list[Any]:
        """Return the one include, and the view under the class that spends no statement."""
        from django.urls import include, path  # noqa: PLC0415

        from benchmarks.compare.views import MeView  # noqa: PLC0415
        from jwt_signin.authentication import SignatureAuthentication  # noqa: PLC0415

        signature = MeView.as_view(authentication_classes=[SignatureAuthentication])
        return [
            path("api/auth/", include("jwt_signin.urls")),
            path("api/signature/", signature),
        ]

    def sign_in(self, user: int) -> Ask:
        """Sign in by name."""
        return Ask("POST", "/api/auth/signin/", {"username": f"user{user}", "password": PASSWORD})

    def refresh(self, tokens: Tokens) -> Ask:
        """Refresh, in body transport."""
        return Ask("POST", "/api/auth/refresh/", {"refresh": tokens["refresh"]})

    def logout(self, tokens: Tokens) -> Ask:
        """Log out by the refresh token."""
        return Ask("POST", "/api/auth/logout/", {"refresh": tokens["refresh"]})

    def sessions(self, tokens: Tokens) -> Ask:
        """List the sessions."""
        return Ask("GET", "/api/auth/sessions/", headers=self.bearer(tokens))

    def before(self, operation: str) -> None:
        """Make every session older than ``REUSE_GRACE``, or as if it had been rotated just now."""
        from django.utils import timezone  # noqa: PLC0415

        from jwt_signin.models import Session  # noqa: PLC0415

        if operation in {"refresh", "grace"}:
            age = timedelta(minutes=1 if operation == "refresh" else 0)
            Session.objects.update(rotated_at=timezone.now() - age)


class WithoutLastLogin(JWTSignin):
    """As a project has it that does not keep ``last_login``: Simple JWT by default keeps none."""

    name = "jwt_signin-no-last-login"
    note = "Django's receiver of `last_login` disconnected"
    operations = ("sign_in",)

    def urlpatterns(self) -> list[Any]:
        """Return the same, without Django's receiver."""
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415

        user_logged_in.disconnect(dispatch_uid="update_last_login")
        return super().urlpatterns()
