"""Where material would stand in the catalogue, and whether it may: new, unchanged, or to be held."""

from __future__ import annotations

from dataclasses import dataclass

from datasets.db import Database
from datasets.draft import Place
from datasets.publish import plan
from harvesters.faults import PageInsteadOfData
from harvesters.gates import SHRINK, gate, shape_of
from harvesters.intake import Material
from harvesters.jumps import figures_of, judge_figures
from harvesters.runs import ledger
from metadata.notices import Notice, declare
from metadata.reading.errors import EmptyFile, ErrorPage, NoRows

_WITHDRAWN = declare(
    "harvest.withdrawn",
    id="Dataset ini sudah ditarik dari publikasi; hanya orang yang berwenang dapat menerbitkannya lagi.",
    en="This dataset was withdrawn from publication; only a person in charge can publish it again.",
)
LOST = declare(
    "gate.lost",
    id="Yang datang dari sumber bukan lagi data, padahal dulu data. Versi terakhir tetap terbit; begitu sumbernya "
    "pulih, panen berikutnya membereskan ini.",
    en="What the source gives is no data any more, though it was. The last version stays published; once the source is "
    "well again, the next harvest settles this.",
)
LOSSES = frozenset({PageInsteadOfData.code, ErrorPage.code, EmptyFile.code, NoRows.code})
"""Faults that, where something is published, are a change for a person to see rather than a failure to try again."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The place for the next version; `unchanged` when it would say what is published; why to hold it, if so."""

    place: Place
    unchanged: bool
    reasons: tuple[Notice, ...]


def judge(database: Database, material: Material, *, may_lose: float = SHRINK) -> Verdict:
    """Hold `material` against what is published under its identity; `may_lose` is a share of the rows of a table."""
    with database.read() as session:
        place = plan(session, material.subject.identity, title=material.title)
        previous = ledger.published_shape(session, place.dataset_id)
        same = place.content_key == place.key_of(material.content_key)
        earlier = {} if same or previous is None else ledger.earlier_figures(session, place.dataset_id)
    if same:
        return Verdict(place, unchanged=True, reasons=())
    shape = shape_of((one.drafted for one in material.resources), material.report)
    reasons = [Notice(_WITHDRAWN)] if place.withdrawn else gate(previous, shape, may_lose=may_lose)
    for one in () if place.withdrawn else material.resources:
        drafted = one.drafted
        if drafted.parquet is not None and drafted.name in earlier:
            figures = figures_of(drafted.schema, drafted.stats)
            reasons += judge_figures(earlier[drafted.name], figures, table=drafted.name)
    return Verdict(place, unchanged=False, reasons=tuple(reasons))
