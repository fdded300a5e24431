"""Approved drafts at their hour: published by the worker, each in a transaction of its own, again after any kill."""

from __future__ import annotations

import threading
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from datasets import drafts, jobs
from datasets.clock import now
from datasets.drafts import Comment
from datasets.installation import Installation
from datasets.models import DeskDraft, DeskState, Job
from datasets.publish import Overtaken
from datasets.search import feed
from datasets.withdraw import Withdrawn
from harvesters.runs.duty import Duty, Settle
from metadata.errors import NotFound
from portal.policy import Actor
from portal.review import deciding

_BOUNCED = "Tidak dapat terbit pada waktunya: {reason} Periksa sekali lagi, lalu ajukan."
_SYSTEM = Actor(email="lumbung")


def release(here: Installation, number: int, *, at: datetime) -> bool:
    """Publish that draft if its hour has come at `at`; whether it was. One that cannot be any more goes back."""
    root = here.settings.site_url.rstrip("/")
    try:
        with here.database.write() as session:
            done = deciding.release(session, number, root=root, at=at) is not None
    except NotFound:
        return False
    except (Overtaken, Withdrawn) as fault:
        said = [Comment("", _BOUNCED.format(reason=fault.say("id")))]
        with here.database.write() as session:
            if drafts.get_draft(session, number).state is DeskState.APPROVED:
                deciding.return_(session, number, comments=said, actor=_SYSTEM, root=root, at=at)
        return False
    if done:
        feed.drain(here.database, here.search)
    return done


def release_due(here: Installation, *, at: datetime) -> int:
    """Publish every draft whose hour has come at `at`; how many there were."""
    with here.database.read() as session:
        due = session.scalars(_waiting().where(DeskDraft.publish_at <= at).order_by(DeskDraft.publish_at)).all()
        numbers = [one.id for one in due]
    return sum(release(here, number, at=at) for number in numbers)


def plan(session: Session) -> None:
    """See that each draft that waits for its hour has its job."""
    asked = select(Job.subject).where(Job.kind == deciding.RELEASE, Job.dead_at.is_(None))
    known = set(session.scalars(asked))
    for draft in session.scalars(_waiting()):
        if str(draft.id) not in known:
            jobs.ask(session, deciding.RELEASE, str(draft.id), due=draft.publish_at, priority=50)


def _do(here: Installation, taken: jobs.Taken, _stop: threading.Event) -> Settle:
    release(here, int(taken.subject), at=now())

    def settle(session: Session, one: jobs.Taken) -> None:
        jobs.finish(session, one)
        plan(session)  # it was given a later hour meanwhile

    return settle


def _waiting() -> Select[DeskDraft]:
    return select(DeskDraft).where(DeskDraft.state == DeskState.APPROVED, DeskDraft.publish_at.is_not(None))


DUTY = Duty(deciding.RELEASE, 1, plan, _do)
