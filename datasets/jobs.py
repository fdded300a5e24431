"""Work that is due: asked for in the transaction of its cause, taken under a lease, done at least once.

Time is the database's own. A worker that died gives its work back by its lease running out, at once when it was a
process of this machine.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Update, delete, select, update
from sqlalchemy.orm import Session

from datasets import leases
from datasets.db import WORK_ASKED, add_missing
from datasets.models import Job
from metadata.notices import Notice

ATTEMPTS = 5
"""Failures in a row after which work is given up until a person, or its schedule, asks again."""
FIRST_WAIT = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Taken:
    """A job in hand. `asked` says which asking it answers: a later one is not lost by finishing this."""

    id: int
    kind: str
    subject: str
    fence: int
    attempts: int
    asked: int
    until: datetime


def ask(
    session: Session,
    kind: str,
    subject: str,
    *,
    due: datetime | None = None,
    priority: int = 0,
    cause: str | None = None,
) -> None:
    """Want work done, now or at `due`. Wanted already, it is the same work, at the earlier moment and higher priority.

    Work that was given up is tried again. Work that is being done is done once more afterwards.
    """
    at = leases.database_time(session)
    row = {"kind": kind, "subject": subject, "due": due or at, "created_at": at, "priority": priority, "cause": cause}
    fresh = {"asked": 0, "attempts": 0, "fence": 0}
    add_missing(session, Job, [row | fresh])
    job = session.scalars(
        select(Job)
        .where(Job.kind == kind, Job.subject == subject)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if due is None or due <= at:
        session.info[WORK_ASKED] = True
    job.asked += 1
    if job.dead_at is not None:
        job.dead_at, job.attempts, job.due = None, 0, due or at
    job.due, job.priority = min(job.due, due or at), max(job.priority, priority)
    if due is None:
        job.attempts = 0
    session.flush()


def take(session: Session, kinds: Collection[str], holder: str, *, seconds: float) -> Taken | None:
    """The most urgent work that is due and in nobody's hands, under a lease of so many seconds; None without any."""
    at = leases.database_time(session)
    open_ = select(Job).where(Job.kind.in_(kinds), Job.dead_at.is_(None), Job.due <= at)
    ordered = open_.order_by(Job.priority.desc(), Job.due, Job.id)
    free = (Job.lease_until.is_(None)) | (Job.lease_until <= at)
    job = session.scalar(ordered.where(free).limit(1).with_for_update(skip_locked=True))
    if job is None:
        held = session.scalars(ordered.where(Job.lease_until > at).with_for_update(skip_locked=True)).all()
        job = next((one for one in held if one.holder and leases.is_dead(one.holder)), None)
    if job is None:
        return None
    job.holder, job.lease_until = holder, at + timedelta(seconds=seconds)
    job.fence, job.attempts = job.fence + 1, job.attempts + 1
    session.flush()
    return Taken(job.id, job.kind, job.subject, job.fence, job.attempts, job.asked, job.lease_until)


def renew(session: Session, taken: Taken, *, seconds: float) -> Taken:
    """Keep it for so many seconds from now. Raises `LeaseLost`."""
    until = leases.database_time(session) + timedelta(seconds=seconds)
    if session.scalar(_mine(taken).values(lease_until=until).returning(Job.id)) is None:
        raise leases.LeaseLost(name=f"{taken.kind}:{taken.subject}")
    return replace(taken, until=until)


def finish(session: Session, taken: Taken) -> None:
    """It is done: the row goes, unless the work was asked for again meanwhile. No fault when the lease is lost."""
    mine = (Job.id == taken.id, Job.fence == taken.fence)
    gone = session.scalar(delete(Job).where(*mine, Job.asked == taken.asked).returning(Job.id))
    if gone is None:
        now = leases.database_time(session)
        session.execute(_mine(taken).values(holder=None, lease_until=None, attempts=0, error=None, due=now))


def give_back(session: Session, taken: Taken, *, seconds: float = 0.0) -> None:
    """It was not done, through no fault of its own: anybody may take it, now or in so many seconds."""
    due = leases.database_time(session) + timedelta(seconds=seconds)
    session.execute(_mine(taken).values(holder=None, lease_until=None, due=due, attempts=taken.attempts - 1))


def fail(session: Session, taken: Taken, error: Notice) -> bool:
    """It failed: tried again later and later, and after `ATTEMPTS` given up with the reason; whether it is."""
    at = leases.database_time(session)
    dead = taken.attempts >= ATTEMPTS
    wait = min(FIRST_WAIT * 2 ** (taken.attempts - 1), LONGEST_WAIT)
    session.execute(
        _mine(taken).values(
            holder=None, lease_until=None, error=error.as_dict(), due=at + wait, dead_at=at if dead else None
        )
    )
    return dead


def postpone(session: Session, taken: Taken, reason: Notice, *, seconds: float) -> None:
    """It cannot be done while something else is away: tried again in so many seconds, and never given up."""
    due = leases.database_time(session) + timedelta(seconds=seconds)
    session.execute(_mine(taken).values(holder=None, lease_until=None, error=reason.as_dict(), due=due))


def every(session: Session, *, dead: bool = False) -> Sequence[Job]:
    """All work that is wanted, the next first; with `dead` only what was given up."""
    wanted = select(Job).order_by(Job.due, Job.id)
    return session.scalars(wanted.where(Job.dead_at.is_not(None)) if dead else wanted).all()


def retry(session: Session, kind: str, subject: str, *, priority: int = 0) -> bool:
    """Do it now, also when it was given up; whether there was such work."""
    if session.scalar(select(Job.id).where(Job.kind == kind, Job.subject == subject)) is None:
        return False
    ask(session, kind, subject, priority=priority)
    return True


def drop(session: Session, kind: str, subject: str) -> bool:
    """It is not wanted any more; whether it was there and in nobody's hands. What has a schedule comes again by it."""
    gone = delete(Job).where(Job.kind == kind, Job.subject == subject, Job.holder.is_(None)).returning(Job.id)
    return session.scalar(gone) is not None


def forget(session: Session, kind: str, subject: str) -> None:
    """It is not wanted any more, unless somebody is at it."""
    session.execute(delete(Job).where(Job.kind == kind, Job.subject == subject, Job.holder.is_(None)))


def _mine(taken: Taken) -> Update:
    mine = update(Job).where(Job.id == taken.id, Job.fence == taken.fence)
    return mine.execution_options(synchronize_session=False)
