"""When sources are harvested: each on a schedule has one job with its next moment, however many schedulers look."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets import jobs, leases
from datasets.db import add_missing
from datasets.models import Job, Source
from harvesters.runs.cron import ScheduleMistaken, parse

HARVEST = "harvest"
"""The kind of the job; its subject is the source's name."""
ZONE = ZoneInfo("Asia/Jakarta")
"""Cron lines are in the office's time."""
JITTER = 300
"""Seconds over which sources of one schedule are spread, each always at the same place."""


def next_run(name: str, line: str, moment: datetime) -> datetime:
    """When the source of that name is due next after `moment`. Raises `ScheduleMistaken`."""
    place = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) % JITTER
    return parse(line).after(moment.astimezone(ZONE) - timedelta(seconds=place)) + timedelta(seconds=place)


def plan_own(session: Session, kind: str, subject: str, line: str) -> None:
    """See that a work of the house itself has its job at the next moment of its cron line; idempotent."""
    if session.scalar(select(Job.id).where(Job.kind == kind, Job.subject == subject, Job.dead_at.is_(None))) is None:
        due = next_run(subject, line, leases.database_time(session))
        jobs.ask(session, kind, subject, due=due, cause=line)


def plan(session: Session) -> int:
    """See that every enabled source on a schedule has its job, and no other has; how many were added or changed.

    Idempotent, and safe to do from several processes at once. What was given up is wanted again at the next moment.
    """
    at = leases.database_time(session)
    known = {job.subject: job for job in session.scalars(select(Job).where(Job.kind == HARVEST))}
    changed = 0
    for source in session.scalars(select(Source).order_by(Source.name)).all():
        job = known.get(source.name)
        line = source.schedule if source.enabled else None
        if line is None:
            if job is not None and job.cause is not None and job.holder is None:
                jobs.forget(session, HARVEST, source.name)
                changed += 1
            continue
        try:
            due = next_run(source.name, line, at)
            if job is None:
                row = {"kind": HARVEST, "subject": source.name, "due": due, "created_at": at, "cause": line}
                add_missing(session, Job, [row | {"priority": 0, "asked": 1, "attempts": 0, "fence": 0}])
                changed += 1
            elif job.holder is None and job.cause is not None and job.cause != line:
                job.cause, job.due = line, due
                changed += 1
            elif job.dead_at is not None and next_run(source.name, line, job.dead_at) <= at:
                job.dead_at, job.attempts, job.due, job.cause = None, 0, at, line
                changed += 1
        except ScheduleMistaken:
            continue  # told when it was declared; the others go on
    session.flush()
    return changed
