"""A statement that another's has tripped up is sent again; any other error is not."""

import sqlite3

import pytest
from django.db import OperationalError, transaction

from jwt_signin.models import Session, is_transient, retries
from jwt_signin.models.retries import retried


class DriverError(Exception):
    """What a driver raises, with the attributes that drivers have."""

    def __init__(self, **attributes):
        super().__init__()
        self.__dict__.update(attributes)


def failure(*args, **attributes):
    error = OperationalError(*args)
    error.__cause__ = DriverError(**attributes)
    return error


SERIALIZATION = failure("could not serialize access", sqlstate="40001")


class Statement:
    """A queryset that has a method, which fails as often as it is told."""

    model = Session

    def __init__(self, *failures):
        self.failures = list(failures)
        self.sent = 0

    def send(self, *args, **kwargs):
        return retried(Statement._send)(self, *args, **kwargs)

    def _send(self, *args, **kwargs):
        self.sent += 1
        if self.failures:
            raise self.failures.pop(0)
        return "done", args, kwargs


@pytest.fixture(autouse=True)
def pauses(monkeypatch):
    """The pauses between the attempts, in seconds, none of them slept."""
    slept = []
    monkeypatch.setattr(retries.time, "sleep", slept.append)
    return slept


@pytest.mark.django_db(transaction=True)
class TestRetried:
    @pytest.mark.parametrize("failures", [0, 1, 3])
    def test_it_is_sent_until_it_is_done(self, failures, pauses):
        statement = Statement(*[SERIALIZATION] * failures)

        assert statement.send(1, two=2) == ("done", (1,), {"two": 2})
        assert (statement.sent, len(pauses)) == (failures + 1, failures)
        assert all(0 <= pause <= 0.1 for pause in pauses)

    def test_each_pause_may_be_twice_as_long(self, pauses, monkeypatch):
        monkeypatch.setattr(retries.random, "uniform", lambda *bounds: bounds)

        Statement(*[SERIALIZATION] * 3).send()

        assert pauses == [(0, 0.02), (0, 0.04), (0, 0.08)]

    def test_it_is_sent_again_where_sessions_are_written(self, settings):
        settings.DATABASE_ROUTERS = ["tests.databases.PrimaryAlone"]
        statement = Statement(SERIALIZATION)

        statement.send()

        assert statement.sent == 2

    def test_it_is_given_up(self):
        statement = Statement(*[SERIALIZATION] * 4)

        with pytest.raises(OperationalError):
            statement.send()

        assert statement.sent == 4

    def test_a_database_that_is_gone_is_not_asked_again(self, pauses):
        statement = Statement(failure("server closed the connection", sqlstate="57P01"))

        with pytest.raises(OperationalError):
            statement.send()

        assert (statement.sent, pauses) == (1, [])

    def test_inside_a_transaction_it_is_its_owners_affair(self):
        statement = Statement(SERIALIZATION)

        with pytest.raises(OperationalError), transaction.atomic():
            statement.send()

        assert statement.sent == 1


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (failure(sqlstate="40001"), True),
        (failure(sqlstate="40P01"), True),
        (failure(sqlstate="55P03"), True),
        (failure(pgcode="40001"), True),
        (failure(sqlstate="53300"), False),
        (failure(1213, "Deadlock found"), True),
        (failure(1205, "Lock wait timeout exceeded"), True),
        (failure(1020, "Record has changed since last read"), True),
        (failure(2006, "Server has gone away"), False),
        (failure("database is locked", sqlite_errorcode=sqlite3.SQLITE_BUSY), True),
        (failure("table is locked", sqlite_errorcode=sqlite3.SQLITE_LOCKED), True),
        (failure("disk I/O error", sqlite_errorcode=sqlite3.SQLITE_IOERR), False),
        (OperationalError(), False),
    ],
)
def test_what_passes(error, expected):
    assert is_transient(error) is expected


@pytest.mark.parametrize("method", ["begin", "insert_once", "with_user", "rotate", "end", "revoke"])
def test_every_statement_of_a_decision_is_retried(method):
    owner = Session.objects.all() if method == "revoke" else Session.objects

    assert hasattr(getattr(owner, method), "__wrapped__")
