"""A project with other ways in: front ends elsewhere, second factors, social accounts."""

from tests.settings import *

INSTALLED_APPS = [
    "corsheaders",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.dummy",
    *INSTALLED_APPS,
]
MIDDLEWARE = [
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    *MIDDLEWARE,
]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
ROOT_URLCONF = "tests.neighbours.entrances_urls"
ACCOUNT_EMAIL_VERIFICATION = "none"
HEADLESS_TOKEN_STRATEGY = "tests.neighbours.entrances_urls.JWTSignInStrategy"
LOGIN_REDIRECT_URL = "/finished/"
SOCIALACCOUNT_LOGIN_ON_GET = True
