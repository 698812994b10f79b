"""A project that counts failed sign-ins by django-axes."""

from tests.settings import *

INSTALLED_APPS += ["axes"]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_FAILURE_LIMIT = 3
AXES_RESET_ON_SUCCESS = True
AXES_COOLOFF_TIME = None
