"""Beside django-allauth: its flows end in a session of ours, as the page shows."""

import json

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import SESSION_KEY

from jwt_signin import services
from jwt_signin.models import Session

if django_settings.SETTINGS_MODULE != "tests.neighbours.entrances":  # pragma: no cover
    pytest.skip("NOT RUN here: tox -e neighbours runs it", allow_module_level=True)

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.models import SocialAccount

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXP"
CREDENTIALS = {"username": "ada", "password": "a passphrase"}
SOCIAL = {"id": 7, "username": "ada", "email": "ada@example.com", "email_verified": True}


@pytest.fixture
def ada(django_user_model):
    return django_user_model.objects.create_user(**CREDENTIALS)


@pytest.fixture
def device(clock, ada):
    return totp.TOTP.activate(ada, SECRET)


@pytest.fixture
def social(ada):
    return SocialAccount.objects.create(user=ada, provider="dummy", uid="7")


def code():
    counter = next(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(SECRET, counter))


@pytest.fixture
def flow(api):
    """Send one step of a flow after the other."""
    token = {}

    def send(path, body):
        response = api.post(f"/_allauth/app/v1/auth/{path}", body, headers=token)
        answer = response.json()
        if "session_token" in answer.get("meta", {}):
            token["X-Session-Token"] = answer["meta"]["session_token"]
        return response.status_code, answer

    return send


class TestHeadless:
    """The strategy, over allauth's own API."""

    def test_a_password(self, flow, ada, api):
        status, answer = flow("login", CREDENTIALS)

        assert (status, answer["meta"]["expires_in"]) == (200, 300)
        assert api.with_access(answer["meta"]["access_token"]).get("/protected/").status_code == 200
        assert api.refresh(answer["meta"]["refresh_token"]).status_code == 200
        assert Session.objects.get().ip == "127.0.0.1"

    def test_a_second_factor_comes_first(self, flow, ada, device):
        status, answer = flow("login", CREDENTIALS)
        assert (status, "access_token" in answer["meta"]) == (401, False)
        assert flow("2fa/authenticate", {"code": "000000"})[0] == 400
        assert not Session.objects.exists()

        status, answer = flow("2fa/authenticate", {"code": code()})

        assert status == 200
        assert services.check_access(answer["meta"]["access_token"])[0] == ada

    @pytest.mark.parametrize("has_device", [False, True])
    def test_a_social_account(self, flow, ada, social, request, has_device):
        if has_device:
            request.getfixturevalue("device")
        token = {"id_token": json.dumps(SOCIAL)}
        body = {"provider": "dummy", "process": "login", "token": token}

        status, answer = flow("provider/token", body)

        assert (status, "access_token" in answer["meta"]) == (
            (401, False) if has_device else (200, True)
        )
        if has_device:
            status, answer = flow("2fa/authenticate", {"code": code()})
        assert services.check_access(answer["meta"]["access_token"])[0] == ada

    def test_a_social_account_of_nobody_yet(self, flow):
        token = {"id_token": json.dumps(SOCIAL)}

        status, answer = flow(
            "provider/token", {"provider": "dummy", "process": "login", "token": token}
        )

        assert status == 200
        user, _token = services.check_access(answer["meta"]["access_token"])
        assert (user.username, user.has_usable_password()) == ("ada", False)

    def test_one_sign_in_is_one_session(self, flow, ada, api):
        _status, answer = flow("login", CREDENTIALS)
        token = {"X-Session-Token": answer["meta"]["session_token"]}

        again = api.get("/_allauth/app/v1/auth/session", headers=token)

        assert again.status_code == 200
        assert "access_token" not in again.json()["meta"]
        assert Session.objects.count() == 1


class TestRedirects:
    """The view, after allauth's pages."""

    @pytest.fixture
    def browser(self, jwt_client, settings):
        """A browser, whose cookies Django's token is asked for with."""
        settings.JWT_SIGNIN = {"COOKIE_PATH": "/"}
        jwt_client.handler.enforce_csrf_checks = True
        return jwt_client

    def signed_in_by_pages(self, browser):
        """Walk through the redirects of a social sign-in."""
        to_provider = browser.get("/accounts/dummy/login/?next=/finished/")
        form = browser.get(to_provider.headers["Location"])
        body = SOCIAL | {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
        assert form.status_code == 200
        return browser.post(to_provider.headers["Location"], body, format="multipart")

    def finish(self, browser):
        token = browser.cookies["csrftoken"].value if "csrftoken" in browser.cookies else ""
        return browser.post("/finish/", headers={"X-CSRFToken": token})

    def test_a_social_account_becomes_a_session(self, browser, ada, social):
        assert self.signed_in_by_pages(browser).headers["Location"] == "/finished/"

        response = self.finish(browser)

        assert (response.status_code, "refresh" in response.json()) == (200, False)
        assert response.headers["Cache-Control"] == "no-store"
        assert services.check_access(response.json()["access"])[0] == ada
        assert browser.post("/auth/refresh/").status_code == 200
        assert SESSION_KEY not in browser.session

    def test_a_second_factor_comes_first(self, browser, ada, social, device):
        asked = self.signed_in_by_pages(browser)
        assert "2fa" in asked.headers["Location"]
        assert self.finish(browser).status_code == 401

        browser.get(asked.headers["Location"])
        token = browser.cookies["csrftoken"].value
        body = {"code": code(), "csrfmiddlewaretoken": token}
        browser.post(asked.headers["Location"], body, format="multipart")

        assert self.finish(browser).status_code == 200

    def test_only_its_own_page_can_finish(self, browser, ada, social):
        self.signed_in_by_pages(browser)

        assert browser.post("/finish/").status_code == 403
        assert not Session.objects.exists()

    def test_once(self, browser, ada, social):
        self.signed_in_by_pages(browser)
        self.finish(browser)

        refused = self.finish(browser)

        assert (refused.status_code, refused.json()["code"]) == (401, "not_authenticated")
        assert refused.headers["WWW-Authenticate"] == 'Bearer realm="api"'
        assert refused.headers["Cache-Control"] == "no-store"


class TestCodesAtOurSignIn:
    @pytest.fixture(autouse=True)
    def _hook(self, settings):
        hook = "tests.neighbours.entrances_urls.ask_for_allauths_code"
        settings.JWT_SIGNIN = {"BEFORE_SESSION": hook}

    @pytest.fixture
    def sign_in(self, api):
        def send(**fields):
            response = api.sign_in(**CREDENTIALS, **fields)
            return response.status_code, response.json().get("code")

        return send

    def test_who_has_none_is_not_asked(self, ada, sign_in):
        assert sign_in() == (200, None)

    def test_a_code_is_asked_for_and_taken_once(self, ada, device, sign_in):
        assert sign_in() == (403, "second_factor_required")
        assert sign_in(code="000000") == (403, "second_factor_required")
        assert sign_in(code=code()) == (200, None)
        assert sign_in(code=code()) == (403, "second_factor_required")

    @pytest.mark.parametrize("wrong", [7, ["1"], {"a": 1}, "x" * 1000, "", None])
    def test_a_code_of_any_kind(self, ada, device, sign_in, wrong):
        assert sign_in(code=wrong) == (403, "second_factor_required")

    def test_a_security_key_alone_is_no_way_in(self, ada, sign_in):
        Authenticator.objects.create(user=ada, type=Authenticator.Type.WEBAUTHN, data={})

        assert sign_in(code="000000") == (403, "second_factor_required")

    def test_guessing_from_anywhere_has_an_end(self, ada, device, api):
        for number in range(6):
            api.defaults["REMOTE_ADDR"] = f"203.0.113.{number}"
            api.sign_in(**CREDENTIALS, code="000000")

        assert api.sign_in(**CREDENTIALS, code=code()).status_code == 403

    def test_a_recovery_code_is_taken_once(self, ada, device, sign_in):
        (recovery, *_others) = RecoveryCodes.activate(ada).get_unused_codes()

        assert sign_in(code=recovery) == (200, None)
        assert sign_in(code=recovery) == (403, "second_factor_required")

    def test_allauths_own_flows_are_not_asked_again(self, flow, ada, device):
        flow("login", CREDENTIALS)

        status, answer = flow("2fa/authenticate", {"code": code()})

        assert status == 200
        assert services.check_access(answer["meta"]["access_token"])[0] == ada
