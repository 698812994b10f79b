"""What a request may say, and how rows are told."""

import datetime as dt
import uuid
from types import SimpleNamespace

import pytest
from django.utils import translation
from rest_framework.serializers import ValidationError

from jwt_signin import services
from jwt_signin.conf import app_settings
from jwt_signin.models import Session
from jwt_signin.serializers import (
    IdentifierField,
    LogoutAllSerializer,
    SessionSerializer,
    UserSerializer,
    reader_of_credentials,
)
from jwt_signin.shapes import APILogin, APISignIn, Shape
from tests.conftest import EPOCH, PASSWORD, make_user

NO_STRINGS = {
    "an integer": 7,
    "a float": 1.5,
    "an infinite float": float("inf"),
    "a boolean": True,
    "a list": ["ada"],
    "an object": {"username": "ada"},
}

no_strings = pytest.mark.parametrize("value", NO_STRINGS.values(), ids=NO_STRINGS)


@pytest.fixture
def two_names(settings):
    """Accounts are signed in by name or by e-mail address."""
    settings.JWT_SIGNIN = {"SIGNIN_BY": ["username", "email"]}


def reader(shape):
    return reader_of_credentials(shape().names(app_settings.signin_by), ["body", "cookie"])


def read(shape=Shape, **data):
    """Return what a sign-in is understood as."""
    return reader(shape).run_validation(data)


def wrong(shape=Shape, **data):
    """Return the codes of what is wrong with a sign-in, by field."""
    with pytest.raises(ValidationError) as refusal:
        reader(shape).run_validation(data)
    return refusal.value.get_codes()


class TestStrings:
    @no_strings
    @pytest.mark.parametrize("name", ["username", "identifier", "password"])
    def test_nothing_is_made_a_string(self, name, value):
        credentials = {"username": "ada", "password": PASSWORD} | {name: value}

        codes = wrong(**credentials)

        assert codes == {name: ["invalid"]}

    @pytest.mark.parametrize(
        ("character", "code"),
        [
            pytest.param("\0", "null_characters_not_allowed", id="NUL"),
            pytest.param("\ud800", "surrogate_characters_not_allowed", id="lone surrogate"),
        ],
    )
    @pytest.mark.parametrize("name", ["username", "password"])
    def test_what_no_database_and_no_hasher_takes_is_refused(self, name, character, code):
        credentials = {"username": "ada", "password": PASSWORD}

        codes = wrong(**credentials | {name: f"a{character}b"})

        assert codes == {name: [code]}


class TestIdentifier:
    def test_spaces_around_it_are_trimmed(self):
        assert read(username=" \t ada\u3000\n", password="x")["username"] == "ada"

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            pytest.param("\uff41\uff44\uff41", "ada", id="full width"),
            pytest.param("\ufb01\ufb01", "fifi", id="ligatures"),
            pytest.param("e\u0301lan", "\u00e9lan", id="combining accent"),
            pytest.param("\u1112\u1161\u11ab", "\ud55c", id="Hangul letter by letter"),
        ],
    )
    def test_look_alikes_are_brought_to_one_form(self, typed, meant):
        """As Django's ``UsernameField`` does, so that both find the same account."""
        assert read(username=typed, password="x")["username"] == meant

    @pytest.mark.parametrize(("name", "bound"), [("username", 150), ("identifier", 150)])
    def test_it_is_as_long_as_the_model_has_it(self, name, bound):
        longest = read(**{name: f" {'a' * bound} ", "password": "x"})
        codes = wrong(**{name: "a" * (bound + 1), "password": "x"})

        assert longest[name] == "a" * bound
        assert codes == {name: ["max_length"]}

    def test_it_is_bounded_before_it_is_normalised(self):
        """300 characters that would compose to 150 are too much work already."""
        codes = wrong(username="e\u0301" * 150, password="x")

        assert codes == {"username": ["max_length"]}

    def test_it_is_bounded_after_it_is_normalised(self):
        """U+FDFA becomes eighteen characters."""
        short = read(username="\ufdfa" * 8, password="x")
        codes = wrong(username="\ufdfa" * 9, password="x")

        assert len(short["username"]) == 144
        assert codes == {"username": ["max_length"]}

    def test_a_field_without_a_bound_takes_any_length(self):
        assert IdentifierField().run_validation("\uff41" * 1000) == "a" * 1000


class TestPassword:
    @pytest.mark.parametrize(
        "password",
        [
            pytest.param("  two at each end  ", id="spaces"),
            pytest.param("   ", id="nothing but spaces"),
            pytest.param("\tline\n", id="tab and line break"),
            pytest.param("\uff50\uff41ss", id="full width"),
            pytest.param("e\u0301", id="combining accent"),
        ],
    )
    def test_it_is_taken_as_it_was_typed(self, password):
        assert read(username="ada", password=password)["password"] == password

    @pytest.mark.parametrize("bound", [pytest.param(4096, id="default"), pytest.param(8, id="8")])
    def test_it_has_a_bound(self, settings, bound):
        settings.JWT_SIGNIN = {} if bound == 4096 else {"MAX_PASSWORD_LENGTH": bound}

        longest = read(username="ada", password="a" * bound)
        codes = wrong(username="ada", password="a" * (bound + 1))

        assert len(longest["password"]) == bound
        assert codes == {"password": ["max_length"]}

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            pytest.param({}, "required", id="absent"),
            pytest.param({"password": None}, "null", id="null"),
            pytest.param({"password": ""}, "blank", id="empty"),
        ],
    )
    def test_it_must_be_there(self, given, code):
        assert wrong(username="ada", **given) == {"password": [code]}


class TestNames:
    def test_by_default_the_models_own_name_and_identifier_are_taken(self):
        assert read(username="ada", password="x")["username"] == "ada"
        assert read(identifier="ada", password="x")["identifier"] == "ada"
        assert wrong(email="ada@example.com", password="x") == {"username": ["invalid"]}

    @pytest.mark.parametrize("name", ["username", "email", "identifier"])
    def test_each_field_of_signin_by_is_a_name(self, two_names, name):
        credentials = read(**{name: "ada@example.com", "password": "x"})

        assert credentials == {
            name: "ada@example.com",
            "password": "x",
            "transport": "body",
            "remember": True,
        }

    def test_a_name_that_is_no_field_of_signin_by_is_ignored(self, settings):
        settings.JWT_SIGNIN = {"SIGNIN_BY": ["email"]}

        credentials = read(email="ada@example.com", username="bob", password="x")

        assert credentials["email"] == "ada@example.com"
        assert "username" not in credentials

    @pytest.mark.parametrize("empty", ["", "  ", None], ids=["empty", "spaces", "null"])
    def test_an_empty_name_is_none(self, two_names, empty):
        """Forms send every field they have."""
        credentials = read(username=empty, email="ada@example.com", password="x")

        assert credentials["email"] == "ada@example.com"
        assert "username" not in credentials

    @pytest.mark.parametrize("empty", ["", "  ", None], ids=["empty", "spaces", "null"])
    def test_nothing_but_empty_names_is_refused(self, empty):
        assert wrong(username=empty, identifier=empty, password="x") == {"username": ["invalid"]}

    def test_two_names_are_refused_under_both(self, two_names):
        """Which of them was meant is not guessed."""
        codes = wrong(username="ada", email="bob@example.com", password="x")

        assert codes == {"username": ["invalid"], "email": ["invalid"]}


class TestNamesOfAShape:
    def test_a_name_that_nobody_signs_in_by_is_an_identifier(self):
        credentials = read(APISignIn, email="ada@example.com", password="x")

        assert credentials["identifier"] == "ada@example.com"
        assert "email" not in credentials

    def test_a_name_that_is_signed_in_by_stays_that_field(self, two_names):
        credentials = read(APISignIn, email="ada@example.com", password="x")

        assert credentials["email"] == "ada@example.com"
        assert "identifier" not in credentials

    def test_an_alias_has_the_bound_of_an_identifier(self, settings):
        settings.JWT_SIGNIN = {"SIGNIN_BY": ["email"]}

        longest = read(APILogin, username="a" * 254, password="x")
        codes = wrong(APILogin, username="a" * 255, password="x")

        assert longest["identifier"] == "a" * 254
        assert codes == {"username": ["max_length"]}


class TestLanguage:
    """The fields are made once for all requests."""

    @pytest.mark.parametrize(
        "wrong",
        [
            pytest.param({"username": "a" * 151}, id="name too long"),
            pytest.param({"username": "\ufdfa" * 9}, id="name too long once normalised"),
            pytest.param({"username": "a\0b"}, id="NUL"),
            pytest.param({"username": 7}, id="name a number"),
            pytest.param({"identifier": "ada"}, id="two names"),
            pytest.param({"password": "a" * 4097}, id="password too long"),
            pytest.param({"password": "\ud800"}, id="lone surrogate"),
            pytest.param({"password": ""}, id="no password"),
            pytest.param({"password": None}, id="password null"),
            pytest.param({"transport": "pigeon"}, id="no such transport"),
            pytest.param({"remember": "maybe"}, id="neither yes nor no"),
        ],
    )
    def test_a_sentence_is_in_the_language_of_its_request(self, wrong):
        said = []
        for language in ("en", "ko", "en"):
            with translation.override(language), pytest.raises(ValidationError) as refusal:
                reader(Shape).run_validation({"username": "ada", "password": "x"} | wrong)
            said.append(refusal.value.detail)

        assert said[0] != said[1]
        assert said[0] == said[2]


class TestTransportAndRemember:
    @pytest.mark.parametrize("value", ["pigeon", "", "BODY", 7, [], "\ud800"], ids=ascii)
    def test_an_unknown_transport_is_refused(self, value):
        assert list(wrong(username="ada", password="x", transport=value)) == ["transport"]

    @pytest.mark.parametrize(
        ("value", "meant"),
        [(True, True), (False, False), ("false", False), ("true", True)],
        ids=["true", "false", "the word false", "the word true"],
    )
    def test_remember_is_yes_or_no(self, value, meant):
        assert read(username="ada", password="x", remember=value)["remember"] is meant

    @pytest.mark.parametrize("value", ["maybe", "on", "1", "", None, [], {}, 7, 1, 0.0], ids=ascii)
    def test_remember_is_nothing_else(self, value):
        assert list(wrong(username="ada", password="x", remember=value)) == ["remember"]


class TestLogoutAll:
    def test_nothing_said_keeps_nothing(self):
        serializer = LogoutAllSerializer(data={})

        assert serializer.is_valid()
        assert serializer.validated_data == {"keep_current": False}


class TestUser:
    @pytest.mark.parametrize(
        "key",
        [7, uuid.UUID(int=7), "seven"],
        ids=["integer", "uuid", "text"],
    )
    def test_the_id_is_text_whatever_the_key(self, key):
        user = SimpleNamespace(pk=key, username="ada", email="ada@example.com", password="hash")

        assert UserSerializer(user).data == {"id": str(key), "username": "ada"}


@pytest.mark.django_db
class TestSession:
    def test_a_session_is_told_without_its_secrets(self, clock):
        services.start_session(make_user("ada"), label="kitchen")
        session = Session.objects.get()

        told = SessionSerializer(session, context={"current": session.pk}).data

        assert list(told)[6:] == ["created_at", "last_used_at", "expires_at"]
        assert dict(list(told.items())[:6]) == {
            "id": str(session.pk),
            "current": True,
            "label": "kitchen",
            "ip": None,
            "user_agent": "",
            "transport": "body",
        }

    def test_its_moments_are_told_with_their_zone(self, clock, pair):
        told = SessionSerializer(Session.objects.get(), context={"current": None}).data

        moments = {name: dt.datetime.fromisoformat(told[name]) for name in list(told)[6:]}
        assert moments == {
            "created_at": EPOCH,
            "last_used_at": EPOCH,
            "expires_at": EPOCH + dt.timedelta(days=90),
        }

    def test_it_was_last_used_when_it_was_refreshed_last(self, clock, pair):
        clock.shift(31)
        services.rotate(str(pair.refresh))

        told = SessionSerializer(Session.objects.get(), context={"current": None}).data

        assert dt.datetime.fromisoformat(told["last_used_at"]) == EPOCH + dt.timedelta(seconds=31)
        assert told["current"] is False
