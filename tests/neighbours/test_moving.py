"""Each how-to, from a token of the real package to a session of ours, with one sign-in."""

import re

import pytest
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.db import connection
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.tokens import RefreshToken

from jwt_signin import services
from jwt_signin.exceptions import SessionRevoked
from jwt_signin.models import Session
from jwt_signin.tokens import RefreshToken as OurRefreshToken
from tests.conftest import PASSWORD
from tests.neighbours.conftest import HOW_TO

pytestmark = pytest.mark.django_db

CREDENTIALS = {"username": "ada", "password": PASSWORD.strip()}


@pytest.fixture
def ada(django_user_model):
    return django_user_model.objects.create_user(**CREDENTIALS, email="ada@example.com")


def answered(response, *names):
    assert response.status_code == 200, response.content
    body = response.json()
    return [body[name] for name in names]


PAGES = {
    "move-from-simple-jwt.md": ("/api/token/", "/api/token/refresh/", "/api/token/blacklist/"),
    "move-from-djoser.md": ("/auth/jwt/create/", "/auth/jwt/refresh/", "/auth/jwt/logout/"),
    "move-from-dj-rest-auth.md": (
        "/dj-rest-auth/login/",
        "/dj-rest-auth/token/refresh/",
        "/dj-rest-auth/logout/",
    ),
}


@pytest.mark.parametrize(("page", "urls"), PAGES.items(), ids=PAGES)
class TestJWT:
    def test_nobody_signs_in_again(self, ada, browser, follow, page, urls):
        sign_in, refresh, logout = urls
        access, old = answered(browser.post(sign_in, CREDENTIALS), "access", "refresh")
        assert browser.notes(access) == browser.notes(access, "JWT") == 200

        follow(page, blocks=2)

        assert browser.notes(access) == browser.notes(access, "jwt") == 200
        access, new = answered(browser.post(refresh, {"refresh": old}), "access", "refresh")
        assert browser.notes(access) == 200
        assert Session.objects.get().user == ada
        for raw in (old, new):
            (met,) = answered(browser.post(refresh, {"refresh": raw}), "refresh")
            assert OurRefreshToken.decode(met).generation == 1

        assert browser.post(logout, {"refresh": new}).status_code == 204
        assert browser.notes(access) == 401
        assert browser.post(refresh, {"refresh": old}).status_code == 401

    def test_a_token_that_the_package_had_rotated_goes_on(self, ada, browser, follow, page, urls):
        sign_in, refresh, _logout = urls
        (first,) = answered(browser.post(sign_in, CREDENTIALS), "refresh")
        (second,) = answered(browser.post(refresh, {"refresh": first}), "refresh")

        follow(page, blocks=2)

        refused = browser.post(refresh, {"refresh": first})
        assert (refused.status_code, "reason" in refused.json()) == (401, False)
        assert browser.post(refresh, {"refresh": second}).status_code == 200
        assert Session.objects.count() == 1

    def test_a_new_sign_in_is_a_session(self, ada, browser, follow, page, urls):
        follow(page, blocks=2)

        access, _refresh = answered(browser.post(urls[0], CREDENTIALS), "access", "refresh")

        assert browser.notes(access) == 200
        assert Session.objects.get().generation == 0


class TestBlacklist:
    @pytest.fixture
    def old(self, ada, settings):
        settings.JWT_SIGNIN = {"ACCEPT_SIMPLEJWT_TOKENS": True}
        return RefreshToken.for_user(ada)

    def test_a_blacklisted_token_is_refused_everywhere(self, old, browser):
        assert browser.post("/api/token/blacklist/", {"refresh": str(old)}).status_code == 200

        for act in (services.rotate, services.verify):
            with pytest.raises(SessionRevoked):
                act(str(old))
        assert services.log_out(str(old)) == 0
        assert not Session.objects.exists()

    def test_a_traded_token_is_refused_there(self, old, browser):
        services.rotate(str(old))

        refused = browser.post("/api/token/refresh/", {"refresh": str(old)})

        assert refused.status_code == 401
        assert BlacklistedToken.objects.get().token.jti == old["jti"]

    def test_being_traded_is_no_refusal_here(self, old):
        first = services.rotate(str(old))

        assert services.rotate(str(old)).refresh.secret == first.refresh.secret

    def test_no_copy_of_it_stays_at_rest(self, old):
        assert OutstandingToken.objects.get().token == str(old)

        services.rotate(str(old))

        assert OutstandingToken.objects.get().token == ""

    def test_a_token_that_the_table_does_not_know_is_entered(self, ada, old):
        OutstandingToken.objects.all().delete()

        services.rotate(str(old))

        row = OutstandingToken.objects.get()
        assert (row.user, row.jti, row.token) == (ada, old["jti"], "")
        assert row.expires_at.timestamp() == old["exp"]

    def test_one_that_was_blacklisted_by_a_race_is_found_by_its_row(self, old):
        pair = services.rotate(str(old))
        assert BlacklistedToken.objects.exists()

        assert services.rotate(str(old)).refresh.session_id == pair.refresh.session_id

    def test_the_password_it_is_bound_to(self, ada, old):
        ada.set_password("another")
        ada.save()

        with pytest.raises(SessionRevoked) as refusal:
            services.rotate(str(old))
        assert refusal.value.body["reason"] == "password_changed"


@pytest.mark.parametrize(
    ("jwt_signin", "expected"),
    [
        ({"ACCEPT_SIMPLEJWT_TOKENS": True}, ["jwt_signin.W019"]),
        ({}, ["jwt_signin.W004", "jwt_signin.W019"]),
        ({"ACCEPT_SIMPLEJWT_TOKENS": 1}, ["jwt_signin.E002"]),
    ],
    ids=["moving", "moved", "mistaken"],
)
def test_what_has_no_say_any_more_is_told_to_go(settings, jwt_signin, expected):
    """The blacklist, once its tokens are not taken; the views, as soon as ours are there."""
    settings.JWT_SIGNIN = jwt_signin

    found = [message.id or "" for message in run_checks(tags=[Tags.security])]

    assert sorted(name for name in found if name.startswith("jwt_signin.")) == expected


@pytest.mark.django_db(transaction=True)
class TestTheEnd:
    """The page's last commands, on a blacklist that was in use."""

    @pytest.fixture
    def moved(self, ada):
        RefreshToken.for_user(ada).blacklist()
        yield
        call_command("migrate", "token_blacklist", verbosity=0)

    def test_the_blacklist_goes_with_what_it_holds(self, moved):
        page = (HOW_TO / "move-from-simple-jwt.md").read_text()
        told = r'^python manage.py shell -c "\n(.+?)"\npython manage.py (.+?)\n'
        ((code, command),) = re.findall(told, page, re.MULTILINE | re.DOTALL)

        exec(code)
        call_command(*command.split(), verbosity=0)

        assert not {each for each in connection.introspection.table_names() if "blacklist" in each}


class TestKnox:
    @pytest.fixture
    def old(self, ada, browser):
        browser.credentials(HTTP_AUTHORIZATION=basic(CREDENTIALS))
        (token,) = answered(browser.post("/knox/login/"), "token")
        browser.credentials()
        assert browser.notes(token, "Token") == 200
        return token

    def test_both_stand_side_by_side(self, browser, follow, old):
        follow("move-from-knox.md")

        access, refresh = answered(
            browser.post("/api/auth/signin/", CREDENTIALS), "access", "refresh"
        )

        assert browser.notes(old, "Token") == browser.notes(access) == 200
        assert browser.notes(old) == browser.notes(access, "Token") == 401
        assert browser.post("/api/auth/refresh/", {"refresh": old}).status_code == 401
        assert browser.post("/api/auth/refresh/", {"refresh": refresh}).status_code == 200

    def test_a_client_comes_over_without_signing_in(self, ada, browser, follow, old):
        follow("move-from-knox.md")

        header = {"Authorization": f"Token {old}"}
        response = browser.post("/come-over/", headers=header)

        access, refresh = answered(response, "access", "refresh")
        assert response.headers["Cache-Control"] == "no-store"
        assert browser.notes(access) == 200
        assert browser.post("/api/auth/refresh/", {"refresh": refresh}).status_code == 200
        assert Session.objects.get().user == ada
        refused = browser.post("/come-over/")
        assert (refused.status_code, refused.json()["code"]) == (401, "not_authenticated")
        assert refused.headers["WWW-Authenticate"] == 'Bearer realm="api"'

    def test_who_may_not_sign_in_does_not_come_over(self, browser, follow, old, settings):
        follow("move-from-knox.md")
        rule = {"USER_AUTHENTICATION_RULE": f"{__name__}.nobody"}
        settings.SIMPLE_JWT = {**settings.SIMPLE_JWT, **rule}

        refused = browser.post("/come-over/", headers={"Authorization": f"Token {old}"})

        assert (refused.status_code, refused.json()["code"]) == (401, "invalid_credentials")

    def test_an_access_token_is_worth_no_session_of_its_own(self, browser, follow, old):
        """Who has stolen one would be there for as long as the session lives."""
        follow("move-from-knox.md")
        (access,) = answered(browser.post("/api/auth/signin/", CREDENTIALS), "access")

        response = browser.post("/come-over/", headers={"Authorization": f"Bearer {access}"})

        assert response.status_code == 401
        assert Session.objects.count() == 1

    def test_logging_out_of_one_is_not_of_the_other(self, browser, follow, old):
        follow("move-from-knox.md")
        access, refresh = answered(
            browser.post("/api/auth/signin/", CREDENTIALS), "access", "refresh"
        )

        browser.post("/api/auth/logout/", {"refresh": refresh})

        assert browser.notes(access) == 401
        assert browser.notes(old, "Token") == 200


def nobody(user):
    return False


def basic(credentials):
    import base64

    return "Basic " + base64.b64encode(":".join(credentials.values()).encode()).decode()
