"""The row, and the statements of its table."""

import datetime as dt
import hashlib
import uuid

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone

from jwt_signin import services
from jwt_signin.exceptions import SessionRevoked
from jwt_signin.models import Session, auth_hashes, digest, may_sign_in, short_digest

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


class WriteElsewhere:
    """A router whose reads go to a replica that has not caught up."""

    def db_for_read(self, model, **hints):
        return "replica"

    def db_for_write(self, model, **hints):
        return "default"


class Passwordless:
    """A user who has nothing of Django's."""

    is_active = True


def test_a_digest_is_sha256():
    assert digest("secret") == hashlib.sha256(b"secret").digest()


def test_of_the_clients_key_a_quarter_of_it_is_kept():
    assert short_digest("key") == hashlib.sha256(b"key").digest()[:8]


def test_a_user_without_passwords_always_has_the_same_auth_hash():
    assert list(auth_hashes(Passwordless())) == list(auth_hashes(Passwordless()))


@pytest.mark.django_db
def test_the_auth_hashes_follow_the_fallbacks(ada, settings):
    (current,) = auth_hashes(ada)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-0123456789-0123456789-0123456789"

    hashes = list(auth_hashes(ada))

    assert len(set(hashes)) == 2
    assert hashes[1] == current


@pytest.mark.parametrize(("active", "expected"), [(True, True), (False, False)])
def test_an_inactive_user_may_not_sign_in(active, expected):
    user = Passwordless()
    user.is_active = active

    assert may_sign_in(user) is expected
    assert may_sign_in(object())


def test_clocks_that_differ_make_no_negative_age():
    session = Session(rotated_at=NOW)

    assert session.age(NOW - dt.timedelta(seconds=5)) == 0
    assert session.age(NOW + dt.timedelta(seconds=5)) == 5


def test_decisions_read_the_database_that_is_written_to(settings):
    settings.DATABASE_ROUTERS = ["tests.test_models.WriteElsewhere"]

    assert Session.objects.all().db == "replica"
    assert Session.objects.primary().db == "default"
    assert Session.objects.db_manager("archive").all().db == "archive"


@pytest.mark.django_db
def test_no_service_reads_any_other(ada, clock, settings):
    settings.DATABASE_ROUTERS = ["tests.databases.PrimaryAlone"]
    settings.JWT_SIGNIN = {"MAX_SESSIONS_PER_USER": 2}
    pairs = []
    for _session in range(3):
        clock.shift(1)
        pairs.append(services.start_session(ada))

    clock.shift(60)
    pair = services.rotate(str(pairs[-1].refresh))
    clock.shift(60)
    services.rotate(str(pair.refresh))

    assert services.check_access(str(pair.access))[0] == ada
    services.verify(str(pair.access))
    assert len(services.live_sessions(ada)) == 2
    with pytest.raises(SessionRevoked):
        services.rotate(str(pairs[-1].refresh))
    assert services.revoke_session(ada, pairs[1].access.session_id)
    assert services.log_out(str(services.start_session(ada).access)) == 1
    services.start_session(ada)
    assert services.revoke_all(ada) == 1
    assert services.count_dead_sessions() == sum(services.clear_dead_sessions(10)) == 0


@pytest.mark.django_db
def test_a_session_and_its_user_are_one_statement(ada, pair, django_assert_num_queries):
    with django_assert_num_queries(1):
        session = Session.objects.with_user(pair.access.session_id)
        assert session.user == ada


@pytest.mark.django_db
def test_no_session_of_that_id():
    assert Session.objects.with_user(uuid.uuid4()) is None


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["generation", "rotated_at", "rotation_key", "auth_hash"])
def test_what_a_rotation_writes_is_in_no_index(column):
    """On PostgreSQL the update then touches no index (heap-only tuple)."""
    field = Session._meta.get_field(column)
    indexed = {name for index in Session._meta.indexes for name in index.fields}

    assert not (field.db_index or field.unique or column in indexed)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="others read a small table whole")
def test_the_sessions_of_a_user_are_found_past_those_that_were_ended(ada, clock):
    plan = Session.objects.filter(user=ada).live(timezone.now()).explain()

    assert "jwt_signin_session_user (user_id=? AND revoked_at=?)" in plan


@pytest.mark.django_db
def test_the_password_decides_and_not_its_setter(ada, pair):
    """``queryset.update`` calls no method and sends no signal."""
    type(ada).objects.update(password=make_password("another"))

    session = Session.objects.with_user(pair.access.session_id)

    assert session.ended_because(dt.datetime.now(dt.UTC)) == "password_changed"


@pytest.mark.django_db
def test_a_row_holds_nothing_a_token_is_made_of(pair):
    raws = [str(pair.access), str(pair.refresh), pair.refresh["ss"], pair.access["jti"]]
    (row,) = Session.objects.values()
    stored = " ".join(map(str, row.values()))

    assert not [raw for raw in raws if raw in stored]


@pytest.mark.django_db
def test_a_deleted_user_takes_his_sessions_along(ada, pair):
    ada.delete()

    assert not Session.objects.exists()


@pytest.mark.django_db
def test_a_session_is_shown_by_its_id(ada):
    pair = services.start_session(ada)

    assert str(Session.objects.get()) == pair.access["sid"]
