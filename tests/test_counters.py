"""Where the counts are kept, and what becomes of them when the cache is not there."""

import threading
import time

import pytest
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache

from jwt_signin.conf.readers import Rate
from jwt_signin.throttling import counters as module
from jwt_signin.throttling.counters import Counters, counters
from jwt_signin.throttling.windows import window
from tests.conftest import PASSWORD, Browser
from tests.redis_server import running_redis

redis = pytest.fixture(running_redis)


def take(limit=3, name="ada", by=counters):
    return by.run(window("test", Rate(limit, 900), name).take)


def questions(monkeypatch):
    """Record how long each question to the cache may take, from here on."""
    asked, ask = [], counters._asker.ask
    monkeypatch.setattr(
        counters._asker, "ask", lambda job: asked.append(module.DEADLINE) or ask(job)
    )
    return asked


def sign_in(name="ada", password=PASSWORD):
    return Browser().post("/auth/signin/", {"username": name, "password": password}).status_code


@pytest.fixture
def _shared(settings, redis, monkeypatch):
    """Count in Redis, and come back to it soon after it failed."""
    settings.CACHES = redis.caches
    monkeypatch.setattr(module, "PAUSE", 0.3)
    monkeypatch.setattr(module, "DEADLINE", 0.5)  # for machines that are busy with other tests
    take(name="warm")
    yield
    redis.thaw()
    time.sleep(0.2)  # for the asker to be answered


class Forgetful(LocMemCache):
    """A cache that has lost everything before it is asked again."""

    def incr(self, key, delta=1, version=None):
        raise ValueError(key)


class Broken(LocMemCache):
    def incr(self, key, delta=1, version=None):
        raise ConnectionError("the address of the cache")


def cached_by(name):
    return {"default": {"BACKEND": f"tests.test_counters.{name}", "LOCATION": name}}


@pytest.mark.usefixtures("_shared")
class TestRedis:
    def test_processes_count_together(self):
        others = [Counters(), Counters()]

        assert [take(), take(by=others[0]), take(by=others[1]), take()] == [True] * 3 + [False]
        assert not counters.local._cache

    def test_every_count_ends_by_itself(self):
        take()

        client = caches["default"]._cache.get_client()
        assert {900 < client.ttl(key) <= 960 for key in client.keys("*")} == {True}

    def test_what_was_flushed_is_counted_anew(self, redis):
        assert [take() for _ in range(4)] == [True] * 3 + [False]

        redis.flush()

        assert [take() for _ in range(4)] == [True] * 3 + [False]

    def test_frozen_it_delays_one_question_and_the_process_counts(self, redis, monkeypatch):
        monkeypatch.setattr(module, "PAUSE", 60)
        asked = questions(monkeypatch)
        redis.freeze()

        assert [take() for _ in range(21)] == [True] * 3 + [False] * 18

        assert asked == [module.DEADLINE]

    @pytest.mark.parametrize("trouble", ["freeze", "kill"])
    def test_when_it_is_back_it_counts_again(self, redis, trouble):
        getattr(redis, trouble)()
        take()
        getattr(redis, {"freeze": "thaw", "kill": "start"}[trouble])()
        time.sleep(module.PAUSE + 0.3)
        counters.local.clear()

        # The connection that was lost may cost one more question.
        take()
        time.sleep(module.PAUSE)
        counters.local.clear()
        take()

        assert not counters.local._cache

    def test_while_it_stays_away_it_is_asked_now_and_then(self, redis, monkeypatch):
        asked = questions(monkeypatch)
        moments = [0.0]
        monkeypatch.setattr(module.time, "monotonic", lambda: moments[0])
        redis.kill()

        for _ in range(50):
            take()
        moments.append(moments.pop() + module.PAUSE)
        take()

        assert len(asked) == 2

    def test_a_question_that_nobody_waits_for_is_not_asked_later(self, redis, monkeypatch):
        """Or a cache that comes back would be flooded with what is long answered."""
        monkeypatch.setattr(module, "PAUSE", 0)
        redis.freeze()
        done = []
        for _ in range(3):
            counters.run(lambda store: done.append(type(store).__name__) or store.get("x"))

        redis.thaw()
        assert any("RedisCache" in done or time.sleep(0.02) for _attempt in range(500))
        time.sleep(0.3)

        assert sorted(done) == ["LocMemCache"] * 3 + ["RedisCache"]

    @pytest.mark.django_db
    @pytest.mark.parametrize("trouble", ["freeze", "kill"])
    def test_sign_in_goes_on_and_guessing_stays_bounded(self, redis, ada, caplog, trouble):
        assert sign_in() == 200
        getattr(redis, trouble)()

        assert [sign_in(password="wrong") for _ in range(12)] == [401] * 10 + [429] * 2
        assert caplog.text.count("the cache cannot count") == 1

    @pytest.mark.django_db
    def test_a_success_is_settled_though_the_cache_died_meanwhile(self, redis, ada, settings):
        settings.JWT_SIGNIN = {"BEFORE_SESSION": lambda user, request: redis.kill()}

        assert [sign_in(), sign_in()] == [200, 200]


class TestOtherCaches:
    @pytest.mark.parametrize(
        "settings_of_the_cache",
        [
            {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}},
            {"default": {"BACKEND": "no.such.Cache"}},
            cached_by("Forgetful"),
            cached_by("Broken"),
        ],
        ids=["dummy", "missing", "forgetful", "broken"],
    )
    def test_where_the_cache_counts_nothing_the_process_does(self, settings, settings_of_the_cache):
        settings.CACHES = settings_of_the_cache

        assert [take() for _ in range(4)] == [True] * 3 + [False]

    def test_a_cache_of_this_process_is_asked_without_a_detour(self, monkeypatch):
        monkeypatch.setattr(counters._asker, "ask", None)

        assert take()
        assert not counters.local._cache
        assert len(caches["default"]._cache) == 1

    @pytest.mark.parametrize(("seconds", "lines"), [(59, 1), (60, 2)])
    def test_the_log_has_a_line_a_minute(self, settings, caplog, monkeypatch, seconds, lines):
        settings.CACHES = cached_by("Broken")
        moments = iter([1000.0] * 2 + [1000.0 + seconds] * 2)
        monkeypatch.setattr(module.time, "monotonic", lambda: next(moments))

        take()
        take()

        assert caplog.text.count("the cache cannot count") == lines

    @pytest.mark.parametrize(("seconds", "asked"), [(4.9, 1), (5, 2)])
    def test_a_cache_that_failed_is_left_alone(self, settings, monkeypatch, seconds, asked):
        settings.CACHES = cached_by("Broken")
        moments = iter([1000.0] * 2 + [1000.0 + seconds] * 2)
        monkeypatch.setattr(module.time, "monotonic", lambda: next(moments))
        questions = []
        ask = counters._ask
        monkeypatch.setattr(counters, "_ask", lambda job: questions.append(1) or ask(job))

        take()
        take()

        assert len(questions) == asked

    def test_a_process_keeps_so_many_counts_and_no_more(self, settings):
        settings.CACHES = cached_by("Broken")

        for number in range(module.MAX_ENTRIES + 10):
            take(name=str(number))
            take(name="kept")

        assert len(counters.local._cache) <= module.MAX_ENTRIES
        assert not take(name="kept")

    def test_a_thread_that_is_gone_is_replaced(self, settings, redis):
        """As after a fork, which takes no threads along."""
        settings.CACHES = redis.caches
        gone = threading.Thread(target=str)
        counters._asker._thread = gone

        assert take()
        assert counters._asker._thread is not gone
        assert not counters.local._cache
