"""The whole flow by the body, through the URLs, on whatever user model the run has."""

import pytest

from jwt_signin.models import Session
from tests.conftest import PASSWORD, name_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(api, ada):
    return api.sign_in(**name_of(ada)).json()


def test_sign_in_answers_the_whole_pair(api, ada, clock):
    response = api.sign_in(**name_of(ada))

    body = response.json()
    session = Session.objects.get()
    assert response.status_code == 200
    assert set(body) == {
        "access",
        "refresh",
        "token_type",
        "expires_in",
        "expires_at",
        "refresh_expires_in",
        "session",
        "user",
    }
    assert body["token_type"] == "Bearer"
    assert (body["expires_in"], body["refresh_expires_in"]) == (300, 604800)
    assert body["expires_at"] == int(session.created_at.timestamp()) + 300
    assert body["session"] == str(session.pk)
    assert body["user"] == {"id": str(ada.pk), **name_of(ada)}


def test_an_access_token_opens_a_protected_endpoint(api, signed_in, ada):
    response = api.with_access(signed_in["access"]).get("/protected/")

    assert response.status_code == 200
    assert response.json() == {"user": str(ada), "session": signed_in["session"]}


def test_a_refresh_hands_out_the_next_generation(api, clock, signed_in):
    clock.shift(31)

    response = api.refresh(signed_in["refresh"])

    assert response.status_code == 200
    assert response.json()["refresh"] != signed_in["refresh"]
    assert Session.objects.get().generation == 1
    renewed = api.with_access(response.json()["access"]).get("/protected/")
    assert renewed.status_code == 200


@pytest.mark.parametrize("kind", ["access", "refresh"])
def test_logout_by_either_token_ends_both(api, signed_in, kind):
    if kind == "access":
        response = api.with_access(signed_in["access"]).post("/auth/logout/")
    else:
        response = api.post("/auth/logout/", {"refresh": signed_in["refresh"]})

    assert (response.status_code, response.content) == (204, b"")
    refused = [
        api.with_access(signed_in["access"]).get("/protected/"),
        api.refresh(signed_in["refresh"]),
    ]
    assert [(r.status_code, r.json()["code"], r.json()["reason"]) for r in refused] == [
        (401, "session_revoked", "logged_out")
    ] * 2


def test_each_sign_in_is_a_session_of_its_own(api, ada):
    first, second = (api.sign_in(**name_of(ada)).json() for _ in range(2))

    api.post("/auth/logout/", {"refresh": first["refresh"]})

    assert first["session"] != second["session"]
    assert api.refresh(second["refresh"]).status_code == 200


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(api, ada):
    field = ada.USERNAME_FIELD
    wrong = api.sign_in(**name_of(ada), password=PASSWORD.strip())
    unknown = api.sign_in(**{field: "nobody@example.com"})

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.content == unknown.content
    assert wrong.json()["code"] == "invalid_credentials"
    assert wrong.headers["WWW-Authenticate"] == 'Bearer realm="api"'


def test_me_tells_who_is_signed_in(api, signed_in, ada):
    response = api.with_access(signed_in["access"]).get("/auth/me/")

    assert response.json() == {"id": str(ada.pk), **name_of(ada)}


def test_a_changed_password_ends_the_session(api, signed_in, ada):
    ada.set_password("another")
    ada.save()

    response = api.with_access(signed_in["access"]).get("/protected/")

    assert response.status_code == 401
    assert response.json()["reason"] == "password_changed"


def test_a_deleted_user_is_refused(api, signed_in, ada):
    ada.delete()

    responses = [
        api.with_access(signed_in["access"]).get("/protected/"),
        api.refresh(signed_in["refresh"]),
    ]

    assert [(r.status_code, r.json()["code"]) for r in responses] == [(401, "session_revoked")] * 2
    assert all("reason" not in r.json() for r in responses)


def test_the_identifier_is_the_name_as_well(api, ada):
    assert api.sign_in(identifier=ada.get_username()).status_code == 200
