"""What is wrong with the keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Tags, register

from jwt_signin.checks.base import complaint, mistakes
from jwt_signin.keys import KeyRing

IDS = {"key": "jwt_signin.E005"}


@register(Tags.security)
def check_keys(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """Report a key that does not fit its algorithm, or is shorter than it asks for (E005)."""
    if not any(mistakes()):
        yield from complaint(lambda: KeyRing().check_lengths(), IDS["key"])
