"""Which of several tokens counts: a browser may bring more than one cookie of a name."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Sequence

from django.views.decorators.debug import sensitive_variables

from jwt_signin import exceptions
from jwt_signin.tokens.base import SessionToken


@sensitive_variables()
def freshest(kind: type[SessionToken], raws: Sequence[str]) -> str | None:
    """
    Return of several tokens of a kind, brought at once, the one that was issued last.

    Of one session it is the last generation, for the clocks of two servers may differ.
    Where none of them is valid it is the first, whose refusal is then told.
    """
    newest: dict[uuid.UUID | None, tuple[int, float, str]] = {}
    for raw in raws if len(raws) > 1 else ():
        with contextlib.suppress(exceptions.Unauthorized):
            token = kind.decode(raw)
            place = (token.generation, token["iat"], raw)
            newest[token.session_id] = max(place, newest.get(token.session_id, place))
    issued = [(issued_at, raw) for _, issued_at, raw in newest.values()]
    return max(issued)[-1] if issued else next(iter(raws), None)
