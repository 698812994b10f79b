"""
What becomes of a session in everybody's hands: the same questions to each contender's server.

Each is answered by what its endpoints say, under gunicorn with two workers, and never by reading
its code or its documentation.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http import HTTPStatus
from typing import Any

from benchmarks.compare.contenders import CONTENDERS, Ask, Tokens
from benchmarks.compare.databases import Databases
from benchmarks.compare.throughput import Served
from benchmarks.compare.worker import Worker

AT_ONCE = 32

QUESTIONS = {
    "race": f"one refresh token, {AT_ONCE} times at once: answered · of these go on",
    "replay": "a replaced refresh token comes back later: it · its successor",
    "logout": "after logout: access token · refresh token",
    "password": "after a change of password: access token · refresh token",
    "deactivate": "user deactivated: access token · refresh token",
    "delete": "user deleted: access token · refresh token",
    "lower": "`authorization: bearer` in lower case",
}


class Asked:
    """One contender's server, and what it is asked; each question has a client of its own."""

    def __init__(self, worker: Worker, served: Served) -> None:
        self.worker, self.served = worker, served
        self.contender = CONTENDERS[worker.contender]
        self.able = {*self.contender.operations, *self.contender.abilities}
        self.refreshes = "refresh" in self.able

    def answers(self) -> Iterator[tuple[str, str]]:
        """Ask every question that the contender has the endpoints for."""
        for user, question in enumerate(QUESTIONS):
            ask: Callable[..., str] = getattr(self, question, self.changed)
            needs_refresh = question in {"race", "replay"}
            if self.refreshes or not needs_refresh:
                yield question, ask(self.served.tokens(user), user, question)

    def race(self, tokens: Tokens, *given: Any) -> str:
        """Bring one refresh token many times at once, then every token that was handed out."""
        self.worker.do("pass_time")
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = [*pool.map(self.served.answer, [self.contender.refresh(tokens)] * AT_ONCE)]
        good = [body for status, body in answers if status == HTTPStatus.OK]
        held = [{**tokens, **self.contender.tokens(body)} for body in good]
        going_on = sum(self.is_good(self.contender.refresh(each)) for each in held)
        return f"{len(good)} · {going_on}"

    def replay(self, tokens: Tokens, *given: Any) -> str:
        """Replace a refresh token, let time pass, and bring it again, then its successor."""
        self.worker.do("pass_time")
        _, body = self.served.answer(self.contender.refresh(tokens))
        successor = {**tokens, **self.contender.tokens(body)}
        self.worker.do("pass_time")
        return self.told(self.contender.refresh(tokens), self.contender.refresh(successor))

    def logout(self, tokens: Tokens, *given: Any) -> str:
        """Log out, and go on as if nothing had happened."""
        if "logout" not in self.able:
            return "no logout"
        ask = self.contender.logout(tokens)
        status, body = self.served.answer(ask)
        if not self.contender.succeeded(ask, status):
            raise RuntimeError(f"{self.contender.name}: {ask} {status} {body}")
        return self.told(*self.both(tokens))

    def changed(self, tokens: Tokens, user: int, how: str) -> str:
        """Change the user, and go on as if nothing had happened."""
        self.worker.do("change", user=user, how=how)
        return self.told(*self.both(tokens))

    def lower(self, tokens: Tokens, *given: Any) -> str:
        """Spell the scheme of the header as RFC 9110 section 11.1 allows."""
        ask = self.contender.request(tokens)
        scheme, _, raw = ask.headers["Authorization"].partition(" ")
        return self.told(ask._replace(headers={"Authorization": f"{scheme.lower()} {raw}"}))

    def both(self, tokens: Tokens) -> Iterator[Ask]:
        """Spell a request with the access token, and where there is one a refresh."""
        yield self.contender.request(tokens)
        if self.refreshes:
            yield self.contender.refresh(tokens)

    def told(self, *asks: Ask) -> str:
        """Send them one after another; return in words what came of each."""
        return " · ".join(_word(self.served.answer(ask)[0]) for ask in asks)

    def is_good(self, ask: Ask) -> bool:
        """Tell whether it is answered as hoped."""
        return self.served.answer(ask)[0] == HTTPStatus.OK


def measure(options: Namespace) -> list[dict[str, Any]]:
    """Ask one contender after another; return a record for each."""
    records = []
    with ExitStack() as stack:
        home = stack.enter_context(Databases(sqlite=False))
        for name in options.contenders:
            # The floor is no package; of the others some differ in their sign-in alone.
            if name.startswith("floor") or CONTENDERS[name].operations == ("sign_in",):
                continue
            with Worker(name, home.url(name)) as worker, Served(worker) as served:
                answers = dict(Asked(worker, served).answers())
            records.append({"part": "behaviour", "contender": name, **answers})
            sys.stderr.write(f"behaviour: {name}\n")
    return records


def _word(status: int) -> str:
    if status < HTTPStatus.BAD_REQUEST:
        return "good"
    return f"refused ({status})" if status < HTTPStatus.INTERNAL_SERVER_ERROR else f"**{status}**"
