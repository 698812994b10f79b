"""What was seen, counted; and how it is printed."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

NO_ANSWER = "no answer"


class Tally:
    """The figures of one run; any number of threads may add to it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.answers: Counter[str] = Counter()
        """By status; ``NO_ANSWER`` where the connection broke instead."""
        self.facts: Counter[str] = Counter()
        self.surprises: list[str] = []
        """What must not happen, in the words of the answer."""

    def answer(self, status: int | None) -> None:
        """Count one answer, or that there was none."""
        with self._lock:
            self.answers[NO_ANSWER if status is None else str(status)] += 1

    def add(self, fact: str, times: int = 1) -> None:
        """Count something that happened."""
        with self._lock:
            self.facts[fact] += times

    def surprise(self, what: str) -> None:
        """Keep what must not happen."""
        with self._lock:
            self.surprises.append(what)

    def take(self, budget: str) -> bool:
        """Take one of what ``facts`` holds of ``budget``; ``False`` where none is left."""
        with self._lock:
            self.facts[budget] -= 1
            return self.facts[budget] >= 0

    def server_errors(self) -> int:
        """Return how many answers were 5xx other than 503."""
        failed = (key for key in self.answers if key.startswith("5") and key != "503")
        return sum(self.answers[key] for key in failed)


def show(title: str, figures: Mapping[str, Any]) -> None:
    """Print a table of two columns."""
    width = max(map(len, figures))
    print(f"\n{title}")
    for name, figure in figures.items():
        print(f"  {name:<{width}}  {figure}")


def verdict(expectations: Mapping[str, bool], surprises: Sequence[str]) -> bool:
    """Print what was expected and whether it holds; return whether all of it does."""
    for expectation, holds in expectations.items():
        print(f"  {'holds' if holds else 'FAILS'}: {expectation}")
    for what, times in Counter(surprises).most_common(10):
        print(f"  seen {times} times: {what}")
    return all(expectations.values())
