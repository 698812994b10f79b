"""Telling the world: signals that cannot fail, and the log."""

from __future__ import annotations

import logging
from typing import Any

from django.dispatch import Signal
from rest_framework.exceptions import APIException

from jwt_signin.exceptions import describe
from jwt_signin.models import Session

logger = logging.getLogger("jwt_signin")


def tell(signal: Signal, session: Session, request: Any, **facts: Any) -> None:
    """Send one of this package's signals; Django logs a receiver that raises."""
    signal.send_robust(Session, session=session, request=django_request(request), **facts)


def log_refusal(refusal: APIException) -> None:
    """Write the one line that a refusal leaves, with its code and, where known, its session."""
    facts = describe(refusal)
    logger.info(
        "refused: %s reason=%s session=%s",
        facts["code"],
        facts.get("reason"),
        getattr(refusal, "session_id", None),
    )


def django_request(request: Any) -> Any:
    """
    Return Django's own request, which REST framework's wraps.

    Authentication backends and receivers set attributes on it for middleware to read.
    """
    return getattr(request, "_request", request)
