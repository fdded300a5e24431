"""One decision as its page shows it: package, report, difference and history, for drafts and held states alike."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask import url_for

from datasets.draft import Draft, ResourceDraft
from datasets.models import Dataset, DeskDraft, Held, HeldState, Organization, Visibility
from harvesters.protocols.descriptors import about_of
from metadata import frequencies, licenses, themes
from metadata.about import About
from portal import context
from portal.review.history import Event, history
from portal.review.present_queue import said
from portal.web import figures
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _
from portal.workbench.about_form import labels, values_of
from portal.workbench.present_check import Check, check
from portal.workbench.present_reading import figure
from portal.workbench.reading_views import type_word
from portal.workbench.steps import word_of_state

ROWS, COLUMNS = 8, 30


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field of the description, what it says, and what the reviewer said of it."""

    name: str
    label: str
    value: str
    comment: str


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column, with what the reviewer said of it."""

    name: str
    title: str
    kind: str
    unit: str
    meaning: str
    comment: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table or file of the package with its first rows."""

    name: str
    title: str
    facts: tuple[str, ...]
    columns: tuple[ColumnLine, ...]
    titles: tuple[str, ...]
    figures: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    url: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything on the page. `check` is None when nothing of it is kept; then `reasons` are all there is."""

    number: int
    title: str
    agency: str
    state: tuple[str, str]
    since: str
    by: str
    change: str
    reasons: tuple[str, ...]
    check: Check | None
    fields: tuple[FieldLine, ...]
    sheets: tuple[Sheet, ...]
    history: tuple[Event, ...]
    dataset_url: str
    package_url: str
    comment: str
    due: str = ""
    remark: str = ""


def of_draft(draft: DeskDraft, prepared: Draft | None, *, comments: Mapping[str, str]) -> Decision:
    """A draft before its reviewer. `comments` are what was typed or said, by field; "" is the whole."""
    agency = context.session().get_one(Organization, draft.organization_id)
    about = About.model_validate(draft.about)
    subjects = [f"draft:{draft.id}"] + ([f"dataset:{draft.dataset_id}"] if draft.dataset_id else [])
    return Decision(
        number=draft.id,
        title=draft.title or _("Draft without a title"),
        agency=agency.title,
        state=word_of_state(draft.state),
        since=figures.minute(draft.submitted_at or draft.updated_at),
        by=draft.updated_by,
        change=draft.change,
        reasons=tuple(said(one) for one in draft.reasons),
        check=check(prepared, draft.reasons) if prepared else None,
        fields=_fields(values_of(about, title=draft.title, change=draft.change), comments),
        sheets=_sheets(prepared, "review.draft_table", draft.id, comments),
        history=history(*subjects),
        dataset_url=_public_page(draft.dataset_id),
        package_url=url_for("review.draft_package", number=draft.id) if prepared else "",
        comment=comments.get("", ""),
        due=figures.minute(draft.publish_at) if draft.publish_at else "",
    )


def of_held(one: Held, prepared: Draft | None, agency: str, *, remark: str) -> Decision:
    """What a gate held."""
    subjects = [f"held:{one.id}"] + ([f"dataset:{one.dataset_id}"] if one.dataset_id else [])
    fields: tuple[FieldLine, ...] = ()
    if prepared is not None:
        fields = _fields(values_of(about_of(prepared.package), title=prepared.title, change=""), {})
    return Decision(
        number=one.id,
        title=one.title,
        agency=agency,
        state={
            HeldState.WAITING: (_("Held"), "warn"),
            HeldState.ACCEPTED: (_("Accepted"), "good"),
            HeldState.REJECTED: (_("Turned down"), "bad"),
            HeldState.OVERTAKEN: (_("Overtaken by a later state"), "river"),
        }[one.state],
        since=figures.minute(one.at),
        by=one.decided_by or "",
        change="",
        reasons=tuple(said(each) for each in one.reasons),
        check=check(prepared, one.reasons) if prepared else None,
        fields=fields,
        sheets=_sheets(prepared, "review.held_table", one.id, {}),
        history=history(*subjects),
        dataset_url=_public_page(one.dataset_id),
        package_url=url_for("review.held_package", number=one.id) if prepared else "",
        comment=remark,
        remark=one.remark or "",
    )


def _fields(values: Mapping[str, str], comments: Mapping[str, str]) -> tuple[FieldLine, ...]:
    named = labels()
    return tuple(
        FieldLine(name, label, _in_words(name, values.get(name, "")), comments.get(name, ""))
        for name, label in named.items()
        if values.get(name) or name in ("title", "description", "license", "frequency", "contact") or comments.get(name)
    )


def _in_words(name: str, value: str) -> str:
    language = current_language()
    if name == "license" and value:
        return licenses.get(value).title.say(language)
    if name == "frequency" and (rhythm := frequencies.match(value)):
        return rhythm.title.say(language)
    if name == "themes":
        found = (themes.get(slug) for slug in value.split())
        return ", ".join(one.title.say(language) for one in found if one)
    return value


def _sheets(prepared: Draft | None, endpoint: str, number: int, comments: Mapping[str, str]) -> tuple[Sheet, ...]:
    if prepared is None:
        return ()
    return tuple(_sheet(one, url_for(endpoint, number=number, name=one.name), comments) for one in prepared.resources)


def _sheet(one: ResourceDraft, url: str, comments: Mapping[str, str]) -> Sheet:
    fields: Sequence[Mapping[str, Any]] = one.schema.get("fields", ())
    facts = [one.format.upper(), one.evidence.filename]
    if one.rows is not None:
        facts.insert(0, _("%(count)s rows", count=figures.number(one.rows)))
    return Sheet(
        name=one.name,
        title=one.title,
        facts=tuple(facts),
        columns=tuple(
            ColumnLine(
                name=str(field["name"]),
                title=str(field.get("title") or field["name"]),
                kind=type_word(str(field.get("type", ""))),
                unit=str(field.get("unit") or ""),
                meaning=str(field.get("description") or ""),
                comment=comments.get(f"column.{field['name']}", ""),
            )
            for field in fields
        ),
        titles=tuple(str(field.get("title") or field["name"]) for field in fields[:COLUMNS]),
        figures=(kept := tuple(field.get("type") in ("integer", "number") for field in fields[:COLUMNS])),
        rows=_first_rows(one, kept),
        url=url,
    )


def _first_rows(one: ResourceDraft, numbers: Sequence[bool]) -> tuple[tuple[str, ...], ...]:
    blobs = context.installation().blobs
    if one.csv is None or not blobs.exists(one.csv.sha256):
        return ()
    with blobs.path(one.csv.sha256).open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        next(reader, None)
        return tuple(
            tuple(figure(cell) if number else cell[:120] for cell, number in zip(row, numbers, strict=False))
            for row in islice(reader, ROWS)
        )


def _public_page(dataset_id: int | None) -> str:
    """The page of what is public already; empty for what is not."""
    found = context.session().get(Dataset, dataset_id) if dataset_id else None
    public = found is not None and found.visibility is Visibility.PUBLISHED
    return url_for("catalog.dataset", slug=found.slug) if found is not None and public else ""
