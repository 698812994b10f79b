"""Bodies, as they come over the wire: whatever they hold, the answer is no 500."""

import io
import json
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ImproperlyConfigured, RequestDataTooBig

from jwt_signin.exceptions import RequestTooLarge
from jwt_signin.models import Session
from jwt_signin.shapes import get_shape
from jwt_signin.transports import BodyTransport, FormParser, JSONParser, get_transports
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

SIGNIN, REFRESH = "/auth/signin/", "/auth/refresh/"
ADA = {"username": "ada", "password": PASSWORD}
FORM = "application/x-www-form-urlencoded"

both_endpoints = pytest.mark.parametrize("path", [SIGNIN, REFRESH], ids=["signin", "refresh"])

MALFORMED = {
    "NaN": b'{"username": "ada", "password": "x", "refresh": "x", "n": NaN}',
    "Infinity": b'{"username": "ada", "password": "x", "refresh": "x", "n": Infinity}',
    "-Infinity": b'{"username": "ada", "password": "x", "refresh": "x", "n": -Infinity}',
    "byte-order mark": b'\xef\xbb\xbf{"username": "ada", "password": "x", "refresh": "x"}',
    "UTF-16": '{"username": "ada", "password": "x", "refresh": "x"}'.encode("utf-16"),
    "UTF-32": '{"username": "ada", "password": "x", "refresh": "x"}'.encode("utf-32-le"),
    "latin-1": '{"username": "\xe5da", "password": "x", "refresh": "x"}'.encode("latin-1"),
    "surrogates in UTF-8": b'{"username": "\xed\xa0\x80", "refresh": "\xed\xa0\x80"}',
    "raw NUL": b'{"username": "ada", "password": "\0", "refresh": "\0"}',
    "integer of 5 000 digits": b'{"username": %b, "refresh": "x"}' % (b"9" * 5000),
    "cut off": b'{"username": "ada", "password": "x", "refresh": "x"',
    "more after the end": b'{"username": "ada", "password": "x", "refresh": "x"}}',
    "single quotes": b"{'username': 'ada', 'password': 'x', 'refresh': 'x'}",
    "nothing but spaces": b"   ",
    "a list": b'[{"username": "ada"}]',
    "a list of pairs": b'[["refresh", "x"]]',
    "a string": b'"refresh"',
    "a number": b"7",
    "true": b"true",
    "null": b"null",
}


def send(client, path, body, content_type="application/json", **environ):
    return client.generic("POST", path, body, content_type=content_type, **environ)


def told(response):
    """Return what a front end goes by."""
    return response.status_code, response.json()["code"]


def padded(fields, length):
    """Return ``fields`` as JSON of ``length`` bytes, by way of letters of three bytes each."""
    bare = len(json.dumps({**fields, "pad": ""}))
    letters, rest = divmod(length - bare, 3)
    body = json.dumps({**fields, "pad": "한" * letters + "a" * rest}, ensure_ascii=False).encode()
    assert len(body) == length
    return body


def nested(depth, name="username"):
    """Return JSON whose member ``name`` is so many lists, one in another."""
    fields = {"username": "ada", "password": "x", "refresh": "x", name: 0}
    return json.dumps(fields).replace("0", "[" * depth + "]" * depth).encode()


def tries_the_body(get_response):
    """A middleware that logs bodies, and takes it lightly when there is none to log."""

    def middleware(request):
        try:
            request.body  # noqa: B018
        except RequestDataTooBig:
            request.META["LOGGED"] = "nothing"
        return get_response(request)

    return middleware


def tries_the_form(get_response):
    """A middleware that looks at the form of every request."""

    def middleware(request):
        request.POST.get("next")
        return get_response(request)

    return middleware


class HungUp(io.RawIOBase):
    """The input of a client that closes the connection in the middle of the body."""

    def read(self, size=-1):
        raise OSError("connection reset by peer")


class TestBound:
    @pytest.mark.parametrize("bound", [16384, 1000], ids=["default", "a project's own"])
    def test_a_sign_in_of_so_many_bytes_is_read_and_no_longer_one(self, settings, api, ada, bound):
        settings.JWT_SIGNIN = {} if bound == 16384 else {"MAX_BODY_BYTES": bound}

        longest = send(api, SIGNIN, padded(ADA, bound))
        longer = send(api, SIGNIN, padded(ADA, bound + 1))

        assert longest.status_code == 200
        assert told(longer) == (413, "request_too_large")

    def test_a_refresh_of_so_many_bytes_is_read_and_no_longer_one(self, api, pair):
        fields = {"refresh": str(pair.refresh)}

        longest = send(api, REFRESH, padded(fields, 16384))
        longer = send(api, REFRESH, padded(fields, 16385))

        assert longest.status_code == 200
        assert told(longer) == (413, "request_too_large")

    def test_a_form_has_the_same_bound(self, api, ada):
        form = urlencode(ADA).encode() + b"&pad="

        longest = send(api, SIGNIN, form.ljust(16384, b"a"), FORM)
        longer = send(api, SIGNIN, form.ljust(16385, b"a"), FORM)

        assert longest.status_code == 200
        assert told(longer) == (413, "request_too_large")

    @pytest.mark.parametrize("parser", [JSONParser, FormParser])
    def test_no_more_is_read_than_shows_that_there_is_more(self, parser):
        stream = io.BytesIO(b"a" * 1_000_000)

        with pytest.raises(RequestTooLarge):
            parser().parse(stream)

        assert stream.tell() == 16385

    @both_endpoints
    def test_the_bound_of_django_is_kept_where_a_middleware_reads_first(self, settings, api, path):
        settings.MIDDLEWARE = [f"{__name__}.tries_the_body"]
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10

        response = send(api, path, json.dumps(ADA))

        assert response.wsgi_request.META["LOGGED"] == "nothing"
        assert told(response) == (413, "request_too_large")

    @both_endpoints
    @pytest.mark.parametrize("limit", [None, 0])
    def test_the_bound_of_django_may_be_absent_or_nothing(self, settings, api, path, limit):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = limit

        response = send(api, path, json.dumps(ADA))

        assert (response.status_code == 413) is (limit == 0)


class TestMalformedJSON:
    @both_endpoints
    @pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
    def test_what_is_no_object_in_utf_8_is_no_request(self, api, ada, path, body):
        assert told(send(api, path, body)) == (400, "invalid_request")

    @both_endpoints
    def test_a_bomb_of_brackets_is_too_large(self, api, path):
        assert told(send(api, path, nested(100_000))) == (413, "request_too_large")

    @both_endpoints
    def test_a_bomb_of_brackets_is_no_request_however_large_one_may_be(self, settings, api, path):
        settings.JWT_SIGNIN = {"MAX_BODY_BYTES": 1_000_000}

        assert told(send(api, path, nested(100_000))) == (400, "invalid_request")

    @pytest.mark.parametrize("depth", [100, 300, 900, 950, 1000, 3000, 8000])
    @pytest.mark.parametrize(
        "name", ["username", "identifier", "password", "transport", "remember"]
    )
    def test_the_deepest_field_that_fits_is_no_value_of_a_sign_in(self, api, ada, name, depth):
        """What the parser takes must not be too deep for what reads it."""
        assert told(send(api, SIGNIN, nested(depth, name))) == (400, "invalid_request")

    @pytest.mark.parametrize("depth", [100, 950, 8000])
    def test_the_deepest_field_that_fits_is_no_refresh_token(self, api, depth):
        assert told(send(api, REFRESH, nested(depth, "refresh"))) == (400, "invalid_request")


class TestOddJSON:
    @pytest.mark.parametrize("character", [r"\u0000", r"\ud800", r"\udfff"])
    @pytest.mark.parametrize("name", ["username", "password", "transport", "remember"])
    def test_an_escaped_nul_or_lone_surrogate_is_no_value(self, api, ada, name, character):
        body = json.dumps({**ADA, name: "?"}).replace("?", character)

        response = send(api, SIGNIN, body)

        assert told(response) == (400, "invalid_request")
        assert list(response.json()["fields"]) == [name]

    @pytest.mark.parametrize("character", [r"\u0000", r"\ud800", r"\ud83d\ude00"])
    def test_no_odd_character_makes_a_refresh_token(self, api, character):
        body = f'{{"refresh": "{character}"}}'

        assert told(send(api, REFRESH, body)) == (401, "refresh_not_valid")

    def test_of_a_name_that_comes_twice_the_last_counts(self, api, ada):
        password, other = json.dumps(PASSWORD), '"other"'
        template = '{"username": "ada", "password": %s, "password": %s}'

        right = send(api, SIGNIN, template % (other, password))
        wrong = send(api, SIGNIN, template % (password, other))

        assert right.status_code == 200
        assert told(wrong) == (401, "invalid_credentials")

    def test_a_number_beyond_all_floats_is_no_name(self, api):
        response = send(api, SIGNIN, '{"username": 1e999, "password": "x"}')

        assert told(response) == (400, "invalid_request")

    def test_a_charset_that_is_claimed_is_not_obeyed(self, api, ada):
        response = send(api, SIGNIN, json.dumps(ADA), "application/json; charset=utf-16")

        assert response.status_code == 200


class TestUnfinished:
    @both_endpoints
    def test_an_empty_body_holds_nothing(self, api, path):
        expected = {SIGNIN: (400, "invalid_request"), REFRESH: (401, "refresh_missing")}

        assert told(send(api, path, b"")) == expected[path]

    @both_endpoints
    @pytest.mark.parametrize("content_type", ["application/json", FORM], ids=["JSON", "form"])
    def test_a_client_that_hangs_up_has_sent_no_request(self, api, path, content_type):
        response = send(api, path, b"x" * 50, content_type, **{"wsgi.input": HungUp()})

        assert told(response) == (400, "invalid_request")

    @both_endpoints
    def test_a_body_that_ends_early_is_no_request(self, api, path):
        sent = io.BytesIO(json.dumps(ADA).encode()[:-5])

        response = send(api, path, json.dumps(ADA), **{"wsgi.input": sent})

        assert told(response) == (400, "invalid_request")

    def test_nor_is_one_that_would_be_whole_without_its_end(self, api, ada):
        sent = io.BytesIO(json.dumps(ADA).encode())

        response = send(api, SIGNIN, json.dumps(ADA) + " ", **{"wsgi.input": sent})

        assert told(response) == (400, "invalid_request")

    def test_no_body_of_no_length_is_finished(self):
        context = {"request": SimpleNamespace(META={})}

        assert FormParser().parse(io.BytesIO(), parser_context=context) == {}


class TestForms:
    def test_a_form_signs_in(self, api, ada):
        response = send(api, SIGNIN, urlencode(ADA), FORM)

        assert response.status_code == 200
        assert response.json()["user"]["username"] == "ada"

    def test_a_form_refreshes(self, api, pair):
        response = send(api, REFRESH, urlencode({"refresh": str(pair.refresh)}), FORM)

        assert response.status_code == 200

    @pytest.mark.parametrize(
        ("said", "days"),
        [
            pytest.param({}, 90, id="unsaid"),
            pytest.param({"remember": "true"}, 90, id="true"),
            pytest.param({"remember": "false"}, 0.5, id="false"),
        ],
    )
    def test_a_box_that_is_not_in_the_form_is_not_unticked(self, api, ada, said, days):
        """REST framework takes an absent box of an HTML form for ``False``."""
        send(api, SIGNIN, urlencode({**ADA, **said}), FORM)

        session = Session.objects.get()
        assert (session.expires_at - session.created_at).total_seconds() == days * 86400

    @both_endpoints
    @pytest.mark.parametrize(
        "escaped", ["%ff", "%C3%28", "%C3", "%ED%A0%80"], ids=lambda escaped: escaped[1:]
    )
    def test_escapes_that_are_no_utf_8_are_no_request(self, api, path, escaped):
        form = f"username=ada&password={escaped}&refresh={escaped}"

        assert told(send(api, path, form, FORM)) == (400, "invalid_request")

    @pytest.mark.parametrize("raw", [b"\xff", b"\xed\xa0\x80"], ids=["ff", "surrogate"])
    def test_bytes_that_are_no_utf_8_are_no_request(self, api, raw):
        body = b"username=ada&password=" + raw

        assert told(send(api, SIGNIN, body, FORM)) == (400, "invalid_request")

    @pytest.mark.parametrize("literal", ["%", "%zz", "100%", "%u0041"])
    def test_a_per_cent_sign_that_escapes_nothing_is_itself(self, api, ada, literal):
        ada.set_password(literal)
        ada.save()

        response = send(api, SIGNIN, f"username=ada&password={literal}", FORM)

        assert response.status_code == 200

    def test_an_escaped_nul_is_no_value(self, api):
        response = send(api, SIGNIN, "username=ada&password=%00", FORM)

        assert told(response) == (400, "invalid_request")
        assert list(response.json()["fields"]) == ["password"]

    def test_a_form_has_a_hundred_fields_at_most(self, api, ada):
        pairs = [*ADA.items(), *[(f"f{number}", "") for number in range(98)]]

        most = send(api, SIGNIN, urlencode(pairs), FORM)
        more = send(api, SIGNIN, urlencode([*pairs, ("one", "more")]), FORM)

        assert most.status_code == 200
        assert told(more) == (400, "invalid_request")

    def test_of_a_field_that_comes_twice_the_last_counts(self, api, ada):
        pairs = [("password", "other"), *ADA.items()]

        right = send(api, SIGNIN, urlencode(pairs), FORM)
        wrong = send(api, SIGNIN, urlencode(pairs[::-1]), FORM)

        assert right.status_code == 200
        assert told(wrong) == (401, "invalid_credentials")

    def test_an_empty_field_is_there(self):
        form = io.BytesIO(b"username=&password=a+b&refresh")

        read = FormParser().parse(form)

        assert read == {"username": "", "password": "a b", "refresh": ""}

    def test_a_middleware_may_have_read_the_form(self, settings, api, ada):
        settings.MIDDLEWARE = [f"{__name__}.tries_the_form"]

        assert send(api, SIGNIN, urlencode(ADA), FORM).status_code == 200


class TestMediaTypes:
    @both_endpoints
    @pytest.mark.parametrize(
        "content_type",
        [
            "text/plain",
            "multipart/form-data; boundary=x",
            "multipart/form-data",
            "",
            "application/octet-stream",
            "application/jsonp",
            "application/vnd.api+json",
            "application/xml",
            "json",
            "*/*",
        ],
    )
    def test_any_other_is_unsupported(self, api, ada, path, content_type):
        response = send(api, path, json.dumps({**ADA, "refresh": "x"}), content_type)

        assert told(response) == (415, "unsupported_media_type")

    @pytest.mark.parametrize(
        "content_type",
        ["application/json", "application/json; charset=UTF-8", "Application/JSON"],
    )
    def test_json_is_read_whatever_the_letter_case_and_parameters(self, api, ada, content_type):
        """RFC 9110 section 8.3.1."""
        assert send(api, SIGNIN, json.dumps(ADA), content_type).status_code == 200

    def test_multipart_stays_unsupported_where_a_middleware_has_read_it(self, settings, api, ada):
        """REST framework takes what Django has parsed, past the parsers of the view."""
        settings.MIDDLEWARE = [f"{__name__}.tries_the_form"]

        response = api.post(SIGNIN, ADA, format="multipart")

        assert told(response) == (415, "unsupported_media_type")


class TestRefreshInTheBody:
    @pytest.mark.parametrize("name", ["refresh", "refresh_token"])
    @pytest.mark.parametrize("empty", [{}, {"refresh": None}, {"refresh": ""}], ids=str)
    def test_it_is_read_under_any_name_that_is_not_empty(self, api, pair, name, empty):
        response = api.post(REFRESH, {**empty, name: str(pair.refresh)})

        assert response.status_code == 200

    @pytest.mark.parametrize("empty", [{}, {"refresh": None}, {"refresh_token": ""}], ids=str)
    def test_absent_null_and_empty_are_missing(self, api, empty):
        response = api.post(REFRESH, empty)

        assert told(response) == (401, "refresh_missing")
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="api"'

    @pytest.mark.parametrize("value", [7, 0, False, True, [], ["x"], {}, 1.5], ids=str)
    @pytest.mark.parametrize("name", ["refresh", "refresh_token"])
    def test_what_is_no_string_is_no_request(self, api, name, value):
        response = api.post(REFRESH, {name: value})

        assert told(response) == (400, "invalid_request")
        assert list(response.json()["fields"]) == [name]

    def test_of_two_names_the_first_is_read(self, api, pair):
        response = api.post(REFRESH, {"refresh": str(pair.refresh), "refresh_token": "stale"})

        assert response.status_code == 200

    def test_no_cookie_comes_with_it(self, api, pair):
        response = api.post(REFRESH, {"refresh": str(pair.refresh)})

        assert not response.cookies

    def test_it_is_read_under_the_name_of_the_shape(self):
        request = SimpleNamespace(data={"renewal": "x"})

        assert BodyTransport().read(request, SimpleNamespace(refresh="renewal")) == "x"

    def test_none_is_none_of_the_tokens(self):
        request = SimpleNamespace(data={"refresh": ""})

        assert BodyTransport().read_all(request, get_shape("default")) == []


class TestWhichThereAre:
    @pytest.mark.parametrize(
        ("allowed", "names"),
        [
            (["body", "cookie"], ["body", "cookie"]),
            (["cookie", "body"], ["body", "cookie"]),
            (["body"], ["body"]),
        ],
        ids=str,
    )
    def test_are_those_that_the_project_allows_the_body_first(self, settings, allowed, names):
        """In which order a request is searched for a token."""
        settings.JWT_SIGNIN = {"TRANSPORTS": allowed}

        found = get_transports()

        assert list(found) == names
        assert [transport.name for transport in found.values()] == names

    @pytest.mark.parametrize("name", ["body", "cookie"])
    def test_is_the_one_that_is_fixed_whatever_sign_ins_may_ask_for(self, settings, name):
        settings.JWT_SIGNIN = {"TRANSPORTS": ["body"]}

        assert list(get_transports(name)) == [name]

    @pytest.mark.parametrize("name", ["pigeon", "", "COOKIE"])
    def test_is_no_other(self, name):
        with pytest.raises(ImproperlyConfigured):
            get_transports(name)
