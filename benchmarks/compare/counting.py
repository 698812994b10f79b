"""How many Python and C calls a piece of work takes, and where."""

from __future__ import annotations

import cProfile
import pstats
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any


def count_calls(work: Callable[[], Any]) -> tuple[int, Any]:
    """Do the work; return how many calls cProfile saw, and what came of it."""
    profile = cProfile.Profile()
    result = profile.runcall(work)
    stats: Any = pstats.Stats(profile)
    # The work's own is no part of it.
    return stats.total_calls - 1, result


class CallTree:
    """
    Counts for each function how often it was called, and all the calls within.

    cProfile tells the first alone; where to save calls is in the second.
    """

    def __init__(self) -> None:
        self.times: Counter[str] = Counter()
        self.within: Counter[str] = Counter()
        self._stack: list[list[Any]] = []

    def watch(self, work: Callable[[], Any]) -> Any:
        """Do the work and count; return what came of it."""
        sys.setprofile(self._see)
        try:
            return work()
        finally:
            sys.setprofile(None)

    def lines(self, size: int) -> list[tuple[int, int, str]]:
        """Return calls within, times and name of the functions with the most of either."""
        most = dict(self.within.most_common(size)) | dict(self.times.most_common(size))
        found = [(self.within[name], self.times[name], name) for name in most]
        return sorted(found, reverse=True)

    def _see(self, frame: FrameType, event: str, arg: Any) -> None:
        if event == "call":
            self._stack.append([_name(frame.f_code), 0])
        elif event == "c_call":
            self._stack.append([f"{{{getattr(arg, '__qualname__', arg)}}}", 0])
        elif self._stack:
            name, calls = self._stack.pop()
            self.times[name] += 1
            # Of a function that calls itself the outermost has them all.
            if all(name != above for above, _calls in self._stack):
                self.within[name] += calls + 1
            if self._stack:
                self._stack[-1][1] += calls + 1


def _name(code: CodeType) -> str:
    _, _, inside = code.co_filename.rpartition("-packages/")
    where = inside.removeprefix(f"{Path.cwd()}/")
    return f"{where}:{code.co_firstlineno}({code.co_qualname})"
