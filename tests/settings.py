"""The project that the tests run in: nothing set that has a default."""

import os

from tests.databases import default_database

SECRET_KEY = "tests-only-0123456789abcdefghijklmnopqrstuvwxyz-tests-only"
ALLOWED_HOSTS = ["testserver"]
DATABASES = {"default": default_database()}
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
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
AUTH_USER_MODEL = os.environ.get("TEST_USER_MODEL", "auth.User")
if AUTH_USER_MODEL == "usermodels.BareUser":
    SIMPLE_JWT = {"USER_ID_FIELD": "number"}
ROOT_URLCONF = "tests.urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Sign-ins are what is tested, not how long a hash takes.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
