"""Versions from before there were scores, or scored by other rules, are scored by the worker, some at a time."""

from __future__ import annotations

import threading

from sqlalchemy.orm import Session

from datasets import jobs, scores
from datasets.installation import Installation
from harvesters.runs.duty import Duty, Settle

SCORE = "score"
_ALL = "all"


def plan(session: Session) -> None:
    """See that it is wanted while a current version has no score."""
    if scores.unscored(session):
        jobs.ask(session, SCORE, _ALL, priority=-10)


def _do(here: Installation, _taken: jobs.Taken, stop: threading.Event) -> Settle:
    while not stop.is_set():
        with here.database.write() as session:
            if not scores.fill(session):
                return jobs.finish
    return jobs.give_back


DUTY = Duty(SCORE, 1, plan, _do)
