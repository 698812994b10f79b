"""The example project as it is, but for what would keep a test waiting."""

import os

from config.settings import *

DATABASES["default"] |= {"NAME": os.environ["BROWSER_DATABASE"]}
JWT_SIGNIN = JWT_SIGNIN | {"SIGNIN_ACCOUNT_RATE": "3/m"}
if "TEST_SCREENSHOTS" not in os.environ:
    JWT_SIGNIN = JWT_SIGNIN | {"REUSE_GRACE": 1}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
