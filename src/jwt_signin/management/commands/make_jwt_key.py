"""``manage.py make_jwt_key``: make a key, and print the settings that use it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jwt_signin.keys import UnfitKeyError
from jwt_signin.keys.making import ALGORITHMS, KeyPair, make_key


class Command(BaseCommand):
    """Makes a key and prints it, as settings to paste; it is kept nowhere."""

    help = "Make a key that signs tokens, and print the settings that use it."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what the key is for."""
        parser.add_argument(
            "--algorithm",
            choices=ALGORITHMS,
            default="ES256",
            help="what it signs by (default: ES256, which other services can check)",
        )

    def handle(self, *args: Any, algorithm: str, **options: Any) -> None:
        """Print Python: the key that signs, and the one to show beforehand."""
        try:
            pair = make_key(algorithm)
        except UnfitKeyError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_settings(algorithm, pair))


def _settings(algorithm: str, pair: KeyPair) -> str:
    return f'''\
# First, so that every process and every service knows it before it signs:
JWT_SIGNIN = {{
    "VERIFYING_KEYS": [
        {_given(algorithm, pair.public)},
    ],
}}

# Then, to sign with it; keep it out of version control:
SIMPLE_JWT = {{
    "ALGORITHM": "{algorithm}",
    "SIGNING_KEY": {_literal(pair.private)},
}}'''


def _given(algorithm: str, public: str) -> str:
    return f'{{"key": {_literal(public)}, "algorithm": "{algorithm}"}}'


def _literal(text: str) -> str:
    return f'"""{text}"""' if "\n" in text else f'"{text}"'
