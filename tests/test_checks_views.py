"""Views of Simple JWT's own that still stand, as ``manage.py check`` sees them."""

import pytest
from django.urls import include, path, re_path
from rest_framework.views import APIView
from rest_framework_simplejwt import views as theirs

from jwt_signin.views import RefreshView, SignInView
from tests.checked import ids
from tests.test_checks_cookies import URLs, page

THEIRS = [
    theirs.TokenObtainPairView,
    theirs.TokenObtainSlidingView,
    theirs.TokenRefreshView,
    theirs.TokenRefreshSlidingView,
    theirs.TokenBlacklistView,
    theirs.TokenVerifyView,
]


OLD = path("refresh/", theirs.TokenRefreshView.as_view())


class Descendant(theirs.TokenRefreshView):
    """As djoser, dj-rest-auth and projects have theirs."""


@pytest.mark.parametrize("view", [*THEIRS, Descendant], ids=lambda view: view.__name__)
def test_one_is_told_wherever_it_stands(settings, view):
    old = [path("old/", view.as_view())]
    settings.ROOT_URLCONF = URLs(path("refresh/", RefreshView.as_view()), path("", include(old)))

    assert ids() == ["jwt_signin.W019"]


@pytest.mark.parametrize(
    "view",
    [page, SignInView.as_view(), APIView.as_view()],
    ids=["no class", "ours", "another's"],
)
def test_another_is_not(settings, view):
    settings.ROOT_URLCONF = URLs(path("here/", view))

    assert ids() == []


@pytest.mark.parametrize(("first", "expected"), [(0, []), (1, ["jwt_signin.W019"])])
def test_of_two_at_one_url_the_first_counts(settings, first, expected):
    """As where ours stand above an include of another package's, whose others are wanted."""
    pair = [path("refresh/", RefreshView.as_view()), path("", include([OLD]))]
    settings.ROOT_URLCONF = URLs(path("auth/", include(pair[first:] + pair[:first])))

    assert ids() == expected


def test_of_two_patterns_that_may_be_of_two_urls_each_counts(settings):
    settings.ROOT_URLCONF = URLs(re_path("^a/?$", page), re_path("^b/?$", OLD.callback))

    assert ids() == ["jwt_signin.W019"]


def test_urls_that_cannot_be_read_are_told_elsewhere(settings):
    settings.ROOT_URLCONF = "tests.nothing_here"

    assert ids() == []
