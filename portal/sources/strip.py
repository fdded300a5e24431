"""The strip of a source's last runs: a bar for each, as high as it took long, its state told by form and words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from datasets.models import Run, RunState
from datasets.source_health import RUNS
from portal.web import figures
from portal.web.i18n import gettext as _

STEP, BAR, HEIGHT, LEAST = 10, 7, 40, 6


@dataclass(frozen=True, slots=True)
class Bar:
    """One run: where its bar stands in the picture, its state, and its words."""

    x: int
    y: int
    height: int
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class Strip:
    """All bars, the oldest first, with the size of the picture and one sentence for those who do not see it."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    words: str


def strip(runs: Sequence[Run]) -> Strip:
    """The strip of these runs, handed in with the newest first."""
    bars = []
    for place, run in enumerate(reversed(runs), start=RUNS - len(runs)):
        height = min(HEIGHT, LEAST + round(6 * math.log2(1 + seconds(run))))
        words = f"{figures.minute(run.started_at)}: {state_words(run)}"
        bars.append(Bar(place * STEP, HEIGHT - height, height, state(run), words))
    good = sum(one.state == "good" for one in bars)
    words = _("%(good)s of the last %(count)s runs went well.", good=good, count=len(bars))
    return Strip(tuple(bars), RUNS * STEP, HEIGHT, words)


def seconds(run: Run) -> float:
    """How long a run took; nothing while it lasts."""
    return (run.finished_at - run.started_at).total_seconds() if run.finished_at else 0.0


def state(run: Run) -> str:
    """good, warn (something of it was held or failed), bad (it failed as a whole) or none (it is under way)."""
    if run.state is RunState.RUNNING:
        return "none"
    if run.state is not RunState.FINISHED:
        return "bad"
    return "warn" if run.notice or run.counts.get("failed") or run.counts.get("held") else "good"


def state_words(run: Run) -> str:
    """Its state in words."""
    if run.state is RunState.RUNNING:
        return _("under way")
    if run.state is RunState.ABANDONED:
        return _("cut off")
    told = {"good": _("went well"), "warn": _("with something to do"), "bad": _("failed")}
    return told[state(run)]
