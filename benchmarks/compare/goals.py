"""What is promised, operation by operation, and what the ratios are told in."""

from __future__ import annotations

REFERENCE = "simplejwt"
"""The contender that all others are divided by; with its blacklist, where it rotates."""

COMPARED_WITH = {"grace": (REFERENCE, "refresh"), "sessions": ("floor-drf-orm", "sessions")}
"""Where the reference has no such operation, what stands for it."""

CPU = {
    "request": 0.75,
    "signature": 0.95,
    "refresh": 0.20,
    "grace": 0.13,
    "sign_in": 1.00,
    "logout": 0.28,
}
"""The application's CPU, at most, as a ratio."""

CPU_WITHOUT_LAST_LOGIN = 0.90
"""The same of a sign-in that does not write ``last_login``, as the reference writes none."""

STATEMENTS = {"request": 1, "signature": 0, "refresh": 2, "grace": 1, "sign_in": 3, "logout": 2}
"""Statements to the database, at most."""

THROUGHPUT = 3.5
"""Refreshes a second, at least, as a ratio."""

CALLS = {"request": 1600, "signature": 1150, "refresh": 2400, "sign_in": 2900, "logout": 1900}
"""Python and C calls of a warm request, at most."""

ALL_REFUSED = "refused (401) · refused (401)"
BEHAVIOUR = {
    "race": "32 · 32",
    "replay": ALL_REFUSED,
    "logout": ALL_REFUSED,
    "password": ALL_REFUSED,
    "deactivate": ALL_REFUSED,
    "delete": ALL_REFUSED,
    "lower": "good",
}
"""What becomes of a session, question by question."""

GROWTH = 1024 * 1024
"""Bytes of memory that a worker may gain after the first tenth of 100,000 requests."""


def compared_with(operation: str) -> tuple[str, str]:
    """Return the contender and its operation that ``operation`` is divided by."""
    return COMPARED_WITH.get(operation, (REFERENCE, operation))
