"""
Change the code a little, many times, and see whether a test notices.

``python -m benchmarks.mutation run`` is mutmut, and takes what mutmut takes; what is changed and
which tests are asked stands under ``[tool.mutmut]`` in ``pyproject.toml``.

mutmut leaves functions alone that are decorated, and here those are the ones that matter: whatever
sees a secret is under ``sensitive_variables``. A decorator is therefore kept on the function that
chooses among the mutants, and taken off the mutants.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable
from typing import Any

import libcst
from mutmut.__main__ import cli
from mutmut.configuration import config
from mutmut.mutation import file_mutation
from mutmut.runners.harness import PytestRunner
from mutmut.state import state
from mutmut.utils.file_utils import change_cwd

# What collects garbage several times a run takes longer than most tests here.
ARGUMENTS = ["-x", "-q", "-p", "no:randomly", "-p", "no:unraisableexception"]
NOT_CALLED = {"overload"}
"""Decorators of what has no body."""

_skips = file_mutation.MutationVisitor._skip_node_and_children
_arranged = file_mutation.function_trampoline_arrangement


def main() -> None:
    """Run mutmut, decorated functions included."""
    file_mutation.MutationVisitor._skip_node_and_children = _skip_all_but_decorated
    file_mutation.function_trampoline_arrangement = _decorated_once
    PytestRunner.run_tests = _run
    cli()


class _Chosen:
    """A plugin that leaves the chosen tests, the quick ones first."""

    def __init__(self, tests: Iterable[str]) -> None:
        self.tests = set(tests)

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        if self.tests:
            durations = state().duration_by_test
            chosen = [item for item in items if item.nodeid in self.tests]
            items[:] = sorted(chosen, key=lambda item: durations.get(item.nodeid, 0))


def _run(runner: Any, *, mutant_name: str | None, tests: Iterable[str]) -> int:
    """Run the tests of a mutant: file by file while it lives, the nearest first."""
    code = 0
    gc.freeze()
    for files in _in_order(tests):
        arguments = [*ARGUMENTS, *files]
        with change_cwd("mutants"):  # by files, for not every test can be named to pytest
            code = code or int(runner.execute_pytest(arguments, plugins=[_Chosen(tests)]))
    return code


def _in_order(tests: Iterable[str]) -> list[list[str]]:
    if not (asked := Counter(map(_file, tests))):
        return [config().pytest_add_cli_args_test_selection]
    all_tests = Counter(map(_file, state().duration_by_test))
    files = sorted(asked, key=lambda file: (-round(asked[file] / all_tests[file], 1), asked[file]))
    return [part for part in (files[:1], files[1:4], files[4:]) if part]


def _file(test: str) -> str:
    return test.partition("::")[0]


def _skip_all_but_decorated(visitor: Any, node: libcst.CSTNode) -> bool:
    if isinstance(node, libcst.FunctionDef) and not NOT_CALLED & _names(node):
        node = node.with_changes(decorators=())
    return bool(_skips(visitor, node))


def _decorated_once(function: libcst.FunctionDef, mutants: Any, class_name: str | None) -> Any:
    """Arrange the mutants of a function under its decorators, which none of them bears itself."""
    is_bound = "classmethod" in _names(function)
    bare = [each for each in function.decorators if is_bound and _name(each) == "classmethod"]
    plain = function.with_changes(decorators=bare)
    declared, (chooser, *variants), assigned, names = _arranged(plain, mutants, class_name)
    trampoline = chooser.decorators[-1]
    chooser = chooser.with_changes(decorators=[*function.decorators, trampoline])
    return declared, [chooser, *variants], assigned, names


def _names(function: libcst.FunctionDef) -> set[str]:
    return {_name(decorator) for decorator in function.decorators}


def _name(decorator: libcst.Decorator) -> str:
    called = decorator.decorator
    called = called.func if isinstance(called, libcst.Call) else called
    return called.value if isinstance(called, libcst.Name) else ""


if __name__ == "__main__":
    main()
