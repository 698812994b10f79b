"""The drawing of the house is the house."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "src" / "jwt_signin").rglob("*.py"))
MAX_LINES = 250


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_is_small(module):
    assert len(module.read_text().splitlines()) <= MAX_LINES


def test_the_package_is_imported_without_the_app_registry():
    """``INSTALLED_APPS`` imports it before any model is ready."""
    code = "import jwt_signin, jwt_signin.apps, jwt_signin.signals"

    subprocess.run([sys.executable, "-c", code], check=True, env={"PATH": ""})


def test_nothing_foreign_is_imported_that_is_not_promised():
    """An extra that is absent breaks nothing, nor does a project that has no pytest."""
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['cryptography', 'drf_spectacular',"
        " 'channels', 'pytest']));"
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings';"
        "import django; django.setup();"
        "import jwt_signin.urls, jwt_signin.testing, jwt_signin.middleware, jwt_signin.decorators"
    )

    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
