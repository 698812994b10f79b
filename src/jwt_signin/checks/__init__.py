"""
What a wrong setting would do, said beforehand.

One module a subject, one function a kind of mistake, one id a mistake: ``E`` where the app
cannot work, ``W`` where it can and should not.
What only matters where others can reach it is said by ``check --deploy`` alone.
None asks the database, and none raises: what is broken elsewhere is told there.
"""

from jwt_signin.checks import (
    cookies,
    fields,
    keys,
    lifetimes,
    limits,
    neighbours,
    settings,
    simple_jwt,
)
from jwt_signin.checks.base import CheckID

_SUBJECTS = (cookies, fields, keys, lifetimes, limits, neighbours, settings, simple_jwt)

IDS: dict[str, CheckID] = {
    word: each for subject in _SUBJECTS for word, each in subject.IDS.items()
}
"""Every id, by a word for its mistake."""
