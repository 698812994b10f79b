"""The project whose sign-in is timed: no limit that would answer in place of the hasher."""

SECRET_KEY = "for-this-benchmark-alone-" + "0123456789abcdef" * 3
ALLOWED_HOSTS = ["testserver"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    "jwt_signin",
]
JWT_SIGNIN = {
    "SIGNIN_BY": ["username", "email"],
    "SIGNIN_ACCOUNT_RATE": None,
    "SIGNIN_NETWORK_RATE": None,
}
LOGGING_CONFIG = None
ROOT_URLCONF = "benchmarks.project.urls"
USE_TZ = True
