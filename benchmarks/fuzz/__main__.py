"""
Send the endpoints whatever chance and coverage can think of, in process.

    python -m benchmarks.fuzz [--inputs 100000] [--engine hypothesis|atheris] [--seconds N]

Bytes, JSON, forms, headers, cookies, tokens changed byte by byte, and claims and headers of tokens
changed and signed anew, to every endpoint in every shape.
Hypothesis draws them at random and finds the smallest that fails; Atheris is led by the coverage of
this package, REST framework and PyJWT.
It exits with 1 where an answer is 500, is no JSON, may be cached, or takes longer than a second, or
where memory grows by more than 20 MB.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys

ENGINES = ("hypothesis", "atheris")


def main() -> int:
    """Run each engine in a process of its own: Atheris never returns."""
    options = _options()
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.fuzz.settings"
    found = []
    for engine in [options.engine] if options.engine else ENGINES:
        if importlib.util.find_spec(engine) is None:
            print(f"NOT RUN: {engine} is not installed: there is no wheel of it for this Python?")
            found.append(options.engine is not None)
            continue
        command = [sys.executable, "-m", f"benchmarks.fuzz.by_{engine}"]
        arguments = [str(options.inputs), str(options.seconds)]
        found.append(subprocess.run([*command, *arguments], check=False).returncode != 0)
    return int(any(found))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=100_000, help="of each engine")
    parser.add_argument("--seconds", type=int, default=86_400, help="of each engine, at most")
    parser.add_argument("--engine", choices=ENGINES)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
