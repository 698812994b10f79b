"""The routes, in the namespace ``jwt_signin``."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from jwt_signin import views
from jwt_signin.conf import TransportName
from jwt_signin.shapes import Shape

app_name = "jwt_signin"


def auth_urls(
    *, shape: str | type[Shape] | None = None, transport: TransportName | None = None
) -> tuple[list[URLPattern], str]:
    """
    Make the routes of one include.

    Args:
        shape: fixes the spelling: a name of ``jwt_signin.shapes``, a dotted path or a class.
        transport: fixes how refresh tokens travel: ``"body"`` or ``"cookie"``.

    Returns:
        What ``django.urls.include`` takes.

    """
    routes = [
        ("signin/", views.SignInView, "signin"),
        ("refresh/", views.RefreshView, "refresh"),
        ("token/", views.TokenView, "token"),
        ("logout/", views.LogoutView, "logout"),
        ("logout/all/", views.LogoutAllView, "logout-all"),
        ("verify/", views.VerifyView, "verify"),
        ("me/", views.MeView, "me"),
        ("sessions/", views.SessionListView, "sessions"),
        ("sessions/<str:session_id>/", views.SessionView, "session"),
        ("jwks.json", views.JWKSView, "jwks"),
    ]
    return [
        path(route, view.as_view(shape=shape, **_fixed(view, transport)), name=name)
        for route, view, name in routes
    ], app_name


def _fixed(view: Any, transport: TransportName | None) -> dict[str, Any]:
    return {"transport": transport} if hasattr(view, "transport") else {}


urlpatterns, _ = auth_urls()
