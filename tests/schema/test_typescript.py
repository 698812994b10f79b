"""What openapi-typescript makes of the document compiles, strictly, and knows every code."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from jwt_signin.shapes import SHAPES

PROJECT = Path(__file__).parent / "typescript"
TOOLS = PROJECT / "node_modules" / ".bin"
VERSIONS = ["3.0.3", "3.1.0"]
PLAIN = "tests.schema.plain_urls"

if not TOOLS.exists():  # pragma: no cover
    pytest.skip("NOT RUN here: tox -e schema installs its packages", allow_module_level=True)


@pytest.fixture
def compiled(tmp_path, settings, write):
    """
    Generate the types of documents, each in a folder; return what the compiler complains of.

    All of them at once, for most of the time both programs take to start.
    """

    def compile_all(folders, *sources):
        shutil.copy(PROJECT / "tsconfig.json", tmp_path)
        (tmp_path / "node_modules").symlink_to(PROJECT / "node_modules")
        apis = {}
        for name, (chosen, version) in folders.items():
            for setting, value in chosen.items():
                setattr(settings, setting, value)
            (folder := tmp_path / name).mkdir()
            for source in sources:
                shutil.copy(PROJECT / source, folder)
            (folder / "document.json").write_text(json.dumps(write(OAS_VERSION=version)))
            output = {"output": f"{name}/written.ts"}
            apis[name] = {"root": f"{name}/document.json", "x-openapi-ts": output}
        (tmp_path / "redocly.yaml").write_text(json.dumps({"apis": apis}))
        run("openapi-typescript", cwd=tmp_path)
        assert all((tmp_path / name / "written.ts").exists() for name in folders)
        return run("tsc", "--project", ".", cwd=tmp_path)

    return compile_all


def run(tool, *arguments, cwd):
    done = subprocess.run(
        [TOOLS / tool, *arguments], check=False, cwd=cwd, capture_output=True, text=True
    )
    return (done.stdout + done.stderr).splitlines() if done.returncode else []


def test_a_front_end_knows_what_it_is_answered(compiled):
    folders = {version: ({"ROOT_URLCONF": PLAIN}, version) for version in VERSIONS}

    assert compiled(folders, "consumer.ts") == []


def test_every_shape_and_every_include_compile(compiled):
    folders = {
        shape: ({"ROOT_URLCONF": PLAIN, "JWT_SIGNIN": {"SHAPE": shape}}, "3.1.0")
        for shape in sorted(SHAPES)
    }
    folders["includes"] = ({"ROOT_URLCONF": "tests.schema.urls", "JWT_SIGNIN": {}}, "3.1.0")

    assert compiled(folders) == []
