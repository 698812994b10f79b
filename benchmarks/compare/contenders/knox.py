"""django-rest-knox: opaque tokens, no refresh."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from benchmarks.compare.contenders.base import PASSWORD, Ask, Contender, Tokens


class Knox(Contender):
    """As its documentation has it: signed in by HTTP Basic, asked with its own token."""

    name = "knox"
    distribution = "django-rest-knox"
    note = "opaque tokens, no refresh; sign-in by HTTP Basic"
    apps = ("knox",)
    authentication = ("knox.auth.TokenAuthentication",)
    operations = ("sign_in", "request", "logout")
    checks_session = True
    renewed = {"access": "token"}

    def urlpatterns(self) -> list[Any]:
        """Return its routes, and Basic authentication for the one that signs in."""
        from django.urls import path  # noqa: PLC0415
        from knox import views  # noqa: PLC0415
        from rest_framework.authentication import BasicAuthentication  # noqa: PLC0415

        class LoginView(views.LoginView):
            authentication_classes = (BasicAuthentication,)

        return [
            path("api/login/", LoginView.as_view()),
            path("api/logout/", views.LogoutView.as_view()),
        ]

    def sign_in(self, user: int) -> Ask:
        """Sign in by name."""
        credentials = b64encode(f"user{user}:{PASSWORD}".encode()).decode()
        return Ask("POST", "/api/login/", headers={"Authorization": f"Basic {credentials}"})

    def logout(self, tokens: Tokens) -> Ask:
        """Delete the token."""
        return Ask("POST", "/api/logout/", headers=self.bearer(tokens))

    def bearer(self, tokens: Tokens) -> dict[str, str]:
        """Return the header in its spelling."""
        return {"Authorization": f"Token {tokens['access']}"}
