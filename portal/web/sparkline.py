"""A column's distribution as a small drawing: the path of its bars, made of attributes only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, GAP = 96, 24, 1


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Bars in a box of `width` × `height`; `path` is the `d` of one SVG path."""

    path: str
    width: int = WIDTH
    height: int = HEIGHT


def sparkline(counts: Sequence[int]) -> Sparkline | None:
    """Bars as high as the counts, the highest fills the box; a count above nothing is at least one pixel high.

    None for fewer than two bars or when all are nothing: there is no shape to show.
    """
    most = max(counts, default=0)
    if len(counts) < 2 or most <= 0:
        return None
    step = WIDTH / len(counts)
    bars = []
    for place, count in enumerate(counts):
        if count <= 0:
            continue
        high = max(1.0, HEIGHT * count / most)
        bars.append(f"M{_short(place * step)} {HEIGHT}v-{_short(high)}h{_short(step - GAP)}v{_short(high)}z")
    return Sparkline(path="".join(bars))


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
