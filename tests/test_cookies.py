"""Cookies: what they are called, where they go, how they are forgotten, whose page sent them."""

import asyncio
import copy
import itertools
import pickle
from urllib.parse import quote

import pytest
from asgiref.sync import async_to_sync
from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.signals import user_logged_in
from django.core.asgi import get_asgi_application
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory
from django.test.utils import override_script_prefix
from django.urls import include, path, re_path
from django.utils import translation
from django.utils.translation import gettext_lazy
from rest_framework.test import APIClient

from jwt_signin.cookies import Cookie, access_cookie, refresh_cookie
from jwt_signin.urls import auth_urls
from jwt_signin.views import LogoutView, RefreshView, SignInView
from tests.conftest import PASSWORD
from tests.jar import Jar

pytestmark = pytest.mark.urls(__name__)

ADA = {"username": "ada", "password": PASSWORD, "transport": "cookie"}
HOST = "https://testserver"


def csrf_token(request):
    return HttpResponse(get_token(request))


own_routes = [
    path("login/", SignInView.as_view(), name="login"),
    path("token/refresh/", RefreshView.as_view(), name="refresh"),
    path("token/logout/", LogoutView.as_view(), name="logout"),
]
nameless_routes = [
    path("signin/", SignInView.as_view()),
    path("refresh/", RefreshView.as_view()),
    path("logout/", LogoutView.as_view()),
]
nested = [path("auth/", include("jwt_signin.urls"))]
urlpatterns = [
    path("token/", csrf_token),
    path("auth/", include("jwt_signin.urls")),
    path("api/v2/", include((nested, "v2"))),
    path("t/<str:tenant>/auth/", include(auth_urls(), namespace="tenant")),
    path("n/<int:number>/auth/", include(auth_urls(), namespace="number")),
    re_path("^r/([^/]+)/auth/", include(auth_urls(), namespace="positional")),
    path("extra/", include(auth_urls(), namespace="extra"), {"realm": "staff"}),
    path("twice/one/", include(auth_urls(), namespace="twice")),
    path("twice/two/", include(auth_urls(), namespace="twice")),
    path("로그인/", include(auth_urls(), namespace="korean")),
    path("own/", include((own_routes, "jwt_signin"), namespace="own")),
    path("nameless/", include((nameless_routes, "jwt_signin"), namespace="nameless")),
    path("alone/signin/", SignInView.as_view()),
    path("alone/refresh/", RefreshView.as_view()),
    path("alone/logout/", LogoutView.as_view()),
    *i18n_patterns(
        path("auth/", include(auth_urls(), namespace="language")),
        path(gettext_lazy("Reason"), include(auth_urls(), namespace="translated")),
    ),
]


def make_request(cookies="", **environ):
    return RequestFactory().post("/", **{"HTTP_COOKIE": cookies} | environ)


def attributes(morsel):
    """Return what a browser goes by when it looks for the cookie to replace, and the rest."""
    return {
        name.strip().lower(): value
        for name, _, value in (part.partition("=") for part in morsel.OutputString().split(";")[1:])
    }


def set_by(response):
    ((name, morsel),) = response.cookies.items()
    return name, attributes(morsel)


class TestName:
    @pytest.mark.parametrize(
        ("path", "domain", "secure", "name"),
        [
            ("/", None, True, "__Host-refresh"),
            ("/auth/", None, True, "__Secure-refresh"),
            ("/", "example.com", True, "__Secure-refresh"),
            ("/auth/", "example.com", True, "__Secure-refresh"),
            ("/", None, False, "refresh"),
            ("/auth/", None, False, "refresh"),
            ("/", "example.com", False, "refresh"),
        ],
    )
    def test_has_the_prefix_that_the_attributes_allow(self, path, domain, secure, name):
        assert Cookie("refresh", path, domain, secure).name == name


class TestSecure:
    @pytest.mark.parametrize(
        ("debug", "scheme", "said", "secure"),
        [
            (False, "https", None, True),
            (False, "http", None, True),
            (True, "https", None, True),
            (True, "http", None, False),
            (False, "https", False, False),
            (True, "http", True, True),
        ],
    )
    def test_is_always_so_but_for_plain_http_under_debug(
        self, settings, debug, scheme, said, secure
    ):
        settings.DEBUG = debug
        settings.JWT_SIGNIN = {"COOKIE_SECURE": said, "ACCESS_COOKIE": True}
        request = make_request(secure=scheme == "https")

        assert refresh_cookie(request).secure is secure
        assert access_cookie(request).secure is secure

    def test_a_proxy_may_say_that_it_was_https(self, settings):
        settings.DEBUG = True
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

        assert refresh_cookie(make_request(HTTP_X_FORWARDED_PROTO="https")).secure is True
        assert refresh_cookie(make_request(HTTP_X_FORWARDED_PROTO="http")).secure is False


class TestValues:
    @pytest.mark.parametrize(
        ("header", "values"),
        [
            ("", []),
            (";;", []),
            ("refresh", []),
            ("refresh=", []),
            ('refresh=""', []),
            ("refresh=a", ["a"]),
            ('refresh="a"', ["a"]),
            ("refresh=a=b", ["a=b"]),
            ("x=1; refresh=a; y=2", ["a"]),
            ("x=1;refresh=a;y=2", ["a"]),
            ("x=1;\t refresh=a", ["a"]),
            ("refresh=a; refresh=b; refresh=c", ["a", "b", "c"]),
            ("refresh=; refresh=b", ["b"]),
            ("refresh=a; refresh=b; refresh=a", ["a", "b"]),
            ("Refresh=a; REFRESH=b; xrefresh=c; refresh2=d; refresh =e", []),
            ("__Host-refresh=a; __Secure-refresh=b", []),
            ("$Version=1; refresh=a; $Path=/", ["a"]),
            ('x="; refresh=a"', ["a"]),
        ],
    )
    def test_are_all_that_come_under_the_name_once_each(self, header, values):
        assert Cookie("refresh", "/", None, False).values(make_request(header)) == values

    @pytest.mark.parametrize(
        "space", ["\x85", "\xa0", "\x0b", "\x0c", "\x1c", "\u2000", "\u3000"], ids=ascii
    )
    def test_what_unicode_calls_a_space_hides_no_prefix(self, space):
        """A browser sees no prefix there, and takes such a name from any sibling domain."""
        header = f"{space}__Host-refresh=evil; __Host-refresh=good".encode().decode("latin-1")
        raw = f"{space}__Host-refresh=evil; __Host-refresh=good"

        for each in (header, raw):
            assert Cookie("refresh", "/", None, True).values(make_request(each)) == ["good"]

    def test_a_request_without_cookies_has_none(self):
        request = RequestFactory().post("/")
        del request.META["HTTP_COOKIE"]

        assert Cookie("refresh", "/", None, True).values(request) == []


class TestSet:
    def test_has_every_attribute(self, settings):
        response = HttpResponse()

        Cookie("refresh", "/auth/", "example.com", True).set(response, "value", 60)

        name, attrs = set_by(response)
        assert name == "__Secure-refresh"
        assert attrs.pop("expires")
        assert attrs == {
            "domain": "example.com",
            "httponly": "",
            "max-age": "60",
            "path": "/auth/",
            "samesite": "Strict",
            "secure": "",
        }

    @pytest.mark.parametrize(
        ("setting", "value", "attribute", "written"),
        [
            ("COOKIE_SAMESITE", "Lax", "samesite", "Lax"),
            ("COOKIE_SAMESITE", "None", "samesite", "None"),
            ("COOKIE_PARTITIONED", True, "partitioned", ""),
        ],
    )
    def test_has_those_that_the_project_says(self, settings, setting, value, attribute, written):
        settings.JWT_SIGNIN = {setting: value}
        response = HttpResponse()

        Cookie("refresh", "/", None, True).set(response, "value", 60)

        assert set_by(response)[1][attribute] == written

    def test_is_partitioned_where_that_is_asked_for_alone(self):
        response = HttpResponse()

        Cookie("refresh", "/", None, True).set(response, "value", 60)

        assert "partitioned" not in set_by(response)[1]

    @pytest.mark.parametrize("again", [copy.copy, lambda each: pickle.loads(pickle.dumps(each))])
    def test_stays_partitioned_in_a_copy_of_the_answer(self, settings, again):
        settings.JWT_SIGNIN = {"COOKIE_PARTITIONED": True}
        response = HttpResponse()
        Cookie("refresh", "/", None, True).set(response, "value", 60)

        assert again(response.cookies).output().count("Partitioned") == 1

    def test_lasts_while_the_browser_is_open_without_an_age(self):
        response = HttpResponse()

        Cookie("refresh", "/", None, True).set(response, "value", None)

        assert not {"max-age", "expires"} & set_by(response)[1].keys()

    @pytest.mark.parametrize(
        ("age", "written"),
        [(34_559_999, "34559999"), (34_560_000, "34560000"), (10**9, "34560000")],
    )
    def test_lasts_for_400_days_at_most(self, age, written):
        """What browsers cap it at (RFC 6265bis section 5.5)."""
        response = HttpResponse()

        Cookie("refresh", "/", None, True).set(response, "value", age)

        assert set_by(response)[1]["max-age"] == written

    @pytest.mark.parametrize("secure", [True, False], ids=["prefixed", "bare"])
    def test_has_4096_bytes_at_most_with_its_name(self, secure):
        cookie, response = Cookie("refresh", "/", None, secure), HttpResponse()
        room = 4096 - len(cookie.name)

        cookie.set(response, "x" * room, 60)
        with pytest.raises(ValueError, match="4096"):
            cookie.set(HttpResponse(), "x" * (room + 1), 60)

        assert response.cookies[cookie.name].value == "x" * room


class TestAccessCookie:
    @pytest.mark.parametrize(
        ("said", "name"), [(True, "__Host-access"), ("jwt", "__Host-jwt")], ids=["on", "named"]
    )
    def test_goes_everywhere(self, settings, said, name):
        settings.JWT_SIGNIN = {"ACCESS_COOKIE": said, "COOKIE_PATH": "/auth/"}

        cookie = access_cookie(make_request())

        assert (cookie.name, cookie.path) == (name, "/")

    def test_is_off(self):
        assert access_cookie(make_request()) is None

    def test_has_the_domain_of_the_other(self, settings):
        settings.JWT_SIGNIN = {"ACCESS_COOKIE": True, "COOKIE_DOMAIN": "example.com"}

        assert access_cookie(make_request()).name == "__Secure-access"


@pytest.mark.django_db
class TestPath:
    """Shown by a whole flow: what is set there comes back there."""

    @pytest.mark.parametrize(
        ("root", "path"),
        [
            ("/auth/", "/auth/"),
            ("/api/v2/auth/", "/api/v2/auth/"),
            ("/t/acme/auth/", "/t/acme/auth/"),
            ("/t/a b/auth/", "/t/a%20b/auth/"),
            ("/t/100%/auth/", "/t/100%25/auth/"),
            ("/n/7/auth/", "/n/7/auth/"),
            ("/n/007/auth/", "/"),
            ("/r/acme/auth/", "/r/acme/auth/"),
            ("/extra/", "/extra/"),
            ("/로그인/", "/%EB%A1%9C%EA%B7%B8%EC%9D%B8/"),
            ("/alone/", "/"),
            ("/nameless/", "/"),
            ("/twice/one/", "/twice/one/"),
            ("/twice/two/", "/"),
            ("/en/auth/", "/en/auth/"),
            ("/ko/auth/", "/ko/auth/"),
        ],
    )
    def test_is_what_refresh_and_logout_of_the_include_have_in_common(self, api, ada, root, path):
        assert self.path_of_a_flow(api, root) == path

    def test_may_be_apart_from_that_of_signing_in(self, api, ada):
        assert self.path_of_a_flow(api, "/own/", "login/", "token/") == "/own/token/"

    @pytest.mark.parametrize("prefix", ["/app", "/a/b"])
    def test_begins_with_the_script_name(self, api, ada, prefix):
        api.defaults["SCRIPT_NAME"] = prefix

        with override_script_prefix(f"{prefix}/"):  # which is the server's to do, and no client's
            assert (
                self.path_of_a_flow(api, "/auth/", prefix=prefix) == f"{prefix.rstrip('/')}/auth/"
            )

    def test_begins_with_the_script_name_that_is_forced(self, settings, api, ada):
        settings.FORCE_SCRIPT_NAME = "/forced"

        with override_script_prefix("/forced/"):
            assert self.path_of_a_flow(api, "/auth/", prefix="/forced") == "/forced/auth/"

    def test_is_the_projects_own_where_it_says(self, settings, api, ada):
        settings.JWT_SIGNIN = {"COOKIE_PATH": "/auth/refresh/"}

        response = api.post("/auth/signin/", ADA)

        assert set_by(response)[1]["path"] == "/auth/refresh/"

    @pytest.mark.parametrize(
        "tenant", ["x;Domain=example.com", "x; Max-Age=0", "x;", ";Domain=example.com;a="]
    )
    def test_ends_with_no_semicolon_of_the_url(self, api, ada, tenant):
        """What comes after one would be an attribute of its own."""
        response = api.post(f"/t/{tenant}/auth/signin/", ADA)

        name, attrs = set_by(response)
        assert (name, attrs["path"]) == ("__Host-refresh", "/")
        assert "domain" not in attrs
        assert attrs["max-age"] == "604800"

    @pytest.mark.parametrize("line", ["\r\n", "\n", "\r"], ids=repr)
    def test_holds_no_line_break_of_the_url(self, api, ada, line):
        response = api.post(f"/t/x{line}Set-Cookie: a=b/auth/signin/", ADA)

        assert line not in response.cookies.output(header="", sep="")

    def test_is_that_of_the_url_whatever_language_the_user_turns_to(self, api, ada):
        def turn(**kwargs):
            translation.activate("ko")

        user_logged_in.connect(turn)
        try:
            response = api.post("/en/auth/signin/", ADA)
        finally:
            user_logged_in.disconnect(turn)

        assert set_by(response)[1]["path"] == "/en/auth/"

    def test_is_the_root_for_a_request_that_no_url_was_found_for(self):
        assert refresh_cookie(make_request()).path == "/"

    def path_of_a_flow(self, api, root, signin="signin/", rest="", prefix=""):
        jar, base = Jar(), f"{HOST}{prefix}"
        response = api.post(f"{root}{signin}", ADA)
        name, attrs = set_by(response)
        jar.take(f"{base}{root}{signin}", response)
        api.cookies.clear()
        for route in ("refresh/", "logout/"):
            header = jar.header(ascii_url(f"{base}{root}{rest}{route}"))
            response = api.post(f"{root}{rest}{route}", headers={"Cookie": header})
            assert response.status_code == (200 if route == "refresh/" else 204)
        jar.take(f"{base}{root}{rest}{route}", response)
        assert (list(response.cookies), jar.names()) == ([name], [])
        return attrs["path"]


def ascii_url(url):
    return quote(url, safe=":/")


@pytest.mark.django_db
class TestDeletion:
    """Another name, path or domain would leave the cookie where it is."""

    SETTINGS = {
        "COOKIE_PATH": [None, "/", "/auth/"],
        "COOKIE_DOMAIN": [None, "example.com", ".example.com"],
        "COOKIE_SECURE": [None, False],
        "COOKIE_SAMESITE": ["Strict", "None"],
        "COOKIE_PARTITIONED": [False, True],
        "ACCESS_COOKIE": [False, "jwt"],
    }

    @pytest.mark.parametrize("values", [*itertools.product(*SETTINGS.values())], ids=str)
    def test_has_the_attributes_that_the_cookie_was_set_with(self, settings, api, ada, values):
        settings.ALLOWED_HOSTS = ["api.example.com"]
        settings.JWT_SIGNIN = chosen = dict(zip(self.SETTINGS, values, strict=True))
        api.defaults["SERVER_NAME"] = "api.example.com"
        url, jar = "https://api.example.com/auth/", Jar()

        signed_in = api.post("/auth/signin/", ADA)
        jar.take(f"{url}signin/", signed_in)
        kept = jar.names()
        headers = {"Cookie": jar.header(f"{url}logout/")}
        logged_out = APIClient(SERVER_NAME="api.example.com").post(
            "/auth/logout/", headers=headers, secure=True
        )
        jar.take(f"{url}logout/", logged_out)

        assert len(kept) == (2 if chosen["ACCESS_COOKIE"] else 1)
        assert (logged_out.status_code, jar.names()) == (204, [])
        written, deleted = (
            {name: attributes(morsel) for name, morsel in response.cookies.items()}
            for response in (signed_in, logged_out)
        )
        for name, attrs in deleted.items():
            assert attrs.pop("max-age") == "0"
            assert attrs.pop("expires") == "Thu, 01 Jan 1970 00:00:00 GMT"
            assert attrs.items() <= written[name].items()
            assert written[name].keys() - attrs.keys() == {"max-age", "expires"}

    def test_a_client_that_forgets_nothing_brings_nothing(self, api, ada):
        """As Django's test client, which keeps the empty value and sends it on."""
        api.post("/auth/signin/", ADA)
        api.post("/auth/logout/")

        response = api.post("/auth/refresh/")

        assert api.cookies["__Secure-refresh"].value == ""
        assert (response.status_code, response.json()["code"]) == (401, "refresh_missing")


@pytest.mark.django_db(transaction=True)
class TestASGI:
    def ask(self, route, *cookies, root_path="", body=b""):
        sent, read = [], asyncio.Event()

        async def receive():
            if read.is_set():
                await asyncio.Event().wait()  # the client stays
            read.set()
            return {"type": "http.request", "body": body}

        async def send(message):
            sent.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "scheme": "https",
            "path": f"{root_path}/auth/{route}",
            "root_path": root_path,
            "query_string": b"",
            "server": ("testserver", 443),
            "headers": [
                (b"content-type", b"application/json"),
                (b"content-length", str(len(body)).encode()),
                *((b"cookie", cookie.encode("latin-1")) for cookie in cookies),
            ],
        }
        async_to_sync(get_asgi_application())(scope, receive, send)
        headers = [value for name, value in sent[0]["headers"] if name.lower() == b"set-cookie"]
        return sent[0]["status"], [value.decode().split("; ") for value in headers]

    def test_the_flow_is_the_same_there(self, settings, ada):
        settings.JWT_SIGNIN = {"COOKIE_PARTITIONED": True, "TRANSPORT": "cookie"}
        body = b'{"username": "ada", "password": "%b"}' % PASSWORD.encode()

        status, ((cookie, *attrs),) = self.ask("signin/", root_path="/app", body=body)
        refreshed, _ = self.ask("refresh/", cookie, root_path="/app")

        assert (status, cookie.partition("=")[0]) == (200, "__Secure-refresh")
        assert {"Path=/app/auth/", "Partitioned"} <= {*attrs}
        assert refreshed == 200

    def test_several_headers_are_one(self, ada):
        """RFC 9113 section 8.2.3."""
        body = b'{"username": "ada", "password": "%b", "transport": "cookie"}' % PASSWORD.encode()
        _, ((cookie, *_attrs),) = self.ask("signin/", body=body)

        status, _ = self.ask("refresh/", "a=b", cookie, "c=d")

        assert status == 200
