"""The project that the tests run in: nothing set that has a default."""

from tests.databases import default_database

SECRET_KEY = "tests-only-0123456789abcdefghijklmnopqrstuvwxyz-tests-only"
ALLOWED_HOSTS = ["testserver"]
DATABASES = {"default": default_database()}
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "rest_framework",
    "jwt_signin",
    "tests",
    "tests.usermodels",
]
MIDDLEWARE = ["django.middleware.locale.LocaleMiddleware"]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["jwt_signin.authentication.JWTAuthentication"],
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
ROOT_URLCONF = "tests.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
STATIC_URL = "static/"  # Django's live server does not start without
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Sign-ins are what is tested, not how long a hash takes.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
