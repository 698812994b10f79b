"""A project moves over from plain Simple JWT, and its users do not notice."""

from __future__ import annotations

import multiprocessing
import os

import jwt
import pytest
from django.db import connection, connections
from rest_framework_simplejwt import tokens as simplejwt

from jwt_signin import services
from jwt_signin.models import Session
from jwt_signin.tokens import RefreshToken
from tests.conftest import Browser
from tests.flows import racers
from tests.flows.test_concurrency import race, refresh

MOVING = {"ACCEPT_SIMPLEJWT_TOKENS": True}


@pytest.fixture
def moving(settings):
    settings.JWT_SIGNIN = MOVING


@pytest.fixture
def old(ada, settings):
    """What Ada's client holds of plain Simple JWT, whatever its user model."""
    claims = {"user_id": str(getattr(ada, user_id_field(settings)))}
    tokens = simplejwt.AccessToken(), simplejwt.RefreshToken()
    for token in tokens:
        token.payload |= claims
    return {"access": str(tokens[0]), "refresh": str(tokens[1])}


def user_id_field(settings):
    return getattr(settings, "SIMPLE_JWT", {}).get("USER_ID_FIELD", "id")


@pytest.mark.django_db
class TestByTheURLs:
    def test_the_client_goes_on(self, moving, old, ada):
        browser = Browser().with_access(old["access"])
        assert browser.get("/auth/me/").json()["id"] == str(ada.pk)

        response = Browser().refresh(old["refresh"])

        assert response.status_code == 200
        tokens = response.json()
        assert tokens["session"] == str(Session.objects.get().pk)
        assert Browser().with_access(tokens["access"]).get("/protected/").status_code == 200

    def test_without_the_setting_it_signs_in_again(self, old):
        answers = [
            Browser().with_access(old["access"]).get("/auth/me/"),
            Browser().refresh(old["refresh"]),
            Browser().post("/auth/verify/", {"token": old["refresh"]}),
        ]

        assert [(each.status_code, each.json()["code"]) for each in answers] == [
            (401, "token_not_valid"),
            (401, "refresh_not_valid"),
            (401, "token_not_valid"),
        ]

    def test_an_access_token_without_a_session_is_at_no_place(self, moving, old):
        Browser().refresh(old["refresh"])
        browser = Browser().with_access(old["access"])

        (listed,) = browser.get("/auth/sessions/").json()
        assert listed["current"] is False

        ended = browser.post("/auth/logout/all/", {"keep_current": True})
        assert ended.json() == {"ended": 1}
        assert browser.get("/auth/sessions/").json() == []

    def test_it_ends_a_session_by_its_id(self, moving, old):
        session = Browser().refresh(old["refresh"]).json()["session"]

        response = Browser().with_access(old["access"]).delete(f"/auth/sessions/{session}/")

        assert response.status_code == 204
        assert Session.objects.get().revoke_reason == "revoked_by_user"

    def test_logout_ends_what_the_token_would_begin(self, moving, old):
        response = (
            Browser().with_access(old["access"]).post("/auth/logout/", {"refresh": old["refresh"]})
        )

        assert response.status_code == 204
        again = Browser().refresh(old["refresh"])
        assert (again.status_code, again.json()["reason"]) == (401, "logged_out")

    def test_by_signature_alone_an_access_token_opens_as_well(self, settings, old):
        settings.JWT_SIGNIN = MOVING | {"CHECK_ACCESS": "signature"}

        assert Browser().with_access(old["access"]).get("/open/").status_code == 200

    def test_after_the_window_only_sessions_are_left(self, moving, old, settings):
        tokens = Browser().refresh(old["refresh"]).json()

        settings.JWT_SIGNIN = {}

        assert Browser().refresh(tokens["refresh"]).status_code == 200
        assert Browser().refresh(old["refresh"]).status_code == 401
        assert Browser().with_access(old["access"]).get("/open/").status_code == 401


DOORS = {
    "access": {"me", "verify"},
    "refresh": {"refresh", "verify"},
    "their access": {"me", "verify"},
    "their refresh": {"refresh", "verify"},
    "their sliding": set(),
    "signed by another": set(),
}
"""Which kind of token opens which endpoint, while moving over; theirs none where it is off."""


@pytest.mark.django_db
class TestEveryKindAtEveryDoor:
    @pytest.fixture
    def tokens(self, ada, old, settings):
        pair = services.start_session(ada)
        sliding = simplejwt.SlidingToken()
        sliding.payload |= {"user_id": RefreshToken.decode(str(pair.refresh)).user_id}
        claims = jwt.decode(str(pair.access), options={"verify_signature": False})
        return {
            "access": str(pair.access),
            "refresh": str(pair.refresh),
            "their access": old["access"],
            "their refresh": old["refresh"],
            "their sliding": str(sliding),
            "signed by another": jwt.encode(claims, "another" * 9, "HS256"),
        }

    def opened(self, raw):
        answers = {
            "me": Browser().with_access(raw).get("/auth/me/"),
            "verify": Browser().post("/auth/verify/", {"token": raw}),
            "refresh": Browser().refresh(raw),
        }
        assert {each.status_code for each in answers.values()} <= {200, 401}
        return {name for name, each in answers.items() if each.status_code == 200}

    @pytest.mark.parametrize("kind", DOORS)
    def test_while_moving(self, moving, tokens, kind):
        assert self.opened(tokens[kind]) == DOORS[kind]

    @pytest.mark.parametrize("kind", DOORS)
    def test_otherwise(self, tokens, kind):
        assert self.opened(tokens[kind]) == (set() if "their" in kind else DOORS[kind])


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    @pytest.mark.parametrize("count", [2, 50])
    def test_one_session_begins_and_everybody_meets_it(self, moving, old, count):
        answers = race(count, lambda: refresh(old["refresh"]))

        assert [status for status, _body in answers] == [200] * count
        tokens = [RefreshToken.decode(body["refresh"]) for _status, body in answers]
        assert len({(token.session_id, token.generation, token.secret) for token in tokens}) == 1
        assert Session.objects.get().generation == 1

    def test_processes_begin_one_as_well(self, moving, old):
        context = multiprocessing.get_context("spawn")
        database = dict(connection.settings_dict)
        connections.close_all()
        stage = {"JWT_SIGNIN": MOVING}

        with context.Pool(4, initializer=racers.set_up, initargs=(database, os.getpid())) as pool:
            answers = pool.starmap(racers.serve, [(old["refresh"], stage)] * 40, chunksize=1)

        assert {answer[:2] for answer in answers} == {(200, 200)}
        read = [jwt.decode(raw, options={"verify_signature": False}) for *_, raw in answers]
        assert len({(claims["sid"], claims["gen"]) for claims in read}) == 1
        assert Session.objects.count() == 1
