"""Every setting: its default, what it may be, and what is said of what it may not be."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.serializers.json import DjangoJSONEncoder
from django.test import override_settings
from rest_framework_simplejwt.models import TokenUser
from rest_framework_simplejwt.settings import DEFAULTS

from jwt_signin.conf import Settings, SimpleJWT, app_settings, readers, simple_jwt
from jwt_signin.serializers import UserSerializer


def claims_of(user, session):
    return {"role": "reader"}


def messages(settings_class):
    return [mistake.message for mistake in settings_class.mistakes()]


class TestDefaults:
    @pytest.mark.parametrize(
        ("name", "default"),
        [
            ("SIGNIN_BY", None),
            ("SHAPE", "default"),
            ("TRANSPORT", "body"),
            ("TRANSPORTS", ("body", "cookie")),
            ("REUSE_GRACE", timedelta(seconds=30)),
            ("SESSION_LIFETIME", timedelta(days=90)),
            ("SHORT_SESSION_LIFETIME", timedelta(hours=12)),
            ("CHECK_ACCESS", "session"),
            ("CLAIMS", None),
            ("USER_SERIALIZER", "jwt_signin.serializers.UserSerializer"),
            ("VERIFYING_KEYS", ()),
            ("ACCEPT_SIMPLEJWT_TOKENS", False),
            ("SIGNIN_ACCOUNT_RATE", (10, 900)),
            ("SIGNIN_NETWORK_RATE", (100, 900)),
            ("REFRESH_RATE", (60, 60)),
            ("COOKIE_NAME", "refresh"),
            ("COOKIE_PATH", None),
            ("COOKIE_DOMAIN", None),
            ("COOKIE_SAMESITE", "Strict"),
            ("COOKIE_SECURE", None),
            ("COOKIE_PARTITIONED", False),
            ("ACCESS_COOKIE", False),
            ("TRUSTED_ORIGINS", None),
            ("CSRF", "origin"),
            ("NUM_PROXIES", 0),
            ("MAX_PASSWORD_LENGTH", 4096),
            ("MAX_BODY_BYTES", 16384),
        ],
    )
    def test_ours_hold_where_the_project_is_silent(self, name, default):
        assert getattr(app_settings, name) == default

    @pytest.mark.parametrize(
        ("name", "default"),
        [
            ("ACCESS_TOKEN_LIFETIME", timedelta(minutes=5)),
            ("REFRESH_TOKEN_LIFETIME", timedelta(days=7)),
            ("ROTATE_REFRESH_TOKENS", True),
            ("ALGORITHM", "HS256"),
            ("SIGNING_KEY", None),
            ("VERIFYING_KEY", None),
            ("AUDIENCE", None),
            ("ISSUER", None),
            ("JSON_ENCODER", None),
            ("LEEWAY", timedelta(0)),
            ("AUTH_HEADER_TYPES", ("Bearer",)),
            ("AUTH_HEADER_NAME", "HTTP_AUTHORIZATION"),
            ("USER_ID_FIELD", "id"),
            ("USER_ID_CLAIM", "user_id"),
            ("USER_AUTHENTICATION_RULE", None),
            ("CHECK_USER_IS_ACTIVE", True),
            ("TOKEN_USER_CLASS", "rest_framework_simplejwt.models.TokenUser"),
            ("TOKEN_TYPE_CLAIM", "token_type"),
            ("JTI_CLAIM", "jti"),
            ("CHECK_REVOKE_TOKEN", False),
            ("REVOKE_TOKEN_CLAIM", "hash_password"),
        ],
    )
    def test_simple_jwts_hold_where_the_project_is_silent(self, settings, name, default):
        settings.SIMPLE_JWT = {}

        assert getattr(simple_jwt, name) == default

    def test_no_dictionary_at_all_is_silence(self, settings):
        settings.SIMPLE_JWT = None
        settings.JWT_SIGNIN = None

        assert simple_jwt.ALGORITHM == "HS256"
        assert app_settings.SHAPE == "default"

    @pytest.mark.parametrize("name", ["REUSE_GRACE", "SHAPE", "NUM_PROXIES"])
    def test_none_is_silence(self, settings, name):
        settings.JWT_SIGNIN = {name: None}

        assert getattr(app_settings, name) == Settings.__dataclass_fields__[name].default

    @pytest.mark.parametrize("name", ["SIGNIN_ACCOUNT_RATE", "SIGNIN_NETWORK_RATE", "REFRESH_RATE"])
    def test_none_switches_a_limit_off(self, settings, name):
        settings.JWT_SIGNIN = {name: None}

        assert messages(Settings) == []
        assert getattr(app_settings, name) is None

    @pytest.mark.parametrize("silence", [None, "", b""], ids=["None", "text", "bytes"])
    def test_an_empty_key_is_silence(self, settings, silence):
        """Simple JWT's own default of ``VERIFYING_KEY`` is the empty string."""
        settings.SIMPLE_JWT = {"SIGNING_KEY": silence, "VERIFYING_KEY": silence}

        assert messages(SimpleJWT) == []
        assert (simple_jwt.SIGNING_KEY, simple_jwt.VERIFYING_KEY) == (None, None)
        assert simple_jwt.signing_key == settings.SECRET_KEY

    def test_a_falsy_choice_is_no_silence(self, settings):
        settings.SIMPLE_JWT = {"ROTATE_REFRESH_TOKENS": False}
        settings.JWT_SIGNIN = {"REUSE_GRACE": 0}

        assert simple_jwt.ROTATE_REFRESH_TOKENS is False
        assert timedelta(0) == app_settings.REUSE_GRACE


class TestReaders:
    @pytest.mark.parametrize(
        ("value", "span"),
        [
            (0, timedelta(0)),
            (1, timedelta(seconds=1)),
            (0.5, timedelta(milliseconds=500)),
            (timedelta(0), timedelta(0)),
            (timedelta(days=1), timedelta(days=1)),
        ],
        ids=str,
    )
    def test_a_duration_is_a_timedelta_or_seconds(self, value, span):
        assert readers.duration(value) == span

    @pytest.mark.parametrize(
        "value",
        [
            *(-1, -0.5, timedelta(microseconds=-1), float("nan"), float("inf"), 10**30),
            *(True, False, "30", [30], None),
        ],
        ids=repr,
    )
    def test_a_duration_is_nothing_else(self, value):
        with pytest.raises(ValueError, match="not negative"):
            readers.duration(value)

    @pytest.mark.parametrize("span", [timedelta(seconds=1), timedelta(days=36_525)], ids=str)
    def test_a_lifetime_is_from_a_second_to_a_century(self, span):
        assert readers.lifetime(span) == readers.lifetime(span.total_seconds()) == span

    @pytest.mark.parametrize(
        "value",
        [0, 0.999, timedelta(0), -1, True, "1", timedelta(days=36_525, seconds=1), timedelta.max],
        ids=repr,
    )
    def test_a_lifetime_is_nothing_else(self, value):
        with pytest.raises(ValueError, match="timedelta"):
            readers.lifetime(value)

    @pytest.mark.parametrize(
        ("read", "least"), [(readers.whole, 0), (readers.positive, 1)], ids=["whole", "positive"]
    )
    def test_a_number_has_a_least_value(self, read, least):
        assert read(least) == least
        with pytest.raises(ValueError, match="whole number"):
            read(least - 1)

    @pytest.mark.parametrize("value", [True, False, 1.0, "1", [1], float("nan")], ids=repr)
    @pytest.mark.parametrize("read", [readers.whole, readers.positive], ids=["whole", "positive"])
    def test_a_number_is_nothing_else(self, read, value):
        with pytest.raises(ValueError, match="whole number"):
            read(value)

    @pytest.mark.parametrize("value", [True, False])
    def test_a_flag_is_a_bool(self, value):
        assert readers.flag(value) is value

    @pytest.mark.parametrize("value", [0, 1, "True", "", []], ids=repr)
    def test_a_flag_is_nothing_else(self, value):
        with pytest.raises(ValueError, match="True or False"):
            readers.flag(value)

    @pytest.mark.parametrize(
        ("value", "limit", "seconds"),
        [
            ("10/15m", 10, 900),
            ("1/s", 1, 1),
            ("1/1s", 1, 1),
            ("60/m", 60, 60),
            ("7/2h", 7, 7200),
            ("5/d", 5, 86_400),
            ("999999999/30d", 999_999_999, 2_592_000),
            ("1/2592000s", 1, 2_592_000),
        ],
    )
    def test_a_rate_is_a_number_in_a_time(self, value, limit, seconds):
        assert readers.rate(value) == (limit, seconds)

    @pytest.mark.parametrize(
        "value",
        [
            *(
                "",
                "10",
                "10/",
                "/m",
                "10/15",
                "10/15x",
                "10/15M",
                "10/minute",
                "10 / 15m",
                "10/15m ",
            ),
            *(
                "0/m",
                "00/m",
                "01/m",
                "-1/m",
                "+1/m",
                "1.5/m",
                "10/0m",
                "10/-1m",
                "10/015m",
                "\u0661/m",
            ),
            *("1000000000/m", "1/31d", "1/2592001s", "1/1000000000s", "10/15m\n"),
            *(10, 0, True, b"10/15m", ["10/15m"], (10, 900)),
        ],
        ids=repr,
    )
    def test_a_rate_is_nothing_else(self, value):
        with pytest.raises(ValueError, match="10/15m"):
            readers.rate(value)

    def test_a_text_is_a_string(self):
        assert readers.text("x") == "x"

    @pytest.mark.parametrize("value", ["", b"x", 1, ["x"]], ids=repr)
    def test_a_text_is_nothing_else(self, value):
        with pytest.raises(ValueError, match="string"):
            readers.text(value)

    @pytest.mark.parametrize(
        ("value", "read"),
        [("a", ("a",)), (["a"], ("a",)), (("a", "b"), ("a", "b"))],
        ids=["one", "list", "tuple"],
    )
    def test_names_are_one_or_several(self, value, read):
        assert readers.names(value) == read

    @pytest.mark.parametrize("value", ["", [], (), [""], ["a", 1], {"a"}, {"a": 1}, 1], ids=repr)
    def test_names_are_nothing_else(self, value):
        with pytest.raises(ValueError, match="string"):
            readers.names(value)

    @pytest.mark.parametrize(
        ("value", "read"), [("a", "a"), (["a"], ["a"]), (("a", "b"), ["a", "b"])], ids=repr
    )
    def test_an_audience_is_one_or_several(self, value, read):
        assert readers.audience(value) == read

    @pytest.mark.parametrize("value", ["", [], [""], [1], {"a"}, 1], ids=repr)
    def test_an_audience_is_nothing_else(self, value):
        with pytest.raises(ValueError, match="string"):
            readers.audience(value)

    @pytest.mark.parametrize("value", ["a.b", claims_of, TokenUser], ids=["path", "def", "class"])
    def test_an_importable_is_a_path_or_the_thing_itself(self, value):
        assert readers.importable(value) is value

    @pytest.mark.parametrize("value", ["", 1, ["a.b"], {}], ids=repr)
    def test_an_importable_is_nothing_else(self, value):
        with pytest.raises(ValueError, match="dotted path"):
            readers.importable(value)

    @pytest.mark.parametrize("value", ["secret", b"secret", object()], ids=["text", "bytes", "key"])
    def test_a_key_is_the_key_rings_to_judge(self, value):
        assert readers.key(value) is value

    @pytest.mark.parametrize(
        ("value", "read"),
        [
            ([], ()),
            (("a",), (("a", None),)),
            (["a", b"b"], (("a", None), (b"b", None))),
            ([{"key": "a", "algorithm": "HS512"}], (("a", "HS512"),)),
            ([{"key": b"a", "algorithm": None}], ((b"a", None),)),
        ],
        ids=repr,
    )
    def test_verifying_keys_are_pairs_with_their_algorithm(self, value, read):
        assert readers.verifying_keys(value) == read

    @pytest.mark.parametrize(
        "value",
        [
            *("a", {"key": "a", "algorithm": "HS256"}, {"a"}, 1, [""], [b""], [None], [1], [["a"]]),
            *([{"key": "a"}], [{"algorithm": "HS256"}], [{"key": "", "algorithm": "HS256"}]),
            *([{"key": "a", "algorithm": 1}], [{"key": 1, "algorithm": "HS256"}]),
            [{"key": "a", "algorithm": "HS256", "kid": "x"}],
        ],
        ids=repr,
    )
    def test_verifying_keys_are_nothing_else(self, value):
        with pytest.raises(ValueError, match="a list of keys"):
            readers.verifying_keys(value)

    def test_a_choice_is_one_of_its_options(self):
        read = readers.choice("a", "b")

        assert (read("a"), read("b")) == ("a", "b")

    @pytest.mark.parametrize("value", ["c", "A", "", 1, ["a"]], ids=repr)
    def test_a_choice_is_nothing_else_and_names_them(self, value):
        with pytest.raises(ValueError, match="'a' or 'b'"):
            readers.choice("a", "b")(value)

    def test_several_are_a_list_of_what_one_is(self):
        read = readers.several(readers.choice("a", "b"))

        assert read(["a"]) == ("a",)
        assert read(("b", "a")) == ("b", "a")

    @pytest.mark.parametrize("value", ["a", [], (), {"a"}, ["a", "c"], [["a"]], None], ids=repr)
    def test_several_are_nothing_else(self, value):
        with pytest.raises(ValueError, match=r" or |not empty"):
            readers.several(readers.choice("a", "b"))(value)

    @pytest.mark.parametrize("value", ["refresh", "a", "0", "!#$%&'*+-.^_`|~", "x__Host-"])
    def test_a_cookie_has_a_name_of_a_token(self, value):
        assert readers.token(value) == value

    @pytest.mark.parametrize(
        "value",
        [
            *(
                "",
                "a b",
                "a=b",
                "a;b",
                "a,b",
                'a"b',
                "a\n",
                "\na",
                "a\r\nb",
                "a\0",
                "a\t",
                "å",
                "a/b",
            ),
            *("__Host-a", "__Secure-a", "__host-a", "__SECURE-A", "__Host-"),
            *("path", "Domain", "max-age", "samesite", "HttpOnly"),
            *(1, None, True, b"a", ["a"]),
        ],
        ids=ascii,
    )
    def test_a_cookie_has_no_other_name(self, value):
        with pytest.raises(ValueError, match="a name"):
            readers.token(value)

    @pytest.mark.parametrize("value", [True, False, "jwt"])
    def test_a_flag_may_be_a_name(self, value):
        assert readers.flag_or_token(value) is value

    @pytest.mark.parametrize("value", [1, 0, "", "a b", [], "__Host-a"], ids=repr)
    def test_a_flag_or_name_is_nothing_else(self, value):
        with pytest.raises(ValueError, match="a name"):
            readers.flag_or_token(value)

    @pytest.mark.parametrize("value", ["/", "/auth/", "/a:b<c~", "/%ED%95%9C/", "/!"])
    def test_a_path_begins_with_a_slash(self, value):
        assert readers.path(value) == value

    @pytest.mark.parametrize(
        "value", ["", "auth/", "/a;b", "/a b", "/a\n", "/å", "/\x7f", 1, b"/", None], ids=ascii
    )
    def test_a_path_is_nothing_else(self, value):
        with pytest.raises(ValueError, match="slash"):
            readers.path(value)

    @pytest.mark.parametrize(
        "value", ["example.com", ".example.com", "Example.COM", "xn--bb-eka.at", "localhost", "1.2"]
    )
    def test_a_domain_is_made_of_labels(self, value):
        assert readers.domain(value) == value

    @pytest.mark.parametrize(
        "value",
        [
            *("", ".", "..a", "a.", "a..b", "a b", "a;b", "a\n", "https://a.b", "a.b:80", "*.a.b"),
            *("å.at", "a_b.c", 1, None),
        ],
        ids=ascii,
    )
    def test_a_domain_is_nothing_else(self, value):
        with pytest.raises(ValueError, match="a domain"):
            readers.domain(value)

    @pytest.mark.parametrize(
        ("value", "read"),
        [
            ([], ()),
            (("https://a.b",), ("https://a.b",)),
            (["HTTPS://App.Example.com:8443"], ("https://app.example.com:8443",)),
            (["https://*.example.com"], ("https://*.example.com",)),
            (["capacitor://localhost", "http://[::1]:5173"],) * 2,
        ],
        ids=repr,
    )
    def test_origins_are_a_list_in_lower_case(self, value, read):
        assert readers.origins(value) == tuple(read)

    @pytest.mark.parametrize(
        "origin",
        [
            *("*", "null", "", "a.b", "//a.b", "https://", "https://*", "https://*a.b", "1a://b"),
            *("https://a*.b", "https://a.*.b", "https://a.b/", "https://a.b/c", "https://a.b?c"),
            *("https://a.b#c", "https://u@a.b", "https://a.b ", " https://a.b", "https://a.b\n"),
            *(1, None, b"https://a.b"),
        ],
        ids=ascii,
    )
    def test_origins_hold_nothing_else(self, origin):
        with pytest.raises(ValueError, match="origins"):
            readers.origins(["https://a.b", origin])

    @pytest.mark.parametrize("value", ["https://a.b", {"https://a.b"}, None, 1], ids=repr)
    def test_origins_are_a_list_or_tuple(self, value):
        with pytest.raises(ValueError, match="origins"):
            readers.origins(value)


class TestMistakes:
    @pytest.mark.parametrize(
        ("name", "nearest"),
        [
            ("REUSE_GRACES", "REUSE_GRACE"),
            ("reuse_grace", "REUSE_GRACE"),
            (" Shape ", "SHAPE"),
            ("SESION_LIFETIME", "SESSION_LIFETIME"),
        ],
    )
    def test_an_unknown_name_is_told_with_the_nearest_right_one(self, settings, name, nearest):
        settings.JWT_SIGNIN = {name: 1}

        (mistake,) = Settings.mistakes()

        assert mistake.kind == "unknown"
        assert repr(name) in mistake.message
        assert repr(nearest) in mistake.message

    @pytest.mark.parametrize("name", ["XYZZY", 5, None], ids=repr)
    def test_an_unknown_name_with_nothing_near_is_told_alone(self, settings, name):
        settings.JWT_SIGNIN = {name: 1}

        (mistake,) = Settings.mistakes()

        assert mistake == ("unknown", name, f"JWT_SIGNIN has no setting {name!r}.")

    def test_a_name_of_the_class_itself_is_unknown_like_any_other(self, settings):
        settings.JWT_SIGNIN = {"SOURCE": "x"}

        assert [mistake.kind for mistake in Settings.mistakes()] == ["unknown"]

    def test_a_name_of_simple_jwt_is_sent_there(self, settings):
        settings.JWT_SIGNIN = {"XYZZY": 1, "ROTATE_REFRESH_TOKENS": True, "SHAPES": "x"}

        other, misplaced, near = messages(Settings)

        assert ("'ROTATE_REFRESH_TOKENS'" in misplaced, "SIMPLE_JWT" in misplaced) == (True, True)
        assert "SIMPLE_JWT" not in other + near

    def test_an_unknown_name_in_simple_jwt_is_for_simple_jwt_to_read(self, settings):
        settings.SIMPLE_JWT = {**dict.fromkeys(DEFAULTS), "AUTH_COOKIE": "a", 5: 6}

        assert messages(SimpleJWT) == []

    @pytest.mark.parametrize(
        ("name", "meant"),
        [
            ("SIGNIN_KEY", "SIGNING_KEY"),
            ("ALOGRITHM", "ALGORITHM"),
            ("ACCESS_TOKEN_LIFETIME ", "ACCESS_TOKEN_LIFETIME"),
            ("rotate_refresh_token", "ROTATE_REFRESH_TOKENS"),
        ],
    )
    def test_a_slip_in_simple_jwt_is_told(self, settings, name, meant):
        """Simple JWT would pass it over, and another key sign or another lifetime hold."""
        settings.SIMPLE_JWT = {name: None}

        (mistake,) = SimpleJWT.mistakes()

        assert (mistake.kind, mistake.name) == ("unknown", name)
        assert repr(meant) in mistake.message

    @pytest.mark.parametrize("value", [["SHAPE"], "SHAPE", {"SHAPE"}], ids=repr)
    @pytest.mark.parametrize("settings_class", [Settings, SimpleJWT], ids=lambda cls: cls.SOURCE)
    def test_what_is_no_dictionary_is_told(self, settings, settings_class, value):
        setattr(settings, settings_class.SOURCE, value)

        (mistake,) = settings_class.mistakes()

        assert (mistake.kind, settings_class.SOURCE in mistake.message) == ("type", True)
        with pytest.raises(ImproperlyConfigured):
            settings_class.load()

    @pytest.mark.parametrize(
        ("settings_class", "name", "value"),
        [
            (Settings, "SIGNIN_BY", []),
            (Settings, "SHAPE", 1),
            (Settings, "REUSE_GRACE", -1),
            (Settings, "SESSION_LIFETIME", 0),
            (Settings, "SHORT_SESSION_LIFETIME", 0),
            (Settings, "CHECK_ACCESS", "both"),
            (Settings, "CLAIMS", {}),
            (Settings, "USER_SERIALIZER", 1),
            (Settings, "SIGNIN_ACCOUNT_RATE", "ten an hour"),
            (Settings, "SIGNIN_NETWORK_RATE", 100),
            (Settings, "REFRESH_RATE", "0/m"),
            (Settings, "TRANSPORT", "pigeon"),
            (Settings, "TRANSPORTS", "cookie"),
            (Settings, "COOKIE_NAME", "a b"),
            (Settings, "COOKIE_PATH", "auth"),
            (Settings, "COOKIE_DOMAIN", "https://example.com"),
            (Settings, "COOKIE_SAMESITE", "strict"),
            (Settings, "COOKIE_SECURE", "yes"),
            (Settings, "COOKIE_PARTITIONED", 1),
            (Settings, "ACCESS_COOKIE", 1),
            (Settings, "TRUSTED_ORIGINS", ["*"]),
            (Settings, "CSRF", True),
            (Settings, "NUM_PROXIES", -1),
            (Settings, "MAX_PASSWORD_LENGTH", 0),
            (Settings, "MAX_BODY_BYTES", 0),
            (SimpleJWT, "ACCESS_TOKEN_LIFETIME", timedelta(0)),
            (SimpleJWT, "REFRESH_TOKEN_LIFETIME", "7 days"),
            (SimpleJWT, "ROTATE_REFRESH_TOKENS", "no"),
            (SimpleJWT, "ALGORITHM", 256),
            (SimpleJWT, "AUDIENCE", 1),
            (SimpleJWT, "ISSUER", ["issuer"]),
            (SimpleJWT, "LEEWAY", -1),
            (SimpleJWT, "AUTH_HEADER_TYPES", []),
            (SimpleJWT, "AUTH_HEADER_NAME", ""),
            (SimpleJWT, "CHECK_USER_IS_ACTIVE", 1),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_a_value_of_the_wrong_kind_is_told_by_name(self, settings, settings_class, name, value):
        setattr(settings, settings_class.SOURCE, {name: value})

        (mistake,) = settings_class.mistakes()

        assert mistake.kind == "type"
        assert f"{settings_class.SOURCE}[{name!r}]" in mistake.message

    @pytest.mark.parametrize(
        ("given", "name"),
        [
            ({"TRANSPORTS": ["cookie"]}, "TRANSPORT"),
            ({"TRANSPORT": "cookie", "TRANSPORTS": ["body"]}, "TRANSPORT"),
            ({"ACCESS_COOKIE": "refresh"}, "ACCESS_COOKIE"),
            ({"ACCESS_COOKIE": True, "COOKIE_NAME": "access"}, "ACCESS_COOKIE"),
            ({"ACCESS_COOKIE": "a", "COOKIE_NAME": "a"}, "ACCESS_COOKIE"),
        ],
    )
    def test_two_that_do_not_go_together_are_told(self, settings, given, name):
        settings.JWT_SIGNIN = given

        (mistake,) = Settings.mistakes()

        assert (mistake.kind, mistake.name) == ("type", name)
        with pytest.raises(ImproperlyConfigured):
            Settings.load()

    @pytest.mark.parametrize(
        "given",
        [
            {"TRANSPORTS": ["body"]},
            {"TRANSPORT": "cookie"},
            {"TRANSPORT": "cookie", "TRANSPORTS": ["cookie"]},
            {"ACCESS_COOKIE": False, "COOKIE_NAME": "access"},
            {"ACCESS_COOKIE": "a", "COOKIE_NAME": "A"},
        ],
        ids=str,
    )
    def test_two_that_do_are_not(self, settings, given):
        settings.JWT_SIGNIN = given

        assert not messages(Settings)

    def test_of_a_mistake_by_itself_no_more_is_told(self, settings):
        settings.JWT_SIGNIN = {"TRANSPORT": "pigeon", "ACCESS_COOKIE": "refresh"}

        assert len(messages(Settings)) == 1

    def test_loading_raises_every_mistake_at_once(self, settings):
        settings.JWT_SIGNIN = {"REUSE_GRACES": 1, "NUM_PROXIES": -1, "CHECK_ACCESS": "both"}

        with pytest.raises(ImproperlyConfigured) as refused:
            _ = app_settings.SHAPE

        assert all(name in str(refused.value) for name in settings.JWT_SIGNIN)

    def test_a_key_of_the_wrong_kind_is_not_quoted(self, settings):
        settings.SIMPLE_JWT = {"SIGNING_KEY": ["hush"]}

        assert "hush" not in " ".join(messages(SimpleJWT))

    def test_the_signing_key_is_in_no_repr(self, settings):
        """Error pages show the ``repr`` of what stands in a frame."""
        settings.SIMPLE_JWT = {"SIGNING_KEY": "hush" * 16}

        assert "hush" not in repr(SimpleJWT.load())


class TestOverrides:
    def test_ours_follow_at_once_and_go_back(self):
        assert app_settings.NUM_PROXIES == 0

        with override_settings(JWT_SIGNIN={"NUM_PROXIES": 2}):
            assert app_settings.NUM_PROXIES == 2

        assert app_settings.NUM_PROXIES == 0

    def test_simple_jwts_follow_at_once_and_go_back(self):
        assert timedelta(minutes=5) == simple_jwt.ACCESS_TOKEN_LIFETIME

        with override_settings(SIMPLE_JWT={"ACCESS_TOKEN_LIFETIME": timedelta(minutes=1)}):
            assert timedelta(minutes=1) == simple_jwt.ACCESS_TOKEN_LIFETIME

        assert timedelta(minutes=5) == simple_jwt.ACCESS_TOKEN_LIFETIME

    def test_the_signing_key_follows_secret_key(self, settings):
        settings.SIMPLE_JWT = {}
        before = simple_jwt.signing_key

        settings.SECRET_KEY = "another"

        assert (before == "another", simple_jwt.signing_key) == (False, "another")

    def test_the_signing_key_is_the_projects_own_where_it_has_one(self, settings):
        settings.SIMPLE_JWT = {"SIGNING_KEY": "own"}

        assert simple_jwt.signing_key == "own"

    def test_an_answer_is_read_once(self, settings):
        settings.SIMPLE_JWT = {"AUDIENCE": ["a", "b"]}

        assert simple_jwt.AUDIENCE is simple_jwt.AUDIENCE

    @pytest.mark.parametrize("given", [app_settings, simple_jwt], ids=["ours", "simple_jwt"])
    def test_a_name_that_is_no_setting_is_no_attribute(self, given):
        assert not hasattr(given, "XYZZY")


class TestImports:
    def test_the_serializer_is_ours_by_default(self):
        assert app_settings.user_serializer is UserSerializer

    @pytest.mark.parametrize("given", [f"{__name__}.claims_of", claims_of], ids=["path", "def"])
    def test_claims_are_a_function_however_named(self, settings, given):
        settings.JWT_SIGNIN = {"CLAIMS": given}

        assert app_settings.claims(None, None) == {"role": "reader"}

    def test_there_are_no_claims_by_default(self):
        assert app_settings.claims is None

    def test_simple_jwts_paths_are_imported(self, settings):
        settings.SIMPLE_JWT = {
            "JSON_ENCODER": "django.core.serializers.json.DjangoJSONEncoder",
            "USER_AUTHENTICATION_RULE": f"{__name__}.claims_of",
        }

        assert simple_jwt.json_encoder is DjangoJSONEncoder
        assert simple_jwt.user_authentication_rule is claims_of
        assert simple_jwt.token_user_class is TokenUser

    def test_simple_jwts_optional_paths_may_be_absent(self, settings):
        settings.SIMPLE_JWT = {}

        assert simple_jwt.json_encoder is None
        assert simple_jwt.user_authentication_rule is None


class TestSigninBy:
    def test_is_the_username_field_of_the_user_model(self, settings):
        settings.AUTH_USER_MODEL = "auth.User"
        assert app_settings.signin_by == ("username",)

        settings.AUTH_USER_MODEL = "usermodels.EmailUser"

        assert app_settings.signin_by == ("email",)

    @pytest.mark.parametrize(
        ("given", "fields"),
        [("email", ("email",)), (["username", "email"], ("username", "email"))],
        ids=["one", "several"],
    )
    def test_is_what_the_project_says(self, settings, given, fields):
        settings.JWT_SIGNIN = {"SIGNIN_BY": given}

        assert app_settings.signin_by == fields


@pytest.mark.parametrize(
    ("said", "name"), [(False, None), (True, "access"), ("jwt", "jwt")], ids=["off", "on", "named"]
)
def test_the_access_cookie_has_a_name_where_there_is_one(settings, said, name):
    settings.JWT_SIGNIN = {"ACCESS_COOKIE": said}

    assert app_settings.access_cookie == name


class TestTrustedOrigins:
    def test_are_djangos(self, settings):
        settings.CSRF_TRUSTED_ORIGINS = ["https://App.example.com"]

        assert app_settings.trusted_origins == ("https://app.example.com",)

    @pytest.mark.parametrize("given", [[], ["https://b.example.com"]], ids=["none", "others"])
    def test_are_ours_alone_where_the_project_says(self, settings, given):
        settings.CSRF_TRUSTED_ORIGINS = ["https://a.example.com"]
        settings.JWT_SIGNIN = {"TRUSTED_ORIGINS": given}

        assert app_settings.trusted_origins == tuple(given)


@pytest.mark.parametrize("path", ["tests.nothing.here", "tests.test_conf.nothing", "nothing"])
def test_a_dotted_path_that_leads_nowhere_is_told_by_its_setting(settings, path):
    settings.JWT_SIGNIN = {"CLAIMS": path}

    with pytest.raises(ImproperlyConfigured, match=r"JWT_SIGNIN\['CLAIMS'\]"):
        app_settings.claims  # noqa: B018
