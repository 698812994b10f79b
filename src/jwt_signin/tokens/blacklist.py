"""
Simple JWT's blacklist, where the project has that app.

The only rows that this floor sees, and they are not ours: a token that was refused there must
not come in here, and one that was traded here must not go on there.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.utils import timezone
from rest_framework_simplejwt.utils import datetime_from_epoch

from jwt_signin.tokens.kinds import SessionlessRefreshToken


def is_blacklisted(token: SessionlessRefreshToken) -> bool:
    """Tell whether Simple JWT refuses a token."""
    return _is_installed() and _rows("BlacklistedToken").filter(token__jti=token.jti).exists()


def blacklist(token: SessionlessRefreshToken, user: Any) -> None:
    """Tell Simple JWT to refuse a token, and empty the copy of it that it may keep."""
    if not _is_installed():
        return
    facts = {
        "user": user,
        "created_at": timezone.now(),
        "expires_at": datetime_from_epoch(token["exp"]),
    }
    outstanding, _ = _rows("OutstandingToken").update_or_create(
        jti=token.jti, defaults={"token": ""}, create_defaults={"token": "", **facts}
    )
    _rows("BlacklistedToken").get_or_create(token=outstanding)


def _is_installed() -> bool:
    return apps.is_installed("rest_framework_simplejwt.token_blacklist")


def _rows(name: str) -> Any:
    return apps.get_model("token_blacklist", name)._default_manager
