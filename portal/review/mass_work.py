"""A decision on many, done by the worker step by step; a kill between two steps, or within one, does nothing twice."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets import jobs, mass
from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Job, MassStep, MassWork, StepState
from datasets.search import feed
from harvesters.runs.duty import Duty, Settle
from harvesters.runs.unit import UNEXPECTED
from metadata.errors import LumbungError
from metadata.notices import Notice
from portal.policy import Actor
from portal.review import mass_actions

_log = logging.getLogger(__name__)


def run(
    here: Installation,
    number: int,
    *,
    stop: threading.Event,
    clock: Callable[[], datetime] = now,
    most: int | None = None,
) -> bool:
    """Do what waits of that work until `stop` is set, or `most` steps; whether all of it is done."""
    done = 0
    while not stop.is_set() and (most is None or done < most):
        with here.database.read() as session:
            step = mass.next_step(session, number)
            work = session.get(MassWork, number)
            session.expunge_all()
        if step is None or work is None:
            with here.database.write() as session:
                mass.over(session, number, at=clock())
            feed.drain(here.database, here.search)
            return True
        _one(here, work, step, clock())
        done += 1
    feed.drain(here.database, here.search)
    return False


def plan(session: Session) -> None:
    """See that each work that is not over has its job."""
    asked = select(Job.subject).where(Job.kind == mass.MASS)
    known = set(session.scalars(asked))
    for number in session.scalars(select(MassWork.id).where(MassWork.over_at.is_(None))):
        if str(number) not in known:
            jobs.ask(session, mass.MASS, str(number), priority=20)


def _one(here: Installation, work: MassWork, step: MassStep, at: datetime) -> None:
    actor = Actor(user_id=work.user_id, email=work.asked_by)
    try:
        state, said = mass_actions.do(here, work, step, actor=actor, at=at)
    except LumbungError as error:
        state, said = StepState.FAILED, error.notice
    except Exception:
        reference = uuid4().hex[:8]
        _log.exception("step %s of %s failed, reference %s", step.id, work.action, reference)
        state, said = StepState.FAILED, Notice(UNEXPECTED, params={"reference": reference})
    if state is not StepState.DONE:  # what is done was written down in the transaction of the deed
        with here.database.write() as session:
            mass.settle(session, step.id, state, at=at, said=said)


def _do(here: Installation, taken: jobs.Taken, stop: threading.Event) -> Settle:
    return jobs.finish if run(here, int(taken.subject), stop=stop) else jobs.give_back


DUTY = Duty(mass.MASS, 1, plan, _do)
