"""The project whose cache is hurt; ``CACHE_DOWN_DATABASE`` is the path of its SQLite file."""

import os

SECRET_KEY = "for-this-benchmark-alone-" + "0123456789abcdef" * 3
ALLOWED_HOSTS = ["testserver"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["CACHE_DOWN_DATABASE"],
    }
}
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    "jwt_signin",
]
# The hash would hide what is measured.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ROOT_URLCONF = "benchmarks.project.urls"
USE_TZ = True
