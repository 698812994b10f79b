"""The endpoints: read, call one service, answer."""

from jwt_signin.views.account import LogoutAllView, MeView, SessionListView, SessionView
from jwt_signin.views.base import AuthView
from jwt_signin.views.keys import JWKSView
from jwt_signin.views.oauth2 import TokenView
from jwt_signin.views.tokens import (
    LogoutView,
    RefreshView,
    SignInView,
    TransportView,
    VerifyView,
)

__all__ = [
    "AuthView",
    "JWKSView",
    "LogoutAllView",
    "LogoutView",
    "MeView",
    "RefreshView",
    "SessionListView",
    "SessionView",
    "SignInView",
    "TokenView",
    "TransportView",
    "VerifyView",
]
