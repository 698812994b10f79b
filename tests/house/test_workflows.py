"""What is run on every push is what ``tox`` runs."""

import re
import tomllib
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TESTS, RELEASE = (ROOT / ".github" / "workflows" / f"{name}.yml" for name in ("tests", "release"))

every_workflow = pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)


def tox():
    parser = ConfigParser(interpolation=None)
    parser.read(ROOT / "tox.ini")
    return parser


def promised():
    """Return the versions of Python that the package says it runs on."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    told = "\n".join(project["classifiers"])
    return re.findall(r"^Programming Language :: Python :: (3\.\d+)$", told, re.MULTILINE)


def test_every_environment_has_its_job():
    listed = tox()["tox"]["env_list"].split()
    alone = {name for name in listed if not name.startswith("py")}
    text = TESTS.read_text()

    jobs = re.findall(r"^ {10}- ([\w-]+)$", text, re.MULTILINE)

    assert len(jobs) == len(set(jobs))
    assert {*jobs, *re.findall(r"tox run -e ([\w-]+)$", text, re.MULTILINE)} == alone


@every_workflow
def test_every_environment_that_is_named_exists(workflow):
    parser = tox()

    named = re.findall(r"tox run -e ([\w-]+)", workflow.read_text())

    assert {f"testenv:{name}" for name in named} <= set(parser.sections())


@every_workflow
def test_every_python_is_run(workflow):
    pairs = re.findall(r'version: "(3\.\d+)"\n +factor: (\w+)$', workflow.read_text(), re.MULTILINE)

    assert pairs == [(version, f"py{version.replace('.', '')}") for version in promised()]


@every_workflow
def test_every_action_is_pinned_by_its_commit(workflow):
    used = re.findall(r"uses: (.*)", workflow.read_text())

    assert used
    assert [each for each in used if not re.fullmatch(r"\S+@[0-9a-f]{40}  # v[\d.]+", each)] == []


def test_what_is_published_is_what_was_tested():
    build, tested, published = re.split(
        r"^  (?:test|publish):$", RELEASE.read_text(), flags=re.MULTILINE
    )

    assert "tox run -e package" in build
    assert "--installpkg dist/*.whl" in tested
    assert "needs: [build, test]" in published
    assert "checkout" not in published
