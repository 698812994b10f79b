"""What the processes of a race run: they share nothing with the test but the database."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

LONG_AGO = dt.timedelta(minutes=5)
"""Longer than any grace of these tests."""


def set_up(database: dict[str, Any], parent: int) -> None:  # pragma: no cover
    """Start Django on the database of the test."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    from django.conf import settings

    settings.DATABASES["default"] = {**settings.DATABASES["default"], "NAME": database["NAME"]}
    import django

    django.setup()


def refresh(raw: str) -> tuple[int, int | None]:  # pragma: no cover
    """Refresh once by the URL; return the status and the generation of the answer."""
    from jwt_signin.tokens import RefreshToken
    from tests.conftest import Browser

    response = Browser().refresh(raw)
    if response.status_code != 200:
        return response.status_code, None
    return 200, RefreshToken.decode(response.json()["refresh"]).generation


def serve(raw: str, stage: dict[str, Any]) -> tuple[int, int, str]:  # pragma: no cover
    """Refresh by a server with the settings of ``stage``, and use what it answers."""
    from django.test import override_settings

    from tests.conftest import Browser

    with override_settings(**stage):
        response = Browser().refresh(raw)
        if response.status_code != 200:
            return response.status_code, 0, raw
        tokens = response.json()
        me = Browser().with_access(tokens["access"]).get("/auth/me/")
        return 200, me.status_code, tokens["refresh"]
