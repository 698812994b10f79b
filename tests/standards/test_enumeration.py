"""
Whether there is such an account shows in nothing: OWASP ASVS 5.0 requirement 6.3.8.

``benchmarks/enumeration.py`` measures the same by the clock.
"""

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jwt_signin.models import Session
from tests.conftest import PASSWORD, Browser, make_user

pytestmark = pytest.mark.django_db

ITERATIONS = 1000
RIGHT = {"inactive", "shared", "unusable", "barred"}
"""Those who are refused although the password is, or was, the right one."""

KINDS = ("wrong", "unknown", "inactive", "barred", "unusable", "outdated", "shared")
NAMES = ("username", "email", "identifier")


@pytest.fixture
def spent(settings, monkeypatch):
    """Collect the iterations of each hash that is computed."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    monkeypatch.setattr(hashers.PBKDF2PasswordHasher, "iterations", ITERATIONS)
    collected, pbkdf2 = [], hashers.pbkdf2

    def counting(password, salt, iterations, *args, **kwargs):
        collected.append(iterations)
        return pbkdf2(password, salt, iterations, *args, **kwargs)

    monkeypatch.setattr(hashers, "pbkdf2", counting)
    return collected


@pytest.fixture
def accounts(settings, spent):
    """An account of each kind, called after it; nobody is called unknown."""
    settings.JWT_SIGNIN = {"SIGNIN_BY": ["username", "email"]}
    settings.SIMPLE_JWT = {"USER_AUTHENTICATION_RULE": f"{__name__}.may_sign_in"}
    users = {kind: make_user(kind) for kind in KINDS if kind != "unknown"}
    make_user("twin", email="shared@example.com")
    users["inactive"].is_active = False
    users["unusable"].set_unusable_password()
    hasher = hashers.PBKDF2PasswordHasher()
    users["outdated"].password = hasher.encode(PASSWORD, "salt", ITERATIONS // 2)
    for user in users.values():
        user.save()
    spent.clear()


def may_sign_in(user):
    return user.is_active and user.username != "barred"


def refuse(kind, name):
    """Ask for a refusal, and return the answer and the statements it took."""
    value = kind if name == "username" else f"{kind}@example.com"
    if name == "username" and kind == "shared":
        value = "shared@example.com"
    password = PASSWORD if kind in RIGHT else "wrong"
    with CaptureQueriesContext(connection) as queries:
        response = Browser().post("/auth/signin/", {name: value, "password": password})
    return response, [query["sql"].split()[0] for query in queries.captured_queries]


@pytest.mark.usefixtures("accounts")
class TestRefusals:
    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("kind", KINDS)
    def test_each_is_the_same_answer_to_the_byte(self, kind, name):
        usual, _ = refuse("wrong", name)

        response, _ = refuse(kind, name)

        assert response.status_code == usual.status_code == 401
        assert response.content == usual.content
        assert response.headers == usual.headers
        assert not Session.objects.exists()

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("kind", KINDS)
    def test_each_is_the_work_of_one_hash(self, spent, kind, name):
        refuse(kind, name)

        assert sum(spent) == ITERATIONS

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("kind", KINDS)
    def test_each_is_as_many_statements(self, kind, name):
        _, usual = refuse("wrong", name)

        assert refuse(kind, name)[1] == usual

    @pytest.mark.parametrize("shape", ["simplejwt/signin/", "api/login", "api/signin"])
    @pytest.mark.parametrize("kind", KINDS)
    def test_each_is_the_same_in_every_shape(self, kind, shape):
        bodies = [
            {"identifier": f"{each}@example.com", "password": PASSWORD if each in RIGHT else "no"}
            for each in ("wrong", kind)
        ]

        usual, response = [Browser().post(f"/{shape}", body) for body in bodies]

        assert (response.status_code, response.content) == (usual.status_code, usual.content)


@pytest.mark.usefixtures("accounts")
def test_the_right_password_of_an_outdated_hash_signs_in(spent):
    """So that the kinds above are refused for what they are."""
    response = Browser().post("/auth/signin/", {"username": "outdated", "password": PASSWORD})

    assert response.status_code == 200
    assert spent == [ITERATIONS // 2, ITERATIONS]
