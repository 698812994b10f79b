"""``manage.py develop``: the front end as it is written, with Django beside it."""

import os
import shutil
import signal
import subprocess

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Runs Vite, which passes on to Django what is not its own, and Django itself."""

    help = "Serve the front end by Vite on http://127.0.0.1:5173/, and Django beside it."

    def add_arguments(self, parser):
        parser.add_argument("address", nargs="?", default="127.0.0.1:8000")

    def handle(self, *args, address, **options):
        # Django runs itself anew whenever a file changes; Vite needs that once.
        if os.environ.get("RUN_MAIN") == "true":
            call_command("runserver", address)
            return
        npm = shutil.which("npm")
        if npm is None:
            raise CommandError("There is no npm: install Node, or run tox -e example-dev.")
        vite = [npm, "run", "dev", "--prefix", str(settings.BASE_DIR / "frontend"), "--silent"]
        environ = os.environ | {"DJANGO_URL": f"http://{address}"}
        # A group of its own: npm does not end what it has started.
        with subprocess.Popen(vite, env=environ, start_new_session=True) as process:
            try:
                call_command("runserver", address)
            finally:
                os.killpg(process.pid, signal.SIGTERM)
