"""The shipped migrations."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_nothing_is_left_to_migrate():
    call_command("makemigrations", "jwt_signin", "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_they_run_back_and_forth():
    call_command("migrate", "jwt_signin", "zero", verbosity=0)
    call_command("migrate", "jwt_signin", verbosity=0)
