"""``manage.py clear_jwt_sessions``: remove the rows of sessions that can never be used again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from jwt_signin import services


class Command(BaseCommand):
    """
    Removes sessions past their idle or absolute lifetime, in small transactions with rests.

    It may run while traffic does, be stopped at any moment and be run again.
    """

    help = "Remove the sessions that are past their idle or absolute lifetime."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how much at once, and whether only to count."""
        parser.add_argument(
            "--batch-size", type=_rows, default=2_000, help="rows a transaction (default: 2000)"
        )
        parser.add_argument("--dry-run", action="store_true", help="count, and remove nothing")

    def handle(self, *args: Any, batch_size: int, dry_run: bool, **options: Any) -> None:
        """Remove them batch by batch, with a line for each where they are many."""
        if dry_run:
            self.stdout.write(f"{services.count_dead_sessions()} sessions would be removed")
            return
        removed = 0
        for batch in services.clear_dead_sessions(batch_size):
            if removed:
                self.stdout.write(f"{removed} sessions removed so far")
            removed += batch
        self.stdout.write(f"{removed} sessions removed")


def _rows(text: str) -> int:
    if (rows := int(text)) < 1:
        raise ValueError
    return rows
