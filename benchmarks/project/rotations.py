"""Tells the harness which answers rotated, so that it can count those that were given again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from jwt_signin.signals import session_refreshed


class RotationMiddleware:
    """Adds the header ``Rotated`` to an answer whose request moved a session on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and tell."""
        response = self.get_response(request)
        if getattr(request, "rotated", False):
            response["Rotated"] = "1"
        return response


@receiver(session_refreshed)
def _remember(request: Any, **facts: Any) -> None:
    request.rotated = True
