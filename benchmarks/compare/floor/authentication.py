"""REST framework's authentication by the floor, for the view that all contenders have."""

from __future__ import annotations

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from benchmarks.compare.floor.acts import Acts
from benchmarks.compare.floor.statements import ORM, Compiled


class ByORM(BaseAuthentication):
    """Looks the session up by the ORM."""

    acts = Acts(ORM())

    def authenticate(self, request: Request) -> tuple[Any, Any]:
        """Return the user of the header's token."""
        return self.acts.user(request.META["HTTP_AUTHORIZATION"]), None


class ByCursor(ByORM):
    """Looks the session up by a statement that was written down once."""

    acts = Acts(Compiled())
