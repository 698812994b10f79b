"""The floor as four contenders: Django's or REST framework's views, the ORM or written SQL."""

from __future__ import annotations

from typing import Any

from benchmarks.compare.contenders.base import OPERATIONS, PASSWORD, Ask, Contender, Tokens


class Floor(Contender):
    """REST framework's views and the ORM."""

    name = "floor-drf-orm"
    note = "bare APIViews, the ORM"
    apps = ("benchmarks.compare.floor",)
    authentication = ("benchmarks.compare.floor.authentication.ByORM",)
    operations = OPERATIONS
    checks_session = True
    compiled, views = False, "framed"

    def urlpatterns(self) -> list[Any]:
        """Return the routes of the one kind of views, over the one kind of statements."""
        from benchmarks.compare.floor import views  # noqa: PLC0415
        from benchmarks.compare.floor.authentication import ByCursor, ByORM  # noqa: PLC0415

        routes: list[Any] = getattr(views, self.views)((ByCursor if self.compiled else ByORM).acts)
        return routes

    def sign_in(self, user: int) -> Ask:
        """Sign in by name."""
        return Ask("POST", "/api/signin/", {"username": f"user{user}", "password": PASSWORD})

    def refresh(self, tokens: Tokens) -> Ask:
        """Refresh the pair."""
        return Ask("POST", "/api/refresh/", {"refresh": tokens["refresh"]})

    def grace(self, tokens: Tokens) -> Ask:
        """Be given a pair of the same generation."""
        return Ask("POST", "/api/again/", {"refresh": tokens["refresh"]})

    def logout(self, tokens: Tokens) -> Ask:
        """End the session."""
        return Ask("POST", "/api/logout/", {"refresh": tokens["refresh"]})

    def sessions(self, tokens: Tokens) -> Ask:
        """List the sessions."""
        return Ask("GET", "/api/sessions/", headers=self.bearer(tokens))


class CompiledFloor(Floor):
    """REST framework's views, and statements written down once."""

    name = "floor-drf-sql"
    note = "bare APIViews, statements compiled once"
    authentication = ("benchmarks.compare.floor.authentication.ByCursor",)
    compiled = True


class PlainFloor(Floor):
    """Django's own views and the ORM."""

    name = "floor-django-orm"
    note = "bare Django views, the ORM"
    views = "plain"

    def request(self, tokens: Tokens) -> Ask:
        """Ask a view of Django's own."""
        return Ask("GET", "/api/plain/me/", headers=self.bearer(tokens))


class PlainCompiledFloor(PlainFloor):
    """Django's own views, and statements written down once."""

    name = "floor-django-sql"
    note = "bare Django views, statements compiled once"
    compiled = True
