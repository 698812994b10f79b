"""The example project with lives so short that they can be watched."""

import os
from datetime import timedelta

from config.settings import *

ROOT_URLCONF = "tests.browser.urls"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["BROWSER_DATABASE"],
        "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL;", "timeout": 20},
    }
}
SIMPLE_JWT = {"ACCESS_TOKEN_LIFETIME": timedelta(seconds=2)}
# Shorter than a cycle, so that every waking finds the token due for its successor.
JWT_SIGNIN = JWT_SIGNIN | {"REUSE_GRACE": timedelta(seconds=2)}
CORS_ALLOWED_ORIGIN_REGEXES = [".*"]  # whose pages may ask is for the package to say
CORS_ALLOW_CREDENTIALS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
