"""
The settings of the example project, for development; ``production.py`` builds on them.

``DATABASE_URL=postgresql://user:password@host:5432/name`` puts it on PostgreSQL; what follows a
``?`` goes to the driver, as ``sslmode=require``.
"""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from corsheaders.defaults import default_headers

BASE_DIR = Path(__file__).resolve().parent.parent
FRONT_END = BASE_DIR / "frontend" / "dist"

DEBUG = True
SECRET_KEY = "example-project-in-development-only-0123456789-abcdefghij"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "corsheaders",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "jwt_signin",
    "web",
]
MIDDLEWARE = [
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    # These two are the admin's; the API knows nobody but by a token.
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
AUTH_USER_MODEL = "web.User"
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["jwt_signin.authentication.JWTAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
# The page of the document asks this server alone, and signs in at the token endpoint.
SPECTACULAR_SETTINGS = {
    "TITLE": "Example project",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "jwt_signin.openapi.add_refusals",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "password": {
                "type": "oauth2",
                "flows": {"password": {"tokenUrl": "/api/token/", "scopes": {}}},
            }
        }
    },
    "SECURITY": [{"password": []}],
}
JWT_SIGNIN = {
    "SIGNIN_BY": ["username", "email"],
    # Nobody waits half a minute to see a thief caught; in production it is what the package says.
    "REUSE_GRACE": 5,
}

# Where the development server of a front end that has no proxy is likely to be.
CORS_ALLOWED_ORIGINS = ["http://localhost:3000", "http://localhost:5173"]
CORS_ALLOW_HEADERS = (*default_headers, "idempotency-key")

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # The page that Vite builds; what it loads is among the static files.
        "DIRS": [FRONT_END],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

if url := os.environ.get("DATABASE_URL"):
    parts = urlsplit(url)
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": parts.port or "",
            "OPTIONS": dict(parse_qsl(parts.query)),
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": BASE_DIR / "db.sqlite3",
            "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL;"},
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ko", "한국어")]
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
STATICFILES_DIRS = [("front", FRONT_END)]
