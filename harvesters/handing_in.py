"""A file at hand, described or published as a steward's upload is: the way of a harvest, without a source."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from datasets import held
from datasets.blobs import LocalBlobs
from datasets.clock import now
from datasets.draft import Identity, OrganizationDraft, Place
from datasets.installation import Installation
from datasets.models import ItemOutcome
from datasets.publish import keep_evidence, publish
from datasets.search import feed
from datasets.settings import Settings
from harvesters import intake, microdata
from harvesters.adapter import Evidence, RemoteDataset
from harvesters.adapters.files import FilesAdapter, FilesOptions
from harvesters.runs.judging import judge
from harvesters.runs.reports import ItemReport
from harvesters.sources import find_organization
from harvesters.tables import FileRead
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.session import Limits
from metadata.about import About
from metadata.errors import LumbungError
from metadata.names import slug
from metadata.notices import Notice
from metadata.reading.child import warm


def describe_file(
    path: Path, work: Path, *, organization: str = "-", settings: Settings | None = None
) -> dict[str, Any]:
    """The data package that the file at `path` would get; nothing is kept but in `work`. Raises what reading raises.

    A sidecar beside the file is heeded. Personal data do not stop a description.
    """
    settings = settings or Settings()
    remote, evidence = taken(path, work, settings)
    subject = _subject(remote, OrganizationDraft(slug(organization), organization), About())
    files, notices = read_taken(evidence, subject, work, settings)
    blobs = LocalBlobs(work / "blobs")
    material = intake.prepare(blobs, subject, files, work, notices=notices)
    name = slug(material.title)
    place = Place(subject.identity, slug=name, uuid=str(uuid5(NAMESPACE_URL, name)), number=1)
    return dict(intake.draft(blobs, material, place, at=now()).package)


def publish_file(
    here: Installation, path: Path, *, organization: str, title: str | None = None, about: About | None = None
) -> ItemReport:
    """Publish the file at `path` as a dataset of `organization` (slug or title; made when there is none).

    It is known by its file name ever after: the same name again is the next version. What is held is not published, and
    the report says why. `title` and `about` go before the sidecar. Raises what reading raises, and `Overtaken`.
    """
    warm()
    with workshop(here) as work:
        remote, evidence = taken(path, work, here.settings)
        given = (about or About()).model_copy(update={"title": title} if title else {})
        subject = _subject(remote, _owner(here, organization), given)
        before = tables_before(here, subject)
        with _loading():
            files, notices = read_taken(evidence, subject, work, here.settings, before)
        if reasons := intake.not_to_be_kept(files):
            return ItemReport(remote.key, remote.title, ItemOutcome.HELD, (*reasons, *notices))
        report = _published(here, subject, files, notices, work)
    feed.drain(here.database, here.search)
    return report


_LATER = ("duckdb", "frictionless", "metadata.validate.wholesale", "metadata.views", "datasets.search.whoosh_index")


@contextmanager
def _loading() -> Iterator[None]:
    """Load what is needed once the file is read, while another process reads it."""
    beside = Thread(target=lambda: [import_module(name) for name in _LATER], name="loading", daemon=True)
    beside.start()
    try:
        yield
    finally:
        beside.join()


def read_taken(
    evidence: Evidence, subject: intake.Subject, work: Path, settings: Settings, before: Sequence[Path] = ()
) -> tuple[list[FileRead], list[Notice]]:
    """The file as it is, or the tables made of it when it is microdata."""
    if (rule := subject.about.microdata) is not None:
        return microdata.count_files([evidence], [], rule, work, settings, before=before)
    return intake.read_files([evidence], work, settings)


def tables_before(here: Installation, subject: intake.Subject) -> list[Path]:
    """The tables that are published of microdata, against which new ones are protected too; else none."""
    rule = subject.about.microdata
    return microdata.tables_before(here.database, here.blobs, subject.identity) if rule else []


def _published(
    here: Installation, subject: intake.Subject, files: list[FileRead], notices: list[Notice], work: Path
) -> ItemReport:
    material, at = intake.prepare(here.blobs, subject, files, work, notices=notices), now()
    verdict = judge(here.database, material)
    key = subject.identity.remote_key
    if verdict.unchanged:
        return ItemReport(key, material.title, ItemOutcome.UNCHANGED)
    draft = intake.draft(here.blobs, material, verdict.place, at=at)
    if verdict.reasons:
        said = (*verdict.reasons, *material.told)
        evidence = dict.fromkeys(one.drafted.evidence for one in material.resources)
        with here.database.write() as session:
            keep_evidence(session, subject.identity, list(evidence), at=at)
            held.hold(session, subject.identity, said, title=material.title, at=at, draft=draft)
        return ItemReport(key, material.title, ItemOutcome.HELD, said)
    with here.database.write() as session:
        publish(session, draft, at=at)
        held.overtake(session, subject.identity, at=at)
    return ItemReport(key, material.title, ItemOutcome.PUBLISHED, material.told)


def taken(path: Path, work: Path, settings: Settings) -> tuple[RemoteDataset, Evidence]:
    """The file as the files adapter offers and copies it, sidecar and all."""
    fetcher = Fetcher(limits=Limits(body=settings.max_file_megabytes * 1024**2))
    adapter = FilesAdapter(str(path), FilesOptions(), fetcher)
    remote = next(adapter.discover())
    if remote.fault is not None:
        raise Faulty(remote.fault)
    (evidence,) = adapter.fetch(remote, work)
    return remote, evidence


class Faulty(LumbungError):
    """A fault that a listing told of, raised where one file is all there is."""

    code = "handing_in.faulty"
    status = 422

    def __init__(self, notice: Notice) -> None:
        super().__init__()
        self.notice = notice
        self.args = (notice.say("id"),)


def _subject(remote: RemoteDataset, owner: OrganizationDraft, about: About) -> intake.Subject:
    return intake.Subject(Identity(None, remote.key), owner, about.over(remote.about), remote.title)


def _owner(here: Installation, organization: str) -> OrganizationDraft:
    with here.database.read() as session:
        found = find_organization(session, organization)
    if found is None:
        return OrganizationDraft(slug(organization), organization)
    return OrganizationDraft(found.slug, found.title, homepage=found.homepage, email=found.email)


@contextmanager
def workshop(here: Installation) -> Iterator[Path]:
    """A folder on the file system of the blobs, for the time of the work."""
    here.settings.home.joinpath("work").mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="berkas-", dir=here.settings.home / "work"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
