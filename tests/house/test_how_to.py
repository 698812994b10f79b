"""What the how-to pages show together does what they say."""

import sys
import types

import jwt
import pytest

from jwt_signin import services
from jwt_signin.keys import key_ring
from jwt_signin.models import Session
from tests.conftest import PASSWORD
from tests.handlers import HANDLERS, bearer
from tests.house.test_readme import FENCE, ROOT
from tests.house.test_readme import project as project_of_a_block
from tests.keypairs import private_key, private_pem

pytestmark = pytest.mark.django_db


def shown(page):
    """Return the names that all blocks of a page give together, and the routes of each."""
    scope, routes = {"__name__": "shown", **project_of_a_block()}, []
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


@pytest.mark.parametrize(("password", "expected"), [(PASSWORD, 200), ("wrong", 401)])
def test_a_door_of_ones_own_answers_as_ours_does(ada, rf, password, expected):
    view = shown("throttle-and-proxies.md")["KioskSignInView"].as_view()
    asked = {"name": ada.get_username(), "password": password}

    answer = view(rf.post("/kiosk/", asked, "application/json"))

    assert answer.status_code == expected
    assert answer.data.get("code") == (None if expected == 200 else "invalid_credentials")
    assert answer.has_header("WWW-Authenticate") == (expected == 401)


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

    def test_the_old_one_is_not_guessed_for_long(self, api, pair):
        wrong = {"old": "guess", "new": " another of her own "}

        answers = [
            api.post("/api/password/", wrong, headers=bearer(pair.access)) for _ in range(11)
        ]

        assert [each.status_code for each in answers] == [400] * 10 + [429]
