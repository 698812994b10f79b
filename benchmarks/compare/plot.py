"""The ratios of a run as a picture: a panel for each operation, a line for each contender."""

from __future__ import annotations

import math
from collections.abc import Iterator

from benchmarks.compare import goals
from benchmarks.compare.contenders import OPERATIONS
from benchmarks.compare.timing import Times
from benchmarks.compare.verdicts import MINE

COLUMNS, WIDTH, LABEL, LINE, GAP = 2, 540, 158, 17, 46
LEAST, MOST = 0.05, 6.0
"""The ends of the scale, which is logarithmic."""
TICKS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5)
STYLE = """
text { font: 12px sans-serif; fill: #57606a } .head { font-weight: bold; fill: #24292f }
.mine { fill: #0969da; stroke: #0969da } .other { fill: #8c959f; stroke: #8c959f }
.tick { stroke: #d8dee4 } .one { stroke: #57606a } .goal { stroke: #1a7f37; stroke-dasharray: 4 3 }
"""


def draw(measured: Times) -> str:
    """Return the picture as SVG."""
    operations = [each for each in OPERATIONS if any(_rows(measured, each))]
    height = GAP + LINE * max(len(_rows(measured, each)) for each in operations)
    down = math.ceil(len(operations) / COLUMNS)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {COLUMNS * WIDTH} {down * height}">',
        f"<style>{STYLE}</style>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
    ]
    for at, operation in enumerate(operations):
        x, y = at % COLUMNS * WIDTH, at // COLUMNS * height
        parts += [f'<g transform="translate({x} {y})">', *_panel(measured, operation), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _panel(measured: Times, operation: str) -> Iterator[str]:
    rows = _rows(measured, operation)
    foot = 26 + LINE * len(rows)
    yield f'<text class="head" x="{LABEL}" y="16">{operation}: CPU ÷ {_divisor(operation)}</text>'
    for tick in TICKS:
        yield _upright(tick, foot, "one" if tick == 1 else "tick")
        yield f'<text x="{_x(tick):.0f}" y="{foot + 12}" text-anchor="middle">{tick:g}</text>'
    if operation in goals.CPU:
        yield _upright(goals.CPU[operation], foot, "goal")
    for at, name in enumerate(rows):
        y, ratio = 34 + LINE * at, measured.ratio(name, operation, "cpu")
        kind = "mine" if name.startswith(MINE) else "other"
        yield f'<text x="{LABEL - 8}" y="{y + 4}" text-anchor="end">{name}</text>'
        if ratio:
            low, middle, high = map(_x, ratio)
            yield f'<path class="{kind}" stroke-width="3" d="M{low:.1f} {y}H{high:.1f}"/>'
            yield f'<circle class="{kind}" cx="{middle:.1f}" cy="{y}" r="4"/>'


def _rows(measured: Times, operation: str) -> list[str]:
    return [name for name in measured.versions if measured.ratio(name, operation, "cpu")]


def _divisor(operation: str) -> str:
    name, other = goals.compared_with(operation)
    return name if other == operation else f"{name}'s {other}"


def _upright(ratio: float, foot: int, kind: str) -> str:
    return f'<path class="{kind}" d="M{_x(ratio):.1f} 24V{foot}"/>'


def _x(ratio: float) -> float:
    bounded = min(max(ratio, LEAST), MOST)
    return LABEL + (WIDTH - LABEL - 20) * math.log(bounded / LEAST) / math.log(MOST / LEAST)
