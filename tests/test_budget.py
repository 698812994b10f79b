"""What an operation may cost: statements, calls and memory, never time."""

import cProfile
import json
import pstats
import tracemalloc
from datetime import timedelta
from typing import NamedTuple

import pytest
from coverage import Coverage
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from django.utils import timezone
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from jwt_signin import services
from jwt_signin.authentication import CheckedAuthentication, SignatureAuthentication
from jwt_signin.models import Session
from tests.conftest import PASSWORD, name_of

# Outside of a transaction, as in production, where there is none to look after.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]

BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36"
)
WARM, COUNTED = 3, 3
"""Requests before those that are counted, and those: the least of them is taken."""

only_on_drivers_in_c = pytest.mark.skipif(
    connection.vendor == "mysql", reason="the driver itself is Python"
)
only_on_python_alone = pytest.mark.skipif(
    Coverage.current() is not None, reason="coverage allocates memory itself"
)


class Budget(NamedTuple):
    """The most that an operation may take."""

    statements: int
    calls: int
    memory: int
    """KiB that are allocated at once."""


# Of calls, Python's and C's under cProfile, the most that were counted with Python 3.11 to 3.13,
# Django 5.2 to 6.1, SQLite and PostgreSQL, and no more than ten beyond: the least is 3 to 10 %
# below. Of memory the most as well, and a tenth beyond.
BUDGETS = {
    "sign_in": Budget(3, 3505, 28),
    "request": Budget(1, 1125, 20),
    "signature": Budget(0, 810, 12),
    "refresh": Budget(2, 1605, 19),
    "grace": Budget(1, 1390, 19),
    "logout": Budget(2, 1340, 19),
    "sessions": Budget(2, 5450, 29),
}


class MeView(APIView):
    permission_classes = (IsAuthenticated,)
    renderer_classes = (JSONRenderer,)

    def get(self, request):
        return Response({"id": str(request.user.pk)})


urlpatterns = [
    path("auth/", include("jwt_signin.urls")),
    path("request/", MeView.as_view(authentication_classes=[CheckedAuthentication])),
    path("signature/", MeView.as_view(authentication_classes=[SignatureAuthentication])),
]


class Client:
    """Asks Django's own handler, without middleware, on a connection that stays open."""

    def __init__(self, user):
        self.user = user
        self.handler = WSGIHandler()

    def environ(self, operation):
        """Return a request for ``operation``, by the one session that there is."""
        Session.objects.all().delete()
        pair = None if operation == "sign_in" else services.start_session(self.user)
        if operation == "refresh":
            Session.objects.update(rotated_at=timezone.now() - timedelta(minutes=1))
        factory = RequestFactory(headers={"User-Agent": BROWSER, "Accept": "application/json"})
        if operation in {"request", "signature", "sessions"}:
            where = "auth/sessions" if operation == "sessions" else operation
            bearer = {"Authorization": f"Bearer {pair.access}"}
            return factory.get(f"/{where}/", headers=bearer).environ
        if operation == "sign_in":
            body = {**name_of(self.user), "password": PASSWORD}
            return factory.post("/auth/signin/", body, "application/json").environ
        where = "logout" if operation == "logout" else "refresh"
        body = json.dumps({"refresh": str(pair.refresh)})
        return factory.post(f"/auth/{where}/", body, "application/json").environ

    def ask(self, environ):
        """Send a request and read its answer to the end, as a server does."""
        statuses = []
        response = self.handler(environ, lambda status, headers: statuses.append(status))
        b"".join(response)
        response.close()
        assert statuses[0] in {"200 OK", "204 No Content"}


@pytest.fixture
def client(ada, settings, monkeypatch):
    settings.MIDDLEWARE = []
    connection.ensure_connection()
    monkeypatch.setattr(connection, "close_at", None)
    return Client(ada)


@pytest.mark.parametrize("operation", BUDGETS)
def test_an_operation_sends_its_statements_and_no_more(client, operation):
    client.ask(client.environ(operation))
    environ = client.environ(operation)

    with CaptureQueriesContext(connection) as sent:
        client.ask(environ)

    assert len(sent) == BUDGETS[operation].statements, [query["sql"] for query in sent]


@only_on_drivers_in_c
@pytest.mark.parametrize("operation", BUDGETS)
def test_an_operation_keeps_to_its_calls(client, operation):
    """Where one fails that was not slowed down on purpose, ``benchmarks.calls --top`` says why."""
    for _request in range(WARM):
        client.ask(client.environ(operation))

    counts = [calls(client.ask, client.environ(operation)) for _request in range(COUNTED)]

    assert min(counts) <= BUDGETS[operation].calls


def calls(function, *arguments):
    profile = cProfile.Profile()
    profile.runcall(function, *arguments)
    return pstats.Stats(profile).total_calls


@only_on_drivers_in_c
@only_on_python_alone
@pytest.mark.parametrize("operation", BUDGETS)
def test_an_operation_keeps_to_its_memory(client, operation):
    """``benchmarks.compare memory`` shows that a worker keeps none of it."""
    for _request in range(WARM):
        client.ask(client.environ(operation))

    peaks = [peak(client.ask, client.environ(operation)) for _request in range(COUNTED)]

    assert min(peaks) <= BUDGETS[operation].memory * 1024


def peak(function, *arguments):  # pragma: no cover
    """Return the most bytes that are allocated at any moment of a call."""
    tracemalloc.start()
    function(*arguments)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most
