"""What would be published, as the last look before submitting shows it: faults, gates, and what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import select

from datasets.diff.compare import Side
from datasets.diff.job import compared
from datasets.draft import Draft
from datasets.models import Dataset, Resource, Version
from harvesters.protocols.descriptors import about_of
from metadata.errors import LumbungError
from metadata.notices import Notice
from metadata.profiles import sdi
from portal import context
from portal.explore.words_of_change import column_lines, summary
from portal.web.figures import number as in_figures
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _
from portal.workbench.about_form import labels, values_of

_SECONDS = 20.0
_MOST = 40


@dataclass(frozen=True, slots=True)
class Told:
    """A change of the description: the field, before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One table beside the published one: in sentences."""

    title: str
    lines: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """Everything that the page places. `new` says that there is no version to compare with."""

    facts: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    faults: tuple[tuple[str, str], ...]
    lacking: tuple[str, ...]
    new: bool
    tables: tuple[Compared, ...]
    described: tuple[Told, ...]


def check(prepared: Draft, reasons: Sequence[Mapping[str, Any]]) -> Check:
    """The look at what was prepared."""
    dataset_id = prepared.place.dataset_id
    language = current_language()
    rows = sum(one.rows or 0 for one in prepared.resources)
    return Check(
        facts=(
            (_("Version"), in_figures(prepared.place.number)),
            (_("Tables and files"), in_figures(len(prepared.resources))),
            (_("Rows"), in_figures(rows)),
            (_("Years"), _span(prepared.year_from, prepared.year_to)),
        ),
        reasons=tuple(Notice.from_dict(one).say(language) for one in reasons),
        faults=_faults(prepared, language),
        lacking=tuple(found.title.say(language) for key in prepared.lacking if (found := sdi.member(key))),
        new=dataset_id is None,
        tables=() if dataset_id is None else tuple(_compared(prepared, dataset_id)),
        described=() if dataset_id is None else _described(prepared, dataset_id),
    )


def _span(first: int | None, last: int | None) -> str:
    if first is None or last is None:
        return "–"
    return str(first) if first == last else f"{first}–{last}"


def _faults(prepared: Draft, language: str) -> tuple[tuple[str, str], ...]:
    from metadata.validate import plain_words  # late: it may bring frictionless, 0.4 s

    titles = {
        field["name"]: field.get("title") or field["name"]
        for one in prepared.resources
        for field in one.schema.get("fields", [])
    }
    found = plain_words(prepared.report, language, titles=titles)[:_MOST]
    return tuple((f"{one.text} {one.where}".strip(), one.advice) for one in found)


def _compared(prepared: Draft, dataset_id: int) -> list[Compared]:
    session, blobs = context.session(), context.installation().blobs
    current = select(Resource).join(Dataset, Dataset.current_version_id == Resource.version_id)
    old = {
        one.name: one
        for one in session.scalars(current.where(Dataset.id == dataset_id).order_by(Resource.position))
        if one.parquet_sha256
    }
    new = {one.name: one for one in prepared.resources if one.parquet is not None}
    if len(old) == len(new) == 1:
        old = {next(iter(new)): next(iter(old.values()))}
    shown = [Compared(one.title, (_("This table is gone."),), ()) for name, one in old.items() if name not in new]
    for name, one in new.items():
        before = old.get(name)
        if before is None or before.parquet_sha256 is None or one.parquet is None:
            shown.append(Compared(one.title, (_("This table is new."),), ()))
            continue
        sides = [
            Side(blobs.path(before.parquet_sha256), before.schema),
            Side(blobs.path(one.parquet.sha256), dict(one.schema)),
        ]
        try:
            told = compared(*sides, examples=20, seconds=_SECONDS)
        except LumbungError as error:
            shown.append(Compared(one.title, (error.say(current_language()),), ()))
            continue
        titles = {field["name"]: field.get("title") or field["name"] for field in one.schema.get("fields", [])}
        shown.append(Compared(one.title, summary(before, cast(Resource, one), told), column_lines(told, titles)))
    return shown


def _described(prepared: Draft, dataset_id: int) -> tuple[Told, ...]:
    asked = select(Version.package).join(Dataset, Dataset.current_version_id == Version.id)
    package = context.session().scalar(asked.where(Dataset.id == dataset_id))
    if package is None:
        return ()
    before = values_of(about_of(package), title=str(package.get("title", "")), change="")
    after = values_of(about_of(prepared.package), title=prepared.title, change="")
    names = labels()
    return tuple(
        Told(names.get(name, name.removeprefix("column.")), before.get(name, ""), after.get(name, ""))
        for name in dict.fromkeys((*after, *before))
        if before.get(name, "") != after.get(name, "") and name != "source_title"
    )
