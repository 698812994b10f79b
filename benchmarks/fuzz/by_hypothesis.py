"""Hypothesis: at random, with a memory of what failed, down to the smallest that does."""

from __future__ import annotations

import sys
import time

import django
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

BATCH = 1_000
"""Inputs of one test: Hypothesis remembers all of them until it ends."""


def main(inputs: int, seconds: int) -> int:
    """Send so many inputs, for so long at most."""
    django.setup()
    from benchmarks.fuzz.app import Fuzzed  # noqa: PLC0415  # it needs the apps

    fuzzed, end = Fuzzed(), time.monotonic() + seconds
    while fuzzed.inputs < inputs and time.monotonic() < end:

        @settings(
            max_examples=min(BATCH, inputs - fuzzed.inputs),
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(st.binary(min_size=16, max_size=400))
        def batch(data: bytes) -> None:
            fuzzed.send(data)

        batch()
    return int(not fuzzed.report("hypothesis"))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
