"""``manage.py revoke_jwt_sessions``: end sessions by user, by date, or all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from jwt_signin import services
from jwt_signin.models import Session


class Command(BaseCommand):
    """Ends sessions; their access tokens are refused from the next request on."""

    help = "End sessions by user, by date, or all."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take which: at least one of them."""
        parser.add_argument(
            "--user", metavar="NAME", help="those of one user, by the model's USERNAME_FIELD"
        )
        parser.add_argument(
            "--before",
            metavar="WHEN",
            help="those begun before an ISO 8601 date or moment, by TIME_ZONE where it names none",
        )
        parser.add_argument("--all", action="store_true", help="every one")

    def handle(self, *args: Any, **options: Any) -> None:
        """End them, and say how many."""
        if options["user"] is None and options["before"] is None and not options["all"]:
            raise CommandError("Say which: --user NAME, --before WHEN or --all.")
        sessions = Session.objects.primary()
        if options["user"] is not None:
            sessions = sessions.filter(user=_user(options["user"]))
        if options["before"] is not None:
            sessions = sessions.filter(created_at__lt=_moment(options["before"]))
        ended = services.revoke_many(sessions, reason=Session.Reason.ADMIN)
        self.stdout.write(f"{ended} sessions ended")


def _user(name: str) -> Any:
    model: Any = get_user_model()
    try:
        return model._default_manager.get_by_natural_key(name)
    except model.DoesNotExist as error:
        raise CommandError(f"There is no user {name!r}.") from error


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
    except ValueError as error:
        raise CommandError(f"There is no such moment: {text!r}.") from error
    if moment is None:
        raise CommandError(f"This is no ISO 8601 date or moment: {text!r}.")
    if not settings.USE_TZ:
        return timezone.make_naive(moment) if timezone.is_aware(moment) else moment
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
