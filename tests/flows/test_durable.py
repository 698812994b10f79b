"""What was ended stays ended, and what cannot be known is told as such."""

from __future__ import annotations

import pytest
from django.db import InterfaceError, OperationalError, connection, transaction

from jwt_signin import services, signals
from jwt_signin.exceptions import SessionRevoked
from jwt_signin.models import Session
from tests.conftest import name_of

GRACE = 30


def replay(api, clock, pair):
    """Bring a refresh token back long after its successor was made."""
    clock.shift(GRACE + 1)
    api.refresh(str(pair.refresh))
    clock.shift(GRACE + 1)
    return api.refresh(str(pair.refresh))


@pytest.mark.django_db(transaction=True)
class TestReuse:
    @pytest.fixture(params=[False, True], ids=["autocommit", "ATOMIC_REQUESTS"])
    def _requests(self, request):
        connection.settings_dict["ATOMIC_REQUESTS"] = request.param
        yield
        connection.settings_dict["ATOMIC_REQUESTS"] = False

    @pytest.mark.usefixtures("_requests")
    def test_the_end_is_committed_although_an_error_is_answered(self, api, clock, pair):
        response = replay(api, clock, pair)

        assert (response.status_code, response.json()["reason"]) == (401, "reuse_detected")
        assert Session.objects.get().revoke_reason == "reuse_detected"

    @pytest.mark.usefixtures("_requests")
    def test_it_is_committed_inside_of_a_block_around_the_view(self, api, clock, pair):
        with transaction.atomic():
            response = replay(api, clock, pair)

        assert response.status_code == 401
        assert Session.objects.get().revoke_reason == "reuse_detected"

    def test_it_is_held_by_a_caller_who_catches_inside_of_his_block(self, clock, pair):
        clock.shift(GRACE + 1)
        services.rotate(str(pair.refresh))
        clock.shift(GRACE + 1)

        with transaction.atomic():
            try:
                services.rotate(str(pair.refresh))
            except SessionRevoked as refusal:
                reason = refusal.body["reason"]

        assert reason == Session.objects.get().revoke_reason == "reuse_detected"

    def test_a_block_that_may_take_it_back_is_told_of(self, clock, pair, caplog):
        clock.shift(GRACE + 1)
        services.rotate(str(pair.refresh))
        clock.shift(GRACE + 1)

        with pytest.raises(SessionRevoked), transaction.atomic():
            services.rotate(str(pair.refresh))

        warnings = [record.message for record in caplog.records if record.levelname == "WARNING"]
        assert [str(pair.access.session_id) in message for message in warnings] == [True]

    @pytest.mark.parametrize("signal", ["session_revoked", "refresh_token_reused"])
    def test_a_receiver_that_raises_takes_nothing_back(self, api, clock, pair, signal):
        def fail(**kwargs):
            raise RuntimeError

        getattr(signals, signal).connect(fail)
        response = replay(api, clock, pair)
        getattr(signals, signal).disconnect(fail)

        assert response.status_code == 401
        assert Session.objects.get().revoke_reason == "reuse_detected"


@pytest.mark.django_db(transaction=True)
class TestTrouble:
    """A database that does not answer: 503, and nobody is signed out."""

    @pytest.fixture(params=[OperationalError, InterfaceError], ids=lambda error: error.__name__)
    def dead(self, request):
        def fail(execute, sql, params, many, context):
            raise request.param("server closed the connection unexpectedly")

        return fail

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("post", "/auth/signin/"),
            ("post", "/auth/refresh/"),
            ("post", "/auth/logout/"),
            ("post", "/auth/logout/all/"),
            ("post", "/auth/verify/"),
            ("get", "/auth/me/"),
            ("get", "/auth/sessions/"),
            ("get", "/protected/"),
        ],
    )
    def test_every_endpoint_says_so(self, api, pair, dead, method, path):
        body = {**name_of(pair.user), "password": "x", "refresh": str(pair.refresh)}
        body["token"] = str(pair.access)
        api.with_access(pair.access)

        with connection.execute_wrapper(dead):
            response = getattr(api, method)(path, *([body] if method == "post" else []))

        assert (response.status_code, response.json()["code"]) == (503, "unavailable")
        assert response.headers["Retry-After"] == str(response.json()["retry_after"])
        assert "closed" not in response.content.decode()
        assert "WWW-Authenticate" not in response.headers

    def test_a_database_that_cannot_be_reached(self, api, pair):
        with unreachable():
            refreshed = api.refresh(str(pair.refresh))
            asked = api.with_access(pair.access).get("/protected/")

        assert [(r.status_code, r.json()["code"]) for r in (refreshed, asked)] == [
            (503, "unavailable")
        ] * 2
        assert api.with_access(pair.access).get("/protected/").status_code == 200

    def test_the_tokens_are_good_afterwards(self, api, clock, pair, dead):
        clock.shift(GRACE + 1)
        with connection.execute_wrapper(dead):
            api.refresh(str(pair.refresh))

        assert api.refresh(str(pair.refresh)).status_code == 200

    @pytest.mark.parametrize("when", ["before", "after"])
    def test_a_swap_whose_outcome_is_unknown_costs_nothing(self, api, clock, pair, when):
        """The connection is lost around the ``UPDATE``: whether it was committed, nobody knows."""

        def lose(execute, sql, params, many, context):
            if not sql.startswith("UPDATE"):
                return execute(sql, params, many, context)
            if when == "after":
                execute(sql, params, many, context)
            raise OperationalError

        clock.shift(GRACE + 1)
        with connection.execute_wrapper(lose):
            assert api.refresh(str(pair.refresh)).status_code == 503

        assert api.refresh(str(pair.refresh)).status_code == 200
        assert Session.objects.get().generation == 1

    def test_a_database_that_may_only_be_read(self, api, clock, pair):
        clock.shift(GRACE + 1)
        with read_only():
            refreshed = api.refresh(str(pair.refresh))
            asked = api.with_access(pair.access).get("/protected/")

        assert (refreshed.status_code, refreshed.json()["code"]) == (503, "unavailable")
        assert asked.status_code == 200
        assert api.refresh(str(pair.refresh)).status_code == 200


class unreachable:  # noqa: N801
    """Point the connection at where no database is."""

    nowhere = {"HOST": "127.0.0.1", "PORT": "1", "NAME": "/nowhere/at/all"}

    def __enter__(self):
        connection.close()
        if "pool" in connection.settings_dict["OPTIONS"]:  # pragma: no cover
            connection.close_pool()
        self.before = dict(connection.settings_dict)
        connection.settings_dict.update(self.nowhere)
        connection.settings_dict["OPTIONS"] = {}

    def __exit__(self, *exc_info):
        connection.close()
        connection.settings_dict.update(self.before)


class read_only:  # noqa: N801
    """Refuse writes as the database at hand does after a failover."""

    statements = {
        "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
        "postgresql": (
            "SET default_transaction_read_only = on",
            "SET default_transaction_read_only = off",
        ),
        "mysql": ("SET SESSION TRANSACTION READ ONLY", "SET SESSION TRANSACTION READ WRITE"),
    }

    def __enter__(self):
        self.run(0)

    def __exit__(self, *exc_info):
        self.run(1)

    def run(self, which):
        with connection.cursor() as cursor:
            cursor.execute(self.statements[connection.vendor][which])
