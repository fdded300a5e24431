"""One decision on many drafts or datasets: done step by step by the worker, and gone on with after a kill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from datasets import jobs
from datasets.models import MassStep, MassWork, StepState
from metadata.errors import BadInput, NotFound
from metadata.notices import Notice

MASS = "mass"
"""The kind of the job; its subject is the number of the work."""
MOST = 500
"""Steps of one work."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one thing is now and will become, in words."""

    subject: int
    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a work is, in steps of each state."""

    counts: Mapping[StepState, int]

    @property
    def whole(self) -> int:
        """All steps."""
        return sum(self.counts.values())

    @property
    def gone(self) -> int:
        """Those that wait no more."""
        return self.whole - self.counts.get(StepState.WAITING, 0)


def ask(
    session: Session,
    action: str,
    params: Mapping[str, Any],
    steps: Sequence[Step],
    *,
    by: str,
    user_id: int | None,
    at: datetime,
) -> MassWork:
    """Want `action` done to all of these. Raises `BadInput` for none of them or more than `MOST`."""
    if not steps or len(steps) > MOST:
        raise BadInput(reason=f"1–{MOST} dataset")
    work = MassWork(action=action, params=dict(params), asked_at=at, asked_by=by, user_id=user_id)
    session.add(work)
    session.flush()
    session.add_all(
        MassStep(work_id=work.id, subject=one.subject, title=one.title, before=one.before, after=one.after)
        for one in {one.subject: one for one in steps}.values()
    )
    jobs.ask(session, MASS, str(work.id), priority=20)
    return work


def get_work(session: Session, number: int) -> MassWork:
    """That work. Raises `NotFound`."""
    found = session.get(MassWork, number)
    if found is None:
        raise NotFound(what=f"pekerjaan massal {number}")
    return found


def latest(session: Session, *, most: int = 10) -> Sequence[MassWork]:
    """The works asked for last."""
    return session.scalars(select(MassWork).order_by(MassWork.id.desc()).limit(most)).all()


def steps(session: Session, work_id: int) -> Sequence[MassStep]:
    """The steps of a work in their order."""
    return session.scalars(select(MassStep).where(MassStep.work_id == work_id).order_by(MassStep.id)).all()


def progress(session: Session, work_id: int) -> Progress:
    """How far it is."""
    asked = select(MassStep.state, func.count()).where(MassStep.work_id == work_id).group_by(MassStep.state)
    return Progress({row[0]: row[1] for row in session.execute(asked)})


def next_step(session: Session, work_id: int) -> MassStep | None:
    """The next step that waits; None when all are done or the work was stopped."""
    work = session.get(MassWork, work_id)
    if work is None or work.stopped:
        return None
    asked = select(MassStep).where(MassStep.work_id == work_id, MassStep.state == StepState.WAITING)
    return session.scalar(asked.order_by(MassStep.id).limit(1))


def settle(session: Session, step_id: int, state: StepState, *, at: datetime, said: Notice | None = None) -> None:
    """Write down what became of a step."""
    step = session.get_one(MassStep, step_id)
    step.state, step.at, step.said = state, at, said.as_dict() if said else None
    session.flush()


def over(session: Session, work_id: int, *, at: datetime) -> None:
    """Nothing of the work waits any more."""
    work = session.get(MassWork, work_id)
    if work is not None and work.over_at is None:
        work.over_at = at
        session.flush()


def stop(session: Session, number: int, *, at: datetime) -> MassWork:
    """Leave what still waits of it undone; what is done stays. Raises `NotFound`."""
    work = get_work(session, number)
    if work.over_at is None:
        work.stopped, work.over_at = True, at
        jobs.forget(session, MASS, str(work.id))
    session.flush()
    return work


def go_on(session: Session, number: int) -> MassWork:
    """Do what is left of a work that was stopped or given up. Raises `NotFound`."""
    work = get_work(session, number)
    work.stopped, work.over_at = False, None
    session.flush()
    jobs.ask(session, MASS, str(work.id), priority=20)
    return work
