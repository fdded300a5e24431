"""A score as pages show it: points, a bar for each part, and the reasons in words."""

from __future__ import annotations

from dataclasses import dataclass

from datasets.scores import AgencyScore, Score
from metadata.quality import WEIGHTS
from portal.web import figures
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class PartView:
    """One part: its name, points of its weight, the width of its bar of 100, and the reasons."""

    name: str
    points: str
    weight: str
    width: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoreView:
    """Points of a hundred with a word for them; `kind` is good, warn or bad."""

    points: str
    word: str
    kind: str
    parts: tuple[PartView, ...]
    over: str = ""


def score_view(score: Score) -> ScoreView:
    """The score of a dataset."""
    language = current_language()
    parts = tuple(
        PartView(
            name=part_words(part.part),
            points=figures.number(round(part.points, 1)),
            weight=figures.number(WEIGHTS[part.part]),
            width=round(part.share * 100),
            reasons=tuple(reason.say(language) for reason in part.reasons),
        )
        for part in score.parts
    )
    return ScoreView(figures.number(score.points), *_word(score.points), parts)


def agency_view(score: AgencyScore) -> ScoreView:
    """The mean score of an agency."""
    parts = tuple(
        PartView(
            part_words(part), figures.number(round(weight * score.shares[part], 1)), figures.number(weight),
            round(score.shares[part] * 100), (),
        )
        for part, weight in WEIGHTS.items()
    )  # fmt: skip
    over = _("mean of %(count)s datasets", count=figures.number(score.datasets))
    return ScoreView(figures.number(score.points), *_word(score.points), parts, over)


def part_words(part: str) -> str:
    """What a part is called."""
    return {
        "metadata": _("Metadata complete"),
        "fresh": _("Fresh"),
        "readable": _("Readable by machines"),
        "valid": _("Valid"),
        "documented": _("Columns explained"),
    }[part]


def _word(points: int) -> tuple[str, str]:
    if points >= 80:
        return _("good"), "good"
    return (_("fair"), "warn") if points >= 55 else (_("poor"), "bad")
