"""
A server whose keys are rotated while it runs; for clients in other languages.

    python tests/client/rotating_server.py

It prints its address, then one line for each line that it reads: the stage that it has entered.
One user, ``ada``, signs in by the password ``a passphrase``.
"""

import os
import sys
import threading
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

ROOT = Path(__file__).parents[2]


def start():
    """Start Django on a database of its own; return the address."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    call_command("migrate", verbosity=0)
    get_user_model().objects.create_user("ada", password="a passphrase")
    server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def stages():
    """A rotation from ES256 to EdDSA: before, the next key is shown, it signs, the old is gone."""
    from jwt_signin.keys.making import make_key

    old, new = make_key("ES256"), make_key("EdDSA")
    signs = {"ALGORITHM": "ES256", "SIGNING_KEY": old.private}
    signs_next = {"ALGORITHM": "EdDSA", "SIGNING_KEY": new.private}
    yield "before", signs, []
    yield "shown", signs, [new.public]
    yield "switched", signs_next, [old.public]
    yield "removed", signs_next, []


def main():
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ.pop("TEST_DATABASE_URL", None)
    print(start(), flush=True)
    from django.test import override_settings

    for (name, simple_jwt, keys), _line in zip(stages(), sys.stdin, strict=False):
        override_settings(
            SIMPLE_JWT=simple_jwt | {"ISSUER": "https://us.example"},
            JWT_SIGNIN={"VERIFYING_KEYS": keys},
        ).enable()
        print(name, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
