"""Credentials become a user, and a user a session."""

import datetime as dt
from contextlib import nullcontext

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from jwt_signin import services, signals
from jwt_signin.exceptions import InvalidCredentials, SessionRevoked
from jwt_signin.models import Session, digest
from jwt_signin.services import issuing
from tests.conftest import PASSWORD, make_user

pytestmark = pytest.mark.django_db


class RefusingBackend:
    def authenticate(self, request, **credentials):
        raise PermissionDenied


class LenientBackend:
    """Lets everybody in, as ``AllowAllUsersModelBackend`` does with inactive users."""

    def authenticate(self, request, username=None, password=None):
        return get_user_model().objects.filter(username=username).first()


def sign_in(**credentials):
    return services.sign_in(None, **{"password": PASSWORD, **credentials})


@pytest.fixture
def by_either(settings):
    settings.JWT_SIGNIN = {"SIGNIN_BY": ["username", "email"]}


class TestNames:
    @pytest.mark.usefixtures("by_either")
    @pytest.mark.parametrize(
        "name",
        [
            {"username": "ada"},
            {"email": "ada@example.com"},
            {"email": "ada@EXAMPLE.com"},
            {"identifier": "ada"},
            {"identifier": "ada@example.com"},
        ],
        ids=str,
    )
    def test_each_leads_to_the_account(self, ada, name):
        pair = sign_in(**name)

        assert pair.user == ada
        assert pair.remember
        assert len(pair.refresh.secret) == 22  # 128 bits

    @pytest.mark.usefixtures("by_either")
    def test_a_field_is_looked_up_alone(self, ada):
        """Somebody whose user name is Ada's address cannot be reached by e-mail, nor she by his."""
        imitator = make_user("ada@example.com", email="other@example.com")

        assert sign_in(email="ada@example.com").user == ada
        assert sign_in(username="ada@example.com").user == imitator

    @pytest.mark.usefixtures("by_either")
    def test_nobody_is_chosen_among_duplicates(self, ada):
        make_user("eve", email="ada@example.com")

        with pytest.raises(InvalidCredentials):
            sign_in(email="ada@example.com")

    @pytest.mark.usefixtures("by_either")
    def test_an_unknown_address_is_no_user_name(self, ada):
        """The work is that of a wrong password, and a right one for a user name changes nothing."""
        make_user("eve@example.com", email="")

        with pytest.raises(InvalidCredentials):
            sign_in(email="eve@example.com")

    def test_an_address_is_no_name_unless_allowed(self, ada):
        with pytest.raises(InvalidCredentials):
            sign_in(identifier="ada@example.com")
        with pytest.raises(TypeError):
            sign_in(email="ada@example.com")

    def test_a_stored_domain_in_capitals_is_found(self, ada, by_either):
        type(ada).objects.update(email="ada@EXAMPLE.com")

        assert sign_in(email="ada@EXAMPLE.com").user == ada

    def test_any_field_may_be_one(self, ada, settings):
        settings.JWT_SIGNIN = {"SIGNIN_BY": ["username", "first_name"]}
        type(ada).objects.update(first_name="Countess")

        assert sign_in(first_name="Countess").user == ada

    def test_a_value_that_the_field_cannot_hold_is_a_wrong_one(self, ada, settings):
        settings.JWT_SIGNIN = {"SIGNIN_BY": ["username", "id"]}

        with pytest.raises(InvalidCredentials):
            sign_in(id="ada")

    @pytest.mark.parametrize("name", ["number", "email", "identifier"])
    @pytest.mark.parametrize("value", ["7", "abc", "grace@example.com", "nobody@example.com"])
    def test_a_user_name_that_is_no_text_is_asked_for_as_any_other(
        self, db, settings, hashes, name, value
    ):
        """An answer and no 500, which would tell an address that is an account's from others."""
        settings.AUTH_USER_MODEL = "usermodels.NumberedUser"
        settings.JWT_SIGNIN = {"SIGNIN_BY": ["number", "email"]}
        make_user(7, email="grace@example.com")
        hashes.clear()

        with pytest.raises(InvalidCredentials):
            sign_in(**{name: value, "password": "wrong"})

        assert hashes == [1]

    @pytest.mark.parametrize("names", [{}, {"username": "ada", "identifier": "ada"}], ids=len)
    def test_the_account_is_named_once(self, ada, names):
        with pytest.raises(TypeError):
            sign_in(**names)


class TestRefusals:
    @pytest.mark.usefixtures("by_either")
    @pytest.mark.parametrize("field", ["username", "email"])
    @pytest.mark.parametrize("case", ["unknown", "wrong", "inactive", "unusable"])
    def test_cost_one_hash_whatever_was_wrong(self, ada, hashes, field, case):
        value = {"username": "ada", "email": "ada@example.com"}[field]
        password = "wrong" if case == "wrong" else PASSWORD
        if case == "unknown":
            ada.delete()
        elif case == "inactive":
            type(ada).objects.update(is_active=False)
        elif case == "unusable":
            ada.set_unusable_password()
            ada.save()
        hashes.clear()

        with pytest.raises(InvalidCredentials):
            sign_in(**{field: value}, password=password)

        assert len(hashes) == 1
        assert not Session.objects.exists()

    def test_spaces_belong_to_the_password(self, ada):
        with pytest.raises(InvalidCredentials):
            sign_in(username="ada", password=PASSWORD.strip())

    def test_a_backend_that_forbids_is_the_last(self, ada, settings):
        settings.AUTHENTICATION_BACKENDS = [
            "tests.test_signing_in.RefusingBackend",
            "django.contrib.auth.backends.ModelBackend",
        ]

        with pytest.raises(InvalidCredentials):
            sign_in(username="ada")

    def test_a_lenient_backend_lets_no_inactive_user_in(self, ada, settings):
        settings.AUTHENTICATION_BACKENDS = ["tests.test_signing_in.LenientBackend"]
        type(ada).objects.update(is_active=False)

        with pytest.raises(InvalidCredentials):
            sign_in(username="ada")

    def test_a_rule_of_the_project_decides_with(self, ada, settings):
        settings.SIMPLE_JWT = {"USER_AUTHENTICATION_RULE": "tests.test_signing_in.nobody"}

        with pytest.raises(InvalidCredentials):
            sign_in(username="ada")

    def test_an_inactive_user_is_let_in_where_the_project_says_so(self, ada, settings):
        settings.AUTHENTICATION_BACKENDS = ["tests.test_signing_in.LenientBackend"]
        settings.SIMPLE_JWT = {"CHECK_USER_IS_ACTIVE": False}
        type(ada).objects.update(is_active=False)

        assert sign_in(username="ada").user == ada


class TestSession:
    def test_holds_what_the_request_told(self, ada, clock):
        request = RequestFactory().post(
            "/", REMOTE_ADDR="192.0.2.7", headers={"user-agent": "Mozilla Firefox on Linux"}
        )

        pair = services.start_session(ada, request)

        session = Session.objects.get()
        assert (session.ip, session.label) == ("192.0.2.7", "Firefox on Linux")
        assert session.created_at == session.rotated_at == dt.datetime.now(dt.UTC)
        assert bytes(session.secret_hash) == digest(pair.refresh["ss"])
        assert (session.generation, session.transport, session.user) == (0, "body", ada)

    @pytest.mark.parametrize(
        ("remember", "lifetime"), [(True, dt.timedelta(days=90)), (False, dt.timedelta(hours=12))]
    )
    def test_lives_as_long_as_was_asked(self, ada, clock, remember, lifetime):
        pair = services.start_session(ada, remember=remember)

        assert Session.objects.get().expires_at - dt.datetime.now(dt.UTC) == lifetime
        assert pair.refresh_expires_in == min(lifetime.total_seconds(), 604_800)

    def test_takes_the_label_it_is_given(self, ada):
        services.start_session(ada, label="l" * 61)

        assert Session.objects.get().label == "l" * 60

    def test_takes_no_label_that_a_database_would_refuse(self, ada):
        services.start_session(ada, label="a\0b")

        assert Session.objects.get().label == "ab"

    @pytest.mark.django_db(transaction=True)
    def test_of_a_user_who_was_deleted_meanwhile_is_refused(self, ada):
        type(ada).objects.all().delete()

        with pytest.raises(InvalidCredentials):
            services.start_session(ada)

    @pytest.mark.parametrize("check_access", ["session", "signature"])
    def test_of_a_user_who_is_not_active_is_refused(self, ada, settings, check_access):
        """However he was authenticated; by signature alone his token would be good."""
        settings.JWT_SIGNIN = {"CHECK_ACCESS": check_access, "BEFORE_SESSION": nobody_asks}
        ada.is_active = False

        with pytest.raises(InvalidCredentials):
            services.start_session(ada)

        assert not Session.objects.exists()

    def test_of_a_user_whom_the_rule_bars_is_refused(self, ada, settings):
        settings.SIMPLE_JWT = {"USER_AUTHENTICATION_RULE": "tests.test_signing_in.nobody"}

        with pytest.raises(InvalidCredentials):
            services.start_session(ada)

    def test_that_raced_a_change_of_password_is_dead_on_first_use(self, ada):
        stale = type(ada).objects.get()
        ada.set_password("another")
        ada.save()

        pair = services.start_session(stale)

        with pytest.raises(SessionRevoked) as refusal:
            services.rotate(str(pair.refresh))
        assert refusal.value.body["reason"] == "password_changed"


asked_of = []


def remember(user, request):
    asked_of.append((user, request))


def test_the_hook_is_asked_of_whom_and_by_whom(ada, settings):
    settings.JWT_SIGNIN = {"BEFORE_SESSION": "tests.test_signing_in.remember"}
    request = RequestFactory().post("/")
    asked_of.clear()

    services.start_session(ada, request)

    assert asked_of == [(ada, request)]


@pytest.mark.parametrize(("length", "fits"), [(4_096, True), (4_097, False)])
def test_an_access_cookie_has_room_to_the_last_byte(settings, length, fits):
    settings.JWT_SIGNIN = {"ACCESS_COOKIE": "a"}
    raw = "x" * (length - len("__Secure-a"))

    with nullcontext() if fits else pytest.raises(ValueError, match="bytes"):
        issuing._check_room(Session(transport="cookie"), raw)


class TestSignals:
    def test_django_and_we_tell_of_a_sign_in(self, ada):
        told = []
        for signal in (user_logged_in, signals.session_started):
            signal.connect(lambda user, request, **_: told.append((user, request)), weak=False)
        request = RequestFactory().post("/")

        services.sign_in(request, username="ada", password=PASSWORD)

        assert told == [(ada, request)] * 2
        ada.refresh_from_db()
        assert ada.last_login is not None

    def test_a_failure_is_told_with_what_was_typed(self, ada, settings):
        settings.JWT_SIGNIN = {"SIGNIN_BY": ["username", "email"]}
        request, told = RequestFactory().post("/"), []

        def listen(credentials, request, **kwargs):
            told.append((credentials["username"], request))
            assert PASSWORD not in credentials.values()

        user_login_failed.connect(listen)
        with pytest.raises(InvalidCredentials):
            services.sign_in(request, email="nobody@example.com", password=PASSWORD)
        user_login_failed.disconnect(listen)

        assert told == [("nobody@example.com", request)]

    def test_a_receiver_that_raises_changes_nothing(self, ada):
        def fail(**kwargs):
            raise RuntimeError

        signals.session_started.connect(fail, weak=False)
        user_logged_in.connect(fail, weak=False)

        assert sign_in(username="ada").user == ada


@pytest.fixture(autouse=True)
def _receivers_as_before():
    watched = (user_logged_in, user_login_failed, signals.session_started)
    before = [list(signal.receivers) for signal in watched]
    yield
    for signal, receivers in zip(watched, before, strict=True):
        signal.receivers[:] = receivers
        signal.sender_receivers_cache.clear()


def nobody(user):
    return False


def nobody_asks(user, request):
    raise NotImplementedError
