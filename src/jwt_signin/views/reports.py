"""What an error report shows of a request to these endpoints: where it failed, and no values."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.views.debug import SafeExceptionReporterFilter, get_exception_reporter_filter

from jwt_signin.conf import simple_jwt


class Discreet(SafeExceptionReporterFilter):
    """
    Hides the cookies, the header of the access token, and every local variable.

    ``sensitive_variables`` is not enough where Django's own functions use it: what they call,
    backends and hashers with the password in hand, is shown but for the names that they list.
    """

    def get_safe_request_meta(self, request: Any) -> dict[str, Any]:
        """Hide the header that carries access tokens, whatever it is called."""
        meta = super().get_safe_request_meta(request)
        if simple_jwt.AUTH_HEADER_NAME in meta:
            meta[simple_jwt.AUTH_HEADER_NAME] = self.cleansed_substitute
        return meta

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
    project: Any = type(get_exception_reporter_filter(request))
    request.exception_reporter_filter = _on_top_of(project)


@lru_cache
def _on_top_of(project: Any) -> SafeExceptionReporterFilter:
    found: SafeExceptionReporterFilter = type("Discreet", (Discreet, project), {})()
    return found
