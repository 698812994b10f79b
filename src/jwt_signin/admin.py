"""The list of sessions: look and end, never edit."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from jwt_signin import services
from jwt_signin.models import Session


@admin.register(Session)
class SessionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable on Django 5.2
    """
    Shows sessions to those who may view them, and ends them for those who may change them.

    What a row keeps of secrets is not shown: it would be of use to nobody but an attacker.
    """

    list_display = ("user", "label", "ip", "transport", "created_at", "rotated_at", "revoke_reason")
    list_filter = ("revoke_reason", "transport", "created_at")
    list_select_related = ("user",)
    ordering = ("-created_at",)
    actions = ("end_sessions",)
    fields = (
        "id",
        "user",
        "label",
        "ip",
        "user_agent",
        "transport",
        "remember",
        "generation",
        "created_at",
        "rotated_at",
        "expires_at",
        "revoked_at",
        "revoke_reason",
    )

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Search by whom, from where and with what."""
        model: Any = get_user_model()
        return (f"user__{model.USERNAME_FIELD}", "=id", "ip", "label", "user_agent")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: a session begins with a sign-in."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: there is nothing to edit."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """
        Refuse on these pages: a row that is gone cannot say why its session is over.

        Elsewhere the permission itself is asked: the deletion of a user needs it.
        """
        page = request.resolver_match.url_name if request.resolver_match else None
        is_here = (page or "").startswith("jwt_signin_session_")
        return not is_here and super().has_delete_permission(request, obj)

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Ask for the model's permission to change."""
        user: Any = request.user
        return bool(user.has_perm("jwt_signin.change_session"))

    @admin.action(description=_("End the selected sessions"), permissions=["end"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        """End those that are not over yet, and say how many."""
        ended = services.revoke_many(queryset, request, reason=Session.Reason.ADMIN)
        message = ngettext("%d session was ended.", "%d sessions were ended.", ended)
        self.message_user(request, message % ended)
