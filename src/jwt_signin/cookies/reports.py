"""What an error report shows of a request: no cookie or header that carries a token."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.views.debug import SafeExceptionReporterFilter, get_exception_reporter_filter

from jwt_signin.conf import app_settings, simple_jwt
from jwt_signin.cookies.cookie import HOST, SECURE


class Reticent(SafeExceptionReporterFilter):
    """
    Hides what carries tokens: the cookies of this package, and the header of access tokens.

    Django hides what is called a token or an authorization, and neither cookie is.
    """

    def get_safe_request_meta(self, request: Any) -> dict[str, Any]:
        """Hide the header that carries access tokens, whatever it is called."""
        meta = super().get_safe_request_meta(request)
        if simple_jwt.AUTH_HEADER_NAME in meta:
            meta[simple_jwt.AUTH_HEADER_NAME] = self.cleansed_substitute
        return meta

    def get_safe_cookies(self, request: Any) -> dict[str, Any]:
        """Hide those of this package, of the present settings and of any prefix."""
        ours = {app_settings.COOKIE_NAME, app_settings.access_cookie}
        return {
            name: self.cleansed_substitute if _bare(name) in ours else value
            for name, value in super().get_safe_cookies(request).items()
        }


@receiver(got_request_exception)
def be_reticent(request: Any = None, by: Any = Reticent, **kwargs: Any) -> None:
    """
    Let reports of Django's ``request`` go through a filter, on top of the project's.

    As a receiver it does so for an error in any view of the project, which a browser may have
    sent these cookies to as well; what sends that signal outside of a request names none.
    """
    project: Any = get_exception_reporter_filter(request)
    if request is not None and not isinstance(project, by):
        kind = _on_top_of(by, project.__class__)
        # Not called: it may take arguments, if a middleware of the project's has made it.
        filtering = request.exception_reporter_filter = kind.__new__(kind)
        filtering.__dict__.update(project.__dict__)


@lru_cache
def _on_top_of(by: Any, project: Any) -> type[SafeExceptionReporterFilter]:
    return type(by.__name__, (by, project), {})


def _bare(name: str) -> str:
    return name.removeprefix(HOST).removeprefix(SECURE)
