"""The shape ``dj_rest_auth`` beside the package itself: names, kinds and values."""

import pytest

from tests.conftest import EPOCH

pytestmark = pytest.mark.django_db

CREDENTIALS = {"username": "ada", "password": "a passphrase"}
TOKENS = {"access", "refresh"}


@pytest.fixture(autouse=True)
def ada(django_user_model):
    return django_user_model.objects.create_user(
        **CREDENTIALS, email="ada@example.com", first_name="Ada", last_name="Lovelace"
    )


def both(browser, original, ours, body):
    """Ask both; return status and body of each, the tokens by what they are."""
    return [comparable(browser.post(path, body)) for path in (original, ours)]


def comparable(response):
    body = response.json()
    told = {name: type(value) if name in TOKENS else value for name, value in body.items()}
    return response.status_code, told


@pytest.mark.parametrize(
    ("zone", "ends"),
    [("UTC", "2026-11-22T12:07:00Z"), ("Asia/Seoul", "2026-11-22T21:07:00+09:00")],
    ids=["UTC", "Seoul"],
)
def test_a_sign_in(settings, clock, browser, zone, ends):
    settings.TIME_ZONE = zone

    theirs, ours = both(browser, "/dj-rest-auth/login/", "/ours/signin/", CREDENTIALS)

    assert theirs == ours
    assert theirs[1]["access_expiration"] == ends
    assert theirs[1].keys() == TOKENS | {"user", "access_expiration", "refresh_expiration"}


@pytest.mark.parametrize("by", ["username", "email"])
def test_an_empty_name_beside_the_one_that_is_meant(settings, browser, by):
    settings.JWT_SIGNIN = {"SIGNIN_BY": ["username", "email"]}
    names = {"username": "", "email": "", by: {"email": "ada@example.com"}.get(by, "ada")}
    credentials = names | {"password": "a passphrase"}

    theirs, ours = both(browser, "/dj-rest-auth/login/", "/ours/signin/", credentials)

    assert theirs[0] == ours[0] == 200


@pytest.mark.parametrize("name", ["ada", "nobody"])
def test_a_refused_sign_in(browser, name):
    wrong = {"username": name, "password": "wrong"}

    theirs, ours = both(browser, "/dj-rest-auth/login/", "/ours/signin/", wrong)

    assert theirs[0] == ours[0] == 400
    assert [*theirs[1]] == [*ours[1]] == ["non_field_errors"]
    assert len(theirs[1]["non_field_errors"]) == len(ours[1]["non_field_errors"]) == 1


def test_a_refresh(clock, browser):
    answers = []
    for sign_in, refresh in (
        ("/dj-rest-auth/login/", "/dj-rest-auth/token/refresh/"),
        ("/ours/signin/", "/ours/refresh/"),
    ):
        signed_in = browser.post(sign_in, CREDENTIALS).json()
        clock.shift(60)
        answers.append(comparable(browser.post(refresh, {"refresh": signed_in["refresh"]})))
        clock.move_to(EPOCH)

    theirs, ours = answers
    assert theirs == ours
    assert theirs[1]["access_expiration"] == "2026-11-22T12:08:00Z"
    assert theirs[1].keys() == TOKENS | {"access_expiration", "refresh_expiration"}


def test_a_refused_refresh(browser):
    body = {"refresh": "garbage"}

    theirs, ours = both(browser, "/dj-rest-auth/token/refresh/", "/ours/refresh/", body)

    assert (theirs[0], theirs[1].keys()) == (ours[0], ours[1].keys())
    assert (ours[0], ours[1]["code"]) == (401, theirs[1]["code"])
