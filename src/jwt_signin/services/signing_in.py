"""Signing in: credentials become a user, and a user a session."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.hashers import make_password
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import EmailField, Model
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from jwt_signin import signals
from jwt_signin.conf import TransportName, app_settings
from jwt_signin.exceptions import InvalidCredentials
from jwt_signin.models import Session, auth_hashes, digest, may_sign_in
from jwt_signin.services.client import client_of
from jwt_signin.services.events import AnyRequest, django_request, tell
from jwt_signin.services.issuing import issue
from jwt_signin.services.passwords import lost_an_upgrade, signing_in
from jwt_signin.services.sessions import end_oldest
from jwt_signin.tokens import TokenPair


@sensitive_variables()
def sign_in(
    request: AnyRequest,
    *,
    password: str,
    transport: TransportName = "body",
    remember: bool = True,
    **identifier: str,
) -> TokenPair:
    """
    Sign a user in by what he knows, and start a session.

    ``django.contrib.auth.authenticate`` alone decides, so every backend and every receiver of
    ``user_login_failed`` takes part; of a name that ``USERNAME_FIELD`` cannot hold, as it is no
    text, nobody is asked.
    Whether an account exists shows neither in the answer nor in the work that is done for it.

    Args:
        request: Django's or REST framework's; ``None`` outside of one.
        password: as it was typed, spaces included.
        transport: how the session's refresh token will travel.
        remember: whether the session lives ``SESSION_LIFETIME`` or the short one.
        identifier: exactly one of the names in ``SIGNIN_BY``, or ``identifier`` for the one
            that fits.

    Raises:
        exceptions.InvalidCredentials: whatever was wrong with them.
        TypeError: not exactly one name was given, or one that nobody signs in by.

    """
    name, value = _field(identifier)
    username = account_name(name, value)
    called = value if username is None else username
    if not _may_be_called(called):
        make_password(password)  # as much work as a wrong one is
        raise InvalidCredentials
    credentials = {"username": called, "password": password}
    with signing_in():
        user = authenticate(django_request(request), **credentials)
    if user is not None and lost_an_upgrade(user):
        user = authenticate(django_request(request), **credentials)
    if user is None or username is None:
        raise InvalidCredentials
    return start_session(user, request, transport=transport, remember=remember)


@sensitive_variables()
def start_session(
    user: Model,
    request: AnyRequest = None,
    *,
    transport: TransportName = "body",
    remember: bool = True,
    label: str | None = None,
) -> TokenPair:
    """
    Start a session for a user who has been authenticated, by whatever means.

    The one place where sessions begin: what proves a second factor, a passkey or a social
    account ends by calling it.
    ``BEFORE_SESSION`` is asked first, of users who may sign in at all, and refuses by raising an
    error of REST framework's.

    Args:
        user: a saved instance of the user model, as its backend returned it: a password that
            was changed meanwhile makes the session dead on its first use.
        request: Django's or REST framework's, for address and client; ``None`` outside of one.
        transport: how the session's refresh token will travel.
        remember: whether the session lives ``SESSION_LIFETIME`` or the short one.
        label: what its owner calls the client, at most 60 characters; derived where absent.

    Raises:
        exceptions.InvalidCredentials: the user is not active, or was deleted meanwhile.
        APIException: whatever ``BEFORE_SESSION`` refuses with.

    """
    _ask_whether(user, request)
    now, secret = timezone.now(), secrets.token_urlsafe(16)
    client = client_of(django_request(request), label)._asdict()
    session = _new(user, secret, remember, now=now, transport=transport, **client)
    pair = issue(session, secret=secret, now=now)  # before there is a row: a claim may fail
    _begin(session)
    _announce(session, request)
    end_oldest(session, request)
    return pair


def account_name(name: str, value: str) -> str | None:
    """
    Find what ``authenticate`` knows the account by.

    Where several accounts share an e-mail address nobody is chosen among them.

    Returns:
        The value of ``USERNAME_FIELD``; ``None`` where no single account answers to ``value``:
        the caller still does the work of a wrong password, so that it takes the same time.

    """
    model: Any = get_user_model()
    if name == model.USERNAME_FIELD:
        return value
    spellings = {value}
    if isinstance(model._meta.get_field(name), EmailField):
        # Django's managers keep the domain in lower case; other code may not have.
        spellings.add(BaseUserManager.normalize_email(value))
    try:
        matching = model._default_manager.filter(**{f"{name}__in": spellings})
        found = list(matching.values_list(model.USERNAME_FIELD, flat=True)[:2])
    except (ValueError, ValidationError):  # a field that is no text, and a value that is none of it
        return None
    return found[0] if len(found) == 1 else None


def _may_be_called(name: Any) -> bool:
    """Tell whether ``USERNAME_FIELD``, which may be no text, can hold a name at all."""
    model: Any = get_user_model()
    try:
        model._meta.get_field(model.USERNAME_FIELD).to_python(name)
    except ValidationError:
        return False
    return True


def _new(user: Any, secret: str, remember: bool, *, now: datetime, **columns: Any) -> Session:
    lifetime = app_settings.SESSION_LIFETIME if remember else app_settings.SHORT_SESSION_LIFETIME
    return Session(
        user=user,
        secret_hash=digest(secret),
        auth_hash=next(auth_hashes(user)),
        remember=remember,
        created_at=now,
        rotated_at=now,
        expires_at=now + lifetime,
        **columns,
    )


def _begin(session: Session) -> None:
    try:
        Session.objects.begin(session)
    except IntegrityError as error:  # the user was deleted meanwhile
        raise InvalidCredentials from error


def _ask_whether(user: Any, request: AnyRequest) -> None:
    if not may_sign_in(user):
        raise InvalidCredentials
    if before := app_settings.before_session:
        before(user, request)


def _announce(session: Session, request: AnyRequest) -> None:
    user = session.user
    user_logged_in.send_robust(user.__class__, request=django_request(request), user=user)
    tell(signals.session_started, session, request, user=user)


def _field(identifier: dict[str, str]) -> tuple[str, str]:
    allowed = app_settings.signin_by
    if len(identifier) != 1:
        raise TypeError(f"name the account once: {[*identifier]}")
    ((name, value),) = identifier.items()
    if name == "identifier":
        by_email = "@" in value and "email" in allowed
        return "email" if by_email else allowed[0], value
    if name not in allowed:
        raise TypeError(f"nobody signs in by {name!r}: SIGNIN_BY is {list(allowed)}")
    return name, value
