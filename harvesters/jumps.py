"""An indicator that jumps: a robust z-score over the dataset's own history, and keys that are no longer unique.

Pure functions over values; `docs/adapters.md` names the thresholds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from metadata.notices import Notice, Place, declare

HISTORY = 5
"""Earlier versions that a z-score needs; with fewer, only a jump by `FACTOR` is implausible."""
Z = 6.0
"""Robust standard deviations (0.6745 × distance from the median / MAD; Iglewicz and Hoaglin use 3.5 to look closer)."""
LEAST = 0.5
"""A change below this share of the median is never implausible, however quiet the history was."""
FACTOR = 100.0
"""Thousands taken for units, or rupiah for million rupiah, change a mean at least so many times."""
ROWS = 5
"""Tables with fewer rows are not judged: their means say little."""
KEY_ROWS = 20
"""A key that was found in fewer rows may have been chance."""

_JUMPED = declare(
    "gate.jumped",
    id="Rata-rata kolom ini melonjak: biasanya sekitar {before}, sekarang {after}. Periksa satuan dan isinya.",
    en="The mean of this column jumped: usually about {before}, now {after}. Check its unit and its cells.",
)
_KEY_LOST = declare(
    "gate.key_lost",
    id="Baris tidak lagi unik menurut {columns}; mungkin ada baris ganda.",
    en="Rows are no longer unique by {columns}; some may be there twice.",
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is judged of a table: its rows, its key (empty for none), and the means of its measured columns."""

    rows: int
    key: tuple[str, ...] = ()
    means: Mapping[str, float] = field(default_factory=dict)


def figures_of(schema: Mapping[str, Any], stats: Mapping[str, Any]) -> Figures:
    """From a Table Schema and the figures of its columns; columns of the key and years are no measurements."""
    stated = schema.get("primaryKey") or ()
    key = (stated,) if isinstance(stated, str) else tuple(stated)
    columns = stats.get("columns", {})
    measured = [
        one["name"]
        for one in schema.get("fields", ())
        if one.get("type") in ("integer", "number") and one["name"] not in key
    ]
    means = {name: columns[name]["mean"] for name in measured if columns.get(name, {}).get("mean") is not None}
    return Figures(int(stats.get("rows") or 0), key, {name: float(mean) for name, mean in means.items()})


def robust_z(history: Sequence[float], value: float) -> float:
    """How many robust standard deviations `value` lies from the median of `history`; a flat history counts as 1 %."""
    middle = median(history)
    spread = median(abs(one - middle) for one in history)
    spread = max(spread, abs(middle) * 0.01, 1e-12)
    return 0.6745 * (value - middle) / spread


def implausible(history: Sequence[float], value: float) -> bool:
    """Whether a figure is too far from what it was in all earlier versions."""
    if not history:
        return False
    middle = median(history)
    if middle == 0 or value == 0:
        return False
    ratio = abs(value / middle)
    if ratio >= FACTOR or ratio <= 1 / FACTOR:
        return True
    if len(history) < HISTORY or abs(value - middle) < LEAST * abs(middle):
        return False
    return abs(robust_z(history, value)) > Z


def judge_figures(history: Sequence[Figures], now: Figures, *, table: str) -> list[Notice]:
    """The reasons to hold a table; `history` are its earlier versions, the newest last."""
    if not history:
        return []
    reasons = []
    last = history[-1]
    if last.key and not now.key and min(last.rows, now.rows) >= KEY_ROWS:
        reasons.append(Notice(_KEY_LOST, Place(sheet=table), {"columns": last.key}))
    if now.rows < ROWS:
        return reasons
    for name, mean in now.means.items():
        past = [one.means[name] for one in history if name in one.means and one.rows >= ROWS]
        if implausible(past, mean):
            told = {"before": float(f"{median(past):.4g}"), "after": float(f"{mean:.4g}")}
            reasons.append(Notice(_JUMPED, Place(sheet=table, column=name), told))
    return reasons
