"""From fetched files to a draft: read, described, packaged; each step can be called alone on a file at hand."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from datasets.blobs import BlobStore
from datasets.draft import Draft, Identity, OrganizationDraft, Place
from datasets.rulings import Ruling
from datasets.settings import Settings
from harvesters.adapter import Evidence, Missed, RemoteFile
from harvesters.faults import PageInsteadOfData
from harvesters.tables import FileRead, Prepared, joined_report, prepare_file
from metadata import frequencies, licenses, personal, themes
from metadata.about import About
from metadata.describe import Coverage
from metadata.disclosure.errors import MicrodataBare
from metadata.errors import LumbungError
from metadata.notices import Notice, declare
from metadata.package import Publisher, build_package, descriptor_bytes
from metadata.reading import cell_repairs, repairs
from metadata.reading.child import read_safely
from metadata.reading.table import Reading

WAY = "1"
"""The generation of reading and describing; raised when the same bytes would now become something else."""

SPOKEN = (repairs, cell_repairs, personal)
"""What the reading process says is told by this one: the rooms that declare its words have to be loaded here too."""

TOLD_AT_ONCE = frozenset({repairs.HEADER_DUPLICATE, repairs.HEADER_MISSING, repairs.CELL_ERRORS, repairs.ROWS_LONG})
"""Repairs that the office should mend in its file: they stand in the report of the run, not only beside the table."""

RULED = "lumbung:ruled"
"""Member of a package: what a custodian has ruled (`said`), and the content key of what the source says (`over`)."""

_LEFT_OUT = declare(
    "intake.file_left_out",
    id="Berkas “{name}” tidak ikut terbit; sebabnya menyusul.",
    en="File “{name}” was left out; the reason follows.",
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is published, apart from its contents: who it is, whose it is, what is said of it, a title if none is."""

    identity: Identity
    organization: OrganizationDraft
    about: About
    title: str


@dataclass(frozen=True, slots=True)
class Material:
    """A dataset made ready, wherever it will stand: `content_key` is the hash over all that makes a new version."""

    subject: Subject
    title: str
    about: About
    resources: tuple[Prepared, ...]
    coverage: Coverage
    report: dict[str, Any]
    notices: tuple[Notice, ...]
    content_key: str
    disclosure: Mapping[str, Any] | None = None

    @property
    def told(self) -> tuple[Notice, ...]:
        """What the report of a run says: the notices, and the repairs that the office should mend in its file."""
        made = (repair for one in self.resources for repair in one.packaged.repairs if repair.code in TOLD_AT_ONCE)
        return (*self.notices, *made)


def mark_of(state: str, subject: Subject) -> str:
    """A hash over what a source says of a dataset's state and what is said of the dataset."""
    return _hash([WAY, state, subject.title, subject.organization.slug, subject.about.model_dump(mode="json")])


def setting_of(*said: Any) -> str:
    """A short hash over how a source is set; another one means that all of it has to be looked at."""
    return _hash([WAY, said])[:16]


def raw_mark(subject: Subject, fetched: Sequence[Evidence], missed: Sequence[Missed]) -> str:
    """A hash over the bytes as fetched and everything said of them: the same again needs no reading."""
    files = [[one.sha256, repr(dataclasses.replace(one.file, location=""))] for one in fetched]
    return mark_of(_hash([files, [one.file.key for one in missed]]), subject)


def read_files(fetched: Iterable[Evidence], work: Path, settings: Settings) -> tuple[list[FileRead], list[Notice]]:
    """Read each file in a child process. One that cannot be read is left out with a notice while another can.

    Raises the first error when none can be read.
    """
    read: list[FileRead] = []
    faults: list[tuple[Evidence, LumbungError]] = []
    for number, evidence in enumerate(fetched):
        into = work / f"read-{number}"
        into.mkdir()
        try:
            reading = read_safely(
                evidence.path,
                filename=evidence.file.filename,
                into=into,
                hints=evidence.file.hints,
                seconds=settings.read_seconds,
                megabytes=settings.read_megabytes,
            )
            _refuse_page(evidence, reading)
        except LumbungError as fault:
            faults.append((evidence, fault))
        else:
            read.append(FileRead(evidence, reading))
    if faults and not read:
        raise faults[0][1]
    return read, [notice for evidence, fault in faults for notice in left_out(evidence.file, fault.notice)]


def _refuse_page(evidence: Evidence, reading: Reading) -> None:
    """A web page without a table under the name of a data file is a login or an error, not a document to publish."""
    named = evidence.file.filename.rpartition(".")[2].lower()
    if reading.format == "html" and not reading.tables and named not in ("html", "htm", "xhtml"):
        raise PageInsteadOfData(location=evidence.file.filename)


def left_out(file: RemoteFile, why: Notice) -> tuple[Notice, Notice]:
    """What is said when a file of a dataset is not published with the others."""
    return Notice(_LEFT_OUT, params={"name": file.filename}), why


def not_to_be_kept(files: Iterable[FileRead], *, hidden_sheets: bool = False) -> list[Notice]:
    """Why not even the bytes of these files may be kept: where personal data were found (never what), hidden sheets.

    Nobody has looked into a hidden sheet, and the original file would carry it to the public: the worst known leak of
    an information office was one. `hidden_sheets` says that somebody has looked.
    """
    reasons = [find for file in files for find in file.reading.personal]
    if not hidden_sheets:
        said = (notice for file in files for notice in file.reading.notices)
        reasons += [notice for notice in said if notice.code == repairs.SHEET_HIDDEN]
    return reasons


def prepare(
    blobs: BlobStore,
    subject: Subject,
    files: Sequence[FileRead],
    work: Path,
    *,
    notices: Iterable[Notice] = (),
    more_themes: tuple[str, ...] = (),
) -> Material:
    """Make the files of one dataset ready. Their blobs are durable when this returns.

    `more_themes` are slugs of themes that this portal has beside those of the vocabulary.

    Files with personal data must not come here: what is kept is kept for ever. Raises `MicrodataBare` for those that
    are declared to be microdata and were not made into tables.
    """
    if subject.about.microdata is not None and any(file.disclosure is None for file in files):
        raise MicrodataBare
    taken: set[str] = set()
    about = subject.about
    title = about.title or _printed_title(files) or subject.title
    only = title if len(files) == 1 else None
    resources = tuple(
        one for file in files for one in prepare_file(blobs, file, about, title=only, taken=taken, work=work)
    )
    about = _completed(about, title, resources, more_themes)
    coverage = _joined_coverage(resources, about)
    said = (*notices, *(notice for file in files for notice in file.reading.notices))
    return Material(
        subject=subject,
        title=title,
        about=about,
        resources=resources,
        coverage=coverage,
        report=joined_report(one.report for one in resources if one.report is not None),
        notices=said,
        content_key=_content_key(subject, title, about, resources),
        disclosure=next((file.disclosure for file in files if file.disclosure is not None), None),
    )


def draft(blobs: BlobStore, material: Material, place: Place, *, at: datetime, run_id: int | None = None) -> Draft:
    """The draft of `material` for its place in the catalogue; its package is durable when this returns."""
    about, organization = ruled(material.about, place.ruling), material.subject.organization
    package = build_package(
        name=place.slug,
        id=place.uuid,
        title=material.title,
        about=about,
        publisher=Publisher(organization.title, organization.homepage, organization.email),
        version=place.number,
        created=at,
        resources=[one.packaged for one in material.resources],
        coverage=material.coverage,
        notices=material.notices,
        disclosure=material.disclosure,
    )
    if place.ruling is not None:
        package[RULED] = {"said": place.ruling.said(), "over": material.content_key}
    frequency, licence = frequencies.match(about.frequency), licenses.match(about.license)
    return Draft(
        place=place,
        organization=organization,
        title=material.title,
        content_key=place.key_of(material.content_key),
        package=package,
        package_blob=blobs.put_bytes(descriptor_bytes(package)),
        resources=tuple(one.drafted for one in material.resources),
        description=about.description or "",
        license_id=licence.id if licence else licenses.NOT_STATED,
        frequency=frequency.slug if frequency else None,
        themes=about.themes,
        tags=about.keywords,
        regions=material.coverage.regions,
        year_from=material.coverage.year_from,
        year_to=material.coverage.year_to,
        report=material.report,
        notices=tuple(notice.as_dict() for notice in material.notices),
        lacking=tuple(package.get("lumbung:lacking", ())),
        run_id=run_id,
    )


def ruled(about: About, ruling: Ruling | None) -> About:
    """What is said, with what a custodian has ruled in its place."""
    return about if ruling is None else about.model_copy(update=ruling.said())


def _printed_title(files: Sequence[FileRead]) -> str | None:
    """The title printed above the only table of the only file."""
    tables = [table for file in files for table in file.reading.tables]
    return tables[0].title if len(files) == len(tables) == 1 else None


def _completed(about: About, title: str, resources: Sequence[Prepared], more: tuple[str, ...]) -> About:
    """Themes as slugs of the vocabulary, guessed from the words when none is said or known."""
    known = [theme.slug for theme in map(themes.match, about.themes) if theme]
    columns = [field.get("title", "") for one in resources for field in one.drafted.schema.get("fields", ())]
    guessed = [*known, *more] or themes.guess(title, about.keywords, columns)
    return about.model_copy(update={"title": title, "themes": tuple(dict.fromkeys(guessed))})


def _joined_coverage(resources: Sequence[Prepared], about: About) -> Coverage:
    told = [one.coverage for one in resources if one.coverage is not None]
    years = [year for one in told for year in (one.year_from, one.year_to) if year is not None]
    years += [int(text[:4]) for text in (about.period_start, about.period_end) if text and text[:4].isdigit()]
    regions = sorted({code for one in told for code in one.regions} | set(about.regions))
    return Coverage(min(years, default=None), max(years, default=None), tuple(regions))


def _content_key(subject: Subject, title: str, about: About, resources: Sequence[Prepared]) -> str:
    """Over tables by their canonical bytes, files by their raw ones, and all that is said; never times or addresses."""
    parts = []
    for one in resources:
        drafted = one.drafted
        bytes_of = [blob.sha256 for blob in (drafted.csv, drafted.geo) if blob] or [drafted.evidence.blob.sha256]
        parts.append([drafted.name, drafted.title, drafted.kind.value, bytes_of, drafted.schema, drafted.notes])
    return _hash([title, subject.organization.slug, about.model_dump(mode="json"), parts])


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
