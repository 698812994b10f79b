"""The endpoints of a user who is signed in: who he is, and where."""

from __future__ import annotations

import uuid
from typing import Any, cast

from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from jwt_signin import services
from jwt_signin.authentication import CheckedAuthentication
from jwt_signin.conf import app_settings
from jwt_signin.exceptions import SessionNotFound
from jwt_signin.serializers import LogoutAllSerializer, SessionSerializer
from jwt_signin.views.base import AuthView


class AccountView(AuthView):
    """The base of the endpoints that ask for an access token; its session is looked up."""

    authentication_classes = (CheckedAuthentication,)
    permission_classes = (IsAuthenticated,)
    action = "access"
    reads_access_token = True


class MeView(AccountView):
    """``GET``: the user."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer 200 with what ``USER_SERIALIZER`` tells of him."""
        serializer = app_settings.user_serializer(request.user, context={"request": request})
        return Response(serializer.data)


class LogoutAllView(AccountView):
    """``POST``: ends every session of the user."""

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer 200 with how many; ``keep_current`` spares the one that asks."""
        serializer = LogoutAllSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        keep = _current(request) if serializer.validated_data["keep_current"] else None
        return Response({"ended": services.revoke_all(request.user, request, keep=keep)})


class SessionListView(AccountView):
    """``GET``: the live sessions of the user."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer 200 with the list, the one used last first."""
        serializer = SessionSerializer(
            services.live_sessions(request.user),
            many=True,
            context={"current": _current(request)},
        )
        return Response(serializer.data)


class SessionView(AccountView):
    """``DELETE``: ends one session of the user."""

    def delete(
        self, request: Request, session_id: str | uuid.UUID, *args: Any, **kwargs: Any
    ) -> Response:
        """Answer 204, also where it was over before; 404 where he has none of that id."""
        services.revoke_session(request.user, _uuid(session_id), request)
        return Response(status=204)


def _current(request: Request) -> uuid.UUID:
    token: Any = request.auth
    return cast("uuid.UUID", token.session_id)


def _uuid(text: str | uuid.UUID) -> uuid.UUID:
    try:
        return uuid.UUID(str(text))
    except ValueError as error:
        raise SessionNotFound from error
