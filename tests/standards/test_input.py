"""
Whatever is sent, it is refused in JSON, at once, and nothing is written or hashed for it.

OWASP ASVS 5.0 sections 4.1 and 15.3; what each parser and field takes is told where it lives.
"""

import json
import socket
import threading
import time
import unicodedata
from http.client import HTTPResponse
from urllib.parse import urlencode

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from jwt_signin.models import Session
from tests.conftest import PASSWORD, Browser

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
MEGABYTE = 1_000_000

ENDPOINTS = {
    "sign in": "/auth/signin/",
    "refresh": "/auth/refresh/",
    "log out": "/auth/logout/",
    "log out everywhere": "/auth/logout/all/",
    "verify": "/auth/verify/",
    "Simple JWT's sign in": "/simplejwt/signin/",
    "a seed's sign in": "/api/login",
    "a seed's refresh": "/api/login/refresh",
    "another's sign in": "/api/signin",
}
SIGN_INS = ["/auth/signin/", "/simplejwt/signin/", "/api/login", "/api/signin"]
TOKENS = {"/auth/refresh/": "refresh", "/auth/logout/": "refresh", "/auth/verify/": "token"}


def utf(text, codec="utf-8"):
    return text.encode(codec)


GOOD = json.dumps({"identifier": "ada", "password": PASSWORD, "refresh": "x", "token": "x"})

NO_OBJECT = {
    "nothing that JSON knows": b"username=ada",
    "cut off": utf(GOOD[:-1]),
    "two objects": utf(GOOD * 2),
    "a comma too many": utf(GOOD[:-1] + ",}"),
    "a comment": utf(GOOD + "// ada"),
    "single quotes": b"{'identifier': 'ada'}",
    "a name without quotes": b'{identifier: "ada"}',
    "an array": b"[]",
    "an array of pairs": b'[["identifier", "ada"], ["password", "x"]]',
    "a string": b'"ada"',
    "a number": b"7",
    "true": b"true",
    "null": b"null",
    "NaN": b"NaN",
    "a member that is NaN": b'{"identifier": NaN}',
    "a member that is Infinity": b'{"password": -Infinity}',
    "a number of 5 000 digits": b'{"identifier": %s}' % (b"7" * 5000),
    "nothing but opening brackets": b"[" * 16_000,
    "a byte-order mark": utf("\ufeff" + GOOD),
    "UTF-16": utf(GOOD, "utf-16"),
    "UTF-16 without its mark": utf(GOOD, "utf-16-le"),
    "UTF-32": utf(GOOD, "utf-32"),
    "Latin-1": '{"identifier": "\u00e4da"}'.encode("latin-1"),
    "a lone continuation byte": b'{"identifier": "\x80"}',
    "an overlong slash": b'{"identifier": "\xc0\xaf"}',
    "a surrogate in UTF-8": b'{"identifier": "\xed\xa0\x80"}',
    "beyond Unicode": b'{"identifier": "\xf4\x90\x80\x80"}',
    "a raw NUL": b'{"identifier": "a\0b"}',
    "a raw line break": b'{"identifier": "a\nb"}',
    "NULs alone": b"\0" * 100,
    "random bytes": bytes(range(256)),
}

TOO_LARGE = {
    "17 KiB": b" " * 17 * 1024 + utf(GOOD),
    "a megabyte of spaces": b" " * MEGABYTE,
    "a megabyte of password": utf(json.dumps({"identifier": "ada", "password": "x" * MEGABYTE})),
    "a name of two megabytes": utf(json.dumps({"identifier": "x" * 2 * MEGABYTE})),
    "a refresh token of a megabyte": utf(json.dumps({"refresh": "x" * MEGABYTE})),
    "100 000 brackets": b'{"identifier": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "ten megabytes": b"x" * 10 * MEGABYTE,
}

OTHER_TYPES = [
    "",
    "text/plain",
    "text/html",
    "text/json",
    "application/xml",
    "application/octet-stream",
    "application/json, text/plain",
    "application/jsonx",
    "application/ld+json",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=" + "x" * 5000,
    "*/*",
    "application/*",
    "json",
    "/",
    ";",
    "application/json\0",
    "\u212aapplication/json",
    "x" * 10_000,
]

BAD_FORMS = {
    "a percent sign that escapes no UTF-8": b"identifier=%ff&password=x&refresh=%ff&token=%ff",
    "an escaped surrogate": b"identifier=%ed%a0%80",
    "a raw byte": b"identifier=\xff",
    "a thousand fields": b"&".join(b"f%d=" % number for number in range(1000)),
    "a hundred and one fields": b"&".join(b"f%d=" % number for number in range(101)),
    "16 000 ampersands and signs": b"=&" * 8000,
}

ODD_VALUES = {
    "null": None,
    "a number": 7,
    "zero": 0,
    "a fraction": 1.5,
    "beyond all floats": 10**400,
    "true": True,
    "false": False,
    "an array": ["ada"],
    "an empty array": [],
    "an object": {"identifier": "ada"},
    "an empty object": {},
    "a deep array": json.loads("[" * 90 + "]" * 90),
    "empty": "",
    "a NUL": "a\0da",
    "a high surrogate": "\ud800",
    "a low surrogate": "\udfff",
    "surrogates the wrong way round": "\ude00\ud83d",
    "too long": "x" * 5000,
}

endpoints = pytest.mark.parametrize("path", ENDPOINTS.values(), ids=ENDPOINTS)


@pytest.fixture
def client(pair):
    """Ada's client; to be logged in helps nobody past a parser."""
    client = Browser().with_access(str(pair.access))
    client.get("/auth/me/")
    return client


@pytest.fixture
def send(client, hashes):
    """Send a body; see to it that the refusal is JSON and costs nothing."""

    def send(path, body, content_type=JSON, **environ):
        hashes.clear()
        with CaptureQueriesContext(connection) as queries:
            response = client.generic("POST", path, body, content_type, **environ)
        verbs = {query["sql"].split()[0] for query in queries.captured_queries}
        assert 400 <= response.status_code < 500
        assert response.headers["Content-Type"] == "application/json"
        assert response.headers["Cache-Control"] == "no-store"
        assert {"code", "detail"} <= response.json().keys()
        assert (verbs <= {"SELECT"}, hashes) == (True, [])
        assert Session.objects.get().revoked_at is None
        return response.status_code, response.json()["code"]

    return send


@pytest.mark.django_db
class TestBodies:
    @endpoints
    @pytest.mark.parametrize("body", NO_OBJECT.values(), ids=NO_OBJECT)
    def test_what_is_no_json_object_is_no_request(self, send, path, body):
        assert send(path, body) == (400, "invalid_request")

    @endpoints
    @pytest.mark.parametrize("body", TOO_LARGE.values(), ids=TOO_LARGE)
    @pytest.mark.parametrize("content_type", [JSON, FORM], ids=["JSON", "form"])
    def test_what_is_too_large_is_not_read(self, send, path, body, content_type):
        assert send(path, body, content_type) == (413, "request_too_large")

    @endpoints
    @pytest.mark.parametrize("content_type", OTHER_TYPES, ids=lambda name: ascii(name)[:48])
    def test_what_is_neither_json_nor_a_form_is_unsupported(self, send, path, content_type):
        assert send(path, GOOD, content_type) == (415, "unsupported_media_type")

    @endpoints
    @pytest.mark.parametrize("body", BAD_FORMS.values(), ids=BAD_FORMS)
    def test_what_is_no_form_is_no_request(self, send, path, body):
        assert send(path, body, FORM) == (400, "invalid_request")

    @endpoints
    @pytest.mark.parametrize("opened", [b"[", b'{"a":'], ids=["arrays", "objects"])
    def test_what_nests_as_deep_as_the_bound_allows_breaks_nothing(self, client, path, opened):
        depth = 16_000 // (len(opened) + 1)
        closed = {b"[": b"]", b'{"a":': b"}"}[opened]
        body = b'{"identifier": %s7%s}' % (opened * depth, closed * depth)

        response = client.generic("POST", path, body, JSON)

        assert response.status_code in {200, 204, 400, 401}

    @pytest.mark.parametrize("charset", ["utf-16", "latin-1", "utf-7", "idna", "no-such"])
    def test_a_charset_is_not_obeyed(self, send, charset):
        """RFC 8259 section 8.1: JSON is UTF-8; there is no such parameter."""
        body = json.dumps({"identifier": "ada"}).encode("utf-16")

        assert send("/auth/signin/", body, f"{JSON}; charset={charset}") == (400, "invalid_request")

    @endpoints
    @pytest.mark.parametrize("length", ["-1", "abc", "1e3", "0x10", "1.5", " ", "9" * 5000])
    def test_a_length_that_is_none_breaks_nothing(self, client, path, length):
        response = client.generic("POST", path, GOOD, JSON, CONTENT_LENGTH=length)

        assert response.status_code in {200, 204, 400, 401}


@pytest.mark.django_db
class TestFields:
    @pytest.mark.parametrize("path", SIGN_INS)
    @pytest.mark.parametrize("name", ["identifier", "password"])
    @pytest.mark.parametrize("value", ODD_VALUES.values(), ids=ODD_VALUES)
    def test_of_a_sign_in_are_strings(self, send, path, name, value):
        body = json.dumps({"identifier": "ada", "password": PASSWORD, name: value})

        assert send(path, body) == (400, "invalid_request")

    @pytest.mark.parametrize("name", ["transport", "remember"])
    @pytest.mark.parametrize(
        "value", [value for value in ODD_VALUES.values() if value not in (True, False, None)]
    )
    def test_of_a_choice_are_one_of_it(self, send, name, value):
        body = json.dumps({"identifier": "ada", "password": PASSWORD, name: value})

        assert send("/auth/signin/", body) == (400, "invalid_request")

    @pytest.mark.parametrize(("path", "name"), TOKENS.items())
    @pytest.mark.parametrize(
        "value", [value for value in ODD_VALUES.values() if not isinstance(value, str | None)]
    )
    def test_of_a_token_are_strings(self, send, path, name, value):
        assert send(path, json.dumps({name: value})) == (400, "invalid_request")

    @pytest.mark.parametrize(
        "value", [7, "yes please", None, [], {}, 1.5, "\0", "\ud800"], ids=ascii
    )
    def test_of_log_out_everywhere_is_yes_or_no(self, send, value):
        body = json.dumps({"keep_current": value})

        assert send("/auth/logout/all/", body) == (400, "invalid_request")

    @pytest.mark.parametrize("length", [8193, 16_000])
    def test_a_token_beyond_its_bound_is_none(self, send, length):
        assert send("/auth/refresh/", json.dumps({"refresh": "x" * length})) == (
            401,
            "refresh_not_valid",
        )

    @pytest.mark.parametrize(
        "names",
        [
            {},
            {"identifier": "ada", "username": "ada"},
            {"Identifier": "ada"},
            {"identifier ": "ada"},
            {"": "ada"},
            {"email": "ada@example.com"},
            {"id": "1"},
            {"pk": "1"},
            {"username__startswith": "a"},
            {"is_superuser": "true"},
        ],
        ids=str,
    )
    def test_a_name_that_nobody_signs_in_by_names_nobody(self, send, names):
        body = json.dumps({**names, "password": PASSWORD})

        assert send("/auth/signin/", body) == (400, "invalid_request")


@pytest.mark.django_db
class TestPasswords:
    """ASVS 6.2.8 and 6.2.9: as it was typed, and any that is not absurd."""

    @pytest.mark.parametrize(
        "password",
        [
            " pw ",
            "\tpw\n",
            "   ",
            "x" * 64,
            "x" * 4096,
            "\U0001f511" * 64,
            "\ufb03",
            "e\u0301",
            "\u200b",
            "\x7f\x01",
            "%00",
            "\\u0000",
            '"',
            "pass\u2028word",
        ],
        ids=lambda text: ascii(text)[:32],
    )
    @pytest.mark.parametrize("form", [False, True], ids=["JSON", "form"])
    def test_each_signs_in_and_no_other_does(self, ada, api, password, form):
        ada.set_password(password)
        ada.save()

        def sign_in(typed):
            fields = {"username": "ada", "password": typed}
            body, kind = (urlencode(fields), FORM) if form else (json.dumps(fields), JSON)
            return api.generic("POST", "/auth/signin/", body, kind).status_code

        assert sign_in(password) == 200
        others = {password.strip(), password + " ", password.upper()} - {password, ""}
        assert {sign_in(other) for other in others} <= {401, 400}

    def test_one_character_too_many_is_not_hashed(self, send, ada):
        body = json.dumps({"identifier": "ada", "password": "x" * 4097})

        assert send("/auth/signin/", body) == (400, "invalid_request")


@pytest.mark.django_db
class TestLookAlikes:
    """CVE-2019-19844: another spelling reaches no other account than the model's look-up does."""

    @pytest.mark.parametrize(
        ("stored", "typed"),
        [
            ("mike", "m\u0131ke"),
            ("mike", "mi\u212ae"),
            ("strasse", "stra\u00dfe"),
            ("ada", "\u0430da"),
            ("ada", "ad\u0430"),
            ("ada", "a\u200bda"),
            ("ada", "ada\u00ad"),
            ("ada", "a\u0308da"),
            ("ada", "ada%"),
            ("ada", "ad_"),
            ("ada", "ada'--"),
        ],
        ids=ascii,
    )
    def test_it_is_the_account_that_the_database_finds(self, api, ada, stored, typed):
        model = type(ada)
        model.objects.update(username=stored)
        found = model.objects.filter(username=unicodedata.normalize("NFKC", typed)).exists()

        response = api.sign_in(username=typed)

        assert response.status_code == (200 if found else 401)

    @pytest.mark.parametrize("typed", ["\uff41\uff44\uff41", " ada ", "ada\u3000", "\u00aada"])
    def test_what_django_itself_would_store_as_it_is_it(self, api, ada, typed):
        assert api.sign_in(username=typed).status_code == (200)


class QuietHandler(WSGIRequestHandler):
    """Logs no requests, and leaves no connection to the database."""

    def log_message(self, *args):
        """Say nothing."""

    def handle(self):
        try:
            super().handle()
        finally:
            connections.close_all()


@pytest.mark.django_db(transaction=True)
class TestSocket:
    """What no client library would send, over a connection of its own."""

    @pytest.fixture
    def address(self, ada):
        """Serve as ``runserver`` does, with a thread for each connection."""
        with ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler) as server:
            server.set_app(WSGIHandler())
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            yield server.server_address
            server.shutdown()
            thread.join()

    @pytest.fixture
    def exchange(self, address):
        """Send pieces, one after another, and return what is answered."""

        def exchange(*pieces, then_close=True):
            with socket.create_connection(address, timeout=10) as client:
                for piece in pieces:
                    client.sendall(piece)
                    time.sleep(0.02)
                if then_close:
                    client.shutdown(socket.SHUT_WR)
                answer = HTTPResponse(client)
                answer.begin()
                assert answer.headers["Content-Type"] == "application/json"
                # The server may wait for the rest of a body before it closes the connection.
                return answer.status, json.loads(answer.read1())["code"]

        return exchange

    def head(self, *lines, path="/auth/signin/"):
        first = [f"POST {path} HTTP/1.1", "Host: testserver", "Content-Type: application/json"]
        return "\r\n".join([*first, "Connection: close", *lines, "", ""]).encode()

    def test_a_body_shorter_than_it_says_is_no_request(self, exchange):
        body = GOOD.encode()

        status, code = exchange(self.head(f"Content-Length: {len(body) + 100}"), body)

        assert (status, code) == (400, "invalid_request")

    def test_nor_is_a_form_that_ends_early(self, exchange):
        """Which would be one all the same, with another password."""
        head = self.head("Content-Length: 100").replace(b"/json", b"/x-www-form-urlencoded")

        status, code = exchange(head, b"username=ada&password=cut-o")

        assert (status, code) == (400, "invalid_request")

    def test_a_body_longer_than_it_says_is_cut(self, exchange):
        status, code = exchange(self.head("Content-Length: 5"), GOOD.encode())

        assert (status, code) == (400, "invalid_request")

    def test_no_body_is_no_request(self, exchange):
        assert exchange(self.head()) == (400, "invalid_request")

    def test_chunks_without_a_length_are_no_body(self, exchange):
        """As WSGI and Django read them (PEP 3333 has no word for them)."""
        chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(GOOD), GOOD.encode())

        status, code = exchange(self.head("Transfer-Encoding: chunked"), chunks, then_close=False)

        assert (status, code) == (400, "invalid_request")

    def test_a_body_that_comes_letter_by_letter_is_read(self, exchange):
        body = b'{"username": "nobody", "password": "x"}'
        pieces = [body[start : start + 8] for start in range(0, len(body), 8)]

        status, code = exchange(
            self.head(f"Content-Length: {len(body)}"), *pieces, then_close=False
        )

        assert (status, code) == (401, "invalid_credentials")

    def test_a_body_said_to_be_huge_is_refused_once_the_bound_is_passed(self, exchange):
        head = self.head(f"Content-Length: {10**9}")

        status, code = exchange(head, b" " * 20_000, then_close=False)

        assert (status, code) == (413, "request_too_large")
