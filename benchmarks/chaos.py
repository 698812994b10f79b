"""
Hurt a running server, and see whether anybody is signed out.

    python -m benchmarks.chaos workers [--kills 100] [--restarts 5] …
    python -m benchmarks.chaos lost-answers [--refreshes 10000] …
    python -m benchmarks.chaos all

It needs Linux and PostgreSQL's server binaries, starts a PostgreSQL and a gunicorn of its own on
the loopback interface, and stops both whatever happens.
It exits with 1 where an expectation does not hold.
"""

from __future__ import annotations

import argparse
import signal
import sys

from benchmarks import lost_answers, workers

SCENARIOS = {"workers": workers, "lost-answers": lost_answers}


def main() -> int:
    """Run what the command line asks for; return the exit status."""
    options = parser().parse_args()
    # Ended from outside, a run leaves through the same doors as on any error.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    if options.scenario != "all":
        return int(not SCENARIOS[options.scenario].run(options))
    held = [scenario.run(parser().parse_args([name])) for name, scenario in SCENARIOS.items()]
    return int(not all(held))


def parser() -> argparse.ArgumentParser:
    """Declare the command line."""
    found = argparse.ArgumentParser(
        prog="python -m benchmarks.chaos",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = found.add_subparsers(dest="scenario", required=True)
    for name, scenario in SCENARIOS.items():
        scenario.add_options(commands.add_parser(name, help=scenario.__doc__))
    commands.add_parser("all", help="Every scenario, as it is without options.")
    return found


if __name__ == "__main__":
    sys.exit(main())
