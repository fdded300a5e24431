"""One dataset of one run: fetched, read, judged, and published, held or failed, without touching any other."""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from datasets import held, leases
from datasets.clock import now
from datasets.draft import Draft, EvidenceDraft, Identity, OrganizationDraft, Place
from datasets.installation import Installation
from datasets.models import ItemOutcome
from datasets.publish import Overtaken, keep_evidence, publish
from harvesters import intake, microdata
from harvesters.adapter import Adapter, Evidence, Missed, RemoteDataset
from harvesters.runs import ledger
from harvesters.runs.crew import readers
from harvesters.runs.ending import Meter
from harvesters.runs.judging import LOSSES, LOST, Verdict, judge
from harvesters.runs.ledger import Last, Mark
from harvesters.runs.reports import ItemReport
from harvesters.runs.vanishing import come_back
from metadata.about import About
from metadata.errors import LumbungError
from metadata.names import slug
from metadata.notices import Notice, declare

_TRIES = 3
_QUIET = (ItemOutcome.PUBLISHED, ItemOutcome.UNCHANGED)
_log = logging.getLogger(__name__)

UNEXPECTED = declare(
    "harvest.unexpected",
    id="Kesalahan tak terduga (rujukan {reference}). Beri tahu administrator; rinciannya ada di catatan sistem.",
    en="Unexpected error (reference {reference}). Tell the administrator; the details are in the system log.",
)
_TWICE = declare(
    "harvest.key_twice",
    id="Sumber menawarkan dua dataset dengan kunci yang sama; hanya yang pertama diambil.",
    en="The source offers two datasets under one key; only the first is taken.",
)


@dataclass(slots=True)
class Run:
    """What all datasets of a run share. `fence` is the lease under which it works, `last` what is known from before.

    `partial` says that only changes are listed: what is not offered is unchanged rather than gone. `gone` are
    tombstones of what was not offered, by key. `halt` ends the run; `talking` is held while the source is spoken to.
    """

    here: Installation
    adapter: Adapter
    id: int
    source_id: int
    organization: OrganizationDraft
    defaults: About
    own_organizations: bool
    hidden_sheets: bool
    fence: leases.Holding
    work: Path
    meter: Meter
    last: dict[str, Last]
    setting: str
    refresh: bool = False
    partial: bool = False
    gone: dict[str, int] = field(default_factory=dict)
    halt: threading.Event = field(default_factory=threading.Event)
    talking: AbstractContextManager[Any] = field(default_factory=threading.Lock)
    seen: set[str] = field(default_factory=set)

    def check(self, session: Session) -> None:
        """Before anything is written: that the run still goes on, and under its lease. Raises `LeaseLost`."""
        if self.halt.is_set():
            raise leases.LeaseLost(name=self.fence.name)
        leases.check(session, self.fence)


@dataclass(slots=True)
class Case:
    """One dataset in hand, and what has been found out about it so far."""

    run: Run
    remote: RemoteDataset
    last: Last | None
    title: str
    mark: Mark
    subject: intake.Subject = field(init=False)
    place: Place | None = None
    started: float = field(default_factory=time.monotonic)

    @property
    def identity(self) -> Identity:
        """Who it is, for ever."""
        return Identity(self.run.source_id, self.remote.key)

    def report(self, outcome: ItemOutcome, messages: Iterable[Notice] = ()) -> ItemReport:
        """What is told of it."""
        return ItemReport(self.remote.key, self.title, outcome, tuple(messages), time.monotonic() - self.started)


def offered_twice(run: Run, remote: RemoteDataset) -> ItemReport | None:
    """The report of a dataset whose key another one of this run has; None lets it be harvested."""
    if remote.key in run.seen:
        return ItemReport(remote.key, remote.title, ItemOutcome.FAILED, (Notice(_TWICE),))
    run.seen.add(remote.key)
    return None


def harvest_one(run: Run, remote: RemoteDataset) -> ItemReport:
    """Do all that one dataset needs, and write down what came of it. Only `LeaseLost` and interruptions get out."""
    case = Case(run, remote, run.last.get(remote.key), remote.title, Mark(run.setting))
    try:
        if remote.key in run.gone:
            _come_back(case, run.gone[remote.key])
        if remote.fault is not None:
            return _settled(case, ItemOutcome.FAILED, [remote.fault, *remote.notices])
        case.subject = _subject(case)
        if remote.fingerprint is not None:
            case.mark = Mark(run.setting, intake.mark_of(remote.fingerprint, case.subject))
        if case.last is not None and (before := _as_before(case, case.mark.source, "source")) is not None:
            case.mark = replace(case.mark, raw=case.last.mark.raw)
            return _settled(case, before.outcome, before.messages, again=True)
        return _taken(case)
    except leases.LeaseLost:
        raise
    except LumbungError as fault:
        return _failed(case, [fault.notice])
    except Exception:
        if run.halt.is_set():
            raise
        reference = uuid4().hex[:8]
        _log.exception("dataset %s of source %s failed, reference %s", remote.key, run.source_id, reference)
        return _settled(case, ItemOutcome.FAILED, [Notice(UNEXPECTED, params={"reference": reference})])


def _taken(case: Case) -> ItemReport:
    run, remote = case.run, case.remote
    work = Path(tempfile.mkdtemp(dir=run.work))
    try:
        with run.talking:
            fetched, missed = _fetched(run, remote, work)
        if not fetched:
            return _failed(case, [one.notice for one in missed])
        case.mark = replace(case.mark, raw=intake.raw_mark(case.subject, fetched, missed))
        if (known := _as_before(case, case.mark.raw, "raw")) is not None:
            return _settled(case, known.outcome, known.messages, again=True)
        with readers(run.here.settings.workers_reading):
            material = _read(case, fetched, missed, work)
        return material if isinstance(material, ItemReport) else _judged(case, material)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _read(case: Case, fetched: list[Evidence], missed: list[Missed], work: Path) -> intake.Material | ItemReport:
    """The dataset made ready; the report of one that is held at once, since nothing of it may be kept."""
    run, remote = case.run, case.remote
    if (rule := case.subject.about.microdata) is not None:
        before = microdata.tables_before(run.here.database, run.here.blobs, case.identity)
        files, notices = microdata.count_files(fetched, missed, rule, work, run.here.settings, before=before)
        return intake.prepare(run.here.blobs, case.subject, files, work, notices=notices)
    files, notices = intake.read_files(fetched, work, run.here.settings)
    notices = [*remote.notices, *(say for one in missed for say in intake.left_out(one.file, one.notice)), *notices]
    if reasons := intake.not_to_be_kept(files, hidden_sheets=run.hidden_sheets):
        # Nothing of it is kept, not even as evidence: blobs are for ever, and this must be able to go.
        return _settled(case, ItemOutcome.HELD, [*reasons, *notices])
    return intake.prepare(run.here.blobs, case.subject, files, work, notices=notices)


def _as_before(case: Case, mark: str | None, kind: str) -> ItemReport | None:
    """The report of a dataset whose mark is as it was, so that no work is needed: unchanged, or held still."""
    last = case.last
    if case.run.refresh or mark is None or last is None or not last.settled:
        return None
    if last.mark.setting != case.run.setting or getattr(last.mark, kind) != mark:
        return None
    case.title = last.title
    if last.outcome is ItemOutcome.HELD:
        return case.report(ItemOutcome.HELD, last.messages)
    return case.report(ItemOutcome.UNCHANGED)


def _fetched(run: Run, remote: RemoteDataset, work: Path) -> tuple[list[Evidence], list[Missed]]:
    into = work / "fetched"
    into.mkdir()
    fetched: list[Evidence] = []
    missed: list[Missed] = []
    begun, size = time.monotonic(), 0
    for one in run.adapter.fetch(remote, into):
        if isinstance(one, Evidence):
            run.meter.count(one.size, key=remote.key, so_far=size, since=begun)
            size += one.size
            fetched.append(one)
        else:
            missed.append(one)
    return fetched, missed


def _judged(case: Case, material: intake.Material) -> ItemReport:
    """Unchanged, held, or published; judged anew when somebody else published in between."""
    case.title = material.title
    for attempt in range(1, _TRIES + 1):
        verdict = judge(case.run.here.database, material, may_lose=case.run.meter.allowed.may_lose)
        case.place = verdict.place
        if verdict.unchanged:
            return _settled(case, ItemOutcome.UNCHANGED)
        if verdict.reasons:
            return _held(case, material, verdict)
        try:
            return _published(case, material, verdict.place)
        except Overtaken:
            if attempt == _TRIES:
                raise
    raise AssertionError("the last attempt returns or raises")


def _published(case: Case, material: intake.Material, place: Place) -> ItemReport:
    run, at = case.run, now()
    draft = intake.draft(run.here.blobs, material, place, at=at, run_id=run.id)
    with run.here.database.write() as session:
        run.check(session)
        done = publish(session, draft, at=at, fence=run.fence)
        held.overtake(session, case.identity, at=at)
        outcome = ItemOutcome.PUBLISHED if done.created else ItemOutcome.UNCHANGED
        report = case.report(outcome, material.told)
        ids = (done.dataset.id, done.version.id)
        ledger.keep_item(session, run.id, run.source_id, report, mark=case.mark, ids=ids, at=at)
    return report


def _held(case: Case, material: intake.Material, verdict: Verdict) -> ItemReport:
    """Kept whole for a person to decide; what a person has turned down already is not asked about again."""
    run = case.run
    with run.here.database.read() as session:
        rejection = held.turned_down(session, case.identity, verdict.place.key_of(material.content_key))
    if rejection is not None:
        return _settled(case, ItemOutcome.UNCHANGED, [rejection, *verdict.reasons])
    draft = intake.draft(run.here.blobs, material, verdict.place, at=now(), run_id=run.id)
    evidence = dict.fromkeys(one.drafted.evidence for one in material.resources)
    messages = [*verdict.reasons, *material.told]
    return _settled(case, ItemOutcome.HELD, messages, evidence=evidence, draft=draft)


def _settled(
    case: Case,
    outcome: ItemOutcome,
    messages: Iterable[Notice] = (),
    *,
    evidence: Iterable[EvidenceDraft] = (),
    draft: Draft | None = None,
    again: bool = False,
) -> ItemReport:
    """Write down and give back what came of a dataset that is not published now. No news is not written again."""
    run, last, report = case.run, case.last, case.report(outcome, messages)
    if outcome is ItemOutcome.UNCHANGED and last is not None and last.outcome in _QUIET and last.mark == case.mark:
        return report
    known = case.place.dataset_id if case.place else last.dataset_id if last else None
    with run.here.database.write() as session:
        run.check(session)
        keep_evidence(session, case.identity, list(evidence), at=now())
        ledger.keep_item(session, run.id, run.source_id, report, mark=case.mark, ids=(known, None), at=now())
        if outcome is ItemOutcome.HELD and again:
            held.recognised_by(session, case.identity, str(case.mark))
        elif outcome is ItemOutcome.HELD:
            held.hold(
                session,
                case.identity,
                report.messages,
                title=case.title,
                at=now(),
                draft=draft,
                run_id=run.id,
                fingerprint=str(case.mark),
            )
        elif outcome is ItemOutcome.UNCHANGED:
            held.overtake(session, case.identity, at=now())
    return report


def _failed(case: Case, why: list[Notice]) -> ItemReport:
    """Failed; but held where data were published and a page, an error or nothing came in their place.

    The source is asked anew at each run, whatever it says of its state: it may be well again without a word.
    """
    if case.last is None or case.last.dataset_id is None or not LOSSES & {notice.code for notice in why}:
        return _settled(case, ItemOutcome.FAILED, why)
    case.mark = Mark(case.run.setting)
    return _settled(case, ItemOutcome.HELD, [*why, Notice(LOST)])


def _come_back(case: Case, dataset_id: int) -> None:
    with case.run.here.database.write() as session:
        case.run.check(session)
        come_back(session, dataset_id, at=now())


def _subject(case: Case) -> intake.Subject:
    run, remote, owner = case.run, case.remote, case.run.organization
    if run.own_organizations and remote.organization is not None:
        named = remote.organization
        owner = OrganizationDraft(slug=slug(named.name), title=named.title, description=named.description)
    return intake.Subject(
        identity=case.identity,
        organization=owner,
        about=remote.about.over(run.defaults),
        title=remote.title,
    )
