"""What is compiled once, and for whom."""

import threading
import uuid

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from jwt_signin.models import Session, statements
from jwt_signin.models.statements import fetch, update

pytestmark = pytest.mark.django_db


def kept():
    return statements._kept.statements["default"][1]


def test_a_statement_is_compiled_once(pair):
    fetch(Session, "user", pair.access.session_id)
    before = dict(kept())

    fetch(Session, "user", pair.access.session_id)

    assert before
    assert kept() == before


def test_what_is_kept_knows_no_value(pair):
    assert update(Session, {"id": pair.access.session_id}, {"label": "a canary"}) == 1

    assert "canary" not in repr(kept())
    assert str(pair.access.session_id) not in repr(kept())
    assert pair.access.session_id.hex not in repr(kept())


def test_a_change_of_settings_compiles_anew(pair, settings):
    fetch(Session, "user", pair.access.session_id)

    settings.LANGUAGE_CODE = "ko"

    assert statements._kept.statements == {}


def test_another_connection_of_the_same_name_compiles_anew(pair, monkeypatch):
    fetch(Session, "user", pair.access.session_id)
    first = kept()
    another = connections.create_connection("default")
    try:
        monkeypatch.setattr(statements, "_connection", lambda model: another)
        assert fetch(Session, "user", uuid.UUID(int=0)) is None
        assert statements._kept.statements["default"][0] is another
        assert kept() is not first
    finally:
        another.close()


def test_each_thread_compiles_for_its_own_connection(pair):
    fetch(Session, "user", pair.access.session_id)
    seen = []
    thread = threading.Thread(target=lambda: seen.append(dict(statements._kept.statements)))
    thread.start()
    thread.join()

    assert seen == [{}]


def test_a_failed_change_breaks_the_transaction_it_is_in(pair):
    with pytest.raises(DatabaseError), transaction.atomic():
        try:
            update(Session, {"id": pair.access.session_id}, {"user_id": None})
        finally:
            assert connection.needs_rollback


def test_the_log_of_queries_knows_them(pair):
    with CaptureQueriesContext(connection) as captured:
        fetch(Session, "user", pair.access.session_id)

    assert "SELECT" in captured[0]["sql"]
