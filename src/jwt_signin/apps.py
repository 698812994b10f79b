"""The app."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class JWTSignInConfig(AppConfig):
    """Registers what has to be known before the first request."""

    name = "jwt_signin"
    verbose_name = _("JWT sign-in")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the modules that register themselves, which need the models to be ready."""
        from jwt_signin import checks  # noqa: F401, PLC0415
        from jwt_signin.services.passwords import keep_sessions_through_upgrades  # noqa: PLC0415

        keep_sessions_through_upgrades()
        if apps.is_installed("drf_spectacular"):
            from jwt_signin import openapi  # noqa: F401, PLC0415
