"""
The settings of the example project, for production: all that differs comes from the environment.

docs/how-to/deploy.md lists the variables, and tells how to run it.
"""

import json
import os

from django.core.exceptions import ImproperlyConfigured

from config.settings import *


def required(name):
    """Return a variable without which nothing is served: a default would be somebody's guess."""
    if value := os.environ.get(name):
        return value
    raise ImproperlyConfigured(f"Set the environment variable {name}.")


def listed(name):
    """Return what a variable lists, with commas between."""
    return [each.strip() for each in os.environ.get(name, "").split(",") if each.strip()]


def key(text):
    """Return a key whose line breaks may be spelled out, for files that know no others."""
    return text.replace("\\n", "\n")


DEBUG = False
SECRET_KEY = required("SECRET_KEY")
SECRET_KEY_FALLBACKS = listed("SECRET_KEY_FALLBACKS")
required("ALLOWED_HOSTS")
ALLOWED_HOSTS = listed("ALLOWED_HOSTS")

# A key of their own: SECRET_KEY has other duties, and other services can check what a pair signs.
SIMPLE_JWT = {
    "ALGORITHM": os.environ.get("JWT_ALGORITHM", "ES256"),
    "SIGNING_KEY": key(required("JWT_SIGNING_KEY")),
    # One machine's clock may run ahead of another's, which would then meet tokens of the future.
    "LEEWAY": 5,
}
NUM_PROXIES = int(os.environ.get("NUM_PROXIES", "1"))
JWT_SIGNIN = JWT_SIGNIN | {
    "REUSE_GRACE": 30,
    "NUM_PROXIES": NUM_PROXIES,
    "VERIFYING_KEYS": [
        key(each) for each in json.loads(os.environ.get("JWT_VERIFYING_KEYS", "[]"))
    ],
}

# Front ends on other origins; one that this server serves itself needs no mention.
CSRF_TRUSTED_ORIGINS = CORS_ALLOWED_ORIGINS = listed("TRUSTED_ORIGINS")
CORS_ALLOW_CREDENTIALS = bool(CORS_ALLOWED_ORIGINS)

SECURE_SSL_REDIRECT = True
if NUM_PROXIES:
    # The proxy must set this header on every request: from a client it would be a mere claim.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = int(os.environ.get("HSTS_SECONDS", "31536000"))
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_SECURE = True  # the admin's
# Whether each sub-domain is on https is for the owner of the domain to know, and a place on the
# browsers' preload list is hard to give back.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

required("DATABASE_URL")
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", "5")
DATABASES["default"] |= {
    "CONN_MAX_AGE": int(os.environ.get("CONN_MAX_AGE", "60")),
    # A connection that a restart of the database has cut is replaced, not answered with an error.
    "CONN_HEALTH_CHECKS": True,
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": required("REDIS_URL"),
        # Without them a Redis that hangs hangs every view that asks it.
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}

MIDDLEWARE.insert(
    MIDDLEWARE.index("django.middleware.security.SecurityMiddleware") + 1,
    "whitenoise.middleware.WhiteNoiseMiddleware",
)
STATIC_ROOT = os.environ.get("STATIC_ROOT", BASE_DIR / "staticfiles")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Each file is named by its content, so that browsers may keep it for ever.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Vite has named its files so already, and its page asks for them by those names.
WHITENOISE_IMMUTABLE_FILE_TEST = r"/front/assets/|\.[0-9a-f]{12}\."

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    # What is refused has its line from jwt_signin, with the reason.
    "loggers": {"django.request": {"level": "ERROR"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
