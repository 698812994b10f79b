"""Write the tables of the reference anew: ``python -m docs.generate``."""

import os
from pathlib import Path

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from docs.tables import filled  # which asks what Django has set up

    for path in Path(__file__).parent.rglob("*.md"):
        page = path.read_text()
        if (made := filled(page)) != page:
            path.write_text(made)
