"""What sign-in and refresh hand out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jwt_signin.tokens.kinds import AccessToken, RefreshToken


@dataclass(frozen=True, kw_only=True)
class TokenPair:
    """What sign-in and refresh hand out."""

    access: AccessToken
    refresh: RefreshToken | None
    """``None`` where a refresh does not replace the refresh token."""
    repeated: bool = False
    """Whether the client brought a refresh token of this very generation."""
    user: Any
    remember: bool = True
    """Whether the client is to keep the refresh token when it is closed."""
    refresh_expires_at: int
    """When the session ends unless it is refreshed, in whole seconds of the epoch."""

    @property
    def expires_in(self) -> int:
        """The whole seconds that the access token lives from its issue."""
        return int(self.access["exp"] - self.access["iat"])

    @property
    def refresh_expires_in(self) -> int:
        """The whole seconds that the refresh token lives from now."""
        return int(self.refresh_expires_at - self.access["iat"])
