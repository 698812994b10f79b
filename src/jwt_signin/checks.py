"""
What a wrong setting would do, said beforehand.

One function a subject, one id a mistake: ``E`` where the app cannot work, ``W`` where it can and
should not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from jwt_signin.conf import Settings, SimpleJWT

_IDS = {"unknown": "jwt_signin.E001", "type": "jwt_signin.E002"}


@register(Tags.security)
def check_settings(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """Report names that nothing reads (E001) and values of the wrong kind (E002)."""
    for settings_class in (Settings, SimpleJWT):
        for mistake in settings_class.mistakes():
            yield Error(mistake.message, id=_IDS[mistake.kind])
