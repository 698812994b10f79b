"""The statements that are compiled once do what the ORM's own do, on every user model."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from jwt_signin.models import Session
from jwt_signin.models.statements import fetch, insert, update

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=dt.UTC)


def started(user, **columns):
    moments = {"created_at": NOW, "rotated_at": NOW, "expires_at": NOW + dt.timedelta(days=1)}
    given = {"secret_hash": b"\x00secret", "auth_hash": b"\xffauth", "user_agent": "äß한"} | columns
    return Session(user=user, **moments, **given)


def columns_of(instance: Model):
    """Return every column of an instance as Python has it, with its type."""
    deferred = instance.get_deferred_fields()
    values = {
        field.attname: getattr(instance, field.attname)
        for field in instance._meta.concrete_fields
        if field.attname not in deferred
    }
    return {name: (type(value), value) for name, value in values.items()}, deferred


def sent(act):
    """Return the one statement that ``act`` sends, and what it returned."""
    with CaptureQueriesContext(connection) as captured:
        result = act()
    (query,) = captured
    return query["sql"], result


both = pytest.mark.parametrize(
    "nullable",
    [{"rotation_key": None, "ip": None}, {"rotation_key": b"\x01key\xfe", "ip": "::1"}],
    ids=["null", "set"],
)


class TestFetch:
    @both
    def test_it_is_what_select_related_reads(self, ada, nullable):
        session = started(ada, **nullable)
        session.save()

        for _compiled, _kept in range(2), range(2):
            read = fetch(Session, "user", session.pk)
            plain = Session.objects.select_related("user").get(pk=session.pk)

            assert type(read) is type(plain)
            assert columns_of(read) == columns_of(plain)
            assert type(read.user) is type(plain.user)
            assert columns_of(read.user) == columns_of(plain.user)
            for one, other in (read, plain), (read.user, plain.user):
                assert (one._state.db, one._state.adding) == (other._state.db, other._state.adding)

    def test_the_user_comes_with_it(self, ada):
        session = started(ada)
        session.save()

        _sql, read = sent(lambda: fetch(Session, "user", session.pk))

        assert read.user == ada
        assert read.user.get_username() == ada.get_username()

    def test_a_row_that_is_gone_is_none(self, ada):
        assert fetch(Session, "user", started(ada).pk) is None


class TestInsert:
    @both
    def test_it_writes_what_save_writes(self, ada, nullable):
        session = started(ada, **nullable)
        sql, _ = sent(lambda: session.save(force_insert=True))
        plain = columns_of(Session.objects.get())
        Session.objects.all().delete()

        for _compiled in range(2):
            again = started(ada, pk=session.pk, **nullable)

            assert sent(lambda: insert(again))[0] == sql  # noqa: B023
            assert columns_of(Session.objects.get()) == plain
            assert (again._state.db, again._state.adding) == ("default", False)
            Session.objects.all().delete()


class TestUpdate:
    @both
    def test_it_sends_what_the_orm_sends(self, ada, nullable):
        session = started(ada)
        session.save()
        where = {"id": session.pk, "revoked_at": None, "expires_at__gt": NOW}
        values = {"rotation_key": nullable["rotation_key"], "rotated_at": NOW, "generation": 7}
        sql, plain = sent(lambda: Session.objects.filter(**where).update(**values))
        assert plain == 1

        for _compiled in range(2):
            assert sent(lambda: update(Session, where, values)) == (sql, 1)
        session.refresh_from_db()
        assert (session.generation, session.rotated_at) == (7, NOW)

    @pytest.mark.parametrize(
        "unmet",
        [{"generation": 1}, {"expires_at__gt": NOW + dt.timedelta(days=1)}, {"revoked_at": NOW}],
        ids=["another generation", "too late", "not revoked then"],
    )
    def test_it_leaves_rows_that_do_not_match(self, ada, unmet):
        session = started(ada)
        session.save()

        assert update(Session, {"id": session.pk, **unmet}, {"generation": 7}) == 0

        session.refresh_from_db()
        assert session.generation == 0
