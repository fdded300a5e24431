"""The last look at a draft: at once for the page that asks, and for a large file by the worker, which has the time."""

from __future__ import annotations

import threading

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets import drafts, jobs
from datasets.clock import now
from datasets.installation import Installation
from datasets.models import DeskDraft, Job
from harvesters import desk
from harvesters.runs.duty import Duty, Settle
from metadata.errors import LumbungError, NotFound
from metadata.notices import Notice

CHECK = "check"
LARGE = 64 * 1024 * 1024
"""Bytes of a file above which nobody waits for the check: a gigabyte takes minutes, and front servers end requests."""


def is_large(draft: DeskDraft) -> bool:
    """Whether its check is the worker's."""
    return bool(draft.files) and int(draft.files[0]["size"]) > LARGE


def look(here: Installation, draft: DeskDraft) -> None:
    """Keep what would be published of a `whole` draft. Raises as `harvesters.desk.prepare`."""
    at = now()
    ready = desk.prepare(here, draft, at=at)
    with here.database.write() as session:
        drafts.checked(session, draft.id, revision=draft.revision, prepared=ready.draft, reasons=ready.reasons, at=at)


def refusal(draft: DeskDraft) -> Notice | None:
    """Why nothing can be published of the draft as it stands, if that was found already."""
    told = (draft.seen or {}).get("refused")
    return Notice.from_dict(told["reason"]) if told and told["revision"] == draft.revision else None


def ask_worker(here: Installation, draft: DeskDraft) -> Notice | None:
    """Ask the worker for the check, once; None while it goes on, else what made the worker give up."""
    with here.database.write() as session:
        job = session.scalar(select(Job).where(Job.kind == CHECK, Job.subject == str(draft.id)))
        if job is None:
            jobs.ask(session, CHECK, str(draft.id), priority=30)
        return Notice.from_dict(job.error) if job and job.dead_at and job.error else None


def run(here: Installation, number: int) -> None:
    """Check that draft, unless it was, or is not with its steward any more."""
    try:
        with here.database.read() as session:
            draft = drafts.get_draft(session, number, whole=True)
            session.expunge(draft)
    except NotFound:
        return
    if draft.prepared is not None or draft.state not in drafts.EDITABLE or refusal(draft) is not None:
        return
    try:
        look(here, draft)
    except LumbungError as error:
        if error.status >= 500:
            raise  # a full disk, say: tried again
        with here.database.write() as session:
            drafts.refused(session, number, revision=draft.revision, reason=error.notice)


def _do(here: Installation, taken: jobs.Taken, _stop: threading.Event) -> Settle:
    run(here, int(taken.subject))
    return jobs.finish


def _plan(_session: Session) -> None:
    """Nothing: a page asks."""


DUTY = Duty(CHECK, 1, _plan, _do)
