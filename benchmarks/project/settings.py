"""
The settings of the served project.

The harness chooses by environment: ``CHAOS_PORT`` is the database's, ``CHAOS_GRACE`` the
``REUSE_GRACE`` in seconds, ``CHAOS_CONNECTIONS`` how database connections are kept.
"""

import os
from typing import Any

CONNECTIONS: dict[str, dict[str, Any]] = {
    "fresh": {"CONN_MAX_AGE": 0},
    "kept": {"CONN_MAX_AGE": None},
    "checked": {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True},
    # A pool waits for a connection as long as it is told to; a request should not wait longer.
    "pooled": {"OPTIONS": {"pool": {"min_size": 2, "max_size": 4, "timeout": 2}}},
}

SECRET_KEY = "only-for-this-run-0123456789abcdef0123456789abcdef0123456789"
ALLOWED_HOSTS = ["127.0.0.1"]
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    "jwt_signin",
]
MIDDLEWARE = ["benchmarks.project.rotations.RotationMiddleware"]
ROOT_URLCONF = "benchmarks.project.urls"
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["jwt_signin.authentication.JWTAuthentication"],
}
JWT_SIGNIN = {"REUSE_GRACE": float(os.environ["CHAOS_GRACE"])}

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "127.0.0.1",
        "PORT": os.environ["CHAOS_PORT"],
        "NAME": "postgres",
        "USER": "chaos",
        **CONNECTIONS[os.environ["CHAOS_CONNECTIONS"]],
    }
}

# Signing in is not what is measured; a real hash would only delay the start.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Without DEBUG Django mails its errors; here they have to be found in the server's log.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
