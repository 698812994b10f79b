"""Cookies: what they are called, where they go, how they are forgotten, whose page sent them."""

import asyncio
import copy
import itertools
import pickle
from urllib.parse import quote

import django
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
from rest_framework.request import Request
from rest_framework.test import APIClient

from jwt_signin.cookies import Cookie, access_cookie, check_origin, refresh_cookie
from jwt_signin.exceptions import CSRFFailed, OriginNotAllowed
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
            ("x=1,refresh=a", []),
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
        with override_script_prefix("/"):  # which the handler sets, and leaves to the next one
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

    @pytest.mark.skipif(django.VERSION < (6,), reason="Django joins them by commas")
    def test_several_headers_are_one(self, ada):
        """RFC 9113 section 8.2.3."""
        body = b'{"username": "ada", "password": "%b", "transport": "cookie"}' % PASSWORD.encode()
        _, ((cookie, *_attrs),) = self.ask("signin/", body=body)

        status, _ = self.ask("refresh/", "a=b", cookie, "c=d")

        assert status == 200


TRUSTED = [
    "https://app.example.com",
    "https://UPPER.example.com",
    "https://*.trusted.org",
    "https://*.ported.org:8443",
    "http://192.168.0.7:5173",
    "http://[::1]:5173",
    "capacitor://localhost",
]
ORIGINS = {
    "absent": [None],
    "own": ["https://testserver"],
    "trusted": [
        "https://app.example.com",
        "https://upper.example.com",
        "https://trusted.org",
        "https://a.trusted.org",
        "https://a.b.trusted.org",
        "https://a.ported.org:8443",
        "http://192.168.0.7:5173",
        "http://[::1]:5173",
        "capacitor://localhost",
    ],
    "foreign": [
        "null",
        "",
        " ",
        "*",
        "junk",
        "https://",
        "https://[",
        "https://[::1",
        "https://evil.com",
        "https://testserver.evil.com",
        "https://eviltestserver",
        "http://testserver",
        "https://testserver:8443",
        "https://testserver/",
        "https://testserver@evil.com",
        "https://testserver, https://evil.com",
        "HTTPS://TESTSERVER",
        "http://app.example.com",
        "https://app.example.com:8443",
        "https://app.example.com.evil.com",
        "https://evil-app.example.com",
        "https://a.app.example.com",
        "https://example.com",
        "https://eviltrusted.org",
        "https://trusted.org.evil.com",
        "https://evil.com/.trusted.org",
        "https://evil.com?.trusted.org",
        "https://evil.com#.trusted.org",
        "http://a.trusted.org",
        "https://a.trusted.org:8443",
        "https://a.ported.org",
        "https://a.ported.org:9443",
        "http://192.168.0.7",
        "http://[::1]",
        "capacitor://evil",
        "ionic://localhost",
        "chrome-extension://abcdefgh",
        "https://\xe9vil.com",
        "https://℀.trusted.org",
    ],
}
SITES = [None, "same-origin", "none", "same-site", "cross-site", "", "SAME-ORIGIN", "junk"]
CASES = [
    pytest.param(
        origin,
        site,
        kind == "trusted"
        or site in {"same-origin", "none"}
        or (site is None and kind in {"absent", "own"}),
        id=f"{origin!a}-{site}",
    )
    for kind, origins in ORIGINS.items()
    for origin in origins
    for site in SITES
]


def from_page(origin=None, site=None, scheme="https", **environ):
    given = {"HTTP_ORIGIN": origin, "HTTP_SEC_FETCH_SITE": site}
    present = {name: value for name, value in given.items() if value is not None}
    return RequestFactory().post("/", secure=scheme == "https", **present, **environ)


def is_allowed(request):
    try:
        check_origin(request)
    except OriginNotAllowed:
        return False
    return True


class TestOrigin:
    @pytest.mark.parametrize(("origin", "site", "allowed"), CASES)
    def test_is_trusted_or_fetched_from_here_or_the_own(self, settings, origin, site, allowed):
        settings.JWT_SIGNIN = {"TRUSTED_ORIGINS": TRUSTED}

        assert is_allowed(from_page(origin, site)) is allowed

    @pytest.mark.parametrize("origin", ORIGINS["trusted"])
    def test_is_trusted_by_default_where_django_trusts_it(self, settings, origin):
        settings.CSRF_TRUSTED_ORIGINS = TRUSTED

        assert is_allowed(from_page(origin, "cross-site"))

    def test_of_ours_alone_is_trusted_where_the_project_says(self, settings):
        settings.CSRF_TRUSTED_ORIGINS = ["https://app.example.com"]
        settings.JWT_SIGNIN = {"TRUSTED_ORIGINS": []}

        assert not is_allowed(from_page("https://app.example.com"))

    @pytest.mark.parametrize("trusted", ["https://*", "*", "null", "https://*example.com"])
    def test_is_not_trusted_by_what_names_none(self, settings, trusted):
        settings.CSRF_TRUSTED_ORIGINS = [trusted]

        assert not is_allowed(from_page("https://evil-example.com"))

    @pytest.mark.parametrize(
        ("host", "origin", "scheme", "allowed"),
        [
            ("testserver:8000", "http://testserver:8000", "http", True),
            ("testserver:8000", "http://testserver", "http", False),
            ("testserver:8000", "http://testserver:9000", "http", False),
            ("testserver:8000", "https://testserver:8000", "http", False),
            ("TESTSERVER", "http://testserver", "http", True),
            ("[::1]:8000", "http://[::1]:8000", "http", True),
            ("[::1]:8000", "http://[::2]:8000", "http", False),
            ("unknown", "http://unknown", "http", False),
            ("", "http://", "http", False),
            ("evil.com/", "http://evil.com/", "http", False),
            ("a b", "http://a b", "http", False),
        ],
    )
    def test_is_the_own_by_scheme_and_host_and_port(self, settings, host, origin, scheme, allowed):
        settings.ALLOWED_HOSTS = ["testserver", "[::1]", "[::2]"]

        assert is_allowed(from_page(origin, scheme=scheme, HTTP_HOST=host)) is allowed

    def test_needs_no_host_where_no_browser_asks(self, settings):
        assert is_allowed(from_page(HTTP_HOST="unknown"))

    @pytest.mark.parametrize("used", [True, False])
    def test_is_the_own_by_what_a_trusted_proxy_says(self, settings, used):
        settings.ALLOWED_HOSTS = ["*"]
        settings.USE_X_FORWARDED_HOST = used
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if used else None
        request = from_page(
            "https://api.example.com",
            scheme="http",
            HTTP_X_FORWARDED_HOST="api.example.com",
            HTTP_X_FORWARDED_PROTO="https",
        )

        assert is_allowed(request) is used

    def test_is_asked_of_rest_frameworks_request_as_well(self):
        assert is_allowed(Request(from_page("https://testserver")))
        assert not is_allowed(Request(from_page("https://evil.com")))


class TestAdvice:
    @pytest.mark.parametrize("debug", [True, False])
    def test_names_the_setting_to_developers_alone(self, settings, debug):
        settings.DEBUG = debug

        with pytest.raises(OriginNotAllowed) as refused:
            check_origin(from_page("https://evil.com"))

        body = refused.value.body
        assert body["code"] == "origin_not_allowed"
        assert ("TRUSTED_ORIGINS" in body["detail"]) is debug
        assert ("https://evil.com" in body["detail"]) is debug

    def test_quotes_no_more_than_is_read(self, settings):
        settings.DEBUG = True

        with pytest.raises(OriginNotAllowed) as refused:
            check_origin(from_page("https://" + "e" * 10_000))

        assert len(refused.value.body["detail"]) < 400


@pytest.mark.django_db
class TestDjangosToken:
    """``CSRF = "django"``, in addition to the origin."""

    @pytest.fixture(autouse=True)
    def _project(self, settings):
        settings.JWT_SIGNIN = {"CSRF": "django"}
        settings.MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware"]

    @pytest.fixture
    def client(self):
        """A client that is checked, as test clients are not by default."""
        return APIClient(enforce_csrf_checks=True)

    @pytest.fixture
    def token(self, client):
        return client.get("/token/", secure=True).content.decode()

    def ask(self, client, route, body=None, token=None, **headers):
        headers = {"Origin": HOST} | headers | ({"X-CSRFToken": token} if token else {})
        return client.post(f"/auth/{route}/", body, headers=headers, secure=True)

    def test_opens_the_whole_flow(self, client, ada, token):
        responses = [
            self.ask(client, "signin", ADA, token),
            self.ask(client, "refresh", token=token),
            self.ask(client, "logout", token=token),
        ]

        assert [response.status_code for response in responses] == [200, 200, 204]

    @pytest.mark.parametrize("sent", [None, "wrong", "x" * 32], ids=["none", "short", "another"])
    def test_is_asked_for_at_every_step(self, client, ada, token, sent):
        early = self.ask(client, "signin", ADA, sent)
        self.ask(client, "signin", ADA, token)
        late = [self.ask(client, route, token=sent) for route in ("refresh", "logout")]

        for response in [early, *late]:
            assert (response.status_code, response.json()["code"]) == (403, "csrf_failed")
            assert not response.cookies
        assert self.ask(client, "refresh", token=token).status_code == 200

    def test_is_worth_nothing_without_its_cookie(self, client, ada, token):
        client.cookies.clear()

        assert self.ask(client, "signin", ADA, token).status_code == 403

    def test_does_not_stand_for_the_origin(self, client, ada, token):
        response = self.ask(client, "signin", ADA, token, Origin="https://evil.com")

        assert response.json()["code"] == "origin_not_allowed"

    def test_is_not_asked_of_a_body(self, client, ada):
        body = {**ADA, "transport": "body"}
        refresh = self.ask(client, "signin", body).json()["refresh"]

        assert self.ask(client, "refresh", {"refresh": refresh}).status_code == 200

    def test_is_not_asked_of_who_brings_no_cookie(self, client):
        assert self.ask(client, "refresh").json()["code"] == "refresh_missing"
        assert self.ask(client, "logout").status_code == 204

    def test_needs_no_middleware_of_the_project(self, settings, client, ada, token):
        settings.MIDDLEWARE = []

        assert self.ask(client, "signin", ADA, token).status_code == 200
        assert self.ask(client, "signin", ADA).status_code == 403

    def test_may_be_in_the_session(self, settings, client, ada):
        settings.CSRF_USE_SESSIONS = True
        settings.MIDDLEWARE = [
            "django.contrib.sessions.middleware.SessionMiddleware",
            *settings.MIDDLEWARE,
        ]
        token = client.get("/token/", secure=True).content.decode()

        assert self.ask(client, "signin", ADA, token).status_code == 200
        assert self.ask(client, "signin", ADA).status_code == 403

    def test_is_not_asked_for_by_default(self, settings, client, ada):
        settings.JWT_SIGNIN = {}

        assert self.ask(client, "signin", ADA).status_code == 200

    def test_is_read_of_rest_frameworks_request_as_well(self):
        with pytest.raises(CSRFFailed):
            check_origin(Request(from_page("https://testserver")))
