"""What a worker does for each kind of work, and what is to be written down of how it ended."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy.orm import Session

from datasets import housekeeping, jobs, leases, mails
from datasets.installation import Installation
from datasets.models import RunState
from datasets.response import news
from datasets.webhooks import deliveries, events, subscribing
from harvesters.runs import digest, post, runner, schedule, webhooks
from harvesters.runs.duty import Duty, Settle
from harvesters.runs.reports import Progress, RunReport
from harvesters.runs.unit import UNEXPECTED
from harvesters.wire.smtp import ServerAway
from metadata.errors import LumbungError, NotFound
from metadata.notices import Notice

BUSY_WAIT = 60.0
"""Seconds until work is tried again that somebody else is at."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lane:
    """Kinds of work that share so many hands of a worker: letters never wait behind a long harvest."""

    kinds: tuple[str, ...]
    hands: int


def lanes(here: Installation, duties: Sequence[Duty] = ()) -> tuple[Lane, ...]:
    """The lanes of a worker: what others wait for first; each of the `duties` of upper floors has its own."""
    return (
        Lane((mails.MAIL, digest.DIGEST, news.NEWS), 1),
        Lane((events.WEBHOOK,), 2),
        *(Lane((duty.kind,), duty.hands) for duty in duties),
        Lane((schedule.HARVEST,), here.settings.sources_at_once),
        Lane((housekeeping.EXAMINE,), 1),
    )


def plan(here: Installation, duties: Sequence[Duty] = ()) -> None:
    """See that all that is on a schedule, and the letters and deliveries that wait, have their jobs."""
    with here.database.write() as session:
        schedule.plan(session)
        schedule.plan_own(session, digest.DIGEST, digest.STEWARDS, digest.WHEN)
        schedule.plan_own(session, news.NEWS, news.FOLLOWERS, news.WHEN)
        schedule.plan_own(session, housekeeping.EXAMINE, housekeeping.INSTALLATION, housekeeping.WHEN)
        if here.settings.smtp_url:
            mails.plan(session)
        subscribing.plan(session)
        for duty in duties:
            duty.plan(session)


def do(
    here: Installation,
    taken: jobs.Taken,
    *,
    progress: Progress | None,
    stop: threading.Event,
    duties: Sequence[Duty] = (),
) -> Settle:
    """Do the work; what is to be written down of it. Never raises."""
    try:
        for duty in duties:
            if taken.kind == duty.kind:
                return duty.do(here, taken, stop)
        return _own(here, taken, progress, stop)
    except LumbungError as fault:
        notice = fault.notice
    except Exception:
        reference = uuid4().hex[:8]
        _log.exception("job %s %s failed, reference %s", taken.kind, taken.subject, reference)
        notice = Notice(UNEXPECTED, params={"reference": reference})
    return lambda session, one: jobs.fail(session, one, notice)


def _own(here: Installation, taken: jobs.Taken, progress: Progress | None, stop: threading.Event) -> Settle:
    if taken.kind == mails.MAIL:
        return _post(here, taken)
    if taken.kind == events.WEBHOOK:
        return _deliver(here, taken)
    if taken.kind == digest.DIGEST:
        digest.write(here)
        return jobs.finish
    if taken.kind == news.NEWS:
        news.write(here)
        return jobs.finish
    if taken.kind == housekeeping.EXAMINE:
        housekeeping.run_examination(here)
        return jobs.finish
    return _harvest(here, taken, progress, stop)


def _post(here: Installation, taken: jobs.Taken) -> Settle:
    try:
        post.deliver(here)
    except ServerAway as away:
        reason, seconds = away.notice, post.server_wait(taken)
        return lambda session, one: jobs.postpone(session, one, reason, seconds=seconds)

    def settle(session: Session, one: jobs.Taken) -> None:
        jobs.finish(session, one)
        if here.settings.smtp_url:
            mails.plan(session)

    return settle


def _deliver(here: Installation, taken: jobs.Taken) -> Settle:
    number = int(taken.subject)
    webhooks.deliver(here, number)

    def settle(session: Session, one: jobs.Taken) -> None:
        deliveries.forget_old(session, at=leases.database_time(session))
        jobs.finish(session, one)
        deliveries.ask_again(session, number)

    return settle


def _harvest(here: Installation, taken: jobs.Taken, progress: Progress | None, stop: threading.Event) -> Settle:
    try:
        (report,) = runner.harvest(here, taken.subject, progress=progress, halt=stop)
    except NotFound:
        return jobs.finish  # the source is gone, and its work with it
    except ValueError:
        return jobs.give_back  # told to stop before it began
    return _of_report(report, stop)


def _of_report(report: RunReport, stop: threading.Event) -> Settle:
    notice = report.notice
    if report.state is RunState.FINISHED or notice is None:
        return jobs.finish
    if notice.code == runner.STOPPED:
        return jobs.give_back if stop.is_set() else jobs.finish
    if notice.code == runner.BUSY:
        return lambda session, one: jobs.give_back(session, one, seconds=BUSY_WAIT)
    return lambda session, one: jobs.fail(session, one, notice)
