"""How often a sign-in may fail: of one account from one network, and from one network at all."""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Sequence

from django.core.cache.backends.base import BaseCache
from django.http import HttpRequest
from rest_framework.request import Request

from jwt_signin.conf import app_settings
from jwt_signin.conf.readers import Rate
from jwt_signin.exceptions import InvalidCredentials, Throttled
from jwt_signin.services.client import address_of
from jwt_signin.services.events import UNREACHABLE, django_request, logger
from jwt_signin.throttling.counters import counters
from jwt_signin.throttling.folding import folded
from jwt_signin.throttling.windows import Window, window

IPV6_PREFIX = 64
"""The bits of an IPv6 address that one client cannot choose (RFC 4291 section 2.5.4)."""


class SignInAttempt(contextlib.AbstractContextManager[None]):
    """
    Hold a place among the sign-ins that may fail, while the block tries one.

    Wrap whatever checks a password for a client: ``SignInView`` does, ``services.sign_in`` itself
    does not.
    A wrong password keeps the place.
    A right one gives it back, with those that failed in that network under the very same name;
    of other failures none is forgotten, or one's own account would buy guesses at others'.
    A right one that is refused for something else, as a second factor is asked for, keeps the
    account's place: codes are guessed too.
    A database that cannot be asked costs nobody a place.

    The account is counted together with the network: who guesses from elsewhere cannot lock its
    owner out.

    Args:
        request: Django's or REST framework's.
        identifier: what the account was called.
        field: what it was called so by, where that may be one of several.

    Raises:
        exceptions.Throttled: when it is entered, there is no place left.

    """

    def __init__(self, request: HttpRequest | Request, identifier: str, *, field: str = "") -> None:
        self._request, network = request, network_of(request)
        rate = app_settings.SIGNIN_ACCOUNT_RATE
        self._account = _windows("account", rate, folded(identifier), network)
        self._network = _windows("network", app_settings.SIGNIN_NETWORK_RATE, network)
        # What is folded alike may be two accounts, and so may two fields of one name.
        self._named = tuple(each.part(field, identifier) for each in self._account)

    def __enter__(self) -> None:
        # The network first: of one that is full, no new name leaves a count in the cache.
        windows = (*self._network, *self._account)
        full = counters.run(lambda store: _first_full(store, windows)) if windows else None
        if full is None:
            return
        if "HTTP_X_FORWARDED_FOR" in self._request.META and not app_settings.NUM_PROXIES:
            logger.warning("throttled what may be a proxy: if it is one of yours, set NUM_PROXIES")
        raise Throttled(full.retry_after)

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if error is None:
            forgiven = [*zip(self._account, self._named, strict=True)]
            _settle(given_back=self._network, forgiven=forgiven)
        elif isinstance(error, UNREACHABLE):
            _settle(given_back=(*self._account, *self._network))
        elif isinstance(error, Exception):
            is_guess = isinstance(error, InvalidCredentials)
            _settle(kept=self._named, given_back=() if is_guess else self._network)


def network_of(request: HttpRequest | Request) -> str:
    """Return the network of the client; those who have no address are of one."""
    address = address_of(django_request(request)) or ""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))


def _windows(scope: str, rate: Rate | None, *names: str) -> tuple[Window, ...]:
    return () if rate is None else (window(scope, rate, *names),)


def _first_full(store: BaseCache, windows: Sequence[Window]) -> Window | None:
    """Take a place in each, or in none: what was refused has not failed."""
    for number, each in enumerate(windows, 1):
        if not each.take(store):
            for taken in windows[:number]:
                taken.give_back(store)
            return each
    return None


def _settle(
    *,
    given_back: Sequence[Window] = (),
    kept: Sequence[Window] = (),
    forgiven: Sequence[tuple[Window, Window]] = (),
) -> None:
    def job(store: BaseCache) -> None:
        for whole, part in forgiven:
            # Where no place but one's own was taken, nothing is to be forgiven.
            if whole.give_back(store) and (places := part.forget(store)):
                whole.give_back(store, places)
        for each in kept:
            each.take(store)
        for each in given_back:
            each.give_back(store)

    if given_back or kept or forgiven:
        counters.run(job)
