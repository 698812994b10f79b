"""The endpoints that hand out, renew, check and end tokens."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from rest_framework.request import Request
from rest_framework.response import Response

from jwt_signin import services
from jwt_signin.authentication import bearer_token
from jwt_signin.conf import simple_jwt
from jwt_signin.exceptions import InvalidRequest, RefreshMissing
from jwt_signin.serializers import CredentialsSerializer
from jwt_signin.transports import BodyTransport, read_token
from jwt_signin.views.base import AuthView


class SignInView(AuthView):
    """``POST``: credentials for a pair of tokens, and a session."""

    action = "sign_in"

    @sensitive_variables()
    def post(self, request: Request) -> Response:
        """Answer 200 with the pair, or 401 ``invalid_credentials`` whatever was wrong."""
        serializer = CredentialsSerializer(data=request.data, context={"shape": self.spelling})
        serializer.is_valid(raise_exception=True)
        pair = services.sign_in(request, **serializer.validated_data)
        return Response(self.spelling.sign_in(pair, request))


class RefreshView(AuthView):
    """``POST``: a refresh token for its successor and a new access token."""

    action = "refresh"

    @sensitive_variables()
    def post(self, request: Request) -> Response:
        """Answer 200 with the pair, or 401 with what is wrong with the token or its session."""
        transport = BodyTransport()
        raw = transport.read(request, self.spelling)
        if raw is None:
            raise RefreshMissing
        pair = services.rotate(
            raw,
            request,
            transport=transport.name,
            idempotency_key=request.headers.get("Idempotency-Key") or None,
        )
        response = Response(self.spelling.refreshed(transport.shown(pair), request))
        transport.write(response, pair)
        return response


class LogoutView(AuthView):
    """``POST``: ends every session that the request shows a token of."""

    reads_access_token = True

    @sensitive_variables()
    def post(self, request: Request) -> Response:
        """Answer 204, whether or not anything was left to end."""
        raws = [
            BodyTransport().read(request, self.spelling),
            bearer_token(request.META.get(simple_jwt.AUTH_HEADER_NAME, "")),
        ]
        services.log_out(*filter(None, raws), request=request)
        return Response(status=204)


class VerifyView(AuthView):
    """``POST``: whether a token of either kind is still good."""

    @sensitive_variables()
    def post(self, request: Request) -> Response:
        """Answer 200 and nothing, or 401 with what is wrong."""
        raw: Any = read_token(request, "token")
        if raw is None:
            raise InvalidRequest(fields={"token": [_("This field is required.")]})
        services.verify(raw)
        return Response({})
