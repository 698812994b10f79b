"""Views of Simple JWT's own that still stand, as ``manage.py check`` sees them."""

import pytest
from django.urls import include, path
from rest_framework_simplejwt import views as theirs

from jwt_signin.views import RefreshView, SignInView
from tests.checked import ids
from tests.test_checks_cookies import URLs, page

MAKE_TOKENS = [
    theirs.TokenObtainPairView,
    theirs.TokenObtainSlidingView,
    theirs.TokenRefreshView,
    theirs.TokenRefreshSlidingView,
]


class Descendant(theirs.TokenRefreshView):
    """As djoser, dj-rest-auth and projects have theirs."""


@pytest.mark.parametrize("view", [*MAKE_TOKENS, Descendant], ids=lambda view: view.__name__)
def test_one_that_makes_tokens_is_told_wherever_it_stands(settings, view):
    old = [path("old/", view.as_view())]
    settings.ROOT_URLCONF = URLs(path("refresh/", RefreshView.as_view()), path("", include(old)))

    assert ids() == ["jwt_signin.W019"]


@pytest.mark.parametrize(
    "view",
    [page, SignInView.as_view(), theirs.TokenVerifyView.as_view()],
    ids=["another's", "ours", "one that makes none"],
)
def test_another_is_not(settings, view):
    settings.ROOT_URLCONF = URLs(path("here/", view))

    assert ids() == []


def test_urls_that_cannot_be_read_are_told_elsewhere(settings):
    settings.ROOT_URLCONF = "tests.nothing_here"

    assert ids() == []
