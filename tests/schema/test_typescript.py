"""What openapi-typescript makes of the document compiles, strictly, and knows every code."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from jwt_signin.shapes import SHAPES

PROJECT = Path(__file__).parent / "typescript"
TOOLS = PROJECT / "node_modules" / ".bin"

if not TOOLS.exists():  # pragma: no cover
    pytest.skip("NOT RUN here: tox -e schema installs its packages", allow_module_level=True)


@pytest.fixture
def compiled(tmp_path, write):
    """Generate the types of the document; return what the compiler complains of."""

    def compile_with(*sources, version):
        for name in ("tsconfig.json", *sources):
            shutil.copy(PROJECT / name, tmp_path)
        (tmp_path / "node_modules").symlink_to(PROJECT / "node_modules")
        (tmp_path / "document.json").write_text(json.dumps(write(OAS_VERSION=version)))
        run("openapi-typescript", "document.json", "--output", "written.ts", cwd=tmp_path)
        return run("tsc", "--project", ".", cwd=tmp_path)

    return compile_with


def run(tool, *arguments, cwd):
    done = subprocess.run(
        [TOOLS / tool, *arguments], check=False, cwd=cwd, capture_output=True, text=True
    )
    return (done.stdout + done.stderr).splitlines() if done.returncode else []


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_a_front_end_knows_what_it_is_answered(settings, compiled, version):
    settings.ROOT_URLCONF = "tests.schema.plain_urls"

    assert compiled("consumer.ts", version=version) == []


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_every_shape_compiles(settings, compiled, shape):
    settings.ROOT_URLCONF = "tests.schema.plain_urls"
    settings.JWT_SIGNIN = {"SHAPE": shape}

    assert compiled(version="3.1.0") == []


def test_every_include_compiles(compiled):
    assert compiled(version="3.1.0") == []
