"""Telling the world: signals that cannot fail, and the log."""

from __future__ import annotations

import logging
from typing import Any

from django.db import InterfaceError, InternalError, OperationalError
from django.dispatch import Signal
from django.http import HttpRequest
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from jwt_signin.exceptions import Unavailable, describe
from jwt_signin.models import Session

AnyRequest = HttpRequest | Request | None
"""Django's or REST framework's request, or none."""

logger = logging.getLogger("jwt_signin")


def tell(signal: Signal, session: Session, request: AnyRequest, **facts: Any) -> None:
    """Send one of this package's signals; Django logs a receiver that raises."""
    signal.send_robust(Session, session=session, request=django_request(request), **facts)


def log_refusal(refusal: APIException) -> None:
    """
    Write the one line that a refusal leaves, with its code and, where known, its session.

    The record has them as attributes too, for formatters that write no sentences.
    It passes more than one door on its way out; the first that knows it writes.
    """
    if getattr(refusal, "logged", False):
        return
    refusal.logged = True  # type: ignore[attr-defined]
    told = describe(refusal)
    facts = {
        "code": told["code"],
        "reason": told.get("reason"),
        "session": getattr(refusal, "session_id", None),
    }
    logger.info("refused: %(code)s reason=%(reason)s session=%(session)s", facts, extra=facts)


def django_request(request: AnyRequest) -> Any:
    """
    Return Django's own request, which REST framework's wraps.

    Authentication backends and receivers set attributes on it for middleware to read.
    """
    return getattr(request, "_request", request)


UNREACHABLE = (OperationalError, InterfaceError, InternalError)
"""What says that the database cannot be asked, or not be written, just now: it does not answer,
has no connection left, takes too long, is read-only after a failover, or others stay in the way."""


def unavailable(error: Exception, request: AnyRequest = None) -> Unavailable:
    """
    Log why the database could not be asked; return the refusal for it.

    Args:
        error: what it said.
        request: Django's or REST framework's, where its filter is to decide what a report shows
            of the frames that it failed in; the record then has it, as Django's own have.

    """
    extra = {} if request is None else {"request": django_request(request)}
    logger.error("the database is unavailable", exc_info=error, extra=extra)
    return Unavailable()
