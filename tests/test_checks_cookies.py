"""Cookies, and where the URLs let them travel, as ``manage.py check`` sees them."""

import re

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.core.checks import Tags, run_checks
from django.http import HttpResponse
from django.urls import include, path, re_path

from jwt_signin.checks.routes import Route
from jwt_signin.urls import auth_urls
from jwt_signin.views import LogoutView, RefreshView, SignInView, TokenView, TransportView
from tests.checked import ids


class URLs:
    """A project's URLs, as good as a module of them."""

    def __init__(self, *urlpatterns):
        self.urlpatterns = list(urlpatterns)


COOKIE, BODY, EITHER = (auth_urls(transport=name) for name in ("cookie", "body", None))
BY_COOKIE = URLs(path("auth/", include(COOKIE)))
BY_BODY = URLs(path("auth/", include(BODY)))
BY_EITHER = URLs(path("auth/", include(EITHER)))


def page(request):
    """Stand for a view of another package."""
    return HttpResponse()  # pragma: no cover


page.cls = "no class"


class TestSecure:
    @pytest.mark.parametrize(
        ("given", "debug", "expected"),
        [
            ({}, False, []),
            ({"COOKIE_SAMESITE": "None", "COOKIE_PARTITIONED": True}, False, []),
            ({"COOKIE_SAMESITE": "None", "COOKIE_SECURE": True}, False, []),
            ({"COOKIE_SECURE": False}, True, []),
            ({"COOKIE_SECURE": False}, False, ["W006"]),
            ({"COOKIE_SECURE": False, "COOKIE_SAMESITE": "Lax"}, True, []),
            ({"COOKIE_SECURE": False, "COOKIE_SAMESITE": "None"}, True, ["E012"]),
            ({"COOKIE_SECURE": False, "COOKIE_PARTITIONED": True}, True, ["E013"]),
            (
                {"COOKIE_SECURE": False, "COOKIE_SAMESITE": "None", "COOKIE_PARTITIONED": True},
                False,
                ["E012", "E013", "W006"],
            ),
        ],
        ids=repr,
    )
    def test_is_asked_for_where_others_listen_or_browsers_want_it(
        self, settings, given, debug, expected
    ):
        settings.JWT_SIGNIN, settings.DEBUG = given, debug

        assert ids() == [f"jwt_signin.{name}" for name in expected]

    @pytest.mark.parametrize(
        ("urls", "given", "expected"),
        [
            (BY_EITHER, {}, ["jwt_signin.W006"]),
            (BY_EITHER, {"TRANSPORTS": ["body"]}, []),
            (BY_COOKIE, {"TRANSPORTS": ["body"]}, ["jwt_signin.W006"]),
            (BY_BODY, {}, []),
            (BY_EITHER, {"SHAPE": "oauth2"}, []),
            (URLs(path("auth/", include(auth_urls(shape="oauth2")))), {}, []),
            (URLs(path("x/", TokenView.as_view())), {}, []),
            (URLs(path("x/", RefreshView.as_view(shape="no.such"))), {}, []),
            (BY_BODY, {"ACCESS_COOKIE": True}, ["jwt_signin.W006"]),
            (URLs(), {}, []),
            (URLs(path("x/", page)), {}, []),
            (URLs(path("x/", SignInView.as_view())), {}, ["jwt_signin.W006"]),
            (URLs(path("x/", TransportView.as_view())), {}, ["jwt_signin.W006"]),
            (URLs(path("x/", SignInView.as_view(transport="body"))), {}, []),
            ("no.such.module", {}, []),
            ("no.such.module", {"ACCESS_COOKIE": True}, ["jwt_signin.W006"]),
        ],
    )
    def test_is_not_asked_for_where_no_cookie_travels(self, settings, urls, given, expected):
        settings.ROOT_URLCONF = urls
        settings.JWT_SIGNIN = {"COOKIE_SECURE": False, **given}

        assert ids() == expected


class TestPath:
    @pytest.mark.parametrize(
        ("url", "cookie_path", "fits"),
        [
            ("/auth/refresh/", "/", True),
            ("/auth/refresh/", "/auth", True),
            ("/auth/refresh/", "/auth/", True),
            ("/auth/refresh/", "/auth/refresh/", True),
            ("/auth/refresh", "/auth/refresh", True),
            ("/auth/refresh/", "/auth/refresh/x", False),
            ("/auth/refresh/", "/aut", False),
            ("/auth/refresh/", "/login/", False),
            ("/auth/refresh", "/auth/refresh/", False),
        ],
    )
    def test_is_matched_as_browsers_do(self, url, cookie_path, fits):
        assert Route(url, is_whole=True).may_lie_under(cookie_path) is fits

    @pytest.mark.parametrize(
        ("cookie_path", "fits"),
        [("/t/", True), ("/t/acme/auth/", True), ("/", True), ("/x/", False), ("/t/x", True)],
    )
    def test_of_what_varies_the_beginning_counts(self, cookie_path, fits):
        assert Route("/t/", is_whole=False).may_lie_under(cookie_path) is fits

    @pytest.mark.parametrize(
        ("cookie_path", "expected"),
        [
            (None, []),
            ("/", []),
            ("/auth", []),
            ("/auth/", []),
            ("/auth/refresh/", ["jwt_signin.W007"]),
            ("/api/", ["jwt_signin.W007"]),
        ],
    )
    def test_reaches_refresh_and_logout(self, settings, cookie_path, expected):
        settings.ROOT_URLCONF = BY_EITHER
        settings.JWT_SIGNIN = {"COOKIE_PATH": cookie_path}

        assert ids() == expected

    @pytest.mark.parametrize(
        "pattern",
        [
            path("in/", SignInView.as_view()),
            path("in/", TransportView.as_view()),
            path("in/", RefreshView.as_view(transport="body")),
            path("in/", include(BODY)),
            path("<path:any>", include(EITHER)),
            path("auth/<str:tenant>/", include(EITHER)),
            path("", include([path("auth/", include(EITHER))])),
            re_path("^in/", include(EITHER)),
            path("%61uth/", page),
        ],
        ids=repr,
    )
    def test_may_reach_it_as_far_as_is_known(self, settings, pattern):
        settings.ROOT_URLCONF = URLs(pattern, path("auth/", include(EITHER)))
        settings.JWT_SIGNIN = {"COOKIE_PATH": "/auth/"}

        assert ids() == []

    @pytest.mark.parametrize(
        "pattern",
        [
            path("in/", RefreshView.as_view()),
            path("out/", LogoutView.as_view()),
            path("in/", include(COOKIE)),
            path("in/<str:tenant>/", include(EITHER)),
            path("", include([path("in/", include(EITHER))])),
        ],
        ids=repr,
    )
    def test_one_that_it_misses_is_enough(self, settings, pattern):
        settings.ROOT_URLCONF = URLs(pattern, path("auth/", include(EITHER)))
        settings.JWT_SIGNIN = {"COOKIE_PATH": "/auth/"}

        assert ids() == ["jwt_signin.W007"]

    @pytest.mark.parametrize(
        ("script_name", "expected"),
        [(None, ["jwt_signin.W007"]), ("/shop", []), ("/shop/", []), ("/", ["jwt_signin.W007"])],
    )
    def test_begins_with_the_script_name(self, settings, script_name, expected):
        settings.ROOT_URLCONF, settings.FORCE_SCRIPT_NAME = BY_EITHER, script_name
        settings.JWT_SIGNIN = {"COOKIE_PATH": "/shop/auth/"}

        assert ids() == expected

    @pytest.mark.parametrize(
        ("cookie_path", "expected"),
        [("/%EB%A1%9C%EA%B7%B8%EC%9D%B8/", []), ("/login/", ["jwt_signin.W007"])],
    )
    def test_is_compared_as_it_is_sent(self, settings, cookie_path, expected):
        settings.ROOT_URLCONF = URLs(path("로그인/", include(EITHER)))
        settings.JWT_SIGNIN = {"COOKIE_PATH": cookie_path}

        assert ids() == expected

    def test_of_a_language_nothing_is_known(self, settings):
        settings.ROOT_URLCONF = URLs(*i18n_patterns(path("auth/", include(EITHER))))
        settings.JWT_SIGNIN = {"COOKIE_PATH": "/ko/auth/"}

        assert ids() == []

    def test_that_misses_is_told_with_the_urls(self, settings):
        settings.ROOT_URLCONF = URLs(path("in/<str:tenant>/", include(COOKIE)))
        settings.JWT_SIGNIN = {"COOKIE_PATH": "/auth/"}

        (message,) = run_checks(tags=[Tags.security])

        assert "/in/…" in message.msg


class TestCORS:
    @pytest.mark.parametrize(
        ("name", "value", "expected"),
        [
            ("CORS_ALLOW_ALL_ORIGINS", True, ["jwt_signin.W008"]),
            ("CORS_ORIGIN_ALLOW_ALL", True, ["jwt_signin.W008"]),
            ("CORS_ALLOW_ALL_ORIGINS", False, []),
            ("CORS_ALLOWED_ORIGINS", ["https://example.com"], []),
            ("CORS_ALLOWED_ORIGIN_REGEXES", [".*"], ["jwt_signin.W008"]),
            ("CORS_ORIGIN_REGEX_WHITELIST", [re.compile("^https://")], ["jwt_signin.W008"]),
            ("CORS_ALLOWED_ORIGIN_REGEXES", ["x", r"^http://.+"], ["jwt_signin.W008"]),
            ("CORS_ALLOWED_ORIGIN_REGEXES", [r"^https://\w+\.example\.com$"], []),
            ("CORS_ALLOWED_ORIGIN_REGEXES", [], []),
            ("CORS_ALLOWED_ORIGIN_REGEXES", ["("], []),
            ("CORS_ALLOWED_ORIGIN_REGEXES", 5, []),
        ],
    )
    def test_lets_every_origin_send_cookies(self, settings, name, value, expected):
        setattr(settings, name, value)
        assert ids() == []

        settings.CORS_ALLOW_CREDENTIALS = True

        assert ids() == expected

    @pytest.mark.parametrize(
        ("urls", "given", "expected"),
        [
            (BY_BODY, {}, []),
            (BY_EITHER, {"TRANSPORTS": ["body"]}, []),
            (BY_COOKIE, {"TRANSPORTS": ["body"]}, ["jwt_signin.W008"]),
            (BY_BODY, {"ACCESS_COOKIE": "x"}, ["jwt_signin.W008"]),
        ],
    )
    def test_matters_where_cookies_travel(self, settings, urls, given, expected):
        settings.ROOT_URLCONF, settings.JWT_SIGNIN = urls, given
        settings.CORS_ALLOW_ALL_ORIGINS = settings.CORS_ALLOW_CREDENTIALS = True

        assert ids() == expected
