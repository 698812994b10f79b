"""Cookies: what they are called, where they go, how they are forgotten, whose page sent them."""

import copy
import pickle

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory
from django.urls import include, path, re_path
from django.utils.translation import gettext_lazy

from jwt_signin.cookies import Cookie, access_cookie, refresh_cookie
from jwt_signin.urls import auth_urls
from jwt_signin.views import LogoutView, RefreshView, SignInView
from tests.conftest import PASSWORD

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
