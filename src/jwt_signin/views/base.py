"""What every endpoint does: how it reads, refuses and answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db import connections, transaction
from django.http import Http404
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from rest_framework import exceptions as drf
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from jwt_signin.authentication import headers_read, refusal_headers
from jwt_signin.services.events import UNREACHABLE, log_refusal, unavailable
from jwt_signin.shapes import Action, Shape, get_shape
from jwt_signin.transports import BodyTransport
from jwt_signin.views.reports import be_discreet


class Negotiation(DefaultContentNegotiation):
    """Answers JSON whatever is accepted, and reads what is said to be JSON or a form."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        """Take the one there is: a browsable page would be a page that holds tokens."""
        return renderers[0], renderers[0].media_type

    def select_parser(self, request: Any, parsers: Any) -> Any:
        """Take the one of exactly this media type; REST framework's rule takes ``*/*`` for any."""
        media_type = request.content_type.partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == media_type), None)


class AuthView(APIView):
    """
    The base of every endpoint, and of a project's own that take passwords or hand out tokens.

    Every answer has ``Cache-Control: no-store`` (RFC 6749 section 5.1), and every refusal the form
    of ours: a 401 is no 403, and has ``code`` and ``WWW-Authenticate: Bearer``.
    An error report shows neither what the request brought nor any local variable.
    Bodies are JSON or a form, read no further than ``MAX_BODY_BYTES``; answers are JSON.
    The view stands outside of ``ATOMIC_REQUESTS``: more than one write of its own is put into
    ``atomic()``.

    What a subclass leaves unsaid is open to all and without a limit, for a project's REST
    framework settings do not reach it, neither its default classes nor its exception handler: it
    names ``authentication_classes``, ``permission_classes`` and ``throttle_classes`` itself.
    Its methods take the arguments of the URL that a project includes it under, and leave them.
    """

    shape: ClassVar[str | type[Shape] | None] = None
    """A name of ``jwt_signin.shapes``, a dotted path or a class; the project's where ``None``."""

    action: Action = "other"
    """What is asked for, by which a shape may spell a refusal; ``"sign_in"`` where the answer is
    that of a sign-in, and ``"access"`` where an access token is asked for."""

    reads_access_token: ClassVar[bool] = False
    """Whether the answer depends on the access token that came along, for ``Vary``."""

    authentication_classes: Sequence[Any] = ()
    permission_classes: Sequence[Any] = ()
    throttle_classes: Sequence[Any] = ()
    renderer_classes = (JSONRenderer,)
    parser_classes = BodyTransport.parsers
    content_negotiation_class = Negotiation
    versioning_class = None
    metadata_class = None
    http_method_names = [name for name in APIView.http_method_names if name != "options"]

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """
        Make the view function, outside of ``ATOMIC_REQUESTS``.

        A session that is ended must stay so although an error is answered: a transaction of the
        request would take it back.
        """
        view = super().as_view(**initkwargs)
        for alias in connections:
            view = transaction.non_atomic_requests(using=alias)(view)
        return view

    @cached_property
    def spelling(self) -> Shape:
        """The shape of this request."""
        return get_shape(self.shape)

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:
        """Hide what it brings from error reports."""
        be_discreet(request)
        return super().initialize_request(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a body of a kind that is not read, also where a middleware has read it."""
        super().initial(request, *args, **kwargs)
        has_body = request.META.get("CONTENT_LENGTH") not in (None, "", "0")
        parsers = self.get_parsers()
        if has_body and not self.get_content_negotiator().select_parser(request, parsers):
            raise drf.UnsupportedMediaType(request.content_type)

    def handle_exception(self, exc: Exception) -> Response:
        """
        Answer a refusal, and let every other error pass.

        REST framework's own handler would mark the transaction of a caller for rollback.
        """
        error = _refusal(exc, self.request)
        if error is None:
            raise exc
        log_refusal(error)
        status, body = self.spelling.refusal(error, self.action)
        response = Response(body, status=status, headers=refusal_headers(error, status))
        response.exception = True
        return response

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep every answer out of every cache (RFC 6749 section 5.1)."""
        response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, self.headers_read())
        return super().finalize_response(request, response, *args, **kwargs)

    def headers_read(self) -> list[str]:
        """Return the request headers that the answer depends on."""
        return headers_read() if self.reads_access_token else []


def _refusal(exc: Exception, request: Request) -> drf.APIException | None:
    if isinstance(exc, drf.APIException):
        return exc
    if isinstance(exc, Http404):
        return drf.NotFound()
    if isinstance(exc, PermissionDenied):
        return drf.PermissionDenied()
    if isinstance(exc, UNREACHABLE):
        # A backend of the project's may have failed with the password in hand.
        return unavailable(exc, request)
    return None
