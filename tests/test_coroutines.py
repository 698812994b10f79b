"""The services as coroutines, in a running event loop."""

import asyncio

import pytest
from asgiref.sync import async_to_sync, iscoroutinefunction
from django.db import connection

from jwt_signin import services
from jwt_signin.exceptions import SessionRevoked
from jwt_signin.models import Session
from tests.conftest import PASSWORD, name_of

pytestmark = pytest.mark.django_db

COROUTINES = {name for name in services.__all__ if name[1:] in services.__all__}


class Interrupted:
    """Cancels a task around the statement that moves a session on."""

    def __init__(self, moment):
        self.moment, self.task, self.loop = moment, None, None

    def __call__(self, execute, sql, *rest):
        if not sql.startswith("UPDATE"):
            return execute(sql, *rest)
        if self.moment == "before":
            self.cancel()
        result = execute(sql, *rest)
        if self.moment == "after":
            self.cancel()
        return result

    def cancel(self):
        """Cancel it, and wait until that is so."""
        gone = asyncio.run_coroutine_threadsafe(self.cancelled(), self.loop)
        gone.result(timeout=30)

    async def cancelled(self):
        self.task.cancel()
        await asyncio.sleep(0)

    async def run(self, coroutine):
        """Run a coroutine that is cancelled meanwhile."""
        self.loop, self.task = asyncio.get_running_loop(), asyncio.ensure_future(coroutine)
        with pytest.raises(asyncio.CancelledError):
            await self.task


def test_there_is_one_for_all_that_a_request_may_want():
    assert {name[1:] for name in COROUTINES} == {*services.__all__} - COROUTINES - {
        "clear_dead_sessions",
        "count_dead_sessions",
        "revoke_many",
    }


@pytest.mark.parametrize("name", sorted(COROUTINES))
def test_each_is_its_service(name):
    coroutine, service = getattr(services, name), getattr(services, name[1:])

    assert iscoroutinefunction(coroutine)
    assert coroutine.__wrapped__ is service
    assert coroutine.__doc__ == service.__doc__


@async_to_sync
async def flow(ada):
    """Do all that a client does, without leaving the loop."""
    pair = await services.asign_in(None, password=PASSWORD, **name_of(ada))
    other = await services.astart_session(ada)
    assert (await services.acheck_access(str(pair.access)))[0] == ada
    await services.arecheck_access(pair.access)
    await services.averify(str(pair.refresh))
    pair = await services.arotate(str(pair.refresh))
    assert len(await services.alive_sessions(ada)) == 2
    assert await services.arevoke_session(ada, other.access.session_id)
    assert await services.alog_out(str(pair.refresh)) == 1
    with pytest.raises(SessionRevoked):
        await services.acheck_access(str(pair.access))
    await services.astart_session(ada)
    return await services.arevoke_all(ada)


def test_the_whole_flow_runs_in_a_loop(ada):
    assert flow(ada) == 1


def test_any_number_at_once_meet_the_same_successor(clock, pair):
    clock.shift(31)

    @async_to_sync
    async def refresh_all():
        return await asyncio.gather(*(services.arotate(str(pair.refresh)) for _ in range(10)))

    assert {each.refresh["gen"] for each in refresh_all()} == {1}
    assert Session.objects.get().generation == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_who_is_cancelled_keeps_the_session(clock, pair, moment):
    """The row has moved although nobody hears of it: the grace is for that."""
    clock.shift(31)
    interrupted = Interrupted(moment)

    with connection.execute_wrapper(interrupted):
        async_to_sync(interrupted.run)(services.arotate(str(pair.refresh)))
    moved = Session.objects.get()
    again = services.rotate(str(pair.refresh))

    assert (moved.generation, moved.revoked_at) == (1, None)
    assert again.refresh["gen"] == 1
    clock.shift(31)
    assert services.rotate(str(again.refresh)).refresh["gen"] == 2
