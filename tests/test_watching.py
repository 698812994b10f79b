"""What the how-to on watching sign-ins shows, at work."""

import io
import json
import logging
import logging.config
import re
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.dispatch import Signal

from jwt_signin import services, signals
from jwt_signin.models import Session
from tests.conftest import PASSWORD

HOW_TO = Path(__file__).parents[1] / "docs" / "how-to" / "watch-sign-ins.md"
OTHERS = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0"}
CREDENTIALS = {"username": "ada", "password": PASSWORD}

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(monkeypatch):
    """Do as the page says; the receivers are those of this test alone."""
    for signal in (value for value in vars(signals).values() if isinstance(value, Signal)):
        monkeypatch.setattr(signal, "receivers", [*signal.receivers])
    scope: dict = {}
    for block in re.findall(
        r"^```python\n(.*?)^```$", HOW_TO.read_text(), re.MULTILINE | re.DOTALL
    ):
        exec(compile(block, str(HOW_TO), "exec"), scope)
    return scope


@pytest.fixture
def record(page, monkeypatch):
    """Log as the page says; ``record()`` returns the lines."""
    monkeypatch.setattr(logging, "shutdown", list)  # dictConfig would close pytest's handlers
    logging.config.dictConfig(page["LOGGING"])
    loggers = [logging.getLogger(name) for name in page["LOGGING"]["loggers"]]
    loggers[0].handlers[0].setStream(written := io.StringIO())
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    for logger in loggers:
        logger.handlers, logger.level = [], logging.NOTSET


def subjects(mailoutbox):
    return [(mail.subject, mail.to) for mail in mailoutbox]


class TestTheOwner:
    def test_is_told_of_theft(self, page, jwt_sign_in, ada, mailoutbox):
        owner = jwt_sign_in(ada, label="the phone")
        thief = owner.steal()
        owner.pass_grace()
        owner.refresh()
        owner.pass_grace()
        assert not mailoutbox

        thief.refresh()
        thief.refresh()

        assert subjects(mailoutbox) == [("Somebody else had your session", [ada.email])]
        assert "the phone" in mailoutbox[0].body

    def test_is_told_of_a_device_that_nobody_knows(self, page, api, ada, bob, mailoutbox):
        services.start_session(bob)
        for headers in ({}, {}, OTHERS, OTHERS):
            assert api.post("/auth/signin/", CREDENTIALS, headers=headers).status_code == 200

        assert subjects(mailoutbox) == [("A new device has signed in", [ada.email])]
        assert "Firefox on Linux from 127.0.0.1" in mailoutbox[0].body

    def test_mail_that_fails_changes_nothing(self, page, api, ada, monkeypatch):
        def fail(*args):
            raise OSError

        monkeypatch.setattr(type(ada), "email_user", fail)
        services.start_session(ada)

        assert api.post("/auth/signin/", CREDENTIALS, headers=OTHERS).status_code == 200


class TestTheRecord:
    def test_of_a_sign_in(self, record, clock, api, ada):
        api.post("/auth/signin/", CREDENTIALS)

        assert record() == [
            {
                "at": "2026-11-22T12:00:00+00:00",
                "level": "INFO",
                "message": "session_started",
                "session": str(Session.objects.get()),
                "user": str(ada.pk),
                "ip": "127.0.0.1",
            }
        ]

    def test_of_a_refusal(self, record, clock, api, ada):
        api.post("/auth/signin/", CREDENTIALS | {"password": "wrong"})

        assert record() == [
            {
                "at": "2026-11-22T12:00:00+00:00",
                "level": "INFO",
                "message": "refused: invalid_credentials reason=None session=None",
                "code": "invalid_credentials",
            }
        ]

    def test_of_theft(self, record, jwt_client, ada):
        jwt_client.sign_in(ada)
        thief = jwt_client.steal()
        for client in (jwt_client, thief):
            client.pass_grace()
            client.refresh()
        session = str(jwt_client.jwt_session)

        *events, refused = (line for line in record() if line["level"] == "INFO")

        assert [line["message"] for line in events] == [
            "session_started",
            "session_refreshed",
            "session_revoked",
            "refresh_token_reused",
        ]
        assert (refused["code"], refused["reason"]) == ("session_revoked", "reuse_detected")
        assert {line["session"] for line in (*events, refused)} == {session}

    def test_of_what_happens_without_a_request(self, record, ada):
        services.revoke_all(services.start_session(ada).user)

        assert [line["message"] for line in record()] == ["session_started", "session_revoked"]

    def test_of_a_database_that_cannot_be_asked(self, record, api):
        def down(*args):
            raise OperationalError

        with connection.execute_wrapper(down):
            api.post("/auth/signin/", CREDENTIALS)

        assert ("ERROR", "the database is unavailable") in [
            (line["level"], line["message"]) for line in record()
        ]
