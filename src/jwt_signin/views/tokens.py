"""The endpoints that hand out, renew, check and end tokens."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.functional import cached_property
from django.views.decorators.debug import sensitive_variables
from rest_framework.request import Request
from rest_framework.response import Response

from jwt_signin import services
from jwt_signin.authentication import bearer_token
from jwt_signin.conf import TransportName, app_settings, simple_jwt
from jwt_signin.exceptions import InvalidRequest, RefreshExpired, RefreshMissing, SessionRevoked
from jwt_signin.serializers import REQUIRED, reader_of_credentials
from jwt_signin.shapes import Action
from jwt_signin.throttling import RefreshLimit, SignInAttempt
from jwt_signin.tokens import TokenPair
from jwt_signin.transports import Transport, get_transports, read_token
from jwt_signin.views.base import AuthView


class TransportView(AuthView):
    """
    The base of the endpoints where refresh tokens travel, and of a project's own by cookie.

    It reads the bodies of its transports alone, JSON where that is the cookie, and a body that is
    none is refused before the method is called; ``Vary`` names what the transports read.
    A method that begins a session asks the transport's ``check()`` before anything else, and
    answers by ``signed_in()``.
    """

    transport: ClassVar[TransportName | None] = None
    """The one transport of this view; all that ``TRANSPORTS`` allows where ``None``."""

    @cached_property
    def transports(self) -> dict[str, Transport]:
        """The transports of this request, by name."""
        return get_transports(self.transport, self.spelling)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Read the body, which is refused if it is none, be the proof in it or in a cookie."""
        super().initial(request, *args, **kwargs)
        request.data  # noqa: B018

    def get_parsers(self) -> list[Any]:
        """Read the bodies of any of them."""
        parsers = {parser: None for each in self.transports.values() for parser in each.parsers}
        return [parser() for parser in parsers]

    def headers_read(self) -> list[str]:
        """Add those of any of them."""
        headers = [header for each in self.transports.values() for header in each.headers]
        return [*dict.fromkeys(super().headers_read() + headers)]

    @sensitive_variables()
    def signed_in(self, pair: TokenPair, transport: Transport) -> Response:
        """
        Answer the pair of a session that has begun, as the shape spells it.

        Args:
            pair: what ``services.start_session`` returned.
            transport: the one that it was given the name of.

        """
        response = Response(self.spelling.sign_in(transport.shown(pair), self.request))
        transport.write(response, pair, self.request)
        return response


class SignInView(TransportView):
    """``POST``: credentials for a pair of tokens, and a session."""

    action: Action = "sign_in"

    @sensitive_variables()
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer 200 with the pair, or 401 ``invalid_credentials`` whatever was wrong."""
        names = self.spelling.names(app_settings.signin_by)
        reader = reader_of_credentials(names, self.names())
        credentials = reader.run_validation(request.data)
        transport = self.transports[credentials["transport"]]
        transport.check(request)
        field = reader.field(credentials)
        with SignInAttempt(request, credentials[field], field=field):
            pair = services.sign_in(request, **credentials)
        return self.signed_in(pair, transport)

    def names(self) -> list[str]:
        """Return the names of the transports, the one first that is taken where none is named."""
        return sorted(self.transports, key=lambda name: name != app_settings.TRANSPORT)


class RefreshView(TransportView):
    """``POST``: a refresh token for its successor and a new access token."""

    action: Action = "refresh"
    source: Transport | None = None
    """How the token came, once it is known."""

    @sensitive_variables()
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer 200 with the pair, or 401 with what is wrong with the token or its session."""
        raw, transport = self.brought(request)
        transport.check(request)
        self.source = transport
        pair = services.rotate(
            raw,
            request,
            transport=transport.name,
            idempotency_key=request.META.get("HTTP_IDEMPOTENCY_KEY") or None,
            limit=RefreshLimit(),
        )
        response = Response(self.spelling.refreshed(transport.shown(pair), request))
        transport.write(response, pair, request)
        return response

    def brought(self, request: Request) -> tuple[str, Transport]:
        """Find the token, and how it came."""
        for transport in self.transports.values():
            if raw := transport.read(request, self.spelling):
                return raw, transport
        raise RefreshMissing

    def handle_exception(self, exc: Exception) -> Response:
        """Clear the cookies when, and only when, their session is over for certain."""
        response = super().handle_exception(exc)
        if self.source is not None and isinstance(exc, SessionRevoked | RefreshExpired):
            self.source.clear(response, self.request)
        return response


class LogoutView(TransportView):
    """``POST``: ends every session that the request shows a token of."""

    reads_access_token = True

    @sensitive_variables()
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer 204, whether or not anything was left to end."""
        response = Response(status=204)
        raws = [bearer_token(request.META.get(simple_jwt.AUTH_HEADER_NAME, "")) or ""]
        for transport in self.transports.values():
            if brought := transport.read_all(request, self.spelling):
                transport.check(request)
                transport.clear(response, request)
                raws += brought
        services.log_out(*filter(None, raws), request=request)
        return response


class VerifyView(AuthView):
    """``POST``: whether a token of either kind is still good."""

    @sensitive_variables()
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer 200 and nothing, or 401 with what is wrong."""
        raw: Any = read_token(request, "token")
        if raw is None:
            raise InvalidRequest(fields={"token": [str(REQUIRED)]})
        services.verify(raw)
        return Response({})
