"""Keys are rotated, and nobody is signed out."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import re
import threading
import time
from pathlib import Path

import jwt
import pytest
from django.core.checks import Tags, run_checks
from django.db import connection, connections

from jwt_signin import services
from jwt_signin.keys.making import make_key
from jwt_signin.models import Session
from tests.conftest import Browser, make_user, name_of
from tests.flows import racers

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "rotate-keys.md"
STEPS = re.findall(r"^```python\n(.*?)^```$", HOW_TO.read_text(), re.MULTILINE | re.DOTALL)
HOUR, IDLE_LIFETIME = 3_600, 7 * 86_400


@pytest.fixture
def environment(monkeypatch):
    secret, pair = make_key("HS256"), make_key("ES256")
    monkeypatch.setenv("JWT_KEY_1", secret.private)
    monkeypatch.setenv("JWT_KEY_2", pair.private)
    monkeypatch.setenv("JWT_KEY_2_PUBLIC", pair.public)


class TestTheHowTo:
    @pytest.fixture
    def enter(self, environment, settings):
        """``enter(step)`` makes that step's block the settings."""
        own = getattr(settings, "SIMPLE_JWT", {})  # of another user model

        def execute(step):
            scope: dict = {"SIMPLE_JWT": {}, "JWT_SIGNIN": {}}
            exec(STEPS[step], scope)
            settings.SIMPLE_JWT = own | scope["SIMPLE_JWT"]
            settings.JWT_SIGNIN = scope["JWT_SIGNIN"]
            found = [message.id for message in run_checks(tags=[Tags.security])]
            assert [name for name in found if name.startswith("jwt_signin.")] == []

        return execute

    @pytest.mark.django_db
    def test_signs_nobody_out(self, ada, clock, enter):
        sessions = []
        for step, wait in enumerate([HOUR, HOUR, IDLE_LIFETIME - HOUR, HOUR]):
            enter(step)
            sessions.append(Browser().sign_in(**name_of(ada)).json())
            sessions = [self.go_on(tokens) for tokens in sessions]
            clock.shift(wait)
            sessions = [self.go_on(tokens) for tokens in sessions]

        algorithms = {jwt.get_unverified_header(each["access"])["alg"] for each in sessions}
        assert (len(sessions), algorithms) == (len(STEPS), {"ES256"})
        assert not Session.objects.exclude(revoked_at=None).exists()

    @pytest.mark.django_db
    def test_ends_with_the_old_key_refused(self, ada, clock, enter):
        enter(0)
        old = Browser().sign_in(**name_of(ada)).json()
        for step in (1, 2):
            enter(step)
            assert Browser().with_access(old["access"]).get("/auth/me/").status_code == 200
        enter(3)

        refused = [
            Browser().with_access(old["access"]).get("/auth/me/"),
            Browser().refresh(old["refresh"]),
        ]

        assert [(each.status_code, each.json()["code"]) for each in refused] == [
            (401, "token_not_valid"),
            (401, "refresh_not_valid"),
        ]

    @pytest.mark.django_db
    def test_servers_of_two_steps_stand_side_by_side(self, ada, clock, enter):
        enter(0)
        tokens = Browser().sign_in(**name_of(ada)).json()
        for step in (0, 1, 0, 1, 2, 1, 2, 3, 2, 3):
            clock.shift(HOUR)
            enter(step)
            tokens = self.go_on(tokens)

        assert Session.objects.get().generation == 10

    def go_on(self, tokens):
        refreshed = Browser().refresh(tokens["refresh"])
        assert refreshed.status_code == 200
        me = Browser().with_access(refreshed.json()["access"]).get("/auth/me/")
        assert me.status_code == 200
        return refreshed.json()


def deployments(own):
    """
    Two rotations, HS256 → ES256 → EdDSA, as the servers see them: which settings are live at once.

    Each deployment replaces servers one by one, so that every second entry has two settings.
    """
    keys = [(name, make_key(name)) for name in ("HS256", "ES256", "EdDSA")]
    steps = []
    for (name, old), (next_name, new) in itertools.pairwise(keys):
        signs, signs_next = (
            {"ALGORITHM": algorithm, "SIGNING_KEY": key.private}
            for algorithm, key in ((name, old), (next_name, new))
        )
        steps += [(signs, []), (signs, [new.public]), (signs_next, [old.public])]
    steps.append((signs_next, []))
    live = [
        {
            "SIMPLE_JWT": own | simple_jwt,
            "JWT_SIGNIN": {"VERIFYING_KEYS": keys, "REUSE_GRACE": 0.01},
        }
        for simple_jwt, keys in steps
    ]
    for before, after in itertools.pairwise(live):
        yield [before]
        yield [before, after]
    yield live[-1:]


class Client(threading.Thread):
    """Refreshes one session without pause, by whichever server is live."""

    def __init__(self, raw, pool, live):
        super().__init__(daemon=True)
        self.raw, self.pool, self.live = raw, pool, live
        self.answers, self.stopped = [], False

    def run(self):
        while not self.stopped:
            stage = random.choice(self.live)
            *statuses, self.raw = self.pool.apply(racers.serve, (self.raw, stage))
            self.answers.append(statuses)
            time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_two_rotations_under_load_lose_no_session(settings):
    first, *later = deployments(getattr(settings, "SIMPLE_JWT", {}))
    settings.SIMPLE_JWT = first[0]["SIMPLE_JWT"]
    users = [make_user(f"user{number}") for number in range(6)]
    tokens = [str(services.start_session(user).refresh) for user in users]
    database = dict(connection.settings_dict)
    connections.close_all()
    live = list(first)

    context = multiprocessing.get_context("spawn")
    with context.Pool(3, initializer=racers.set_up, initargs=(database, os.getpid())) as pool:
        clients = [Client(raw, pool, live) for raw in tokens]
        for client in clients:
            client.start()
        for stages in [*later, None]:
            wait_for(clients, answers=3)
            live[:] = stages or live
        for client in clients:
            client.stopped = True
        for client in clients:
            client.join()

    answers = [tuple(answer) for client in clients for answer in client.answers]
    assert set(answers) == {(200, 200)}
    assert {jwt.get_unverified_header(client.raw)["alg"] for client in clients} == {"EdDSA"}
    generations = Session.objects.filter(revoked_at=None).values_list("generation", flat=True)
    assert len(generations) == len(users)
    assert min(generations) > len(later)


def wait_for(clients, answers):
    """Wait until each client has had so many more: the last of them began after this moment."""
    goals = [len(client.answers) + answers for client in clients]
    end = time.monotonic() + 120
    while any(len(client.answers) < goal for client, goal in zip(clients, goals, strict=True)):
        assert time.monotonic() < end
        assert all(client.is_alive() for client in clients)
        time.sleep(0.01)
