"""
Counting in windows: what is counted together, until when, and under which key.

A window is fixed: it begins whether or not anything happens in it.
So any stretch as long as one holds at most twice the limit, and on average the limit; a bucket
that refills or two windows weighted have the same worst case, and need more than the one atomic
``incr`` that every shared cache has.
"""

from __future__ import annotations

import base64
import math
import time
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.cache.backends.base import BaseCache
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.utils.crypto import salted_hmac

from jwt_signin.conf.readers import Rate

CLOCKS_DIFFER = 60
"""Seconds that a count outlives its window: those who count together share no clock."""


class Window(NamedTuple):
    """The present window of one thing that is limited."""

    key: str
    limit: int
    seconds: int
    ends_at: float

    @property
    def retry_after(self) -> int:
        """The whole seconds until the next one begins."""
        return max(math.ceil(self.ends_at - time.time()), 1)

    def take(self, store: BaseCache) -> bool:
        """Count one more, atomically; return whether it was within the limit."""
        try:
            count = store.incr(self.key)
        except ValueError:  # the first of its window
            store.add(self.key, 0, self.seconds + CLOCKS_DIFFER)
            count = store.incr(self.key)
        return count <= self.limit

    def give_back(self, store: BaseCache, places: int = 1) -> int:
        """Count so many less, where they were counted at all; return how many are left."""
        try:
            return int(store.decr(self.key, places))
        except ValueError:
            return 0

    def taken(self, store: BaseCache) -> int:
        """Return how many places are taken."""
        return int(store.get(self.key, 0))

    def is_full(self, store: BaseCache) -> bool:
        """Tell whether the limit is reached, counting nothing."""
        return self.taken(store) >= self.limit

    def forget(self, store: BaseCache) -> int:
        """Count from nothing again; return how many places were taken, to one of those who ask."""
        places = self.taken(store)
        return places if places and store.delete(self.key) else 0

    def part(self, *names: str) -> Window:
        """Return a count within this window of one among those that it counts as one."""
        return self._replace(key=f"{self.key}:{_short(_digest(*names))}")


def window(scope: str, rate: Rate, *names: str) -> Window:
    """
    Return the present window of what ``names`` name.

    The key is a keyed digest: who can read the cache learns nobody's name or address from it.
    Each thing's windows begin at a moment of their own, or all who wait would come back at once.
    """
    digest = _digest(scope, *names)
    now, phase = time.time(), int.from_bytes(digest) % rate.seconds
    number = int(now + phase) // rate.seconds
    return Window(
        key=f"jwt_signin:{scope}:{_short(digest)}:{number}",
        limit=rate.limit,
        seconds=rate.seconds,
        ends_at=(number + 1) * rate.seconds - phase,
    )


def _digest(*names: str) -> bytes:
    keyed = _keyed().copy()
    keyed.update("\0".join(names).encode(errors="surrogatepass"))
    return bytes(keyed.digest())


def _short(digest: bytes) -> str:
    """Spell 96 bits of it: Django looks at every character of a key, each time it is used."""
    return base64.urlsafe_b64encode(digest[:12]).decode()


@lru_cache(maxsize=1)
def _keyed() -> Any:
    """Prepare the key, which takes longer than the digest."""
    return salted_hmac("jwt_signin.throttling", "", algorithm="sha256")


@receiver(setting_changed)
def _forget(**kwargs: Any) -> None:
    _keyed.cache_clear()
