"""What no linter says."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAX_LINES = 25


def functions():
    for module in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield pytest.param(node, id=f"{module.stem}.{node.name}")


@pytest.mark.parametrize("function", [*functions()])
def test_a_function_is_short(function):
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function):
        docstring = function.body[0]
        lines -= docstring.end_lineno - docstring.lineno + 1

    assert lines <= MAX_LINES
