"""The endpoints and plain views behind a real ASGI server, whose clients go away."""

import http.client
import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core.asgi import get_asgi_application
from django.db import OperationalError
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from jwt_signin.models import Session
from tests.conftest import PASSWORD
from tests.handlers import bearer

if django_settings.SETTINGS_MODULE != "tests.neighbours.sockets":  # pragma: no cover
    pytest.skip("NOT RUN here: tox -e neighbours runs it", allow_module_level=True)

from tests.neighbours.asgi_server import eventually, serving

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def port():
    with serving(get_asgi_application()) as port:
        yield port


@pytest.fixture
def ask(port):
    """``ask(path, body, headers)`` sends a request on a connection of its own."""

    def send(path, body=None, headers=None):
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"Content-Type": "application/json", **(headers or {})}
        method, data = ("GET", None) if body is None else ("POST", json.dumps(body))
        client.request(method, path, data, headers)
        with client.getresponse() as response:
            answer = response.read()
        client.close()
        return response.status, json.loads(answer) if answer else None

    return send


@pytest.fixture
def due(pair):
    """A refresh token whose session has not been rotated for a minute."""
    Session.objects.update(rotated_at=timezone.now() - timedelta(minutes=1))
    return str(pair.refresh)


def test_the_whole_flow(ask, ada):
    status, pair = ask("/auth/signin/", {"username": "ada", "password": PASSWORD})
    assert status == 200
    assert ask("/auth/me/", headers=bearer(pair["access"]))[1]["username"] == "ada"
    status, pair = ask("/auth/refresh/", {"refresh": pair["refresh"]})
    assert status == 200
    assert ask("/auth/logout/", {"refresh": pair["refresh"]})[0] == 204
    status, refusal = ask("/auth/me/", headers=bearer(pair["access"]))

    assert (status, refusal["code"]) == (401, "session_revoked")


def test_any_number_of_refreshes_at_once_meet_the_same_successor(ask, due):
    with ThreadPoolExecutor(8) as clients:
        answers = [*clients.map(lambda _: ask("/auth/refresh/", {"refresh": due}), range(8))]

    assert {status for status, _ in answers} == {200}
    assert Session.objects.get().generation == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_client_that_goes_away_while_it_refreshes_keeps_its_session(
    ask, port, due, monkeypatch, moment
):
    """Django stops waiting for the view; its statement is finished in its thread."""
    begun, gone = threading.Event(), threading.Event()
    execute = CursorWrapper.execute

    def slow(cursor, sql, params=None):
        if not sql.startswith("UPDATE"):
            return execute(cursor, sql, params)
        result = execute(cursor, sql, params) if moment == "after" else None
        begun.set()
        assert gone.wait(30)
        return execute(cursor, sql, params) if moment == "before" else result

    with monkeypatch.context() as patch:
        patch.setattr(CursorWrapper, "execute", slow)
        leave(port, due, begun, gone)
        assert eventually(lambda: Session.objects.get().generation)
    status, pair = ask("/auth/refresh/", {"refresh": due})

    assert (status, Session.objects.get().generation) == (200, 1)
    assert ask("/protected/", headers=bearer(pair["access"]))[0] == 200


def leave(port, refresh, begun, gone):
    """Send a refresh, and hang up while its statement is under way."""
    body = json.dumps({"refresh": refresh})
    head = (
        "POST /auth/refresh/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall((head + body).encode())
        assert begun.wait(30)
    # The server hears of it in its own loop, which answers others meanwhile.
    other = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    other.request("GET", "/auth/jwks.json")
    assert other.getresponse().read()
    other.close()
    gone.set()


def test_a_database_that_does_not_answer_is_a_503(ask, pair, monkeypatch):
    def down(*args):
        raise OperationalError

    monkeypatch.setattr(CursorWrapper, "execute", down)

    assert ask("/protected/", headers=bearer(pair.access))[0] == 503
    assert ask("/auth/refresh/", {"refresh": str(pair.refresh)})[0] == 503
