"""The scenario ``workers``: workers are killed and the database restarted, under load."""

from __future__ import annotations

import argparse
import random
import statistics
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.clients import Client, Plan
from benchmarks.cluster import Cluster
from benchmarks.server import Server
from benchmarks.tally import NO_ANSWER, Tally, show, verdict

JOIN = 90
"""Seconds that clients have for their last refresh: more than its attempts take."""


@dataclass
class Harm:
    """What was done to the server."""

    kills: int = 0
    back: list[float] = field(default_factory=list)
    """The moments at which the database answered again after a restart."""
    down: list[float] = field(default_factory=list)
    """The seconds that each restart took."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of this scenario."""
    parser.add_argument("--kills", type=int, default=100, help="workers to kill")
    parser.add_argument("--restarts", type=int, default=5, help="restarts of the database")
    parser.add_argument("--clients", type=int, default=16, help="sessions, one thread each")
    parser.add_argument("--grace", type=float, default=0.2, help="REUSE_GRACE, in seconds")
    parser.add_argument("--every", type=float, default=0.25, help="mean seconds between kills")
    parser.add_argument("--seconds", type=float, default=600, help="when to stop killing at last")
    parser.add_argument(
        "--connections", choices=["fresh", "kept", "checked", "pooled"], default="checked"
    )
    parser.add_argument(
        "--without-keys", action="store_true", help="send no Idempotency-Key (nothing is expected)"
    )
    parser.add_argument(
        "--lose-commits", action="store_true", help="let each restart lose the last commits"
    )
    parser.add_argument("--owner", default="postgres", help="who runs PostgreSQL, if root may not")
    parser.add_argument("--log", type=Path, help="where to keep the server's log")


def run(options: argparse.Namespace) -> bool:
    """Run the scenario and print its figures; return whether the expectation holds."""
    tally, stop = Tally(), threading.Event()
    tally.add("budget", 10_000_000)
    with (
        Cluster(owner=options.owner, loses_commits=options.lose_commits) as cluster,
        Server(
            cluster.port, grace=options.grace, connections=options.connections, log=options.log
        ) as server,
    ):
        plan = Plan(port=server.port, pause=(0, options.grace), with_keys=not options.without_keys)
        clients = [Client(plan, tally, stop) for _number in range(options.clients)]
        try:
            start(clients, cluster)
            harm = do_harm(server, cluster, options)
        finally:
            stop.set()
        finish(clients, tally)
        alive = cluster.query("SELECT count(*) FROM jwt_signin_session WHERE revoked_at IS NULL")
        tally.add("alive in the table", alive[0][0])
        tally.add("fast-forwards", server.count_in_log("the database has lost commits"))
    return report(options, clients, tally, harm)


def start(clients: list[Client], cluster: Cluster) -> None:
    """Sign every client in, for good, and let them go."""
    for client in clients:
        client.sign_in()
    cluster.checkpoint()
    for client in clients:
        client.start()


def do_harm(server: Server, cluster: Cluster, options: argparse.Namespace) -> Harm:
    """Kill and restart, both at once, until all of it is done or the time is up."""
    harm, until = Harm(), time.monotonic() + options.seconds
    # Over the time that the kills take; a second each, where nothing is to be killed.
    whole = max(options.kills * options.every, options.restarts)
    between = whole / (options.restarts + 1)
    restarting = threading.Thread(
        target=restart, args=(cluster, harm, options.restarts, between, until), daemon=True
    )
    restarting.start()
    while harm.kills < options.kills and time.monotonic() < until:
        time.sleep(random.uniform(0, 2 * options.every))
        harm.kills += server.kill_a_worker()
    restarting.join(timeout=max(until - time.monotonic(), 0) + JOIN)
    return harm


def restart(cluster: Cluster, harm: Harm, times: int, between: float, until: float) -> None:
    """Restart the database ``times`` times, some ``between`` seconds apart."""
    for _time in range(times):
        time.sleep(random.uniform(0.5, 1.5) * between)
        if time.monotonic() > until:
            return
        began = time.monotonic()
        cluster.restart()
        harm.back.append(time.monotonic())
        harm.down.append(harm.back[-1] - began)


def finish(clients: list[Client], tally: Tally) -> None:
    """Let the clients end, and ask each session that is left once more, with nothing in its way."""
    for client in clients:
        client.join(timeout=JOIN)
    for client in clients:
        # One that still runs has hung, and is not to be counted as well.
        tally.add("alive", client.lives and not client.is_alive() and client.turn())


def recoveries(clients: list[Client], back: list[float]) -> list[tuple[float, float]]:
    """Return for each restart when the first client was answered 200 again, and when the last."""
    found = []
    for moment in back:
        firsts = [
            next((at - moment for at in client.successes if at >= moment), float("inf"))
            for client in clients
        ]
        found.append((min(firsts), max(firsts)))
    return found


def report(options: argparse.Namespace, clients: list[Client], tally: Tally, harm: Harm) -> bool:
    """Print the table and the verdict."""
    title = f"workers: {options.clients} sessions, grace {options.grace} s, "
    title += f"connections {options.connections}, {'no' if options.without_keys else 'with'} keys"
    show(title, figures(clients, tally, harm))
    facts, every = tally.facts, options.clients
    done = (harm.kills, len(harm.back)) == (options.kills, options.restarts)
    expectations = {
        "every worker was killed and every restart done": done,
        "each 503 has a Retry-After": not facts["503 without Retry-After"],
        "nothing is answered 500": not tally.server_errors(),
    }
    if not options.without_keys:
        expectations |= {
            "no session is lost": facts["alive"] == facts["alive in the table"] == every,
            "nothing but 200 and 503": not others(tally),
        }
    return verdict(expectations, tally.surprises)


def figures(clients: list[Client], tally: Tally, harm: Harm) -> dict[str, Any]:
    """Name what was counted."""
    facts, living = tally.facts, [client for client in clients if client.lives]
    recovered = recoveries(living, harm.back) if living else []
    return {
        "workers killed": harm.kills,
        "database restarts": len(harm.back),
        "refreshes answered 200": tally.answers["200"],
        "answered 503": tally.answers["503"],
        "answered 500 or another 5xx": tally.server_errors(),
        "answered otherwise": others(tally) or 0,
        "connections broken": tally.answers[NO_ANSWER],
        "rotations": sum(client.rotations for client in clients),
        "given again after a lost answer": facts["given again"],
        "moved on over lost commits": facts["fast-forwards"],
        "a restart took (s)": spread(harm.down),
        "then the first 200 after (s)": spread([first for first, _last in recovered]),
        "and 200 for every client (s)": spread([last for _first, last in recovered]),
        "sessions lost": f"{len(clients) - facts['alive']} of {len(clients)}",
    }


def others(tally: Tally) -> dict[str, int]:
    """Return the answers that are neither 200, 503 nor another 5xx, by status."""
    return {
        key: times
        for key, times in sorted(tally.answers.items())
        if key not in ("200", NO_ANSWER) and not key.startswith("5")
    }


def spread(seconds: list[float]) -> str:
    """Spell the median and the longest of some times."""
    if not seconds:
        return "-"
    return f"{statistics.median(seconds):.2f}, at most {max(seconds):.2f}"
