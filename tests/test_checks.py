"""What ``manage.py check`` says; asked through Django, so that a check must be registered."""

import jwt
import pytest
from django.core.checks import run_checks
from django.utils.module_loading import import_string

from jwt_signin import checks
from tests.checked import SHARED_CACHE, deploy_ids, ids
from tests.keypairs import SECRET, private_key, private_pem, public_pem


def test_a_project_that_sets_nothing_has_nothing_to_mend():
    assert ids() == []


def test_each_mistake_has_a_word_and_an_id_of_its_own():
    ids_of_subjects = [each for subject in checks._SUBJECTS for each in subject.IDS.values()]

    assert sorted(checks.IDS.values()) == sorted(ids_of_subjects)
    assert len({*ids_of_subjects}) == len(ids_of_subjects)


@pytest.mark.parametrize("source", ["JWT_SIGNIN", "SIMPLE_JWT"])
def test_right_settings_have_nothing_to_mend(settings, source):
    names = {"JWT_SIGNIN": {"REUSE_GRACE": 0}, "SIMPLE_JWT": {"UPDATE_LAST_LOGIN": True}}

    setattr(settings, source, names[source])

    assert ids() == []


@pytest.mark.parametrize("name", ["REUSE_GRACES", "ROTATE_REFRESH_TOKENS", 5], ids=repr)
def test_a_name_that_nothing_reads(settings, name):
    settings.JWT_SIGNIN = {name: 1}

    assert ids() == ["jwt_signin.E001"]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("JWT_SIGNIN", {"REUSE_GRACE": -1}),
        ("JWT_SIGNIN", ["REUSE_GRACE"]),
        ("SIMPLE_JWT", {"ROTATE_REFRESH_TOKENS": "yes"}),
        ("SIMPLE_JWT", ["ROTATE_REFRESH_TOKENS"]),
    ],
    ids=["ours", "no dictionary", "Simple JWT's", "no dictionary of Simple JWT's"],
)
def test_a_value_of_the_wrong_kind(settings, source, value):
    setattr(settings, source, value)

    assert ids() == ["jwt_signin.E002"]


def test_each_mistake_is_told(settings):
    settings.JWT_SIGNIN = {"XYZZY": 1, "NUM_PROXIES": -1, "MAX_BODY_BYTES": 0}
    settings.SIMPLE_JWT = {"LEEWAY": -1}

    assert sorted(ids()) == ["jwt_signin.E001"] + ["jwt_signin.E002"] * 3


@pytest.mark.parametrize(
    ("dictionary", "given", "expected"),
    [
        ("JWT_SIGNIN", {"SHAPE": "simpeljwt"}, "jwt_signin.E003"),
        ("JWT_SIGNIN", {"CLAIMS": "nothing.here"}, "jwt_signin.E003"),
        ("SIMPLE_JWT", {"USER_AUTHENTICATION_RULE": "nothing.here"}, "jwt_signin.E003"),
        ("JWT_SIGNIN", {"SIGNIN_BY": ["mail"]}, "jwt_signin.E004"),
        ("SIMPLE_JWT", {"USER_ID_FIELD": "uuid"}, "jwt_signin.E004"),
        ("SIMPLE_JWT", {"ALGORITHM": "hs256"}, "jwt_signin.E006"),
        ("SIMPLE_JWT", {"ALGORITHM": "RS256"}, "jwt_signin.E005"),
        ("SIMPLE_JWT", {"SIGNING_KEY": "short"}, "jwt_signin.E008"),
    ],
)
def test_what_would_fail_at_the_first_sign_in_is_said_before(settings, dictionary, given, expected):
    setattr(settings, dictionary, given)

    assert [message.id for message in run_checks(tags=["security"])] == [expected]


@pytest.mark.parametrize("name", ["SHAPE", "CLAIMS"])
def test_why_a_path_leads_nowhere_is_said(settings, name):
    """The path is often right, and something that its module imports is not there."""
    settings.JWT_SIGNIN = {name: "tests.settings.missing"}

    (message,) = run_checks(tags=["security"])

    with pytest.raises(ImportError) as cause:
        import_string("tests.settings.missing")
    assert str(cause.value) in message.msg


def test_a_dictionary_that_cannot_be_read_is_said_once(settings):
    settings.JWT_SIGNIN = {"SIGNIN_BYE": ["mail"]}

    assert [message.id for message in run_checks(tags=["security"])] == ["jwt_signin.E001"]


PEM = public_pem(private_key("ES256"))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["x" * 31], "E008"),
        ([{"key": PEM, "algorithm": "ES384"}], "E005"),
        ([{"key": PEM, "algorithm": "es256"}], "E006"),
        ([{"key": PEM, "algorithm": "HS256"}], "E009"),
        ([SECRET, {"key": SECRET, "algorithm": "HS512"}], "E010"),
        ([SECRET, SECRET], "W003"),
        ([PEM], None),
        ([PEM, SECRET], None),
    ],
)
def test_a_key_that_cannot_be_used(settings, given, expected):
    settings.JWT_SIGNIN = {"VERIFYING_KEYS": given}

    assert ids() == ([f"jwt_signin.{expected}"] if expected else [])


@pytest.mark.parametrize(
    "given",
    ["keys/es256.pem", private_pem(private_key("ES256")).replace("\n", "\\n")],
    ids=["a file's name", "without line breaks"],
)
def test_a_key_that_is_no_pem_is_told_what_it_should_be(settings, given):
    settings.SIMPLE_JWT = {"ALGORITHM": "ES256", "SIGNING_KEY": given}

    (message,) = run_checks(tags=["security"])

    assert (message.id, "PEM" in message.msg) == ("jwt_signin.E005", True)


def test_each_key_that_cannot_be_used_is_told(settings):
    settings.JWT_SIGNIN = {"VERIFYING_KEYS": ["short", {"key": PEM, "algorithm": "HS256"}]}
    settings.SIMPLE_JWT = {"ALGORITHM": "XYZZY"}
    settings.SECRET_KEY_FALLBACKS = ["not read, for SECRET_KEY does not sign"]

    assert ids() == ["jwt_signin.E006", "jwt_signin.E008", "jwt_signin.E009"]


def test_a_fallback_that_cannot_be_used(settings):
    settings.SECRET_KEY_FALLBACKS = [PEM, "short"]

    assert ids() == ["jwt_signin.E008", "jwt_signin.E009"]


@pytest.mark.parametrize("given", [PEM, {"key": PEM, "algorithm": "ES256"}], ids=["bare", "told"])
def test_an_algorithm_without_its_package(settings, monkeypatch, given):
    def missing(name):
        raise NotImplementedError

    settings.JWT_SIGNIN = {"VERIFYING_KEYS": [given]}
    algorithm = jwt.get_algorithm_by_name
    monkeypatch.setattr(
        jwt, "get_algorithm_by_name", lambda name: (algorithm if "H" in name else missing)(name)
    )

    assert ids() == ["jwt_signin.E007"]


@pytest.mark.parametrize(
    ("secret_key", "simple_jwt", "expected"),
    [
        (SECRET, {}, ["W001"]),
        (SECRET, {"SIGNING_KEY": SECRET}, ["W001"]),
        (SECRET, {"SIGNING_KEY": SECRET[::-1]}, []),
        (f"django-insecure-{SECRET}", {}, ["W001", "W002"]),
        (SECRET, {"SIGNING_KEY": f"django-insecure-{SECRET}"}, ["W002"]),
        (SECRET, {"SIGNING_KEY": "secret" * 6}, ["W002"]),
        (SECRET, {"SIGNING_KEY": "x" * 64}, ["W002"]),
        (SECRET, {"SIGNING_KEY": "0123456789abcdef" * 2}, []),
        (SECRET, {"SIGNING_KEY": "short"}, ["E008"]),
        (SECRET, {"ALGORITHM": "ES256", "SIGNING_KEY": private_pem(private_key("ES256"))}, []),
        (SECRET, {"SIGNING_KYE": SECRET, "LEEWAY": "x"}, ["E001", "E002"]),
    ],
)
def test_what_is_weak_is_said_before_a_deployment(settings, secret_key, simple_jwt, expected):
    settings.SECRET_KEY, settings.SIMPLE_JWT = secret_key, simple_jwt
    settings.CACHES = SHARED_CACHE

    assert deploy_ids() == [f"jwt_signin.{name}" for name in expected]


def test_what_is_weak_is_not_said_while_developing(settings):
    """``startproject`` makes such a key, and the install is three lines."""
    settings.SECRET_KEY = "django-insecure-" + SECRET[:50]

    assert ids() == []


def test_a_weak_key_that_only_verifies_is_told_too(settings):
    settings.JWT_SIGNIN = {"VERIFYING_KEYS": ["x" * 64]}
    settings.CACHES = SHARED_CACHE

    assert deploy_ids() == ["jwt_signin.W001", "jwt_signin.W002"]


def test_no_message_quotes_a_key(settings):
    settings.JWT_SIGNIN = {"VERIFYING_KEYS": ["a-short-one", {"key": PEM, "algorithm": "HS256"}]}
    settings.SECRET_KEY = "django-insecure-" + SECRET

    told = " ".join(map(str, run_checks(include_deployment_checks=True)))

    assert not any(text in told for text in ("a-short-one", PEM.splitlines()[1], SECRET))
