"""How often one may guess and refresh, through the URLs."""

import copy
import threading

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import RequestFactory
from rest_framework.exceptions import PermissionDenied

from jwt_signin import services
from jwt_signin.conf.readers import Rate
from jwt_signin.exceptions import InvalidCredentials, Throttled
from jwt_signin.models import Session
from jwt_signin.models.manager import SessionManager
from jwt_signin.throttling import RefreshLimit, SignInAttempt
from jwt_signin.throttling.counters import counters
from jwt_signin.throttling.folding import folded
from jwt_signin.throttling.sign_ins import network_of
from jwt_signin.throttling.windows import Window, window
from tests.conftest import PASSWORD, Browser, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HOME, ABROAD = "192.0.2.1", "198.51.100.1"
SHAPES = ["/auth/signin/", "/simplejwt/signin/", "/api/login", "/api/signin"]


def sign_in(name="ada", password=PASSWORD, address=HOME, path="/auth/signin/", **headers):
    body = {"identifier": name, "password": password}
    return Browser().post(path, body, REMOTE_ADDR=address, headers=headers)


def fail(times, **how):
    """Sign in wrongly so often; return the statuses."""
    return [sign_in(**{"password": "wrong", **how}).status_code for _ in range(times)]


def forbid(user, request):
    raise PermissionDenied("the second factor, please", code="second_factor_required")


@pytest.fixture
def rates(settings):
    """Set rates, and what else a test needs."""

    def set_(**given):
        settings.JWT_SIGNIN = given

    return set_


class TestAccount:
    def test_ten_may_fail_and_no_more(self, ada):
        assert fail(11) == [401] * 10 + [429]

    def test_the_right_password_comes_too_late_then(self, ada):
        fail(10)

        assert sign_in().status_code == 429
        assert not Session.objects.exists()

    @pytest.mark.parametrize("name", ["ada", "nobody"], ids=["known", "unknown"])
    def test_the_refusal_says_when_to_come_back(self, ada, name):
        fail(10, name=name)

        response = sign_in(name, "wrong")

        assert response.status_code == 429
        assert response.json() == {
            "detail": "Too many attempts. Please try again later.",
            "code": "throttled",
            "retry_after": int(response.headers["Retry-After"]),
        }
        assert 1 <= response.json()["retry_after"] <= 900
        assert response.headers["Cache-Control"] == "no-store"

    def test_who_comes_back_then_is_let_in_and_not_a_second_earlier(self, clock, ada):
        fail(10)
        wait = sign_in().json()["retry_after"]

        clock.shift(wait - 1)
        early = sign_in()
        clock.shift(1)
        late = sign_in()

        assert early.json()["retry_after"] == 1
        assert [early.status_code, late.status_code] == [429, 200]

    def test_a_refusal_hashes_nothing_and_asks_no_database(
        self, ada, hashes, django_assert_num_queries
    ):
        fail(10)
        hashes.clear()

        with django_assert_num_queries(0):
            assert fail(1) == [429]

        assert hashes == []

    def test_whether_an_account_exists_shows_in_nothing(self, ada):
        """The windows of two names begin at moments of their own, whosoever they are."""
        fail(10)
        fail(10, name="nobody")

        known, unknown = sign_in(), sign_in("nobody")

        assert {**known.json(), "retry_after": 0} == {**unknown.json(), "retry_after": 0}
        names = {"Retry-After"}
        assert {k: v for k, v in known.headers.items() if k not in names} == {
            k: v for k, v in unknown.headers.items() if k not in names
        }

    def test_a_success_starts_the_count_anew(self, ada):
        fail(9)
        assert sign_in().status_code == 200

        assert fail(11) == [401] * 10 + [429]

    def test_a_success_forgives_no_guess_at_a_name_that_is_folded_alike(self, db):
        """Who may choose a name could choose one that differs from another's by a dot."""
        make_user("ada-lovelace")
        make_user("ada.lovelace")
        statuses = []
        for _ in range(3):
            statuses += fail(4, name="ada-lovelace")
            statuses.append(sign_in("ada.lovelace").status_code)

        assert statuses == [*[401] * 4, 200, *[401] * 4, 200, 401, 401, 429, 429, 429]

    def test_a_success_forgives_no_guess_at_the_same_name_of_another_field(self, rates, db):
        """A user name may be an address, and need not be one's own."""
        rates(SIGNIN_BY=["username", "email"], SIGNIN_ACCOUNT_RATE="3/h")
        make_user("victim", email="victim@example.com")
        make_user("victim@example.com", email="thief@example.com")

        def by(field, password):
            body = {field: "victim@example.com", "password": password}
            return Browser().post("/auth/signin/", body, REMOTE_ADDR=HOME).status_code

        guesses = [by("email", "wrong") for _ in range(2)]
        own = by("username", PASSWORD)
        others = [by("email", "wrong") for _ in range(2)]

        assert (guesses, own, others) == ([401, 401], 200, [401, 429])

    def test_of_successes_at_once_one_forgives(self, ada, monkeypatch):
        """Both have read the count before either forgets it: what is forgiven twice is a gift."""
        fail(3, name="a.d.a")
        fail(2)
        request = RequestFactory().post("/", REMOTE_ADDR=HOME)
        second, taken = SignInAttempt(request, "ada", field="identifier"), Window.taken

        def late(window, store):
            places = taken(window, store)
            monkeypatch.setattr(Window, "taken", taken)
            second.__exit__(None, None, None)
            return places

        with SignInAttempt(request, "ada", field="identifier"):
            second.__enter__()
            monkeypatch.setattr(Window, "taken", late)

        assert fail(8, name="a.d.a") == [401] * 7 + [429]

    def test_a_success_forgives_what_was_refused_for_a_second_factor(self, rates, ada):
        rates(BEFORE_SESSION="tests.test_throttling.forbid", SIGNIN_ACCOUNT_RATE="3/h")
        assert [sign_in().status_code for _ in range(2)] == [403, 403]
        rates(SIGNIN_ACCOUNT_RATE="3/h")
        assert sign_in().status_code == 200

        assert fail(4) == [401] * 3 + [429]

    def test_nobody_elsewhere_can_lock_its_owner_out(self, ada):
        """A thousand failures in ten networks, and the owner signs in from his own."""
        for number in range(10):
            fail(100, address=f"203.0.113.{number}")

        assert sign_in().status_code == 200

    def test_another_account_is_not_the_same(self, ada, bob):
        fail(10)

        assert sign_in("bob").status_code == 200

    @pytest.mark.parametrize(
        "spelling",
        ["ADA", " ada ", "\uff41\uff44\uff41", "a\u0301d\u00e4", "a.d-a", "a\u200bda"],
        ids=ascii,
    )
    def test_a_spelling_that_a_collation_may_find_it_by_is_the_same(self, ada, spelling):
        fail(10)

        assert fail(1, name=spelling) == [429]

    def test_every_name_of_a_request_is_the_same(self, ada):
        fail(10)

        answers = [
            Browser().post("/auth/signin/", {name: "ada", "password": "wrong"}, REMOTE_ADDR=HOME)
            for name in ("username", "identifier")
        ]

        assert [answer.status_code for answer in answers] == [429, 429]

    @pytest.mark.parametrize("path", SHAPES)
    def test_every_shape_spells_it_alike_and_counts_the_same(self, ada, path):
        fail(10)
        names = {"identifier": "ada", "password": PASSWORD}

        response = Browser().post(path, names, REMOTE_ADDR=HOME)

        assert (response.status_code, response.json()["code"]) == (429, "throttled")
        assert response.headers["Retry-After"] == str(response.json()["retry_after"])

    def test_a_rate_of_none_is_no_limit(self, rates, ada):
        rates(SIGNIN_ACCOUNT_RATE=None, SIGNIN_NETWORK_RATE=None)

        assert fail(150) == [401] * 150
        assert sign_in().status_code == 200

    def test_a_rate_of_the_project_counts(self, rates, ada):
        rates(SIGNIN_ACCOUNT_RATE="2/s")

        assert fail(3) == [401, 401, 429]


class TestNetwork:
    def test_a_hundred_may_fail_whoever_they_claim_to_be(self, db):
        statuses = [sign_in(f"user{number}", "wrong").status_code for number in range(101)]

        assert statuses == [401] * 100 + [429]

    def test_another_network_is_not_the_same(self, rates, ada):
        rates(SIGNIN_NETWORK_RATE="3/m")
        fail(3, name="nobody")

        assert sign_in().status_code == 429
        assert sign_in(address=ABROAD).status_code == 200

    def test_a_success_of_ones_own_forgives_no_guess_at_others(self, rates, ada, bob):
        rates(SIGNIN_NETWORK_RATE="5/m")
        statuses = []
        for number in range(10):
            statuses += fail(1, name=f"victim{number}")
            statuses.append(sign_in("bob").status_code)

        assert statuses == [401, 200] * 4 + [401] + [429] * 11

    def test_a_success_itself_costs_nothing(self, rates, ada):
        rates(SIGNIN_NETWORK_RATE="2/m")

        assert [sign_in().status_code for _ in range(5)] == [200] * 5

    def test_what_the_account_refuses_is_no_failure_of_the_network(self, rates, ada, bob):
        rates(SIGNIN_NETWORK_RATE="11/m")
        fail(50)

        assert sign_in("bob").status_code == 200

    def test_what_the_network_refuses_leaves_nothing_in_the_cache(self, rates, db):
        rates(SIGNIN_NETWORK_RATE="3/m")
        fail(3, name="nobody")
        kept = len(cache._cache)

        statuses = [sign_in(f"user{number}", "wrong").status_code for number in range(5)]

        assert statuses == [429] * 5
        assert len(cache._cache) == kept

    def test_what_the_network_refuses_is_no_failure_of_the_account(self, rates, ada):
        rates(SIGNIN_NETWORK_RATE="3/m", SIGNIN_ACCOUNT_RATE="4/h")
        fail(3, name="nobody")
        fail(20)

        rates(SIGNIN_ACCOUNT_RATE="4/h", SIGNIN_NETWORK_RATE=None)
        assert fail(5) == [401] * 4 + [429]

    def test_a_rush_of_right_passwords_leaves_nothing_behind(self, rates, ada):
        """Some of it may be refused; nobody has to wait for it afterwards."""
        rates(SIGNIN_NETWORK_RATE="2/h")
        request = RequestFactory().post("/", REMOTE_ADDR=HOME)
        with SignInAttempt(request, "ada"), SignInAttempt(request, "bob"):
            for _ in range(5):
                with pytest.raises(Throttled), SignInAttempt(request, "eve"):
                    pass  # pragma: no cover

        assert fail(3) == [401, 401, 429]

    @pytest.mark.parametrize(
        ("address", "network"),
        [
            ("192.0.2.1", "192.0.2.1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::", "2001:db8:1:3::/64"),
            ("fe80::1%eth0", "fe80::/64"),
            ("", ""),
            ("unix:", ""),
        ],
    )
    def test_is_what_one_client_cannot_choose_of_its_address(self, address, network):
        assert network_of(RequestFactory().post("/", REMOTE_ADDR=address)) == network

    def test_a_client_that_invents_a_forwarder_stays_where_it_is(self, ada):
        statuses = [
            sign_in(password="wrong", **{"X-Forwarded-For": f"203.0.113.{number}"}).status_code
            for number in range(11)
        ]

        assert statuses == [401] * 10 + [429]

    def test_behind_a_proxy_each_client_has_its_own(self, rates, ada):
        rates(NUM_PROXIES=1)
        for _ in range(10):
            sign_in(password="wrong", **{"X-Forwarded-For": "203.0.113.9"})

        assert sign_in(**{"X-Forwarded-For": "203.0.113.9"}).status_code == 429
        assert sign_in(**{"X-Forwarded-For": "203.0.113.8"}).status_code == 200

    @pytest.mark.parametrize(("proxies", "lines"), [(0, 1), (1, 0)])
    def test_a_proxy_that_nobody_counted_is_hinted_at(self, rates, ada, caplog, proxies, lines):
        rates(NUM_PROXIES=proxies)
        for _ in range(11):
            sign_in(password="wrong", **{"X-Forwarded-For": "203.0.113.9"})

        assert caplog.text.count("set NUM_PROXIES") == lines


class TestWhatCounts:
    @pytest.mark.parametrize(
        "body",
        [{}, {"username": "ada"}, {"username": "ada", "password": 7}, {"password": PASSWORD}],
        ids=str,
    )
    def test_a_malformed_request_does_not(self, rates, api, ada, body):
        rates(SIGNIN_ACCOUNT_RATE="1/m", SIGNIN_NETWORK_RATE="1/m")

        statuses = [api.post("/auth/signin/", body, REMOTE_ADDR=HOME).status_code for _ in range(3)]

        assert statuses == [400] * 3
        assert sign_in().status_code == 200

    def test_a_right_password_without_the_second_factor_does_for_the_account(self, rates, ada):
        """Or codes could be guessed without end."""
        rates(BEFORE_SESSION="tests.test_throttling.forbid")

        statuses = [sign_in().status_code for _ in range(11)]

        assert statuses == [403] * 10 + [429]

    def test_but_not_for_the_network(self, rates, ada, bob):
        """Where everybody has a second factor, everybody is asked for it once."""
        rates(BEFORE_SESSION="tests.test_throttling.forbid", SIGNIN_NETWORK_RATE="1/m")

        assert [sign_in().status_code, sign_in("bob").status_code] == [403, 403]

    def test_a_database_that_cannot_be_asked_does_not(self, rates, ada):
        rates(SIGNIN_ACCOUNT_RATE="1/m", SIGNIN_NETWORK_RATE="1/m")

        def down(*args):
            raise OperationalError

        with connection.execute_wrapper(down):
            statuses = [sign_in().status_code for _ in range(3)]

        assert statuses == [503] * 3
        assert sign_in().status_code == 200

    def test_one_that_is_cut_short_does(self, rates, ada):
        """Or who hangs up in time would guess for nothing."""
        rates(SIGNIN_ACCOUNT_RATE="1/m")
        request = RequestFactory().post("/", REMOTE_ADDR=HOME)

        with pytest.raises(KeyboardInterrupt), SignInAttempt(request, "ada"):
            raise KeyboardInterrupt

        assert fail(1) == [429]

    def test_an_account_that_may_not_sign_in_does(self, ada):
        type(ada).objects.update(is_active=False)

        assert fail(11, password=PASSWORD) == [401] * 10 + [429]

    def test_the_python_interface_does_not(self, rates, ada):
        """It is for code that has a door of its own; ``SignInAttempt`` is there for it."""
        rates(SIGNIN_ACCOUNT_RATE="1/m")

        for _ in range(3):
            assert services.sign_in(None, username="ada", password=PASSWORD).user == ada


class TestKeys:
    def test_no_name_and_no_address_is_in_the_cache(self, settings, ada):
        sign_in("ada", "wrong", "203.0.113.77")

        keys = " ".join(cache._cache)
        assert keys.count("jwt_signin:") == 3
        assert "ada" not in keys
        assert "203.0.113.77" not in keys

    def test_another_secret_key_makes_other_keys(self, settings):
        before = window("account", Rate(1, 60), "ada").key
        settings.SECRET_KEY = "another" * 9

        assert window("account", Rate(1, 60), "ada").key != before

    def test_a_window_ends_and_the_next_begins(self, clock):
        first = window("account", Rate(1, 60), "ada")
        clock.shift(first.retry_after - 1)
        same = window("account", Rate(1, 60), "ada")
        clock.shift(1)

        second = window("account", Rate(1, 60), "ada")

        assert (same.key, same.retry_after) == (first.key, 1)
        assert second.key != first.key
        assert second.ends_at == first.ends_at + 60
        assert second.retry_after == 60

    def test_windows_do_not_end_together(self):
        ends = {window("account", Rate(1, 900), str(number)).ends_at for number in range(50)}

        assert len(ends) > 25

    def test_a_count_outlives_its_window_by_what_clocks_differ(self, clock):
        present = window("account", Rate(1, 60), "ada")
        clock.shift(present.retry_after - 1)
        assert counters.run(present.take)
        clock.shift(60)

        assert not counters.run(present.take)

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("Ada", "ada"),
            ("stra\u00dfe", "strase"),
            ("\u0130zmir", "izmir"),
            ("\ufb03", "ffi"),
            ("\ud55c\uae00", "\u1112\u1161\u11ab\u1100\u1173\u11af"),
            ("a@b.c", "abc"),
            ("\U0001f600", ""),
        ],
        ids=ascii,
    )
    def test_a_name_is_folded_to_its_letters(self, typed, kept):
        assert folded(typed) == kept

    @pytest.mark.parametrize(
        ("name", "spellings"),
        [
            ("a", "\u00e4 \u0363 \U0001f170 \ua79b \ua7c1 a\u0345"),
            ("d", "\u0111 \u00f0 \ua77a"),
            ("i", "\u0131 \u0130"),
            ("h", "\u0127 \u210f"),
            ("l", "\u0142 \u0141"),
            ("o", "\u00f8 \u01ff"),
            ("s", "\u00df ss \ua785"),
            ("ae", "\u00e6 \u01fd"),
            ("oe", "\u0153"),
            ("7", "\u0667 \u096d \u277c \u0f30"),
            ("7", "007 \u0660\u0667"),
            ("ab", "a\u0640b a\ufe73b a\U000e0041b \U0001f18e"),
            ("\u3042", "\u30a2 \u30a1 \u3041 \uff71"),
            ("\U00020bb7\u91ce", "\U00020bb8\u91ce \U0001e922\u91ce"),
        ],
        ids=ascii,
    )
    def test_what_a_collation_of_mysql_or_mariadb_compares_alike_is_folded_alike(
        self, name, spellings
    ):
        assert {folded(spelling) for spelling in spellings.split()} == {folded(name)}

    def test_of_a_name_that_is_longer_than_any_the_beginning_counts(self):
        """A view of the project's may hand over as much as a request holds."""
        assert folded("\u0142" * 10**6) == "l" * 512

    def test_a_name_that_is_no_text_is_counted_too(self):
        """JSON can bring one to a view of the project's."""
        request = RequestFactory().post("/", REMOTE_ADDR=HOME)
        for _ in range(10):
            with pytest.raises(InvalidCredentials), SignInAttempt(request, "\ud800"):
                raise InvalidCredentials

        with pytest.raises(Throttled), SignInAttempt(request, "\ud800"):
            pass  # pragma: no cover

    @pytest.mark.parametrize(
        ("name", "other"),
        [("\u0433", "\u0436"), ("\ud55c", "\uae00"), ("\u91ce", "\u6751"), ("q", "w")],
        ids=ascii,
    )
    def test_other_letters_stay_others(self, name, other):
        assert folded(name) != folded(other)


class TestRefresh:
    @pytest.fixture
    def strict(self, rates):
        rates(REFRESH_RATE="3/m", REUSE_GRACE=0)

    @pytest.fixture
    def keeping(self, rates, settings):
        settings.SIMPLE_JWT = {"ROTATE_REFRESH_TOKENS": False}
        rates(REFRESH_RATE="3/m")

    def chain(self, api, raw, times):
        """Refresh so often, each time with the newest token; return the last answer."""
        for _ in range(times):
            response = api.refresh(raw)
            raw = response.json().get("refresh", raw)
        return response, raw

    @pytest.mark.parametrize("kind", ["strict", "keeping"])
    def test_a_session_is_refreshed_so_often_and_no_more(self, request, api, pair, kind):
        request.getfixturevalue(kind)
        last, raw = self.chain(api, str(pair.refresh), 3)

        response = api.refresh(raw)

        assert last.status_code == 200
        assert (response.status_code, response.json()["code"]) == (429, "throttled")
        assert response.headers["Retry-After"] == str(response.json()["retry_after"])

    @pytest.mark.usefixtures("strict")
    def test_who_comes_back_then_goes_on(self, api, clock, pair):
        _last, raw = self.chain(api, str(pair.refresh), 3)
        refused = api.refresh(raw)
        clock.shift(refused.json()["retry_after"])

        assert api.refresh(raw).status_code == 200
        assert Session.objects.get().generation == 4

    @pytest.mark.usefixtures("strict")
    def test_a_refusal_moves_nothing_and_ends_nothing(self, api, pair):
        _last, raw = self.chain(api, str(pair.refresh), 3)

        api.refresh(raw)

        session = Session.objects.get()
        assert (session.generation, session.revoked_at) == (3, None)

    @pytest.mark.usefixtures("strict")
    def test_another_session_is_not_the_same(self, api, ada, pair):
        other = services.start_session(ada)
        self.chain(api, str(pair.refresh), 4)

        assert api.refresh(str(other.refresh)).status_code == 200

    def test_answers_in_grace_are_not_counted(self, rates, api, clock, pair):
        rates(REFRESH_RATE="1/h")
        clock.shift(31)

        statuses = [api.refresh(str(pair.refresh)).status_code for _ in range(50)]

        assert statuses == [200] * 50
        assert Session.objects.get().generation == 1

    def test_who_loses_the_race_to_rotate_is_not_counted(self, rates, monkeypatch, clock, pair):
        rates(REFRESH_RATE="3/h")
        clock.shift(31)
        rotate, counted = SessionManager.rotate, []

        def lose(self, session, to, **columns):
            rotate(self, copy.copy(session), to, **columns)
            return False

        monkeypatch.setattr(SessionManager, "rotate", lose)
        monkeypatch.setattr(RefreshLimit, "count", lambda self, pk: counted.append(pk))

        assert Browser().refresh(str(pair.refresh)).status_code == 200
        assert counted == []

    def test_where_the_grace_is_the_stricter_limit_no_cache_is_asked(
        self, monkeypatch, api, clock, pair
    ):
        """By default rotations are 30 seconds apart: sixty a minute cannot be reached."""
        monkeypatch.setattr(counters, "run", None)
        clock.shift(31)

        assert api.refresh(str(pair.refresh)).status_code == 200

    @pytest.mark.parametrize(("rate", "asked"), [("2/m", False), ("2/61s", True)])
    def test_it_is_stricter_up_to_the_very_rate(self, rates, clock, pair, rate, asked):
        rates(REFRESH_RATE=rate)
        clock.shift(31)

        Browser().refresh(str(pair.refresh))

        assert bool(cache._cache) is asked

    def test_none_is_no_limit(self, rates, api, pair):
        rates(REFRESH_RATE=None, REUSE_GRACE=0)

        last, _raw = self.chain(api, str(pair.refresh), 70)

        assert last.status_code == 200

    @pytest.mark.usefixtures("strict")
    def test_neither_logout_nor_a_stolen_token_is_limited(self, api, pair):
        self.chain(api, str(pair.refresh), 4)

        stolen = api.refresh(str(pair.refresh))

        assert stolen.json()["reason"] == "reuse_detected"


def test_many_users_of_one_address_refresh_at_once(api, clock, db):
    pairs = [services.start_session(make_user(f"user{number}")) for number in range(20)]
    clock.shift(31)

    statuses = {api.refresh(str(pair.refresh)).status_code for pair in pairs for _ in range(25)}

    assert statuses == {200}


def test_a_refusal_leaves_one_line(ada, caplog):
    caplog.set_level("INFO", "jwt_signin")
    fail(11)

    lines = [record.getMessage() for record in caplog.records if record.name == "jwt_signin"]
    assert lines[10:] == ["refused: throttled reason=None session=None"]


def test_places_are_taken_atomically(db):
    """However many threads ask, as many get one as there are."""
    present, taken = window("account", Rate(10, 60), "ada"), []
    threads = [
        threading.Thread(target=lambda: taken.append(counters.run(present.take)))
        for _ in range(100)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert taken.count(True) == 10
