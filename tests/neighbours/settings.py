"""A project with everything that people move from."""

from datetime import timedelta

from tests.settings import *

INSTALLED_APPS = [
    *INSTALLED_APPS,
    "rest_framework_simplejwt.token_blacklist",
    "rest_framework.authtoken",
    "dj_rest_auth",
    "djoser",
    "knox",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",  # dj-rest-auth begins one as well
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    *MIDDLEWARE,
]
ROOT_URLCONF = "tests.neighbours.urls"
# Simple JWT reads its own settings once.
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=7),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=3),
    "AUTH_HEADER_TYPES": ("Bearer", "JWT"),
    "BLACKLIST_AFTER_ROTATION": True,
    "CHECK_REVOKE_TOKEN": True,
    "ROTATE_REFRESH_TOKENS": True,
}
REST_AUTH = {
    "USE_JWT": True,
    "JWT_AUTH_HTTPONLY": False,
    "JWT_AUTH_RETURN_EXPIRATION": True,
    "TOKEN_MODEL": None,
}
