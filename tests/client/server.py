"""
A small project for the tests of auth-client.js: two users, notes, tokens that live two seconds.

    python tests/client/server.py PORT DATABASE

It says on standard output when it is ready, and ends when its standard input does.
"""

import collections
import os
import sys
import threading
from datetime import timedelta

import django
from django.conf import settings
from django.core.management import call_command, execute_from_command_line
from django.http import HttpResponse, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import ensure_csrf_cookie

settings.configure(
    DEBUG=True,  # cookies without Secure: the tests speak plain http
    SECRET_KEY="only-for-the-tests-of-the-client-" + "0123456789abcdef" * 2,
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": sys.argv[2],
            "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL;", "timeout": 20},
        }
    },
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "rest_framework",
        "jwt_signin",
    ],
    MIDDLEWARE=["__main__.count"],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["jwt_signin.authentication.JWTAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    },
    SIMPLE_JWT={"ACCESS_TOKEN_LIFETIME": timedelta(seconds=2)},
    # Every refresh of an expired token is a rotation.
    JWT_SIGNIN={"REUSE_GRACE": 1, "CSRF": os.environ.get("TEST_CSRF", "origin")},
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    LOGGING_CONFIG=None,
    USE_TZ=True,
    ROOT_URLCONF="__main__",
)
django.setup()

# What needs the settings to be there.
from django.contrib.auth.models import User  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402

from jwt_signin.urls import auth_urls  # noqa: E402
from jwt_signin.views import RefreshView, SignInView  # noqa: E402

counted = collections.Counter()


def count(get_response):
    """Count the requests, by path."""

    def middleware(request):
        counted[request.path] += 1
        return get_response(request)

    return middleware


def requests(request):
    """Tell what was counted since it was last told."""
    told = dict(counted)
    counted.clear()
    return JsonResponse(told)


def password(request):
    """Change a password, as its owner would elsewhere."""
    user = User.objects.get(username=request.GET["username"])
    user.set_password("correct horse")
    user.save()
    return JsonResponse({})


@ensure_csrf_cookie
def page(request):
    """Be the page of a front end, which has Django's token."""
    return HttpResponse()


def away(request):
    """Send the request on, its body included."""
    return HttpResponse(status=307, headers={"Location": request.GET["to"]})


class NotesView(APIView):
    """What a front end is for."""

    def get(self, request):
        return Response([{"text": f"of {request.user.username}"}])

    def post(self, request):
        return Response({"text": request.data["text"]}, status=201)


urlpatterns = [
    path("api/auth/", include("jwt_signin.urls")),
    path("simplejwt/", include(auth_urls(shape="simplejwt"), namespace="simplejwt")),
    path("api/login", SignInView.as_view(shape="api_login")),
    path("api/login/refresh", RefreshView.as_view(shape="api_login")),
    path("api/notes/", NotesView.as_view()),
    path("", page),
    path("away/", away),
    path("test/requests/", requests),
    path("test/password/", password),
]


def end_with_the_tests():
    """Outlive nobody who cannot stop this any more."""
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=end_with_the_tests, daemon=True).start()
    call_command("migrate", verbosity=0)
    for name in ("ada", "bob"):
        User.objects.create_user(name, password="correct horse")
    print("ready", flush=True)
    execute_from_command_line(["server.py", "runserver", "--noreload", f"127.0.0.1:{sys.argv[1]}"])
