"""What the docs show of the example project is in it."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "example_project" / "frontend" / "src" / "seeds"


def lines(name):
    return {line for line in (SEEDS / name).read_text().splitlines() if line}


def test_the_change_of_an_older_front_end_is_the_one_that_is_shown():
    page = (ROOT / "docs" / "how-to" / "keep-your-front-end.md").read_text()
    shown = page.partition("```diff\n")[2].partition("```")[0].splitlines()
    before, after = lines("first.ts"), lines("first.after.ts")

    assert {line[1:] for line in shown if line.startswith("-")} == before - after
    assert {line[1:] for line in shown if line.startswith("+")} == after - before
