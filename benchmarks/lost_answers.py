"""The scenario ``lost-answers``: clients lose some answers, and ask for some of them much later."""

from __future__ import annotations

import argparse
import threading
import time
from pathlib import Path

from benchmarks.clients import Client, Plan
from benchmarks.cluster import Cluster
from benchmarks.server import Server
from benchmarks.tally import Tally, show, verdict


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of this scenario."""
    parser.add_argument("--refreshes", type=int, default=10_000, help="refreshes in each pass")
    parser.add_argument("--clients", type=int, default=80, help="sessions, one thread each")
    parser.add_argument("--grace", type=float, default=0.5, help="REUSE_GRACE, in seconds")
    parser.add_argument("--lost", type=float, default=0.01, help="share of answers thrown away")
    parser.add_argument("--late", type=float, default=0.2, help="share of those asked for late")
    parser.add_argument("--late-after", type=float, default=5, help="seconds that late is")
    parser.add_argument("--seconds", type=float, default=300, help="the longest a pass may take")
    parser.add_argument("--owner", default="postgres", help="who runs PostgreSQL, if root may not")
    parser.add_argument("--log", type=Path, help="where to keep the server's log")


def run(options: argparse.Namespace) -> bool:
    """Run both passes and print their figures; return whether the expectation holds."""
    with (
        Cluster(owner=options.owner) as cluster,
        Server(cluster.port, grace=options.grace, connections="checked", log=options.log) as server,
    ):
        keyed = lose(options, server.port, with_keys=True)
        bare = lose(options, server.port, with_keys=False)
    expectations = {
        f"with keys, {options.refreshes} refreshes, and nobody is signed out": (
            keyed.facts["refreshed"] >= options.refreshes and not keyed.facts["signed out"]
        ),
        "no 5xx": not any(key.startswith("5") for key in [*keyed.answers, *bare.answers]),
    }
    return verdict(expectations, keyed.surprises)


def lose(options: argparse.Namespace, port: int, *, with_keys: bool) -> Tally:
    """Refresh as often as asked, lose answers on the way, and print what became of it."""
    tally, stop = Tally(), threading.Event()
    tally.add("budget", options.refreshes)
    plan = behaviour(options, port, with_keys=with_keys)
    clients = [Client(plan, tally, stop) for _number in range(options.clients)]
    for client in clients:
        client.sign_in()
    began = time.monotonic()
    for client in clients:
        client.start()
    for client in clients:
        client.join(timeout=max(began + options.seconds - time.monotonic(), 0))
    stop.set()
    for client in clients:
        client.join(timeout=options.late_after + 30)
    tabulate(options, clients, tally, time.monotonic() - began, with_keys=with_keys)
    return tally


def behaviour(options: argparse.Namespace, port: int, *, with_keys: bool) -> Plan:
    """Say how the clients of a pass behave."""
    return Plan(
        port=port,
        # Longer than the grace, so that every refresh rotates and every lost answer matters.
        pause=(options.grace * 1.01, options.grace * 1.2),
        with_keys=with_keys,
        lost=options.lost,
        late=options.late,
        late_after=options.late_after,
        signs_in_again=True,
    )


def tabulate(
    options: argparse.Namespace,
    clients: list[Client],
    tally: Tally,
    seconds: float,
    *,
    with_keys: bool,
) -> None:
    """Print the figures of one pass."""
    facts = tally.facts
    show(
        f"lost-answers: {options.clients} sessions, grace {options.grace} s, "
        f"{'with' if with_keys else 'without'} Idempotency-Key, {seconds:.0f} s",
        {
            "refreshes": facts["refreshed"],
            "rotations": sum(client.rotations for client in clients),
            "answers by status": dict(sorted(tally.answers.items())),
            "answers thrown away": facts["lost"],
            f"of them asked for {options.late_after:g} s later": facts["asked late"],
            "given again": facts["given again"],
            "signed out, asking at once": facts["signed out at once"],
            "signed out, asking late": facts["signed out late"],
        },
    )
