"""What the desk asks of the worker: its day, soon after midnight (WIB)."""

from __future__ import annotations

import logging
import threading

from sqlalchemy.orm import Session

from datasets import jobs
from datasets.clock import now
from datasets.installation import Installation
from harvesters.runs import schedule
from harvesters.runs.duty import Duty, Settle
from portal.kip.store import acting, daily

KIND, SUBJECT = "kip", "day"
WHEN = "5 0 * * *"
"""Cron, in the portal's own time zone."""

_log = logging.getLogger(__name__)


def _plan(session: Session) -> None:
    schedule.plan_own(session, KIND, SUBJECT, WHEN)


def _day(here: Installation, _taken: jobs.Taken, _stop: threading.Event) -> Settle:
    done = daily.run(here, acting.desk(here), at=now())
    _log.info("the desk's day: %s", done)
    return jobs.finish


DUTY = Duty(KIND, 1, _plan, _day)
