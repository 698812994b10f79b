"""What the how-to pages show together does what they say."""

import sys
import types

import jwt
import pytest
from django.contrib.auth import get_user_model
from django.urls import path
from rest_framework.views import APIView

from jwt_signin import services
from jwt_signin.exceptions import InvalidCredentials
from jwt_signin.keys import key_ring
from jwt_signin.models import Session
from tests.conftest import PASSWORD
from tests.handlers import HANDLERS, bearer
from tests.house.test_readme import FENCE, ROOT
from tests.house.test_readme import project as project_of_a_block
from tests.keypairs import private_key, private_pem
from tests.test_leaks import fail
from tests.test_views import default_classes

pytestmark = pytest.mark.django_db


def shown(page, holding=""):
    """Return the names that the blocks ``holding`` a word give together, and the routes of each."""
    scope, routes = {"__name__": "shown", **project_of_a_block()}, []
    for block in FENCE.findall((ROOT / "docs" / "how-to" / page).read_text()):
        if holding in block:
            exec(block, scope)
            routes += scope.pop("urlpatterns", [])
    return {**scope, "urlpatterns": routes}


@pytest.fixture
def routed(settings, monkeypatch):
    """``routed(urlpatterns)`` makes these the routes of the project."""

    def route(urlpatterns):
        routes = types.ModuleType("shown")
        routes.urlpatterns = urlpatterns
        monkeypatch.setitem(sys.modules, "shown", routes)
        settings.ROOT_URLCONF = "shown"

    return route


@pytest.fixture
def project(settings, routed):
    """``project(page)`` makes the routes and the middleware of a page those of the project."""

    def follow(page):
        scope = shown(page)
        routed(scope["urlpatterns"])
        settings.MIDDLEWARE = scope.get("MIDDLEWARE", settings.MIDDLEWARE)

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


def owner(passkey):
    """Prove who somebody is, as the pages leave it to other packages."""
    if passkey != PASSWORD:
        raise InvalidCredentials
    return get_user_model()._default_manager.get()


DOORS = {
    "second-factor.md": "PasskeyView",
    "use-cookies.md": "PasskeyView",
    "throttle-and-proxies.md": "KioskSignInView",
}


@pytest.mark.parametrize("page", DOORS)
class TestDoorsOfOnesOwn:
    """The views of the pages that hand out tokens, in a project that has closed all others."""

    ASKED = {"name": "ada", "password": PASSWORD, "passkey": PASSWORD}

    @pytest.fixture
    def view(self, page):
        view = shown(page, holding=DOORS[page])[DOORS[page]]
        view.post.__globals__["the_owner_of"] = owner
        return view

    @pytest.fixture
    def knock(self, view, routed, api, ada):
        def post(asked=self.ASKED, **headers):
            return api.post("/door/", asked, headers=headers)

        routed([path("door/", view.as_view())])
        api.raise_request_exception = False
        return post

    def test_tokens_are_handed_out_to_no_cache(self, page, knock):
        answer = knock()

        assert (answer.status_code, "access" in answer.json()) == (200, True)
        assert ("refresh" in answer.json(), bool(answer.cookies)) == (
            (False, True) if page == "use-cookies.md" else (True, False)
        )
        assert answer.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("asked", [{**ASKED, "password": "x", "passkey": "x"}, {}], ids=str)
    def test_who_is_not_known_is_refused_as_by_ours(self, knock, asked):
        assert refused_as_by_ours(knock(asked))

    def test_who_may_not_sign_in_is_refused_as_by_ours(self, knock, ada):
        ada.is_active = False
        ada.save()

        assert refused_as_by_ours(knock())

    @default_classes
    def test_default_classes_of_the_project_do_not_reach_it(self, monkeypatch, knock, name, value):
        monkeypatch.setattr(APIView, name, value)

        answer = knock(Accept="text/html")

        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")

    def test_its_exception_handler_does_not_reach_it(self, settings, knock):
        handler = {"EXCEPTION_HANDLER": "tests.test_views.handles_badly"}
        settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, **handler}

        assert refused_as_by_ours(knock({}))

    def test_it_stands_outside_of_atomic_requests(self, view):
        assert view.as_view()._non_atomic_requests == {"default"}

    def test_an_error_is_reported_without_what_it_was_brought(self, settings, knock, reports):
        settings.JWT_SIGNIN = {"CLAIMS": "tests.test_leaks.fail"}

        assert knock().status_code == 500

        assert "ProjectError" in reports[0]
        assert PASSWORD.strip() not in reports[0]


def refused_as_by_ours(answer):
    """Tell whether it is what a wrong password is answered at ``signin/``."""
    headers = [answer.headers[name] for name in ("WWW-Authenticate", "Cache-Control")]
    told = (answer.status_code, answer.json()["code"], *headers)
    return told == (401, "invalid_credentials", 'Bearer realm="api"', "no-store")


def test_another_service_takes_access_tokens_alone(ada, settings, monkeypatch):
    page = shown("check-tokens-elsewhere.md")
    signing = {"ALGORITHM": "ES256", "SIGNING_KEY": private_pem(private_key("ES256"))}
    settings.SIMPLE_JWT = page["SIMPLE_JWT"] | signing
    told = jwt.PyJWK(key_ring().current.jwk())
    monkeypatch.setattr(jwt.PyJWKClient, "get_signing_key_from_jwt", lambda *args: told)

    pair = services.start_session(ada)

    assert page["claims_of"](str(pair.access))["sid"] == str(pair.access.session_id)
    with pytest.raises(jwt.InvalidTokenError):
        page["claims_of"](str(pair.refresh))


class Broken:
    """A password validator of the project's that fails."""

    validate = fail


class TestSignUpAndPasswords:
    ASKED = {"username": "grace", "email": "grace@example.com", "password": " tide and time "}

    @pytest.fixture
    def api(self, api, project):
        project("sign-up-and-passwords.md")
        return api

    def test_who_signs_up_can_sign_in(self, api, django_user_model):
        answer = api.post("/api/signup/", self.ASKED)

        assert (answer.status_code, answer.json()) == (
            201,
            {"username": "grace", "email": "grace@example.com"},
        )
        grace = services.sign_in(None, username="grace", password=self.ASKED["password"]).user
        assert grace == django_user_model.objects.get(username="grace")

    def test_a_password_that_can_be_guessed_is_refused(self, api, settings, django_user_model):
        minimum = "django.contrib.auth.password_validation.MinimumLengthValidator"
        settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": minimum}]

        assert api.post("/api/signup/", {**self.ASKED, "password": "short"}).status_code == 400
        assert not django_user_model.objects.exists()

    def test_a_changed_password_ends_the_session_that_changed_it(self, api, pair):
        header = bearer(pair.access)
        passwords = {"old": PASSWORD, "new": " another of her own "}

        assert api.post("/api/password/", passwords, headers=header).status_code == 204

        refused = api.post("/api/password/", passwords, headers=header).json()
        assert (refused["code"], refused["reason"]) == ("session_revoked", "password_changed")
        services.sign_in(None, username=pair.user.get_username(), password=passwords["new"])

    @default_classes
    def test_default_classes_of_the_project_do_not_reach_them(
        self, monkeypatch, api, pair, name, value
    ):
        monkeypatch.setattr(APIView, name, value)
        passwords = {"old": PASSWORD, "new": " another of her own "}

        answers = [
            api.post("/api/signup/", self.ASKED),
            api.post("/api/password/", passwords, headers=bearer(pair.access)),
        ]

        assert [each.status_code for each in answers] == [201, 204]
        assert [each.headers["Cache-Control"] for each in answers] == ["no-store"] * 2

    @pytest.mark.parametrize("asked", ["signup", "password"])
    def test_an_error_is_reported_without_a_password(self, settings, api, pair, reports, asked):
        settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": f"{__name__}.Broken"}]
        api.raise_request_exception = False
        passwords = {"old": PASSWORD, "new": self.ASKED["password"]}

        api.post(f"/api/{asked}/", self.ASKED | passwords, headers=bearer(pair.access))

        assert "ProjectError" in reports[0]
        assert PASSWORD.strip() not in reports[0]
        assert self.ASKED["password"].strip() not in reports[0]

    def test_the_old_one_is_not_guessed_for_long(self, api, pair):
        wrong = {"old": "guess", "new": " another of her own "}

        answers = [
            api.post("/api/password/", wrong, headers=bearer(pair.access)) for _ in range(11)
        ]

        assert [each.status_code for each in answers] == [400] * 10 + [429]
