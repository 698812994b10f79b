"""What a session weighs at rest, its indexes included."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from benchmarks.scale_database import fill, weigh
from benchmarks.scale_figures import Figure

LIMIT = 400


def measure(options: Namespace) -> Iterator[Figure]:
    """Weigh the table with and without the digest of an ``Idempotency-Key`` in every row."""
    for key, client in ((False, "no Idempotency-Key"), (True, "an Idempotency-Key")):
        fill(options.rows, users=options.users, key=key)
        sizes = {part: size / options.rows for part, size in weigh().items()}
        total = sum(sizes.values())
        what = f"bytes a session, indexes included, clients that send {client}"
        yield Figure(what, f"{total:.0f}", f"<= {LIMIT}", total <= LIMIT)
        parts = ", ".join(f"{part} {size:.0f}" for part, size in sizes.items())
        yield Figure("of these", parts)
