"""What the how-to pages show together does what they say."""

import sys
import types

import pytest

from jwt_signin import services
from jwt_signin.models import Session
from tests.handlers import HANDLERS, bearer
from tests.house.test_readme import FENCE, ROOT

pytestmark = pytest.mark.django_db


def shown(page):
    """Return the names that all blocks of a page give together, and the routes of each."""
    scope, routes = {"__name__": "shown"}, []
    for block in FENCE.findall((ROOT / "docs" / "how-to" / page).read_text()):
        exec(block, scope)
        routes += scope.pop("urlpatterns", [])
    return {**scope, "urlpatterns": routes}


@pytest.fixture
def project(settings, monkeypatch):
    """``project(page)`` makes the routes and the middleware of a page those of the project."""

    def follow(page):
        scope, routes = shown(page), types.ModuleType("shown")
        routes.urlpatterns = scope["urlpatterns"]
        monkeypatch.setitem(sys.modules, "shown", routes)
        settings.ROOT_URLCONF = "shown"
        settings.MIDDLEWARE = scope["MIDDLEWARE"]

    return follow


@pytest.mark.parametrize("handler", HANDLERS)
@pytest.mark.parametrize("has_middleware", [False, True])
def test_plain_django_and_async(project, settings, pair, handler, has_middleware):
    project("plain-django-and-async.md")
    settings.MIDDLEWARE = settings.MIDDLEWARE * has_middleware
    paths = ["/report/", "/report/live/", "/report/class/"]

    other = services.start_session(pair.user)
    left = handler().get("/leave/", headers=bearer(pair.access))
    opened = [handler().get(path, headers=bearer(pair.access)) for path in paths]
    services.revoke_all(pair.user)
    closed = [handler().get(path, headers=bearer(pair.access)) for path in paths]

    assert left.json() == {"ended": 1}
    assert Session.objects.get(pk=other.access.session_id).revoked_at is not None
    assert [response.json()["user"] for response in opened] == [str(pair.user)] * 3
    assert [response.json()["code"] for response in closed] == ["session_revoked"] * 3
