"""A dataset as a program writes it: its metadata and files, made ready anew, whole, after each change."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from datasets.draft import Identity, OrganizationDraft
from datasets.installation import Installation
from harvesters import intake
from harvesters.adapter import Evidence, RemoteFile
from harvesters.tables import FileRead
from metadata.about import About
from metadata.errors import LumbungError
from metadata.notices import Notice
from metadata.reading.child import read_safely
from metadata.reading.table import FieldType, ReadHints
from metadata.terms import Bilingual


class WrittenFile(BaseModel):
    """One file: what a person calls it, and its bytes once there are any (`sha256`).

    `name` makes the identity of the resource and never changes; `made` are the names of the resources that the bytes
    gave, several when it is a workbook. An `exact` file was written by the portal itself: commas, decimal points, the
    types of `types`. `primary_key` are the columns by which rows are merged.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    description: str = ""
    filename: str = ""
    sha256: str | None = None
    size: int = 0
    url: str = ""
    fetched_at: datetime | None = None
    exact: bool = False
    types: dict[str, FieldType] = Field(default_factory=dict)
    primary_key: tuple[str, ...] = ()
    made: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its resources; its own while there are no bytes."""
        return self.made or (self.name,)


class Written(BaseModel):
    """The working state of a dataset. A `private` one is not published however good it is.

    `groups` are the slugs of its themes beyond those of the vocabulary, which stand in `about`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: About
    organization: str
    private: bool = False
    groups: tuple[str, ...] = ()
    files: tuple[WrittenFile, ...] = ()

    @property
    def has_data(self) -> bool:
        """Whether there is anything to publish."""
        return any(file.sha256 for file in self.files)


@dataclasses.dataclass(frozen=True, slots=True)
class Ready:
    """A manuscript made ready: the material, and the manuscript with what its files turned out to be."""

    material: intake.Material
    written: Written


class NotToBeKept(LumbungError):
    """The file has what must not be kept, and nothing of it was: personal data, hidden sheets."""

    code = "manuscript.not_to_be_kept"
    status = 422
    text = Bilingual(id="Berkas “{filename}” tidak disimpan: {reasons}", en="File “{filename}” was not kept: {reasons}")

    def __init__(self, filename: str, reasons: Sequence[Notice]) -> None:
        super().__init__(filename=filename, reasons="; ".join(reason.say("en") for reason in reasons))
        self.reasons = tuple(reasons)


class Unreadable(LumbungError):
    """One file cannot be read; `cause` says why and where."""

    code = "manuscript.unreadable"
    status = 422
    text = Bilingual(id="Berkas “{filename}”: {reason}", en="File “{filename}”: {reason}")

    def __init__(self, name: str, filename: str, cause: LumbungError) -> None:
        super().__init__(filename=filename, reason=cause.say("en"))
        self.file = name
        self.cause = cause


def make_ready(
    here: Installation,
    identity: Identity,
    owner: OrganizationDraft,
    written: Written,
    work: Path,
    *,
    fresh: Mapping[str, Path],
) -> Ready:
    """Read, describe and validate all files of a manuscript, as a harvest would; blobs are durable when this returns.

    `fresh` are bytes that are in no store yet, by their hash: they get there only when they may be kept. Raises
    `Unreadable`, `NotToBeKept`.
    """
    kept = [file for file in written.files if file.sha256]
    read = [_read(here, file, work / f"read-{number}", fresh) for number, file in enumerate(kept)]
    subject = intake.Subject(identity, owner, written.about, written.about.title or identity.remote_key)
    material = intake.prepare(here.blobs, subject, read, work, more_themes=written.groups)
    made = iter([one.drafted.name for one in material.resources])
    given = {
        file.name: tuple(next(made) for _ in range(max(1, len(one.reading.tables))))
        for file, one in zip(kept, read, strict=True)
    }
    files = tuple(file.model_copy(update={"made": given.get(file.name, ())}) for file in written.files)
    return Ready(material, written.model_copy(update={"files": files}))


def canonical_table(here: Installation, file: WrittenFile, into: Path, *, fresh: Mapping[str, Path]) -> FileRead:
    """The tables of one file as canonical CSV below `into`. Raises as `make_ready`."""
    return _read(here, file, into, fresh)


def _read(here: Installation, file: WrittenFile, into: Path, fresh: Mapping[str, Path]) -> FileRead:
    sha256 = str(file.sha256)
    path = fresh.get(sha256) or here.blobs.path(sha256)
    hints = ReadHints(encoding="utf-8", delimiter=",", header_row=1, decimal=".", types=file.types)
    told = RemoteFile(file.name, file.url, file.filename, file.title, file.description or None)
    told = dataclasses.replace(told, hints=hints) if file.exact else told
    try:
        reading = read_safely(
            path,
            filename=file.filename,
            into=into,
            hints=told.hints,
            seconds=here.settings.read_seconds,
            megabytes=here.settings.read_megabytes,
        )
    except LumbungError as fault:
        raise Unreadable(file.name, file.filename, fault) from fault
    at = file.fetched_at
    assert at is not None  # noqa: S101 - set with the bytes
    evidence = Evidence(told, path, sha256, file.size, file.url, at)
    read = FileRead(evidence, reading, name=file.name, title=file.title)
    if reasons := intake.not_to_be_kept([read]):
        raise NotToBeKept(file.filename, reasons)
    return read
