"""Names, reduced to what any database could compare them by."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TOLD = re.compile(
    r"(?<!TAG )LATIN .*?(?:LETTER|LIGATURE) .*?\b(?P<latin>[A-Z]{1,2})\b"
    r"|SQUARED (?P<squared>[A-Z]{2})$"
    r"|(?:HIRAGANA|KATAKANA) LETTER (?:SMALL )?(?P<kana>[A-Z]+)"
)
"""What letter a character is one of, as its name tells."""

_IRREGULAR = {
    **dict(zip("ÐðᶞᷙıꟀꟁꞚꞛꞜꞝꞞꞟ", "dddd" + "i" + "aaaaoouu", strict=True)),
    **dict(zip("৴৵৶৷༪༫༬༭༮༯༰༱༲༳", "12341234567890", strict=True)),
    **dict.fromkeys("\u0345\u0640\u07fa\u0824\u0828\u1cf2\u1cf3\ufe73", ""),
}
"""What collations compare as something that the character's name does not tell, or as nothing."""


MAX_LENGTH = 512
"""Characters of a name that are looked at; no account has a longer one."""


def folded(identifier: str) -> str:
    """
    Reduce a name to what any database could compare it by.

    To some collations of MySQL and MariaDB case, accents, strokes and marks are nothing, "æ" is
    "ae" and every script has the same digits, and each spelling of a name would have a count of
    its own.
    That two accounts may share one costs no more than a place.
    """
    letters = unicodedata.normalize("NFKD", identifier[:MAX_LENGTH])
    if not letters.isascii():
        letters = "".join(map(_base, letters))
    # The sharp s is one to some of them, and two to others; a number may begin with zeros.
    kept = "".join(filter(str.isalnum, letters.casefold())).replace("ss", "s")
    return kept.lstrip("0") or kept[:1]


@lru_cache(maxsize=1024)
def _base(character: str) -> str:
    if character.isascii():
        return character
    if (known := _IRREGULAR.get(character)) is not None:
        return known
    number = unicodedata.numeric(character, None)
    if number is not None and number in range(10):
        return str(int(number))
    if told := _TOLD.search(unicodedata.name(character, "")):
        return told[told.lastgroup or 0]
    # Beyond the first plane some collations know one character.
    return "x" if character > "\uffff" and character.isalnum() else character
