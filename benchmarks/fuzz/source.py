"""Choices out of bytes: the same bytes always make the same choices."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeVar

T = TypeVar("T")

CHARACTERS = "\0\t\n\r \"'\\/.,;:%&=+-_@#<>{}[]()$*\x7f\x85\xa0\xad\u00e4\u0130\u0131\u200b\u2028"
CHARACTERS += "\u212a\ud800\udfff\ufb03\ufdfa\ufeff\uffff\U0001f511\U0010ffff"
NUMBERS = [0, -1, 1, 2**31, 2**53, 2**63, 2**64, 10**30, 10**400, 0.5, -0.0, 1e308]
NUMBERS += [float("nan"), float("inf"), float("-inf")]
MAX_DEPTH = 3


class Source:
    """Reads choices off the front of ``data``; past its end every choice is the first."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def number(self, below: int) -> int:
        """Return a number of at most two bytes, less than ``below``."""
        taken = self._data[self._at : self._at + 2]
        self._at += 2
        return int.from_bytes(taken) % below

    def pick(self, options: Sequence[T]) -> T:
        """Return one of ``options``."""
        return options[self.number(len(options))]

    def one_in(self, times: int) -> bool:
        """Return ``True`` about so seldom."""
        return self.number(times) == times - 1

    def blob(self, longest: int = 64) -> bytes:
        """Return some bytes as they are."""
        length = self.number(longest)
        taken = self._data[self._at : self._at + length]
        self._at += length
        return taken

    def text(self, longest: int = 24) -> str:
        """Return text: Latin letters, odd characters, and any others."""
        kind = self.number(4)
        if kind == 0:
            return self.blob(longest).decode("latin-1")
        if kind == 1:
            return "".join(self.pick(CHARACTERS) for _ in range(self.number(8)))
        if kind == 2:  # noqa: PLR2004
            return self.pick("ax\0\u00e4\ud800") * self.pick([0, 1, 150, 255, 5000, 20_000])
        return "".join(chr(self.number(0x10000)) for _ in range(self.number(8)))

    def value(self, names: Sequence[str], depth: int = 0) -> Any:
        """Return what JSON can spell, and some that it cannot."""
        kind = self.number(8 if depth < MAX_DEPTH else 5)
        if kind == 0:
            return self.text()
        if kind in {1, 2}:
            return self.pick(NUMBERS)
        if kind in {3, 4}:
            return self.pick([None, True, False, "", "ada"])
        if kind == 5:  # noqa: PLR2004
            return [self.value(names, depth + 1) for _ in range(self.number(4))]
        if kind == 6:  # noqa: PLR2004
            length = self.number(4)
            return {self.pick(names): self.value(names, depth + 1) for _ in range(length)}
        return json.loads("[" * (deep := self.pick([1, 50, 900])) + "]" * deep)

    def mutated(self, data: bytes) -> bytes:
        """Change, insert, drop or repeat bytes of ``data`` here and there."""
        changed = bytearray(data)
        for _ in range(1 + self.number(4)):
            at = self.number(len(changed) + 1)
            length = self.number(9)
            changed[at : at + self.pick([0, 1, length])] = self.pick(
                [b"", self.blob(4), changed[at : at + length] * 2]
            )
        return bytes(changed)
