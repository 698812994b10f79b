"""A client as it should be: it keeps its token, asks again with it, and signs in only once."""

from __future__ import annotations

import base64
import http.client
import json
import random
import threading
import time
import uuid
from dataclasses import dataclass
from typing import Any, NamedTuple

from benchmarks.server import PASSWORD, USERNAME
from benchmarks.tally import Tally

TIMEOUT = 10
RETRY_PAUSE = 0.05
"""Seconds before asking again; shorter than ``Retry-After`` says, to keep the load up."""
ATTEMPTS = 1_200
"""How often one refresh is tried: a minute, where each attempt fails at once."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """
    How clients behave.

    Args:
        port: where the server listens.
        pause: seconds between two refreshes, at least and at most.
        with_keys: whether an ``Idempotency-Key`` names each refresh.
        lost: the share of answers that is thrown away, as if lost on the wire.
        late: the share of those that is asked for again only ``late_after`` seconds later.
        signs_in_again: whether a client that was signed out goes on with a new session.

    """

    port: int
    pause: tuple[float, float]
    with_keys: bool = True
    lost: float = 0.0
    late: float = 0.0
    late_after: float = 0.0
    signs_in_again: bool = False


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: dict[str, Any]
    rotated: bool
    """Whether this very request moved the session on."""
    names_a_time: bool
    """Whether it says when to ask again."""


class SignedOutError(Exception):
    """The server refused a token that its client held rightfully."""


class Client(threading.Thread):
    """
    One session, refreshed until told to stop or until the tally's ``budget`` is used up.

    A request that is not answered, or with 503, is sent again with the same token and key.
    """

    def __init__(self, plan: Plan, tally: Tally, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.lives = False
        """Whether the session lives, as far as its client knows."""
        self.rotations = 0
        self.successes: list[float] = []
        """The moments of the answers 200, on the monotonic clock."""
        self._plan, self._tally, self._stopped = plan, tally, stop
        self._connection = http.client.HTTPConnection("127.0.0.1", plan.port, timeout=TIMEOUT)
        self._refresh_token = ""
        self._waited_long = False

    def sign_in(self) -> None:
        """Start the session; raise where the server does not."""
        answer = self._ask("signin/", {"username": USERNAME, "password": PASSWORD})
        if answer is None or answer.status != http.client.OK:
            raise SystemExit(f"signing in was answered with {answer}")
        self._refresh_token, self.lives = answer.body["refresh"], True

    def run(self) -> None:
        """Pause, refresh, and so on."""
        try:
            # The pause comes first: right after signing in a refresh is in grace.
            while not self._stopped.wait(random.uniform(*self._plan.pause)):
                if not self._tally.take("budget") or not self.turn():
                    break
        except Exception as error:  # noqa: BLE001 - a thread's own end would go unseen
            self._tally.surprise(f"a client ended: {error!r}")
            self._tally.add("clients ended")
        finally:
            self._connection.close()

    def turn(self) -> bool:
        """Refresh, and count it where that ends the session; return whether there still is one."""
        try:
            self.refresh()
        except SignedOutError as error:
            self.lives = False
            self._tally.add("signed out late" if self._waited_long else "signed out at once")
            self._tally.add("signed out")
            self._tally.surprise(str(error))
            if self._plan.signs_in_again:
                self.sign_in()
        return self.lives

    def refresh(self) -> None:
        """
        Trade the token for the next, however often it has to be asked for.

        Raises:
            SignedOutError: the answer was 401.
            TimeoutError: all attempts were in vain.

        """
        key = uuid.uuid4().hex if self._plan.with_keys else None
        self._waited_long = False
        for attempt in range(ATTEMPTS):
            answer = self._ask("refresh/", {"refresh": self._refresh_token}, key)
            self._tally.answer(answer and answer.status)
            if answer is None or answer.status != http.client.OK:
                self._refused(answer)
                time.sleep(RETRY_PAUSE)
            elif random.random() < self._plan.lost:
                self._lose()
            else:
                self._keep(answer, again=attempt > 0)
                return
        raise TimeoutError("no refresh succeeded")

    def _refused(self, answer: Answer | None) -> None:
        """Look at an answer that is no success: some may be, others must not."""
        if answer is None:
            return
        if answer.status == http.client.UNAUTHORIZED:
            raise SignedOutError(f"401 {answer.body}")
        if answer.status != http.client.SERVICE_UNAVAILABLE:
            self._tally.surprise(f"{answer.status} {answer.body}")
        elif not answer.names_a_time:
            self._tally.add("503 without Retry-After")

    def _lose(self) -> None:
        self._tally.add("lost")
        if random.random() < self._plan.late:
            self._tally.add("asked late")
            self._waited_long = True
            time.sleep(self._plan.late_after)

    def _keep(self, answer: Answer, *, again: bool) -> None:
        before, self._refresh_token = self._refresh_token, answer.body["refresh"]
        moved = generation(self._refresh_token) - generation(before)
        self.rotations += moved
        self.successes.append(time.monotonic())
        self._tally.add("refreshed")
        if again and moved and not answer.rotated:
            self._tally.add("given again")

    def _ask(self, path: str, body: dict[str, str], key: str | None = None) -> Answer | None:
        """Send one request; ``None`` where no whole answer came."""
        headers = {"Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        try:
            self._connection.request("POST", f"/api/auth/{path}", json.dumps(body), headers)
            response = self._connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return None
        return Answer(
            response.status,
            parsed(text),
            rotated=response.getheader("Rotated") is not None,
            names_a_time=response.getheader("Retry-After") is not None,
        )


def parsed(text: bytes) -> dict[str, Any]:
    """Return the members of a JSON body, or what else was sent."""
    try:
        body = json.loads(text)
    except ValueError:
        return {"not JSON": text[:200]}
    return body if isinstance(body, dict) else {"no object": body}


def generation(token: str) -> int:
    """Read how often a refresh token's session has been moved on; a client need not know."""
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    found: int = claims["gen"]
    return found
