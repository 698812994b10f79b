"""The project that is fuzzed: in process, with a database in memory and no limit in the way."""

SECRET_KEY = "for-this-benchmark-alone-" + "0123456789abcdef" * 3
ALLOWED_HOSTS = ["*"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
# An error is raised where it happens, with its traceback, instead of becoming a 500.
DEBUG_PROPAGATE_EXCEPTIONS = True
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    "jwt_signin",
]
JWT_SIGNIN = {
    "SIGNIN_BY": ["username", "email"],
    "ACCEPT_SIMPLEJWT_TOKENS": True,
    "ACCESS_COOKIE": True,
    "NUM_PROXIES": 1,
    "TRUSTED_ORIGINS": ["https://front.example"],
    "SIGNIN_ACCOUNT_RATE": None,
    "SIGNIN_NETWORK_RATE": None,
    "REFRESH_RATE": None,
}
LOGGING_CONFIG = None
MIDDLEWARE = ["django.middleware.locale.LocaleMiddleware"]
# What is looked for is behind the hash, and a slow one would be most of the work.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["jwt_signin.authentication.JWTAuthentication"],
}
ROOT_URLCONF = "benchmarks.fuzz.urls"
USE_TZ = True
