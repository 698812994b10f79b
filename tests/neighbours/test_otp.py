"""Beside django-otp: its devices are asked before a session begins, as the page shows."""

import pytest
from django.conf import settings as django_settings

from jwt_signin import services
from jwt_signin.models import Session

if django_settings.SETTINGS_MODULE != "tests.neighbours.entrances":  # pragma: no cover
    pytest.skip("NOT RUN here: tox -e neighbours runs it", allow_module_level=True)

from django_otp.oath import totp

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _hook(settings):
    settings.JWT_SIGNIN = {"BEFORE_SESSION": "tests.neighbours.entrances_urls.ask_for_an_otp"}


@pytest.fixture
def device(clock, ada):
    return ada.totpdevice_set.create(name="phone")


@pytest.fixture
def sign_in(api):
    def send(code=None, **fields):
        response = api.sign_in(username="ada", **{"code": code} if code else {}, **fields)
        return response.status_code, response.json().get("code")

    return send


REFUSED = (403, "second_factor_required")


def code_of(device, ahead=0):
    return f"{totp(device.bin_key, drift=ahead):06}"


def test_who_has_no_device_is_not_asked(ada, sign_in):
    assert sign_in() == (200, None)


def test_one_that_is_not_confirmed_is_none_yet(ada, sign_in):
    ada.totpdevice_set.create(name="phone", confirmed=False)

    assert sign_in() == (200, None)


def test_the_code_is_asked_for_and_taken_once(device, sign_in, clock):
    code = code_of(device)

    assert sign_in() == REFUSED
    assert sign_in(code) == (200, None)
    assert sign_in(code) == REFUSED

    assert Session.objects.count() == 1
    clock.shift(30)
    assert sign_in(code_of(device)) == (200, None)


@pytest.mark.parametrize("code", ["000000", 7, ["1"], {"a": 1}, "x" * 1000])
def test_a_wrong_code(device, sign_in, code):
    assert code_of(device) != code

    assert sign_in(code) == REFUSED

    assert not Session.objects.exists()


def test_a_code_says_nothing_of_the_password(device, sign_in):
    code = code_of(device)

    assert sign_in(code, password="wrong") == (401, "invalid_credentials")

    assert sign_in(code) == (200, None)


def test_its_own_count_outlives_the_refusal(device, sign_in, clock):
    sign_in("000000")
    device.refresh_from_db()
    assert device.throttling_failure_count == 1

    assert sign_in(code_of(device)) == REFUSED

    clock.shift(2)
    assert sign_in(code_of(device)) == (200, None)


def test_guessing_codes_is_guessing(device, sign_in, settings):
    settings.JWT_SIGNIN = settings.JWT_SIGNIN | {"SIGNIN_ACCOUNT_RATE": "2/15m"}

    answers = [sign_in("000000") for _guess in range(3)]

    assert answers == [REFUSED, REFUSED, (429, "throttled")]


def test_any_other_way_in_is_refused_unless_it_asks(device, ada):
    with pytest.raises(Exception, match="second factor"):
        services.start_session(ada)


def test_a_test_is_not_asked(device, ada, jwt_sign_in):
    assert jwt_sign_in(ada).get("/protected/").status_code == 200
