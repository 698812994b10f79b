"""
How requests and answers are spelled, so that an existing front end keeps working.

A shape chooses names and statuses; what happens is the same under each.
A project writes its own by subclassing ``Shape`` and naming it in ``JWT_SIGNIN["SHAPE"]`` or in
``shape=`` of a view or an include.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal, NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException

from jwt_signin.conf import app_settings
from jwt_signin.exceptions import InvalidCredentials, Unauthorized, describe
from jwt_signin.tokens import TokenPair

Action = Literal["sign_in", "refresh", "access", "other"]
"""What was asked for when it was refused."""


class Spelled(NamedTuple):
    """A refusal as it is answered."""

    status: int
    body: dict[str, Any]


class Shape:
    """The shape ``default``, and the base of every other."""

    access: ClassVar[str] = "access"
    """The name of the access token in answers."""

    refresh: ClassVar[str] = "refresh"
    """The name of the refresh token in answers, and one of its names in requests."""

    identifiers: ClassVar[tuple[str, ...]] = ()
    """Names that a sign-in may use for ``identifier``, where no field of that name is signed in
    by."""

    def tokens(self, pair: TokenPair) -> dict[str, Any]:
        """Spell the tokens alone; the refresh token is left out where it was not replaced."""
        named = {self.access: str(pair.access)}
        if pair.refresh is not None:
            named[self.refresh] = str(pair.refresh)
        return named

    def sign_in(self, pair: TokenPair, request: Any) -> dict[str, Any]:
        """Spell the answer of a sign-in."""
        serializer = app_settings.user_serializer(pair.user, context={"request": request})
        return {
            **self.tokens(pair),
            "token_type": "Bearer",
            "expires_in": pair.expires_in,
            "expires_at": pair.access["exp"],
            "refresh_expires_in": pair.refresh_expires_in,
            "session": pair.access["sid"],
            "user": serializer.data,
        }

    def refreshed(self, pair: TokenPair, request: Any) -> dict[str, Any]:
        """Spell the answer of a refresh."""
        return self.sign_in(pair, request)

    def refusal(self, error: APIException, action: Action) -> Spelled:
        """
        Spell a refusal.

        Args:
            error: this package's or REST framework's own.
            action: what was asked for.

        """
        return Spelled(error.status_code, describe(error))


class _TokensAlone(Shape):
    """The base of shapes that answer nothing but the tokens."""

    def sign_in(self, pair: TokenPair, request: Any) -> dict[str, Any]:
        return self.tokens(pair)

    def refreshed(self, pair: TokenPair, request: Any) -> dict[str, Any]:
        return self.tokens(pair)


class SimpleJWT(_TokensAlone):
    """Simple JWT's own views, and djoser's over them."""

    def refusal(self, error: APIException, action: Action) -> Spelled:
        """Spell every refused token ``token_not_valid``, as Simple JWT does."""
        status, body = super().refusal(error, action)
        if isinstance(error, InvalidCredentials):
            return Spelled(status, {**body, "code": "no_active_account"})
        if not isinstance(error, Unauthorized):
            return Spelled(status, body)
        body["code"] = "token_not_valid"
        if action == "access":
            message = {"token_class": "AccessToken", "token_type": "access"}
            body["messages"] = [{**message, "message": body["detail"]}]
        return Spelled(status, body)


class _ErrorAlone(_TokensAlone):
    """The base of shapes that spell what sign-in and refresh refuse as ``error``."""

    def wrong_credentials(self) -> Spelled:
        """Spell a refused sign-in."""
        raise NotImplementedError

    def refusal(self, error: APIException, action: Action) -> Spelled:
        status, body = super().refusal(error, action)
        if isinstance(error, InvalidCredentials):
            return self.wrong_credentials()
        if isinstance(error, Unauthorized) and action == "refresh":
            return Spelled(status, _as_error(body))
        return Spelled(status, body)


class APILogin(_ErrorAlone):
    """A ``LoginView`` that answers ``{refresh, access}``, or ``{error}``."""

    identifiers = ("username",)

    def wrong_credentials(self) -> Spelled:
        """Answer 401, in English whatever the language."""
        return Spelled(401, {"error": "Invalid Credentials"})


class APISignIn(_ErrorAlone):
    """A ``signin`` view that answers ``{access_token, refresh_token, message}`` or ``{error}``."""

    access = "access_token"
    refresh = "refresh_token"
    identifiers = ("email",)

    def sign_in(self, pair: TokenPair, request: Any) -> dict[str, Any]:
        """Add the message."""
        return {**self.tokens(pair), "message": _("Signed in successfully")}

    def wrong_credentials(self) -> Spelled:
        """Answer 400."""
        return Spelled(400, {"error": _("The e-mail address or the password is not correct")})


def _as_error(body: dict[str, Any]) -> dict[str, Any]:
    """Spell the sentence ``error``, and keep the reason, which the front end may tell."""
    reason = {"reason": body["reason"]} if "reason" in body else {}
    return {"error": body["detail"], **reason}


SHAPES: dict[str, type[Shape]] = {
    "default": Shape,
    "simplejwt": SimpleJWT,
    "api_login": APILogin,
    "api_signin": APISignIn,
}


def get_shape(shape: Any = None) -> Shape:
    """
    Return the shape of a name, a dotted path or a class; the project's where none is given.

    Raises:
        ImproperlyConfigured: there is no such shape.

    """
    chosen = app_settings.SHAPE if shape is None else shape
    if isinstance(chosen, str):
        chosen = SHAPES.get(chosen) or import_shape(chosen)
    if not isinstance(chosen, type) or not issubclass(chosen, Shape):
        raise ImproperlyConfigured(f"{chosen!r} is no subclass of jwt_signin.shapes.Shape.")
    return chosen()


def import_shape(path: str) -> Any:
    """Import a project's own shape, or say which there are."""
    try:
        return import_string(path)
    except ImportError as error:
        raise ImproperlyConfigured(f"There is no shape {path!r}: {sorted(SHAPES)}.") from error
