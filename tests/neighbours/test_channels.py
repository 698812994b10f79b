"""Whose a WebSocket is: Channels behind a real server, asked by a real client."""

import asyncio
import json
import logging
import time
from contextlib import ExitStack
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings as django_settings
from django.core.asgi import get_asgi_application
from django.db import OperationalError
from django.urls import path
from django.utils import timezone

from jwt_signin import services
from jwt_signin.authentication import SignatureAuthentication
from tests.handlers import bearer
from tests.house.test_how_to import shown

if django_settings.SETTINGS_MODULE != "tests.neighbours.sockets":  # pragma: no cover
    pytest.skip("NOT RUN here: tox -e neighbours runs it", allow_module_level=True)

import time_machine
from channels.auth import AuthMiddlewareStack
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from jwt_signin.channels import JWTAuthMiddleware, JWTFirstMessageMiddleware
from tests.neighbours.asgi_server import eventually, serving

pytestmark = pytest.mark.django_db(transaction=True)

COOKIE = "__Host-access"
QUICK = timedelta(seconds=0.2)


class Echo(AsyncWebsocketConsumer):
    """Says whose the socket is, and then what it is told."""

    started: list = []
    ended: list = []

    async def connect(self):
        self.started.append(self)
        await self.accept("chat" if "chat" in self.scope["subprotocols"] else None)
        auth = self.scope["auth"]
        await self.send(json.dumps([str(self.scope["user"]), auth and auth["sid"]]))

    async def receive(self, text_data=None, bytes_data=None):
        if text_data == "crash":
            raise LookupError("a consumer's own")
        await self.send(text_data)

    async def disconnect(self, code):
        self.ended.append(code)


class BySignature(JWTAuthMiddleware):
    authentication = SignatureAuthentication


echo = Echo.as_asgi()
asks = JWTFirstMessageMiddleware(echo, recheck=QUICK)
application = ProtocolTypeRouter(
    {
        "http": get_asgi_application(),
        "websocket": URLRouter(
            [
                path("handshake/", JWTAuthMiddleware(echo, recheck=QUICK)),
                path("signature/", BySignature(echo, recheck=QUICK)),
                path("first/", asks),
                path("soon/", JWTFirstMessageMiddleware(echo, limit=QUICK)),
                path("chat/", JWTFirstMessageMiddleware(echo, subprotocol="chat")),
                path("both/", JWTAuthMiddleware(asks)),
                path("session/", AuthMiddlewareStack(JWTAuthMiddleware(echo))),
            ]
        ),
    }
)


@pytest.fixture(scope="module")
def port():
    """The port that the application is served at."""
    with serving(application) as port:
        yield port


@pytest.fixture(autouse=True)
def _records():
    Echo.started.clear()
    Echo.ended.clear()


@pytest.fixture
def dial(port):
    """``dial(path, headers)`` opens a socket, which the end of the test closes."""
    with ExitStack() as opened:

        def open_socket(where, headers=None, **kwargs):
            url = f"ws://127.0.0.1:{port}/{where}"
            return opened.enter_context(connect(url, additional_headers=headers, **kwargs))

        yield open_socket


@pytest.fixture
def access(pair):
    return str(pair.access)


@pytest.fixture
def origin(port):
    """The origin of the server's own pages."""
    return f"http://127.0.0.1:{port}"


def issued(user, seconds_ago):
    """Return an access token that is so old."""
    with time_machine.travel(timezone.now() - timedelta(seconds=seconds_ago)):
        return str(services.start_session(user).access)


def hear(socket):
    return json.loads(socket.recv(timeout=30))


def closed(socket):
    """Return the code and the reason of the server's farewell; ``None`` where it hangs up."""
    with pytest.raises(ConnectionClosed) as told:
        socket.recv(timeout=30)
    return (told.value.rcvd.code, told.value.rcvd.reason) if told.value.rcvd else None


def whose(pair):
    return [str(pair.user), pair.access["sid"]]


STATEMENT = "django.db.backends.utils.CursorWrapper.execute"


def down(*args):
    raise OperationalError


class TestHandshake:
    def test_the_header_tells_whose_it_is(self, dial, pair, access):
        socket = dial("handshake/", bearer(access))

        assert hear(socket) == whose(pair)
        socket.send("hello")
        assert socket.recv(timeout=30) == "hello"

    def test_without_a_token_it_is_nobodys(self, dial):
        assert hear(dial("handshake/")) == ["AnonymousUser", None]

    @pytest.mark.parametrize("seconds", [0, 299, 301])
    def test_a_token_opens_until_it_expires(self, dial, ada, seconds):
        socket = dial("handshake/", bearer(issued(ada, seconds)))

        if seconds > 300:
            assert closed(socket) == (4401, "token_expired")
        else:
            assert hear(socket)[0] == str(ada)

    @pytest.mark.parametrize(
        "headers",
        [
            [("Authorization", "Bearer garbage")],
            [("Authorization", "Bearer {0}"), ("Authorization", "Bearer {0}")],
            [("Authorization", "Bearer \xff{0}")],
            [("Authorization", "Bearer")],
        ],
        ids=["garbage", "two headers", "latin-1", "empty"],
    )
    def test_a_bad_one_is_told_and_closed(self, dial, access, headers):
        socket = dial("handshake/", [(name, value.format(access)) for name, value in headers])

        assert closed(socket) == (4401, "token_not_valid")
        assert Echo.started == []

    def test_an_ended_session_is_told_with_its_reason(self, dial, ada, access):
        services.revoke_all(ada)

        socket = dial("handshake/", bearer(access))

        assert closed(socket) == (4401, "session_revoked revoked_by_user")

    def test_a_database_that_does_not_answer_is_told(self, dial, access, monkeypatch):
        monkeypatch.setattr(STATEMENT, down)

        assert closed(dial("handshake/", bearer(access))) == (4503, "unavailable")

    def test_a_page_that_wants_a_subprotocol_hears_it_too(self, dial):
        socket = dial("handshake/", bearer("garbage"), subprotocols=["chat", "other"])

        assert socket.subprotocol == "chat"
        assert closed(socket) == (4401, "token_not_valid")

    def test_the_application_chooses_the_subprotocol(self, dial, access):
        socket = dial("handshake/", bearer(access), subprotocols=["other", "chat"])

        assert socket.subprotocol == "chat"

    def test_what_stands_in_the_url_is_no_token(self, dial, access):
        assert hear(dial(f"handshake/?access={access}&%FF="))[1] is None

    def test_who_is_known_by_a_session_of_djangos_own_stays(self, dial, pair, access):
        assert hear(dial("session/")) == ["AnonymousUser", None]
        assert hear(dial("session/", bearer(access))) == whose(pair)


class TestCookie:
    @pytest.fixture(autouse=True)
    def _project(self, settings):
        settings.JWT_SIGNIN = {"ACCESS_COOKIE": True}

    @pytest.fixture
    def cookie(self, access):
        return {"Cookie": f"{COOKIE}={access}"}

    def test_tells_whose_it_is(self, dial, pair, cookie, origin):
        assert hear(dial("handshake/", cookie, origin=origin)) == whose(pair)

    def test_of_a_client_that_is_no_browser_needs_no_proof(self, dial, pair, cookie):
        assert hear(dial("handshake/", cookie)) == whose(pair)

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://evil.com"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ],
        ids=str,
    )
    def test_from_a_foreign_page_is_refused_unopened(self, dial, cookie, headers):
        with pytest.raises(InvalidStatus) as refusal:
            dial("handshake/", {**cookie, **headers})

        assert refusal.value.response.status_code == 403
        assert Echo.started == []

    def test_behind_a_proxy_that_ends_tls_has_the_scheme_that_it_tells(
        self, dial, settings, pair, cookie, origin
    ):
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        secure = origin.replace("http", "https")
        told = {**cookie, "X-Forwarded-Proto": "https"}

        assert hear(dial("handshake/", told, origin=secure)) == whose(pair)
        with pytest.raises(InvalidStatus):
            dial("handshake/", cookie, origin=secure)

    def test_of_a_trusted_origin_is_taken(self, dial, settings, pair, cookie):
        settings.JWT_SIGNIN |= {"TRUSTED_ORIGINS": ["https://app.example.com"]}

        assert hear(dial("handshake/", cookie, origin="https://app.example.com")) == whose(pair)

    def test_needs_no_token_of_djangos(self, dial, settings, pair, cookie, origin):
        """No page could send one."""
        settings.JWT_SIGNIN |= {"CSRF": "django"}

        assert hear(dial("handshake/", cookie, origin=origin)) == whose(pair)
        with pytest.raises(InvalidStatus):
            dial("handshake/", cookie, origin="https://evil.com")

    def test_a_header_from_a_foreign_page_needs_no_proof(self, dial, pair, access):
        headers = {**bearer(access), "Origin": "https://evil.com"}

        assert hear(dial("handshake/", headers)) == whose(pair)

    def test_a_bad_one_is_told_and_closed(self, dial, origin):
        socket = dial("handshake/", {"Cookie": f"{COOKIE}=garbage"}, origin=origin)

        assert closed(socket) == (4401, "token_not_valid")


class TestFirstMessage:
    @pytest.mark.parametrize("name", ["access", "access_token"])
    def test_tells_whose_it_is(self, dial, pair, access, name):
        socket = dial("first/")

        socket.send(json.dumps({name: access}))

        assert hear(socket) == whose(pair)

    def test_is_all_that_the_application_does_not_see(self, dial, pair, access):
        socket = dial("first/")

        socket.send(json.dumps({"access": access}))
        socket.send("hello")

        assert hear(socket) == whose(pair)
        assert socket.recv(timeout=30) == "hello"

    def test_may_be_binary(self, dial, pair, access):
        socket = dial("first/")

        socket.send(json.dumps({"access": access}).encode())

        assert hear(socket) == whose(pair)

    @pytest.mark.parametrize(
        ("message", "code", "reason"),
        [
            ('{"access": "garbage"}', 4401, "token_not_valid"),
            ('{"access": "\\ud800\\u0000"}', 4401, "token_not_valid"),
            ('{"access": ""}', 4401, "not_authenticated"),
            ("{}", 4401, "not_authenticated"),
            ('{"access": 1}', 4400, "invalid_request"),
            ("[]", 4400, "invalid_request"),
            ("hello", 4400, "invalid_request"),
            ("", 4400, "invalid_request"),
            ("[" * 10_000, 4400, "invalid_request"),
            (b"\xff", 4400, "invalid_request"),
            ("x" * 16_385, 4413, "request_too_large"),
            ("é" * 8_193, 4413, "request_too_large"),
        ],
        ids=lambda value: repr(value)[:12],
    )
    def test_a_bad_one_is_told_and_closed(self, dial, ada, message, code, reason):
        socket = dial("first/")

        socket.send(message)

        assert closed(socket) == (code, reason)
        assert Echo.started == []

    def test_of_exactly_the_bound_is_read(self, dial, pair, access):
        text = json.dumps({"access": access})
        socket = dial("first/")

        socket.send(text + " " * (16_384 - len(text)))

        assert hear(socket) == whose(pair)

    def test_an_expired_token_and_an_ended_session_are_told(self, dial, ada):
        expired, ended = issued(ada, 301), issued(ada, 0)
        services.revoke_all(ada)
        sockets = dial("first/"), dial("first/")

        for socket, token in zip(sockets, (expired, ended), strict=True):
            socket.send(json.dumps({"access": token}))

        assert closed(sockets[0]) == (4401, "token_expired")
        assert closed(sockets[1]) == (4401, "session_revoked revoked_by_user")

    def test_has_to_come_in_time(self, dial):
        before = time.monotonic()

        assert closed(dial("soon/")) == (4401, "not_authenticated")
        assert QUICK.total_seconds() <= time.monotonic() - before < 9

    def test_that_is_refused_leaves_one_line(self, dial, caplog):
        with caplog.at_level(logging.INFO, "jwt_signin"):
            for message in ("{}", '{"access": "garbage"}'):
                socket = dial("first/")
                socket.send(message)
                closed(socket)

        lines = [each.getMessage() for each in caplog.records if each.name == "jwt_signin"]
        assert [line.split()[1] for line in lines] == ["not_authenticated", "token_not_valid"]

    def test_need_not_come_at_all(self, dial, pair, access):
        dial("first/").close()

        assert Echo.started == []

    def test_the_subprotocol_is_that_of_the_middleware(self, dial, pair, access):
        socket = dial("chat/", subprotocols=["other", "chat"])

        socket.send(json.dumps({"access": access}))

        assert (socket.subprotocol, hear(socket)) == ("chat", whose(pair))

    def test_is_not_asked_of_whom_the_handshake_names(self, dial, pair, access):
        assert hear(dial("both/", bearer(access))) == whose(pair)

    def test_is_asked_of_others(self, dial, pair, access):
        socket = dial("both/")

        socket.send(json.dumps({"access": access}))

        assert hear(socket) == whose(pair)

    def test_needs_no_proof_of_its_origin(self, dial, settings, pair, access):
        settings.JWT_SIGNIN = {"ACCESS_COOKIE": True}
        socket = dial("first/", {"Cookie": f"{COOKIE}={access}", "Origin": "https://evil.com"})

        socket.send(json.dumps({"access": access}))

        assert hear(socket) == whose(pair)


class TestAnOpenSocket:
    @pytest.fixture(params=["handshake", "first"])
    def socket(self, request, dial, pair, access):
        if request.param == "handshake":
            socket = dial("handshake/", bearer(access))
        else:
            socket = dial("first/")
            socket.send(json.dumps({"access": access}))
        assert hear(socket) == whose(pair)
        return socket

    def test_is_closed_soon_after_its_session(self, socket, ada):
        services.revoke_all(ada)

        assert closed(socket) == (4401, "session_revoked revoked_by_user")
        assert eventually(lambda: Echo.ended) == [4401]

    def test_is_closed_soon_after_a_change_of_password(self, socket, ada):
        ada.set_password("another passphrase")
        ada.save()

        assert closed(socket) == (4401, "session_revoked password_changed")

    def test_stays_open_through_a_restart_of_the_database(self, socket, ada, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setattr(STATEMENT, down)
            time.sleep(0.5)
        socket.send("still here")

        assert socket.recv(timeout=30) == "still here"
        services.revoke_all(ada)
        assert closed(socket)[0] == 4401

    def test_is_closed_where_its_session_cannot_be_checked(self, socket, settings):
        settings.SIMPLE_JWT = {"USER_AUTHENTICATION_RULE": f"{__name__}.mistaken"}

        assert closed(socket) is None

    def test_is_closed_where_its_consumer_fails(self, socket):
        socket.send("crash")

        assert closed(socket) is None

    def test_that_the_client_closes_is_left(self, socket):
        socket.close()

        assert eventually(lambda: Echo.ended) == [1000]

    def test_outlives_its_token_in_its_session_alone(self, dial, pair, access):
        checked, trusted = (dial(path, bearer(access)) for path in ("handshake/", "signature/"))
        assert hear(checked)[1] == hear(trusted)[1] == pair.access["sid"]

        with time_machine.travel(timezone.now() + timedelta(seconds=301)):
            assert closed(trusted) == (4401, "token_expired")
            time.sleep(0.3)
            checked.send("still here")
            assert checked.recv(timeout=30) == "still here"


def mistaken(user):
    raise LookupError("a project's own")


class Server:
    """What a middleware sees of a server, played by a script."""

    def __init__(self, *messages):
        self.messages, self.sent, self.closed = [*messages], [], asyncio.Event()

    async def receive(self):
        """Hand out the next message; those after ``None`` once it has been closed."""
        if self.messages[0] is None:
            await self.closed.wait()
            self.messages.pop(0)
        return self.messages.pop(0)

    async def send(self, message):
        self.sent.append(message["type"])
        if message["type"] == "websocket.close":
            self.closed.set()
            raise OSError("the client has gone")


CONNECT = {"type": "websocket.connect"}
LATE = {"type": "websocket.receive", "text": "late"}
GONE = {"type": "websocket.disconnect", "code": 1006}


class TestASGI:
    """What no server does on demand."""

    def run(self, middleware, inner, scope, *messages):
        server = Server(*messages)
        application = middleware(inner, recheck=timedelta(seconds=0.01))
        async_to_sync(application)(
            {"path": "/", "headers": [], **scope}, server.receive, server.send
        )
        return server.sent

    @pytest.fixture
    def scope(self, access):
        return {"type": "websocket", "headers": [(b"authorization", f"Bearer {access}".encode())]}

    @pytest.mark.parametrize("middleware", [JWTAuthMiddleware, JWTFirstMessageMiddleware])
    @pytest.mark.parametrize("kind", ["http", "lifespan"])
    def test_what_is_no_websocket_is_passed_on(self, middleware, kind):
        scopes = []

        async def inner(scope, receive, send):
            scopes.append(scope)

        self.run(middleware, inner, {"type": kind})

        assert scopes == [{"path": "/", "headers": [], "type": kind}]

    def test_an_application_that_goes_on_after_the_end_is_not_heard(self, scope, ada):
        async def stubborn(scope, receive, send):
            await receive()
            await send({"type": "websocket.accept"})
            await sync_to_async(services.revoke_all)(ada)
            assert await receive() == GONE
            await send({"type": "websocket.send", "text": "late"})

        sent = self.run(JWTAuthMiddleware, stubborn, scope, CONNECT, None, LATE, LATE, GONE)

        assert sent == ["websocket.accept", "websocket.close"]

    @pytest.mark.parametrize("talks", [False, True])
    def test_an_application_that_hears_nothing_is_cancelled(self, scope, ada, talks, monkeypatch):
        monkeypatch.setattr("jwt_signin.channels.base.PARTING", timedelta(seconds=0.05))
        cancelled = []

        async def deaf(scope, receive, send):
            await send({"type": "websocket.accept"})
            await sync_to_async(services.revoke_all)(ada)
            try:
                while True:
                    await asyncio.sleep(0.01)
                    if talks:
                        await send({"type": "websocket.send", "text": "more"})
            except asyncio.CancelledError:
                cancelled.append(True)
                raise

        sent = self.run(JWTAuthMiddleware, deaf, scope, CONNECT)

        assert cancelled == [True]
        assert sent[-1] == "websocket.close"

    def test_what_an_application_raises_is_raised(self, scope):
        async def failing(scope, receive, send):
            raise LookupError

        with pytest.raises(LookupError):
            self.run(JWTAuthMiddleware, failing, scope, CONNECT)

    def test_what_goes_wrong_beside_it_is_raised_and_ends_it(self, scope, monkeypatch):
        async def waiting(scope, receive, send):
            monkeypatch.setattr("jwt_signin.services.recheck_access", mistaken)
            await asyncio.Event().wait()

        with pytest.raises(LookupError):
            self.run(JWTAuthMiddleware, waiting, scope, CONNECT)

    def test_any_bytes_may_stand_in_the_url(self, scope, pair):
        users = []

        async def inner(scope, receive, send):
            users.append(scope["user"])

        self.run(JWTAuthMiddleware, inner, {**scope, "query_string": b"\xff"}, CONNECT)

        assert users == [pair.user]

    def test_the_scope_of_others_is_left_as_it_is(self, scope, pair):
        given = {"path": "/", **scope}

        async def inner(scope, receive, send):
            assert scope["user"] == pair.user

        self.run(JWTAuthMiddleware, inner, given, CONNECT)

        assert given.keys() == {"path", *scope}

    def test_what_another_middleware_calls_auth_is_no_token(self, scope):
        async def inner(scope, receive, send):
            raise NotImplementedError

        theirs = {**scope, "auth": {"scopes": []}}

        assert self.run(JWTFirstMessageMiddleware, inner, theirs, CONNECT, GONE) == [
            "websocket.accept"
        ]


class TestHowTo:
    def test_the_application_knows_whose_a_socket_is(self, pair, access):
        with serving(shown("websockets.md")["application"]) as port:
            url = f"ws://127.0.0.1:{port}/ws/news/"
            with connect(url, additional_headers=bearer(access)) as app, connect(url) as page:
                page.send(json.dumps({"access": access}))

                assert hear(app) == hear(page) == {"hello": str(pair.user)}

    def test_a_consumer_that_asks_at_once_notices_at_once(self, ada, access):
        editor = JWTAuthMiddleware(shown("websockets.md")["EditorConsumer"].as_asgi())
        with serving(editor) as port:
            url = f"ws://127.0.0.1:{port}/"
            with connect(url, additional_headers=bearer(access)) as socket:
                socket.send("[1]")
                assert hear(socket) == {"published": [1]}

                services.revoke_all(ada)
                socket.send("[2]")

                assert closed(socket)[0] == 4401

    def test_while_the_database_does_not_answer_nothing_is_closed(self, access, monkeypatch):
        editor = JWTAuthMiddleware(shown("websockets.md")["EditorConsumer"].as_asgi())
        with serving(editor) as port:
            url = f"ws://127.0.0.1:{port}/"
            with connect(url, additional_headers=bearer(access)) as socket:
                with monkeypatch.context() as patch:
                    patch.setattr(STATEMENT, down)
                    socket.send("[1]")
                    assert hear(socket) == {"unavailable": [1]}

                socket.send("[1]")

                assert hear(socket) == {"published": [1]}
