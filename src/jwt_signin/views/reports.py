"""What an error report shows of a request to these endpoints: where it failed, and no values."""

from __future__ import annotations

from typing import Any

from jwt_signin.cookies import Reticent, be_reticent


class Discreet(Reticent):
    """
    Hides every cookie and every local variable as well.

    ``sensitive_variables`` is not enough where Django's own functions use it: what they call,
    backends and hashers with the password in hand, is shown but for the names that they list.
    """

    def get_safe_cookies(self, request: Any) -> dict[str, Any]:
        """Hide all of them."""
        return dict.fromkeys(super().get_safe_cookies(request), self.cleansed_substitute)

    def get_traceback_frame_variables(self, request: Any, tb_frame: Any) -> Any:
        """Hide all of them, unless ``DEBUG`` is on."""
        variables = super().get_traceback_frame_variables(request, tb_frame)
        if not self.is_active(request):
            return variables
        return [(name, self.cleansed_substitute) for name, _value in variables]


def be_discreet(request: Any) -> None:
    """Let reports of Django's ``request`` go through this filter, on top of the project's."""
    request.sensitive_post_parameters = "__ALL__"
    be_reticent(request, by=Discreet)
