"""
Measure whether the time of a refused sign-in tells if there is such an account.

    python -m benchmarks.enumeration [--samples 200] [--by username] [--iterations N]

It asks the sign-in endpoint in process, with Django's default hasher and a database in memory,
one refusal of each kind a round in random order, and takes the CPU time of each.
Every kind is compared with a wrong password: the medians, and by the Mann-Whitney U test whether
either tends to be longer.
It exits with 1 where the medians are more than 5 % apart, or where the test finds a difference
that chance would show once in a hundred runs of the whole.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import statistics
import sys
import time
from itertools import groupby

import django
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.core.management import call_command
from django.test import Client

NAMES = ("username", "email", "identifier")
KINDS = ("wrong", "unknown", "inactive", "unusable", "outdated", "shared")
PASSWORD = "the right one, which an inactive account knows"
APART = 0.05
"""How far apart the medians may be, of that of a wrong password."""

CHANCE = 0.01
UNAUTHORIZED = 401


def main() -> int:
    """Measure what is asked for, print a table, and answer 1 where a goal is missed."""
    options = _options()
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.enumeration_settings"
    django.setup()
    PBKDF2PasswordHasher.iterations = options.iterations or PBKDF2PasswordHasher.iterations
    _make_accounts()
    compared, held = [name for name in NAMES if options.by in (None, name)], True
    print("| by | kind | median | against wrong | p |\n|---|---|---|---|---|")
    for name in compared:
        times = _measure(name, options.samples)
        usual = statistics.median(times["wrong"])
        for kind, taken in times.items():
            ratio = statistics.median(taken) / usual
            p = mann_whitney(taken, times["wrong"])
            held &= abs(ratio - 1) <= APART and p > CHANCE / (len(compared) * (len(times) - 1))
            print(f"| {name} | {kind} | {ratio * usual * 1e3:.2f} ms | {ratio:.4f} | {p:.3f} |")
    return int(not held)


def mann_whitney(one: list[float], other: list[float]) -> float:
    """Return the probability of so different samples of one distribution (two-sided)."""
    pooled = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    rank_sum = ties = passed = 0.0
    for _value, group in groupby(pooled, key=lambda pair: pair[0]):
        sides = [side for _value, side in group]
        rank_sum += sides.count(0) * (passed + (len(sides) + 1) / 2)
        ties += len(sides) ** 3 - len(sides)
        passed += len(sides)
    m, n = len(one), len(other)
    u = rank_sum - m * (m + 1) / 2
    variance = m * n / 12 * (m + n + 1 - ties / ((m + n) * (m + n - 1)))
    distance = max(abs(u - m * n / 2) - 0.5, 0)
    return math.erfc(distance / math.sqrt(2 * variance)) if variance else 1.0


def _measure(name: str, samples: int) -> dict[str, list[float]]:
    client = Client()
    kinds = [kind for kind in KINDS if kind != "shared" or name != "username"]
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for number in range(-2, samples):  # the first two rounds are warming up
        for kind in random.sample(kinds, len(kinds)):
            value = kind if name == "username" else f"{kind}@example.com"
            password = PASSWORD if kind in {"inactive", "shared"} else f"wrong {number}"
            body = {name: value, "password": password}
            start = time.thread_time()
            response = client.post("/api/auth/signin/", body, content_type="application/json")
            taken = time.thread_time() - start
            if response.status_code != UNAUTHORIZED:
                sys.exit(f"{kind} was answered {response.status_code}")
            if number >= 0:
                times[kind].append(taken)
    return times


def _make_accounts() -> None:
    call_command("migrate", verbosity=0)
    right = make_password(PASSWORD)
    hasher, accounts = PBKDF2PasswordHasher(), get_user_model()._default_manager
    old = hasher.encode(PASSWORD, hasher.salt(), iterations=hasher.iterations // 2)
    for kind in KINDS:
        owner = {"username": kind, "email": f"{kind}@example.com", "password": right}
        if kind == "unusable":
            owner["password"] = make_password(None)
        if kind == "outdated":
            owner["password"] = old
        if kind != "unknown":
            accounts.create(**owner, is_active=kind != "inactive")
    accounts.create(username="twin", email="shared@example.com", password=right)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().partition("\n")[0])
    parser.add_argument("--samples", type=int, default=200, help="of each kind")
    parser.add_argument("--by", choices=NAMES, help="one name alone")
    parser.add_argument("--iterations", type=int, help="of the hash; Django's own where unsaid")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
