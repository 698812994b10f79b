"""Every clause of docs/standards.md names modules and tests that there are."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
MET, _, NOT_MET = (ROOT / "docs" / "standards.md").read_text().partition("\n## Not met\n")
ROW = re.compile(r"^\| (?!clause)([^|-][^|]*) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
STANDARDS = [
    *(f"RFC {number}" for number in (6749, 6750, 7009, 7515, 7517, 7519, 7638, 8725, 9068, 9700)),
    "OWASP ASVS 5.0",
]
ROWS = [pytest.param(*row[2:], id=f"{row[0]}: {row[1]}") for row in ROW.findall(MET)]


def names(cell):
    return re.findall(r"`([^`]+)`", cell)


@cache
def functions(path):
    """Return the names of the tests in a module, as pytest spells them."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        methods = node.body if isinstance(node, ast.ClassDef) else []
        found |= {getattr(node, "name", "")} | {
            f"{node.name}::{each.name}" for each in methods if isinstance(each, ast.FunctionDef)
        }
    return found


@pytest.mark.parametrize(("modules", "tests"), ROWS)
def test_a_clause_has_its_modules_and_tests(modules, tests):
    package = ROOT / "src" / "jwt_signin"

    for name in names(modules):
        path = package / name if "/" in name else package.joinpath(*name.split("."))
        assert path.is_file() or path.is_dir() or path.with_suffix(".py").is_file(), name
    for name in names(tests):
        path, in_javascript, title = name.partition(": ")
        if in_javascript:
            assert f'test("{title}", ' in (TESTS / path).read_text(), name
        else:
            path, _, function = name.partition("::")
            assert function in functions(TESTS / path), name
    assert names(modules)
    assert names(tests)


@pytest.mark.parametrize("standard", STANDARDS)
def test_a_standard_has_its_clauses(standard):
    """And no line of the page is one that the tests above cannot read."""
    section = MET.partition(f"\n## {standard}")[2].partition("\n## ")[0]

    assert ROW.findall(section)
    assert len(ROW.findall(section)) == section.count("\n| ") - 1


def test_what_is_not_met_says_why():
    rows = re.findall(r"^\| (?!clause|-)[^|]+ \| [^|]+ \| [^|]+ \|$", NOT_MET, re.MULTILINE)

    assert len(rows) == NOT_MET.count("\n| ") - 1
