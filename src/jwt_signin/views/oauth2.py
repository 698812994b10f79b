"""OAuth 2.0's token endpoint."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.views.decorators.debug import sensitive_variables
from rest_framework.request import Request
from rest_framework.response import Response

from jwt_signin.exceptions import InvalidRequest, UnsupportedGrantType
from jwt_signin.serializers import REQUIRED
from jwt_signin.shapes import OAuth2
from jwt_signin.transports import GrantParser, JSONParser, read_token
from jwt_signin.views.tokens import RefreshView, SignInView


class TokenView(SignInView, RefreshView):
    """
    ``POST``: the grants ``password`` and ``refresh_token`` (RFC 6749 sections 4.3 and 6).

    For clients of your own, to whom a user may tell the password: RFC 9700 section 2.4 forbids
    that grant to all others.
    It is found where the shape is ``oauth2``, and nowhere else.
    There are no clients to tell apart: ``client_id``, ``client_secret`` and ``scope`` are passed
    over.
    """

    shape = "oauth2"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Hide where another shape is chosen."""
        if not isinstance(self.spelling, OAuth2):
            raise Http404
        super().initial(request, *args, **kwargs)

    def get_parsers(self) -> list[Any]:
        """Read forms as RFC 6749 section 3.2 has them, and JSON."""
        return [JSONParser(), GrantParser()]

    @sensitive_variables()
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer 200 with tokens, or 400 with ``error`` and ``error_description``."""
        grant = read_token(request, "grant_type")
        if grant is None:
            raise InvalidRequest(fields={"grant_type": [str(REQUIRED)]})
        if grant == "password":
            return SignInView.post(self, request, *args, **kwargs)
        if grant == "refresh_token":
            self.action = "refresh"
            return RefreshView.post(self, request, *args, **kwargs)
        raise UnsupportedGrantType

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Add what caches of HTTP/1.0 read (RFC 6749 section 5.1)."""
        response.headers["Pragma"] = "no-cache"
        return super().finalize_response(request, response, *args, **kwargs)
