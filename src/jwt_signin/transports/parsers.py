"""
Bodies: read up to a bound, in UTF-8, as an object with names.

REST framework's own parsers answer a deeply nested body with a 500, take ``NaN``, obey any
charset and read without a bound of their own.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import UnreadablePostError
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from jwt_signin.conf import app_settings
from jwt_signin.exceptions import RequestTooLarge

MAX_FORM_FIELDS = 100


class BoundedParser(BaseParser):
    """The base of both parsers: reads the text, and turns what is wrong with it into a 400."""

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Any = None
    ) -> dict[str, Any]:
        """
        Read the body.

        Raises:
            RequestTooLarge: it is longer than ``MAX_BODY_BYTES``.
            ParseError: it is no such text, or ended early.

        """
        try:
            body = self.read(stream)
            if len(body) < _promised(parser_context):
                raise ValueError("cut off")  # an incomplete message (RFC 9112 section 8)
            return self.members(body.decode("utf-8"))
        # RecursionError: json nests by recursion, and 16 KiB hold more brackets than frames.
        except (ValueError, RecursionError, UnreadablePostError) as error:
            raise ParseError from error

    def read(self, stream: Any) -> bytes:
        """Read no more than the bound, ours or Django's, and one byte to see that there is more."""
        limit = app_settings.MAX_BODY_BYTES
        if settings.DATA_UPLOAD_MAX_MEMORY_SIZE is not None:
            limit = min(limit, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        if len(body := stream.read(limit + 1)) > limit:
            raise RequestTooLarge
        return bytes(body)

    def members(self, text: str) -> dict[str, Any]:
        """Read the names and values; raise ``ValueError`` where there are none."""
        raise NotImplementedError


class JSONParser(BoundedParser):
    """``application/json``: an object, without ``NaN`` and the like (RFC 8259)."""

    media_type = "application/json"

    def members(self, text: str) -> dict[str, Any]:
        """Read a JSON object; of a name that comes twice the last wins, as in Python."""
        data = json.loads(text, parse_constant=_refuse)
        if not isinstance(data, dict):
            raise ValueError("no object")
        return data


class FormParser(BoundedParser):
    """``application/x-www-form-urlencoded``, as OAuth clients and plain forms send it."""

    media_type = "application/x-www-form-urlencoded"

    def members(self, text: str) -> dict[str, Any]:
        """Read the pairs; of a name that comes twice the last wins."""
        return dict(self.pairs(text))

    def pairs(self, text: str) -> list[tuple[str, str]]:
        """Read the pairs, those without a value too."""
        return parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FORM_FIELDS
        )


class GrantParser(FormParser):
    """A form to the token endpoint: no name twice, and one without a value is none (RFC 6749)."""

    def members(self, text: str) -> dict[str, Any]:
        """Read the pairs that have a value (section 3.2)."""
        pairs = [(name, value) for name, value in self.pairs(text) if value]
        if len(members := dict(pairs)) < len(pairs):
            raise ValueError("a name twice")
        return members


def _promised(parser_context: Any) -> int:
    """Return the length that the request gave its body, 0 where it gave none."""
    request = (parser_context or {}).get("request")
    return 0 if request is None else int(request.META.get("CONTENT_LENGTH") or 0)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
