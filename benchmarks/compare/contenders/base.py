"""What a contender is: a project, and how its endpoints are asked."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any, ClassVar, NamedTuple

OPERATIONS = ("sign_in", "request", "signature", "refresh", "grace", "logout", "sessions")
PASSWORD = "a passphrase of the harness"
USERS = 300
"""How many there are, called ``user0`` and so on."""

Tokens = dict[str, Any]
"""What a client keeps of a sign-in."""


class Ask(NamedTuple):
    """A request, as a client spells it."""

    method: str
    path: str
    body: dict[str, Any] | None = None
    headers: dict[str, str] = {}


class Contender:
    """
    One way to sign in: what its project sets and routes, and how a client uses it.

    The settings are those that its own documentation recommends in production; those that all
    have in common are in ``benchmarks.compare.settings``.
    """

    name: ClassVar[str]
    distribution: ClassVar[str] = "Django"
    """What is measured, by its name on PyPI."""

    note: ClassVar[str] = ""
    """What of its settings a reader has to know."""

    apps: ClassVar[tuple[str, ...]] = ()
    settings: ClassVar[dict[str, Any]] = {}
    hurried: ClassVar[dict[str, Any]] = {}
    """Settings for clients that refresh more often than honest ones do."""

    authentication: ClassVar[tuple[str, ...]] = ()
    """The dotted path of its authentication class."""

    operations: ClassVar[tuple[str, ...]] = ("sign_in", "request", "refresh", "logout")
    """Those of ``OPERATIONS`` that it has."""

    abilities: ClassVar[tuple[str, ...]] = ()
    """Further ones that it has and that cost what they cost another contender."""

    checks_session: ClassVar[bool] = False
    """Whether ``request`` refuses a session that has ended."""

    renewed: ClassVar[dict[str, str]] = {"access": "access", "refresh": "refresh"}
    """How sign-in and refresh name the tokens that they answer."""

    def version(self) -> str:
        """Return the version that is measured."""
        return f"{self.distribution} {version(self.distribution)}"

    def urlpatterns(self) -> list[Any]:
        """Return the routes."""
        raise NotImplementedError

    def sign_in(self, user: int) -> Ask:
        """Spell a sign-in."""
        raise NotImplementedError

    def tokens(self, answer: dict[str, Any]) -> Tokens:
        """Keep of an answer what a client keeps."""
        return {mine: answer[theirs] for mine, theirs in self.renewed.items() if theirs in answer}

    def request(self, tokens: Tokens) -> Ask:
        """Spell a request for the one view that all have."""
        return Ask("GET", "/api/me/", headers=self.bearer(tokens))

    def signature(self, tokens: Tokens) -> Ask:
        """Spell a request for the same view, where no statement is spent."""
        return Ask("GET", "/api/signature/", headers=self.bearer(tokens))

    def refresh(self, tokens: Tokens) -> Ask:
        """Spell a refresh."""
        raise NotImplementedError

    def logout(self, tokens: Tokens) -> Ask:
        """Spell a logout."""
        raise NotImplementedError

    def sessions(self, tokens: Tokens) -> Ask:
        """Spell the question where the user is signed in."""
        raise NotImplementedError

    def grace(self, tokens: Tokens) -> Ask:
        """Spell a refresh that comes twice."""
        return self.refresh(tokens)

    def bearer(self, tokens: Tokens) -> dict[str, str]:
        """Return the header that carries the access token."""
        return {"Authorization": f"Bearer {tokens['access']}"}

    def succeeded(self, ask: Ask, status: int) -> bool:
        """Tell whether an answer is what ``ask`` asked for."""
        return status in {200, 201, 204, 205}

    def before(self, operation: str) -> None:
        """Bring the table to where ``operation`` is what it is called."""
