"""The release calendar: what is approved for an hour, what the data list plans for a day, and what came of both."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets import plans
from datasets.models import Dataset, DeskDraft, DeskState, Organization, Visibility
from datasets.plans import Line

BEHIND = timedelta(days=31)
AHEAD = timedelta(days=400)
NEAR = timedelta(days=45)
"""A planned day this near to the hour of the same dataset is that hour."""


class ReleaseState(enum.Enum):
    """`SCHEDULED` has its hour and comes by itself; `PLANNED` is a day of the data list; the others are over."""

    SCHEDULED = "scheduled"
    PLANNED = "planned"
    PUBLISHED = "published"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Release:
    """One line of the calendar. `moment` is the hour of what is scheduled; `slug` leads to what is public already.

    `uid` never changes; `changed` is when the line last did, `times` how often.
    """

    uid: str
    title: str
    organization: Organization
    day: date
    state: ReleaseState
    changed: datetime
    moment: datetime | None = None
    slug: str | None = None
    times: int = 0


def calendar(session: Session, *, at: datetime, zone: tzinfo) -> list[Release]:
    """What is to come within `AHEAD` and was to come within the last `BEHIND`, by day; days are those of `zone`."""
    first, last = (at - BEHIND).astimezone(zone).date(), (at + AHEAD).astimezone(zone).date()
    hours = list(_hours(session, at, zone))
    known = {(one.organization.id, plans.key_of(one.title)): one for one in hours}
    found = list(hours)
    for year in range(first.year, last.year + 1):
        for line in plans.lines(session, year, at=at):
            hour = known.get((line.organization.id, line.planned.key))
            found += (one for one in _days(line, at.astimezone(zone).date()) if not _is_hour(one, hour))
    shown = [one for one in found if first <= one.day <= last]
    return sorted(shown, key=lambda one: (one.day, one.moment or at, one.title))


def _hours(session: Session, at: datetime, zone: tzinfo) -> Iterator[Release]:
    asked = select(DeskDraft, Organization, Dataset).join(Organization, DeskDraft.organization_id == Organization.id)
    asked = asked.outerjoin(Dataset, DeskDraft.dataset_id == Dataset.id)
    wanted = asked.where(
        DeskDraft.state.in_((DeskState.APPROVED, DeskState.PUBLISHED)), DeskDraft.publish_at >= at - BEHIND
    )
    for draft, owner, dataset in session.execute(wanted):
        moment = draft.publish_at or at
        public = dataset is not None and dataset.visibility is Visibility.PUBLISHED
        yield Release(
            uid=f"draf-{draft.id}",
            title=draft.title,
            organization=owner,
            day=moment.astimezone(zone).date(),
            state=ReleaseState.SCHEDULED if draft.state is DeskState.APPROVED else ReleaseState.PUBLISHED,
            changed=draft.updated_at,
            moment=moment,
            slug=dataset.slug if public else None,
            times=draft.revision,
        )


def _days(line: Line, today: date) -> Iterator[Release]:
    """The planned days of a line. A day that has passed was kept when something was published since the one before."""
    dataset, before = line.dataset, date(line.planned.year, 1, 1)
    public = dataset is not None and dataset.visibility is Visibility.PUBLISHED
    renewed = dataset.modified_at.date() if dataset is not None and public else None
    for day in plans.days(line.planned):
        if renewed is not None and renewed >= before and (day <= today or renewed >= day - NEAR):
            state = ReleaseState.PUBLISHED
        else:
            state = ReleaseState.LATE if day < today else ReleaseState.PLANNED
        yield Release(
            uid=f"rencana-{line.planned.id}-{day:%Y%m%d}",
            title=line.planned.title,
            organization=line.organization,
            day=day,
            state=state,
            changed=line.planned.updated_at,
            slug=dataset.slug if dataset is not None and public else None,
        )
        before = day + timedelta(days=1)


def _is_hour(one: Release, hour: Release | None) -> bool:
    return hour is not None and abs(one.day - hour.day) <= NEAR


def of_agency(releases: Sequence[Release], slug: str) -> list[Release]:
    """Those of one agency."""
    return [one for one in releases if one.organization.slug == slug]
