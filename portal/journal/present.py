"""The pages of the journal as values: every date, size and address finished."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets.journal import log
from datasets.journal.signing import Signed
from datasets.journal.tree import leaf_hash
from datasets.models import JournalEntry, Version
from portal.journal.reading import KINDS, ROWS, Asked, titles
from portal.web import figures
from portal.web.i18n import gettext as _
from portal.web.i18n import ngettext
from portal.web.links import canonical_url, plain_url
from portal.web.paging import Paging, pages_of, paging


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry in a list. `about_url` is empty where there is no page of what it is about."""

    number: str
    url: str
    kind: str
    words: str
    icon: str
    moment: str
    about: str
    about_url: str


@dataclass(frozen=True, slots=True)
class HeadPart:
    """The signed head: how many entries, the root, the note word for word, the key."""

    size: str
    root: str
    note: str
    key: str


@dataclass(frozen=True, slots=True)
class JournalPage:
    """The list."""

    head: HeadPart
    rows: tuple[EntryRow, ...]
    found: str
    asked: Asked
    kinds: tuple[tuple[str, str], ...]
    paging: Paging
    address: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file that an entry names."""

    name: str
    what: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One entry with its proof."""

    row: EntryRow
    files: tuple[FileRow, ...]
    facts: tuple[tuple[str, str], ...]
    body: str
    leaf: str
    path: tuple[str, ...]
    head: HeadPart
    proof_url: str
    crumbs: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """What a version's page says of its entry."""

    number: str
    moment: str
    url: str
    proof_url: str
    journal_url: str
    address: str


def journal_page(
    session: Session, asked: Asked, found: Sequence[JournalEntry], total: int, signed: Signed
) -> JournalPage:
    """The list of entries as asked for."""
    known = titles(session, found)

    def address(page: int) -> str:
        kept = {"q": asked.words, "jenis": asked.kind, "page": str(page) if page > 1 else ""}
        chosen: dict[str, Any] = {name: value for name, value in kept.items() if value}
        return url_for("journal.journal", **chosen)

    return JournalPage(
        head=_head(signed),
        rows=tuple(_row(entry, known) for entry in found),
        found=ngettext("%(count)s entry", "%(count)s entries", total, count=figures.number(total)),
        asked=asked,
        kinds=tuple((kind, _said(kind)[0]) for kind in KINDS),
        paging=paging(asked.page, pages_of(total, ROWS), address),
        address=canonical_url("journal.journal"),
    )


def entry_page(session: Session, entry: JournalEntry, signed: Signed) -> EntryPage:
    """One entry, and its way to the head."""
    facts = json.loads(entry.body).get("facts", {})
    return EntryPage(
        row=_row(entry, titles(session, [entry])),
        files=_files(facts),
        facts=_facts(facts),
        body=entry.body,
        leaf=leaf_hash(entry.body.encode()).hex(),
        path=tuple(step.hex() for step in log.inclusion(session, entry.position, signed.head.size)),
        head=_head(signed),
        proof_url=plain_url("journal_api.proof", index=entry.position),
        crumbs=((_("Journal"), url_for("journal.journal")), (_("Entry %(number)s", number=entry.position), None)),
    )


def mark(session: Session, version: Version, slug: str) -> Mark | None:
    """The entry of a version's publication; None where the journal has none, which the doctor then says."""
    wanted = select(JournalEntry.position, JournalEntry.at)  # not the text, which may be long
    entry = session.execute(wanted.where(JournalEntry.version_id == version.id)).one_or_none()
    if entry is None:
        return None
    return Mark(
        number=figures.number(entry.position),
        moment=figures.minute(entry.at),
        url=url_for("journal.entry", index=entry.position),
        proof_url=plain_url("journal_api.version_proof", slug=slug, number=version.number),
        journal_url=url_for("journal.journal"),
        address=canonical_url("journal.journal"),
    )


def _head(signed: Signed) -> HeadPart:
    return HeadPart(figures.number(signed.head.size), signed.head.root.hex(), signed.note, str(signed.key))


def _row(entry: JournalEntry, known: Mapping[str, str]) -> EntryRow:
    facts = json.loads(entry.body).get("facts", {})
    words, picture = _said(entry.kind)
    about, about_url = entry.subject, ""
    if entry.subject.startswith("dataset:"):
        slug = entry.subject.removeprefix("dataset:")
        about = known.get(entry.subject, slug)
        about_url = url_for("catalog.dataset", slug=slug)
        if entry.kind == "publication" and isinstance(number := facts.get("version"), int):
            about_url = url_for("catalog.version", slug=slug, number=number)
            words = _("Version %(number)s published", number=number)
        elif entry.kind == "answer":
            about_url, words = f"{about_url}#tanggapan", _("Report of a problem answered")
    elif entry.subject.startswith("request:"):
        about = _("Request for information %(number)s", number=entry.subject.removeprefix("request:"))
    return EntryRow(
        number=figures.number(entry.position),
        url=url_for("journal.entry", index=entry.position),
        kind=entry.kind,
        words=words,
        icon=picture,
        moment=figures.minute(entry.at),
        about=about,
        about_url=about_url,
    )


def _said(kind: str) -> tuple[str, str]:
    return {
        "publication": (_("Published"), "badge-check"),
        "withdrawal": (_("Withdrawn"), "circle-x"),
        "restoration": (_("Withdrawal taken back"), "refresh-cw"),
        "answer": (_("Request answered in public"), "hand-heart"),
    }.get(kind, (kind, "file-text"))


def _files(facts: Mapping[str, Any]) -> tuple[FileRow, ...]:
    whats = {
        "original": _("as the agency gave it"),
        "csv": _("table as CSV"),
        "parquet": _("table as Parquet"),
        "geojson": _("shapes as GeoJSON"),
    }
    rows = []
    if isinstance(package := facts.get("package"), dict):
        rows.append(FileRow("datapackage.json", _("description"), figures.size(package["size"]), package["sha256"]))
    for one in facts.get("files", ()):
        rows.append(
            FileRow(one["resource"], whats.get(one["role"], one["role"]), figures.size(one["size"]), one["sha256"])
        )
    return tuple(rows)


def _facts(facts: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The facts that are single values, by their names in the entry."""
    return tuple((name, str(value)) for name, value in facts.items() if isinstance(value, str | int))
