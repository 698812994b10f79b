"""What is true of every endpoint, and where the document finds it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cached_property
from typing import Any, ClassVar

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.exceptions import APIException

from jwt_signin.openapi import refusals
from jwt_signin.openapi.inference import Schema
from jwt_signin.openapi.samples import Spelling
from jwt_signin.openapi.serializers import described


class EndpointSchema(AutoSchema):
    """
    The schema of a view of ours.

    What a project says of it by ``extend_schema`` comes before this.
    """

    view: Any
    summary: ClassVar[str]
    status: ClassVar[int] = 200
    body_is_required: ClassVar[bool] = False

    def body(self, media_type: str) -> Schema | None:
        """Describe what it takes."""
        return None

    def answer(self) -> Any:
        """Describe what it answers, by a schema or a serializer."""
        raise NotImplementedError

    def errors(self) -> Iterator[APIException]:
        """Yield what it refuses with."""
        raise NotImplementedError

    def refused(self) -> Iterator[refusals.Refused]:
        """Yield what it refuses with, and what was asked for."""
        return (refusals.Refused(error, self.view.action) for error in self.errors())

    @cached_property
    def spelling(self) -> Spelling:
        """The shape of the view, ready to be asked."""
        shape = self.view.spelling
        return Spelling(shape, described(shape.user_serializer, self), self.view.request)

    @cached_property
    def refusals(self) -> dict[int, OpenApiResponse]:
        """Its refusals, by their status."""
        return refusals.spelled(self.refused(), self.spelling)

    def get_summary(self) -> str:
        """Say it in some words."""
        return self.summary

    def get_description(self) -> str:
        """Say what the method says: to drf-spectacular ``view.action`` is that of a ``ViewSet``."""
        return inspect.getdoc(getattr(self.view, self.method.lower())) or ""

    def get_auth(self) -> list[dict[str, list[Any]]]:
        """Say that a view without authentication asks for none, whatever the project's do."""
        return super().get_auth() if self.view.authentication_classes else [{}]

    def get_operation(self, *args: Any) -> Schema | None:
        """Add whether it takes a request without a body."""
        operation: Schema | None = super().get_operation(*args)
        if operation and self.body_is_required:
            operation["requestBody"]["required"] = True
        return operation

    def get_request_serializer(self) -> Schema | None:
        """Describe the body for each media type that the view reads."""
        media_types = [parser.media_type for parser in self.view.get_parsers()]
        bodies = {media_type: self.body(media_type) for media_type in media_types}
        return {kind: body for kind, body in bodies.items() if body} or None

    def get_response_serializers(self) -> dict[int, Any]:
        """Describe the answer and the refusals."""
        return {self.status: OpenApiResponse(self.answer(), "Done."), **self.refusals}

    def get_override_parameters(self) -> list[OpenApiParameter]:
        """Add the headers of refusals."""
        return [
            OpenApiParameter(
                name,
                {"type": kind},
                OpenApiParameter.HEADER,
                required=True,
                description=meaning,
                response=statuses,
            )
            for name, kind, meaning, statuses in refusals.HEADERS
        ]


def header(name: str, description: str, response: list[int] | None = None) -> OpenApiParameter:
    """Describe a header that may be absent, of the request or of answers of these statuses."""
    place = OpenApiParameter.HEADER
    return OpenApiParameter(name, str, place, description=description, response=response or False)
