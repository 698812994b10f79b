"""Logging out: a session ends by any of its tokens."""

from __future__ import annotations

from django.contrib.auth.signals import user_logged_out
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from jwt_signin.exceptions import Unauthorized
from jwt_signin.models import Session
from jwt_signin.services.events import AnyRequest, django_request
from jwt_signin.services.moving import begin
from jwt_signin.services.sessions import end, find
from jwt_signin.tokens import SessionlessRefreshToken, decode_any


@sensitive_variables()
def log_out(*raws: str, request: AnyRequest = None) -> int:
    """
    End every session that a token of is shown (RFC 7009 section 2.1).

    What is no token, or no live session's, is passed over: who logs out with a token long dead
    is as logged out as anyone.

    Args:
        raws: tokens of either kind, unverified; expired ones count.
        request: Django's or REST framework's, for the receivers of signals.

    Returns:
        How many sessions this ended.

    """
    return sum(_logged_out(raw, request) for raw in raws)


@sensitive_variables()
def _logged_out(raw: str, request: AnyRequest) -> bool:
    try:
        token = decode_any(raw, check_exp=False)
        if isinstance(token, SessionlessRefreshToken):
            begin(token, request)  # else another could begin its session afterwards
        session = find(token)
    except Unauthorized:
        return False
    ended = end(session, Session.Reason.LOGGED_OUT, request, now=timezone.now())
    if ended:
        user = session.user
        user_logged_out.send_robust(user.__class__, request=django_request(request), user=user)
    return ended
