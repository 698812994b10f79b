"""What is wrong with the keys, and what is weak about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Weakness

from jwt_signin.checks.base import CheckID, security_check
from jwt_signin.keys import (
    Key,
    KeyRing,
    UnfitKeyError,
    is_guessable,
    readings,
    signs_with_secret_key,
)

IDS = {
    "key": CheckID(
        "jwt_signin.E005", "a key that is missing, cannot be read, or does not fit its algorithm"
    ),
    "algorithm": CheckID("jwt_signin.E006", "an algorithm that is not known"),
    "crypto": CheckID(
        "jwt_signin.E007",
        "a key that needs ``cryptography``: install ``django-jwt-signin[crypto]``",
    ),
    "short": CheckID("jwt_signin.E008", "a key that is too short for its algorithm"),
    "misplaced": CheckID(
        "jwt_signin.E009", "a public or private key, or a JWK, where a secret belongs"
    ),
    "twofold": CheckID("jwt_signin.E010", "one key under two algorithms"),
    "secret_key": CheckID("jwt_signin.W001", "``SECRET_KEY`` itself signs tokens"),
    "guessable": CheckID(
        "jwt_signin.W002",
        "a secret that can be guessed: ``startproject``'s own, or of few different characters",
    ),
    "repeated": CheckID("jwt_signin.W003", "a key that is there twice"),
}
_ANOTHER = "Make one with manage.py make_jwt_key."


@security_check()
def check_keys() -> Iterable[CheckMessage]:
    """Report each key that cannot be used (E005 to E010), and one that is there twice (W003)."""
    unfit = list(_unfit())
    yield from unfit
    if not unfit:
        try:
            KeyRing()
        except UnfitKeyError as error:
            yield Error(str(error), hint=_ANOTHER, id=IDS[error.kind])
        else:
            yield from _repeated(_fit())


@security_check(deploy=True)
def check_secrets() -> Iterable[CheckMessage]:
    """Report, before a deployment, what is weak about secrets (W001, W002)."""
    if signs_with_secret_key():
        message = "Tokens are signed with SECRET_KEY itself, whose leak forges them as well."
        yield Weakness(
            message, hint=f"Set SIMPLE_JWT['SIGNING_KEY']. {_ANOTHER}", id=IDS["secret_key"]
        )
    for key in _fit():
        if key.is_secret and is_guessable(key.verifying):
            yield Weakness(f"{key.setting} can be guessed.", hint=_ANOTHER, id=IDS["guessable"])


def _unfit() -> Iterator[CheckMessage]:
    for read in readings():
        try:
            read()
        except UnfitKeyError as error:
            yield Error(str(error), id=IDS[error.kind])


def _fit() -> Iterator[Key]:
    for read in readings():
        try:
            yield read()
        except UnfitKeyError:  # told by check_keys
            continue


def _repeated(keys: Iterable[Key]) -> Iterator[CheckMessage]:
    first: dict[str, Key] = {}
    for key in keys:
        if (same := first.setdefault(key.kid, key)) is not key:
            message = f"{key.setting} repeats the key of {same.setting}."
            yield Weakness(message, hint="Remove it.", id=IDS["repeated"])
