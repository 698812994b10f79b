"""An upgrade of the password's hash ends no session; every change of it does."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.contrib.auth.signals import user_login_failed
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import pre_save
from django.test import RequestFactory

from jwt_signin import services
from jwt_signin.exceptions import InvalidCredentials, SessionRevoked
from jwt_signin.models import Session, auth_hashes
from jwt_signin.services.passwords import keep_sessions_through_upgrades, upgrade_hash
from tests.conftest import PASSWORD
from tests.flows.test_concurrency import race

pytestmark = pytest.mark.django_db


class NewHasher(MD5PasswordHasher):
    """Stands for the hasher that a project moves to, without its cost."""

    algorithm = "new"


NEW_FIRST = [
    "tests.test_passwords.NewHasher",
    "django.contrib.auth.hashers.MD5PasswordHasher",
]


@pytest.fixture
def upgrade(pair, settings):
    """Prefer another hasher than the one that the user's password was stored with."""
    settings.PASSWORD_HASHERS = NEW_FIRST


def lives(pair):
    try:
        services.rotate(str(pair.refresh))
        services.check_access(str(pair.access))
    except SessionRevoked as refusal:
        assert refusal.body["reason"] == "password_changed"
        return False
    return True


@pytest.mark.usefixtures("upgrade")
class TestUpgrade:
    def test_by_a_sign_in_here(self, ada, pair):
        again = services.sign_in(None, username="ada", password=PASSWORD)

        ada.refresh_from_db()
        assert ada.password.startswith("new$")
        assert lives(pair)
        assert lives(again)

    def test_moves_no_row_of_another_user_nor_one_that_has_ended(self, ada, bob, pair):
        """Whose password is stored as the same text, by a copy of the row."""
        type(ada).objects.filter(pk=bob.pk).update(password=ada.password)
        bob.refresh_from_db()
        others = services.start_session(bob)
        services.log_out(str(services.start_session(ada).access))

        services.sign_in(None, username="ada", password=PASSWORD)

        assert lives(pair)
        assert lives(others)
        ended = Session.objects.exclude(revoked_at=None).get()
        assert bytes(ended.auth_hash) == next(auth_hashes(bob))

    def test_is_no_change_of_the_password_that_comes_before_it(self, ada, pair):
        ada.set_password("another")
        ada.save(update_fields=["password"])

        assert not lives(pair)

    def test_by_a_sign_in_elsewhere(self, ada, pair):
        """Into the admin, say: Django's own ``check_password`` is all that happens."""
        assert type(ada).objects.get().check_password(PASSWORD)

        assert lives(pair)

    def test_of_a_session_that_was_started_under_a_fallback_key(self, ada, pair, settings):
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another-key-0123456789-0123456789-0123456789"

        type(ada).objects.get().check_password(PASSWORD)

        assert bytes(Session.objects.get().auth_hash) == next(auth_hashes(type(ada).objects.get()))
        assert lives(pair)

    def test_revives_no_session_that_an_earlier_change_ended(self, ada, pair, settings):
        settings.PASSWORD_HASHERS = NEW_FIRST[1:]
        type(ada).objects.update(password=make_password("another"))
        settings.PASSWORD_HASHERS = NEW_FIRST

        assert type(ada).objects.get().check_password("another")

        assert not lives(pair)

    def test_costs_three_statements_more_and_a_transaction(
        self, ada, pair, django_assert_num_queries
    ):
        user = type(ada).objects.get()

        with django_assert_num_queries(1 + 3 + 2):
            user.check_password(PASSWORD)

    def test_moves_row_and_sessions_at_once(self, ada, pair):
        """A refresh between the two would find a changed password."""
        seen = []

        def listen(execute, sql, params, many, context):
            seen.append((connection.savepoint_ids[-1:] or None, sql.split()[0]))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(listen):
            type(ada).objects.get().check_password(PASSWORD)

        updates = [where for where, verb in seen if verb == "UPDATE"]
        assert updates[0] == updates[1] is not None

    def test_of_a_model_that_saves_more_with_it(self, ada, pair):
        user = type(ada).objects.get()
        user.set_password(PASSWORD)
        user._password = None

        user.save(update_fields=["password", "first_name"])

        assert lives(pair)

    def test_by_way_of_a_proxy(self, ada, pair):
        class Proxy(type(ada)):
            class Meta:
                proxy = True
                app_label = "tests"

        assert Proxy.objects.get().check_password(PASSWORD)

        assert lives(pair)

    def test_of_another_model_is_nothing_of_ours(self, ada, pair, django_assert_num_queries):
        upgrade_hash(Session, Session(), "default", ["password"])

        assert lives(pair)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("upgrade")
class TestRacingUpgrades:
    def test_no_sign_in_ends_the_session_of_another(self, ada, pair):
        """Eight tabs, opened together after an upgrade of Django."""
        pairs = race(8, lambda: services.sign_in(None, username="ada", password=PASSWORD))

        assert all(lives(each) for each in [pair, *pairs])

    def test_the_loser_checks_the_password_again(self, ada, monkeypatch):
        """It lost to a change of the password, not to another upgrade."""
        check = type(ada).check_password

        def changed_meanwhile(user, raw):
            type(ada).objects.update(password=make_password("another"))
            return check(user, raw)

        monkeypatch.setattr(type(ada), "check_password", changed_meanwhile)

        asked, told = RequestFactory().post("/"), []
        user_login_failed.connect(listen := lambda request, **_: told.append(request))

        with pytest.raises(InvalidCredentials):
            services.sign_in(asked, username="ada", password=PASSWORD)

        user_login_failed.disconnect(listen)
        ada.refresh_from_db()
        assert check(ada, "another")
        assert told == [asked]

    def test_the_loser_to_another_upgrade_signs_in(self, ada, pair, monkeypatch):
        check = type(ada).check_password

        def upgraded_meanwhile(user, raw):
            monkeypatch.undo()
            assert type(ada).objects.get().check_password(raw)
            return check(user, raw)

        monkeypatch.setattr(type(ada), "check_password", upgraded_meanwhile)

        again = services.sign_in(None, username="ada", password=PASSWORD)

        assert lives(pair)
        assert lives(again)


def by_method(user):
    user.set_password("another")
    user.save()


def by_method_and_field(user):
    user.set_password("another")
    user.save(update_fields=["password"])


def by_statement(user):
    type(user).objects.update(password=make_password("another"))


def by_assignment(user):
    user.password = make_password("another")
    user.save(update_fields=["password"])


def by_assignment_after_a_sign_in(user):
    """The instance has been through ``set_password`` before, and what is stored is up to date."""
    user.set_password(PASSWORD)
    user.save()
    user.password = make_password("another")
    user.save(update_fields=["password"])


def by_disabling(user):
    user.set_unusable_password()
    user.save()


def by_command(user):
    from unittest import mock

    with mock.patch("getpass.getpass", return_value="a-brand-new-passphrase"):
        call_command("changepassword", user.get_username(), verbosity=0, stdout=mock.Mock())


def by_the_form_of_admin_and_reset(user):
    from django.contrib.auth.forms import SetPasswordForm

    fields = {"new_password1": "a-brand-new-passphrase", "new_password2": "a-brand-new-passphrase"}
    form = SetPasswordForm(user, fields)
    assert form.is_valid()
    form.save()


@pytest.mark.parametrize(
    "change",
    [
        by_method,
        by_method_and_field,
        by_statement,
        by_assignment,
        by_assignment_after_a_sign_in,
        by_disabling,
        by_command,
        by_the_form_of_admin_and_reset,
    ],
)
def test_a_change_ends_the_session(ada, pair, change):
    change(type(ada).objects.get())

    assert not lives(pair)


def test_a_save_of_something_else_ends_none(ada, pair):
    user = type(ada).objects.get()
    user.first_name = "Ada"
    user.save()
    user.save(update_fields=["first_name"])

    assert lives(pair)


def test_an_unreadable_hash_is_no_upgrade(ada, pair):
    """``check_password`` would not have saved it; whoever did has changed the password."""
    type(ada).objects.update(password="of-a-hasher-that-is-gone")
    user = type(ada).objects.get()
    user.set_password("another")
    user._password = None

    user.save(update_fields=["password"])

    assert not lives(pair)


def test_the_receiver_is_connected_once():
    before = list(pre_save.receivers)

    keep_sessions_through_upgrades()

    assert pre_save.receivers == before
