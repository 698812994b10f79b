"""Many guesses at once: they cannot outrun the count."""

from __future__ import annotations

import pytest

from jwt_signin.throttling import counters
from tests.conftest import PASSWORD, Browser, name_of
from tests.flows.test_concurrency import race
from tests.redis_server import running_redis

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]

redis = pytest.fixture(running_redis)


@pytest.fixture(params=["process", "redis"])
def _cache(request, settings, monkeypatch):
    if request.param == "redis":
        settings.CACHES = request.getfixturevalue("redis").caches
        # Forty threads on few cores are slow to hear of an answer.
        monkeypatch.setattr(counters, "DEADLINE", 10)


@pytest.mark.usefixtures("_cache")
def test_200_wrong_passwords_at_once_are_hashed_ten_times(ada, hashes):
    def guess():
        return Browser().sign_in(**{**name_of(ada), "password": "wrong"}).status_code

    statuses = race(200, guess)

    assert (statuses.count(401), statuses.count(429)) == (10, 190)
    assert len(hashes) == 10


@pytest.mark.usefixtures("_cache")
def test_right_ones_at_once_leave_no_count_behind(ada, bob, settings):
    settings.JWT_SIGNIN = {"SIGNIN_NETWORK_RATE": "40/15m", "SIGNIN_ACCOUNT_RATE": "40/15m"}

    def sign_in():
        return Browser().sign_in(**name_of(ada), password=PASSWORD).status_code

    assert set(race(80, sign_in)) == {200}
    statuses = [Browser().sign_in(**name_of(bob), password="wrong").status_code for _ in range(41)]
    assert statuses == [401] * 40 + [429]
