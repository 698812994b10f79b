"""Django's and REST framework's test clients, holding the tokens of one session."""

from __future__ import annotations

import copy
import json
from datetime import timedelta
from typing import Any, Self, cast

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.test import Client, RequestFactory, override_settings
from django.urls import NoReverseMatch, resolve
from django.utils import timezone
from rest_framework.status import HTTP_200_OK
from rest_framework.test import APIClient

from jwt_signin import services
from jwt_signin.conf import TransportName, app_settings, simple_jwt
from jwt_signin.cookies import Cookie, access_cookie, refresh_cookie
from jwt_signin.models import Session
from jwt_signin.shapes import get_shape
from jwt_signin.tokens import AccessToken, RefreshToken, SessionToken, TokenPair

SECOND = timedelta(seconds=1)


class JWTClient(Client):
    """
    Django's test client, with the tokens of one session.

    It sends the access token with every request, and keeps the refresh token as its transport
    says: to itself, or among its cookies.
    """

    refresh_url: str = "jwt_signin:refresh"
    """The refresh endpoint: the name of a route, or a path."""

    transport: TransportName = "body"
    """How the refresh token travels."""

    access_token: str | None = None
    """What the header of each request holds."""

    _refresh_token: str | None = None

    def sign_in(
        self,
        user: Model,
        *,
        transport: TransportName | None = None,
        remember: bool = True,
        label: str | None = None,
    ) -> Self:
        """
        Start a session of ``user``, and hold its tokens.

        As with ``force_login`` no password is hashed and nothing asked: ``BEFORE_SESSION`` has
        been content.

        Args:
            user: a saved user.
            transport: how the refresh token travels; that of the refresh endpoint, or else
                ``TRANSPORT``, where absent.
            remember: whether the session lives ``SESSION_LIFETIME`` or the short one.
            label: what its owner calls the client.

        Returns:
            This client.

        """
        self.transport = transport or self._fixed("transport") or app_settings.TRANSPORT
        request = self._request()
        how = {"transport": self.transport, "remember": remember, "label": label}
        pair = _start(user, request, **how)
        self._hold(str(pair.access), str(pair.refresh))
        return self

    def refresh(self, **extra: Any) -> Any:
        """
        Ask the refresh endpoint for the next pair, and hold what it answers.

        Args:
            extra: what Django's ``post`` takes, such as ``headers``.

        Returns:
            The response, be it a refusal.

        """
        shape = get_shape(self._fixed("shape"))
        body = {} if self.transport == "cookie" else {shape.refresh: self.refresh_token}
        response = self.post(
            resolve_url(self.refresh_url),
            json.dumps(body),
            content_type="application/json",
            **extra,
        )
        if response.status_code == HTTP_200_OK:
            answer = response.json()
            self._hold(answer[shape.access], answer.get(shape.refresh))
        return response

    def logout(self) -> None:
        """Drop the tokens, as well as Django's session; the server is told nothing."""
        self.access_token = self._refresh_token = None
        self.defaults.pop(simple_jwt.AUTH_HEADER_NAME, None)
        super().logout()

    def expire_access(self) -> None:
        """Let the access token be past its ``exp``: refused with ``token_expired``."""
        self._hold(_expired(AccessToken, self.access_token))

    def expire_refresh(self) -> None:
        """Let the refresh token be past its ``exp``: refused with ``refresh_expired``."""
        self._hold(self.access_token, _expired(RefreshToken, self.refresh_token))

    def pass_grace(self) -> None:
        """
        Let ``REUSE_GRACE`` have passed since the session began or was last refreshed.

        The next refresh replaces the token, and one that has been replaced is reuse.
        """
        session = self.jwt_session
        session.rotated_at -= app_settings.REUSE_GRACE + SECOND
        session.save(update_fields=["rotated_at"])

    def steal(self) -> Self:
        """Return another client, with copies of the tokens that this one holds now."""
        thief = type(self)()
        thief.refresh_url, thief.transport = self.refresh_url, self.transport
        for name, morsel in self.cookies.items():
            thief.cookies[name] = copy.copy(morsel)
        thief._hold(self.access_token, self._refresh_token)
        return thief

    def revoke(self, reason: str = Session.Reason.REVOKED_BY_USER) -> None:
        """
        End the session, as from another device.

        Args:
            reason: one of ``Session.Reason``, which the refusals will tell.

        """
        services.revoke_many(Session.objects.filter(pk=self.jwt_session.pk), reason=reason)

    @property
    def jwt_session(self) -> Session:
        """The row of the session, as it is now."""
        return Session.objects.get(pk=_read(AccessToken, self.access_token).session_id)

    @property
    def refresh_token(self) -> str | None:
        """What the next refresh brings, unverified; ``None`` where that is nothing."""
        if self.transport != "cookie":
            return self._refresh_token
        request = self._request_to_refresh()
        return next(iter(refresh_cookie(request).values(request)), None)

    def _hold(self, access: str | None, refresh: str | None = None) -> None:
        """Send these from here on; what is ``None`` stays as it was."""
        if access is not None:
            self.access_token = access
            kind = simple_jwt.AUTH_HEADER_TYPES[0]
            self.defaults[simple_jwt.AUTH_HEADER_NAME] = f"{kind} {access}"
        if self.transport == "cookie":
            request = self._request_to_refresh()
            self._keep(access_cookie(request), access)
            self._keep(refresh_cookie(request), refresh)
        elif refresh is not None:
            self._refresh_token = refresh

    def _keep(self, cookie: Cookie | None, raw: str | None) -> None:
        if cookie is not None and raw is not None:
            cookie.set(response := HttpResponse(), raw, None)
            self.cookies.update(response.cookies)

    def _request(self, path: str = "/") -> HttpRequest:
        """Make a request as this client would send it."""
        return RequestFactory.request(cast("RequestFactory", self), PATH_INFO=path)

    def _request_to_refresh(self) -> HttpRequest:
        """Make the one that the refresh cookie is derived of."""
        request = self._request(path := resolve_url(self.refresh_url))
        request.resolver_match = resolve(path)
        return request

    def _fixed(self, name: str) -> Any:
        """Return what the route of the refresh endpoint fixes; ``None`` where there is none."""
        try:
            view = resolve(resolve_url(self.refresh_url)).func
        except NoReverseMatch:  # a project may call the services alone
            return None
        given = getattr(view, "initkwargs", {}).get(name)
        return given or getattr(getattr(view, "cls", None), name, None)


class JWTAPIClient(JWTClient, APIClient):  # pyright: ignore[reportGeneralTypeIssues]  # as APIClient
    """REST framework's test client, with the tokens of one session."""


def bearer(user: Model) -> dict[str, str]:
    """
    Start a session of ``user``, and return the header of its access token.

    For whatever takes headers: one request, Django's ``AsyncClient``, a WebSocket's client.
    """
    access = _start(user).access
    return {"Authorization": f"{simple_jwt.AUTH_HEADER_TYPES[0]} {access}"}


def _start(user: Model, request: HttpRequest | None = None, **how: Any) -> TokenPair:
    if app_settings.before_session is None:
        return services.start_session(user, request, **how)
    with override_settings(JWT_SIGNIN={**app_settings.given(), "BEFORE_SESSION": None}):
        return services.start_session(user, request, **how)


def _expired(kind: type[SessionToken], raw: str | None) -> str:
    """Return the token as it would be, had it been issued as long ago as it takes to expire."""
    token = _read(kind, raw)
    past = int((timezone.now() - simple_jwt.LEEWAY).timestamp()) - 1
    earlier = max(token["exp"] - past, 0)
    token.payload |= {name: token[name] - earlier for name in ("iat", "exp")}
    return str(token)


def _read(kind: type[SessionToken], raw: str | None) -> SessionToken:
    if raw is None:
        raise ValueError("this client holds no such token: sign_in() first")
    return kind.decode(raw, check_exp=False)
