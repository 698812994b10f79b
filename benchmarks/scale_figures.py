"""What a measurement hands back, and how it is read."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Figure(NamedTuple):
    """One line of the table; ``met`` is ``None`` where nothing was promised."""

    what: str
    value: str
    goal: str = ""
    met: bool | None = None

    def line(self) -> str:
        """Return the line in Markdown."""
        verdict = {True: "met", False: "MISSED", None: ""}[self.met]
        return f"| {self.what} | {self.value} | {self.goal} | {verdict} |"


def table(figures: Iterable[Figure]) -> str:
    """Return the table in Markdown."""
    head = "| what | measured | goal | |\n| --- | ---: | ---: | --- |\n"
    return head + "\n".join(figure.line() for figure in figures)


def percentile(samples: Sequence[float], hundredth: int) -> float:
    """Return the sample that ``hundredth`` per cent of them do not exceed."""
    return sorted(samples)[min(len(samples) * hundredth // 100, len(samples) - 1)]


def ratio(these: Sequence[float], those: Sequence[float], rounds: int) -> tuple[float, str]:
    """
    Divide the median of ``these`` by that of ``those``, sampled in turns.

    Returns:
        The ratio, and the quartiles of the same over ``rounds`` stretches of the run: noise
        that came and went widens them.

    """
    size = len(these) // rounds
    stretches = [
        statistics.median(these[at : at + size]) / statistics.median(those[at : at + size])
        for at in range(0, rounds * size, size)
    ]
    low, _median, high = statistics.quantiles(stretches, n=4)
    return statistics.median(these) / statistics.median(those), f"[{low:.2f}-{high:.2f}]"
