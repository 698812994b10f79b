"""Atheris: led by the branches that each input reaches."""

from __future__ import annotations

import os
import sys
import time

import atheris
import django

with atheris.instrument_imports(include=["jwt_signin", "rest_framework", "jwt"]):
    django.setup()
    import benchmarks.fuzz.urls  # noqa: F401  # and with them the views
    from benchmarks.fuzz.app import Fuzzed


def main(inputs: int, seconds: int) -> None:
    """Send so many inputs, for so long at most; leave the process with the result."""
    fuzzed, end = Fuzzed(), time.monotonic() + seconds

    def send(data: bytes) -> None:
        fuzzed.send(data)
        if fuzzed.inputs >= inputs or time.monotonic() >= end:
            held = fuzzed.report("atheris")
            sys.stderr.flush()
            os._exit(int(not held))

    atheris.Setup([sys.argv[0], "-max_len=600", "-verbosity=0", "-rss_limit_mb=4096"], send)
    atheris.Fuzz()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
