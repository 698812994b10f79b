"""The fragments that the changelog of the next release is made of."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["towncrier"]
TYPES = [kind["directory"] for kind in CONFIG["type"]]
FRAGMENTS = sorted({*(ROOT / CONFIG["directory"]).iterdir()} - {ROOT / "changelog.d" / "README.md"})


def test_the_parts_of_a_release_stand_in_the_order_of_how_soon_one_needs_to_know():
    assert TYPES == ["security", "removed", "deprecated", "added", "changed", "fixed"]
    assert [kind["name"] for kind in CONFIG["type"]] == [name.capitalize() for name in TYPES]


def test_each_fragment_has_a_type_that_is_known():
    """Towncrier passes over every other file without a word."""
    named = re.compile(rf"(\+[\w-]+|\d+)\.({'|'.join(TYPES)})\.md")

    assert [each.name for each in FRAGMENTS if not named.fullmatch(each.name)] == []


def test_each_fragment_is_sentences():
    lines = {each.name: each.read_text().splitlines() or [""] for each in FRAGMENTS}
    told = [
        (name, line) for name, text in lines.items() for line in text if line[:1] not in list(" -")
    ]

    assert [each for each in told if not each[1].endswith((".", ":", "```"))] == []


def test_the_changelog_says_where_a_release_is_put():
    changelog = (ROOT / CONFIG["filename"]).read_text()

    assert changelog.count(CONFIG["start_string"]) == 1
