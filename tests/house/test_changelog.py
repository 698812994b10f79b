"""The fragments that the changelog of the next release is made of."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["towncrier"]
TYPES = [kind["directory"] for kind in CONFIG["type"]]
FRAGMENTS = sorted({*(ROOT / CONFIG["directory"]).iterdir()} - {ROOT / "changelog.d" / "README.md"})

every_fragment = pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda path: path.name)


def test_the_parts_of_a_release_stand_in_the_order_of_how_soon_one_needs_to_know():
    assert TYPES == ["security", "removed", "deprecated", "added", "changed", "fixed"]
    assert [kind["name"] for kind in CONFIG["type"]] == [name.capitalize() for name in TYPES]


@every_fragment
def test_a_fragment_has_a_type_that_is_known(fragment):
    """Towncrier passes over every other file without a word."""
    assert re.fullmatch(rf"(\+[\w-]+|\d+)\.({'|'.join(TYPES)})\.md", fragment.name)


@every_fragment
def test_a_fragment_is_sentences(fragment):
    lines = fragment.read_text().splitlines()

    assert lines
    assert all(line.endswith((".", ":", "```")) or line[:1] in " -" for line in lines)


def test_the_changelog_says_where_a_release_is_put():
    changelog = (ROOT / CONFIG["filename"]).read_text()

    assert changelog.count(CONFIG["start_string"]) == 1
