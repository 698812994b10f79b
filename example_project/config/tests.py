"""The settings for production, as a machine of the project's would meet them."""

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.core.management import call_command
from django.test import SimpleTestCase

MANAGE = Path(__file__).resolve().parent.parent / "manage.py"


def signing_key():
    """Return both halves of a key, as make_jwt_key prints them."""
    printed = io.StringIO()
    call_command("make_jwt_key", stdout=printed)
    scope = {}
    exec(printed.getvalue(), scope)  # noqa: S102  # what it prints is settings to paste
    return scope["SIMPLE_JWT"]["SIGNING_KEY"], scope["JWT_SIGNIN"]["VERIFYING_KEYS"][0]["key"]


# Asks for the page and for what it loads; prints status, type and how long it may be kept.
ASK = """
import re
from django.test import Client

def ask(path):
    answer = client.get(path, secure=True)
    print(answer.status_code, answer["Content-Type"].split()[0], answer.get("Cache-Control"))
    return b"".join(answer).decode()

client = Client(headers={"host": "app.example.com"})
for file in re.findall(r'(?:src|href)="(/[^"]+)"', ask("/devices")):
    ask(file)
"""


class ProductionTests(SimpleTestCase):
    """Nothing is served on the network, and no database or cache is asked."""

    def setUp(self):
        private, _ = signing_key()
        self.environment = {
            "DJANGO_SETTINGS_MODULE": "config.production",
            "SECRET_KEY": "for-this-test-alone-" + "0123456789abcdefghijklmnopqrstuvwxyz",
            "JWT_SIGNING_KEY": private,
            "ALLOWED_HOSTS": "app.example.com",
            "DATABASE_URL": "postgresql://app:pass@127.0.0.1:1/app?sslmode=require",
            "REDIS_URL": "redis://127.0.0.1:1",
        }

    def manage(self, *command, **environment):
        """Run a command; return its status and all that it said."""
        run = subprocess.run(
            [sys.executable, MANAGE, *command],
            env=os.environ | self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return run.returncode, run.stdout + run.stderr

    def check(self, **environment):
        return self.manage("check", "--deploy", "--fail-level", "WARNING", **environment)

    def test_have_nothing_to_mend(self):
        status, said = self.check()
        self.assertEqual(status, 0, said)

    def test_have_nothing_to_mend_with_all_that_may_be_said(self):
        _, shown = signing_key()
        status, said = self.check(
            SECRET_KEY_FALLBACKS="another-" + self.environment["SECRET_KEY"],
            JWT_ALGORITHM="ES256",
            JWT_SIGNING_KEY=self.environment["JWT_SIGNING_KEY"].replace("\n", "\\n"),
            JWT_VERIFYING_KEYS=f'["{shown}"]'.replace("\n", "\\n"),
            TRUSTED_ORIGINS="https://one.example.com, https://two.example.com",
            NUM_PROXIES="0",
        )
        self.assertEqual(status, 0, said)

    def test_name_the_variable_that_is_missing(self):
        for name in self.environment.keys() - {"DJANGO_SETTINGS_MODULE"}:
            with self.subTest(name):
                status, said = self.check(**{name: ""})
                self.assertEqual(status, 1)
                self.assertIn(f"Set the environment variable {name}.", said)

    def test_refuse_a_key_that_anybody_knows(self):
        secret = {"JWT_ALGORITHM": "HS256", "JWT_SIGNING_KEY": "x" * 32}

        self.assertIn("jwt_signin.W002", self.check(**secret)[1])

    def test_serve_the_built_front_end_for_ever_and_its_page_anew(self):
        """All of it by WhiteNoise, as gunicorn would call it."""
        with tempfile.TemporaryDirectory() as folder:
            status, said = self.manage("collectstatic", "--noinput", STATIC_ROOT=folder)
            self.assertEqual(status, 0, said)
            self.assertTrue((Path(folder) / "staticfiles.json").exists())

            status, said = self.manage("shell", "--no-imports", "-c", ASK, STATIC_ROOT=folder)
            self.assertEqual(status, 0, said)

        forever = "max-age=315360000, public, immutable"
        self.assertEqual(
            said.splitlines(),
            [
                "200 text/html; None",
                f"200 text/javascript; {forever}",
                f"200 text/css; {forever}",
            ],
        )

    def test_leave_the_grace_as_the_package_has_it(self):
        code = "from jwt_signin.conf import app_settings; print(app_settings.REUSE_GRACE)"

        status, said = self.manage("shell", "--no-imports", "-c", code)

        self.assertEqual((status, said.strip()), (0, "0:00:30"))
