"""The application in process, and what came of the inputs."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.handlers.base import BaseHandler
from django.core.management import call_command
from django.http import HttpResponseBase
from rest_framework_simplejwt.tokens import RefreshToken

from benchmarks.fuzz.requests import request_of
from benchmarks.fuzz.source import Source
from jwt_signin import services
from jwt_signin.models import Session

RENEWED_EVERY = 500
WARM = 2_000
"""Inputs after which caches are full and memory is measured from."""

SLOW = 1.0
GROWTH = 20.0
"""Seconds of an answer and megabytes of memory that are too many (G8 of the reference)."""

OK, SERVER_ERROR = 200, 500
CACHEABLE = "/jwks.json"


class Fuzzed:
    """The application, its one user, and the tally."""

    def __init__(self) -> None:
        logging.disable(logging.CRITICAL)
        call_command("migrate", verbosity=0)
        self.user = get_user_model()._default_manager.create_user("ada", "ada@example.com", "wrong")
        self.handler = BaseHandler()
        self.handler.load_middleware()
        self.inputs, self.statuses, self.failures = 0, Counter[int](), list[str]()
        self.slowest, self.memory_at_start = 0.0, 0.0
        self.tokens: list[str] = []

    def send(self, data: bytes) -> None:
        """Build a request of ``data``, have it answered, and look at the answer."""
        if self.inputs % RENEWED_EVERY == 0:
            self._renew()
        if self.inputs == WARM:
            self.memory_at_start = megabytes()
        self.inputs += 1
        try:
            request = request_of(Source(data), self.tokens)
            start = time.perf_counter()
            response = self.handler.get_response(request)
            self.slowest = max(self.slowest, time.perf_counter() - start)
            self.statuses[response.status_code] += 1
            self._look_at(request, response)
        except Exception:  # noqa: BLE001  # each is a finding
            self.failures.append(f"{data!r}\n{traceback.format_exc()}")

    def _look_at(self, request: Any, response: HttpResponseBase) -> None:
        assert response.status_code < SERVER_ERROR, response.status_code  # noqa: S101
        if request.resolver_match is not None:
            cacheable = request.path.endswith(CACHEABLE) and response.status_code == OK
            assert cacheable or response["Cache-Control"] == "no-store"  # noqa: S101
            content = getattr(response, "content", b"")
            assert not content or json.loads(content) is not None  # noqa: S101
        response.close()

    def _renew(self) -> None:
        """Start from live sessions again: of either transport, and one that was rotated."""
        Session.objects.all().delete()
        body, cookie, rotated = (
            services.start_session(self.user, transport=transport)
            for transport in ("body", "cookie", "body")
        )
        Session.objects.filter(pk=rotated.access.session_id).update(generation=1)
        theirs = RefreshToken.for_user(self.user)
        held = [body.access, body.refresh, cookie.access, cookie.refresh, rotated.refresh]
        self.tokens = [str(token) for token in (*held, theirs, theirs.access_token)]

    def report(self, engine: str) -> bool:
        """Print the tally; return whether nothing was found."""
        growth = megabytes() - self.memory_at_start if self.inputs > WARM else 0.0
        told = ", ".join(f"{count} x {status}" for status, count in sorted(self.statuses.items()))
        print(f"{engine}: {self.inputs} inputs: {told}")
        print(f"  errors: {len(self.failures)}")
        print(f"  slowest answer: {self.slowest * 1e3:.0f} ms; memory: {growth:+.1f} MB")
        for failure in self.failures[:5]:
            print(failure, file=sys.stderr)
        sys.stdout.flush()
        return not self.failures and self.slowest < SLOW and growth < GROWTH


def megabytes() -> float:
    """Return the resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
