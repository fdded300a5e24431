"""The release calendar and the data list as pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask import url_for

from datasets.models import Organization
from datasets.plans import Line, Standing
from datasets.releases import Release, ReleaseState, of_agency
from metadata import frequencies
from portal.config import TIMEZONE
from portal.web import figures
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """One line of the calendar."""

    uid: str
    day: str
    weekday: str
    hour: str
    title: str
    url: str
    agency: str
    agency_url: str
    state: str
    kind: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month of it."""

    title: str
    lines: tuple[ReleaseLine, ...]


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """What is to come by month, and what was to come lately; `agencies` are (slug, title, chosen)."""

    coming: tuple[Month, ...]
    past: tuple[ReleaseLine, ...]
    agencies: tuple[tuple[str, str, bool], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A line of the data list."""

    title: str
    url: str
    frequency: str
    due: str
    note: str
    state: str
    kind: str


@dataclass(frozen=True, slots=True)
class AgencyPlan:
    """An agency's part of it: `width` of 100 is what is published of what is planned."""

    title: str
    url: str
    words: str
    beside: str
    width: int
    late: int
    lines: tuple[PlanLine, ...]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The data list of a year."""

    year: int
    years: tuple[int, ...]
    stats: tuple[tuple[str, str], ...]
    agencies: tuple[AgencyPlan, ...]


def calendar_page(found: Sequence[Release], slug: str, *, at: datetime) -> CalendarPage:
    """The page of a calendar, of one agency when `slug` is one's."""
    owners = {one.organization.slug: one.organization.title for one in found}
    chosen = slug if slug in owners else ""
    shown = of_agency(found, chosen) if chosen else list(found)
    today = at.astimezone(ZoneInfo(TIMEZONE)).date()
    coming: dict[str, list[ReleaseLine]] = {}
    for one in shown:
        if _is_to_come(one, today):
            month = format_date(one.day, "MMMM y", locale=current_language())
            coming.setdefault(month, []).append(_release(one))
    past = tuple(_release(one) for one in reversed(shown) if not _is_to_come(one, today))
    return CalendarPage(
        coming=tuple(Month(title, tuple(lines)) for title, lines in coming.items()),
        past=past,
        agencies=tuple((key, title, key == chosen) for key, title in sorted(owners.items(), key=lambda one: one[1])),
        chosen=chosen,
    )


def plan_page(lines: Sequence[Line], beside: Mapping[int, int], owners: Mapping[int, Organization], *, year: int,
              years: Sequence[int]) -> PlanPage:  # fmt: skip
    """The page of a year's list."""
    grouped: dict[int, list[Line]] = {}
    for line in lines:
        grouped.setdefault(line.organization.id, []).append(line)
    titled = sorted({*grouped, *beside}, key=lambda number: owners[number].title)
    done = sum(line.standing is Standing.PUBLISHED for line in lines)
    late = sum(line.standing is Standing.LATE for line in lines)
    stats = (
        (_("planned"), figures.number(len(lines))),
        (_("published"), figures.number(done)),
        (_("late"), figures.number(late)),
        (_("published beside the plan"), figures.number(sum(beside.values()))),
    )
    agencies = tuple(_agency(owners[number], grouped.get(number, []), beside.get(number, 0)) for number in titled)
    return PlanPage(year, tuple(years), stats, agencies)


def standing_words(standing: Standing) -> tuple[str, str]:
    """Where a line stands, and the kind of its badge."""
    return {
        Standing.PUBLISHED: (_("published"), "good"),
        Standing.PLANNED: (_("planned"), "river"),
        Standing.LATE: (_("late"), "warn"),
        Standing.WITHDRAWN: (_("withdrawn"), "bad"),
    }[standing]


def state_words(state: ReleaseState) -> tuple[str, str]:
    """The same of a line of the calendar."""
    return {
        ReleaseState.SCHEDULED: (_("hour is set"), "good"),
        ReleaseState.PLANNED: (_("planned"), "river"),
        ReleaseState.PUBLISHED: (_("published"), "good"),
        ReleaseState.LATE: (_("late"), "warn"),
    }[state]


def when_words(one: Release) -> str:
    """The day, with the hour where there is one."""
    return figures.minute(one.moment) if one.moment else figures.day(one.day)


def rhythm_words(slug: str | None) -> str:
    """A rhythm in words; a dash for none."""
    rhythm = frequencies.match(slug)
    return rhythm.title.say(current_language()) if rhythm else "–"


def _is_to_come(one: Release, today: date) -> bool:
    return one.day >= today and one.state is not ReleaseState.PUBLISHED


def _release(one: Release) -> ReleaseLine:
    language = current_language()
    state, kind = state_words(one.state)
    hour = ""
    if one.moment is not None:
        pattern = "HH.mm" if language == "id" else "HH:mm"
        hour = format_datetime(one.moment.astimezone(ZoneInfo(TIMEZONE)), pattern, locale=language) + " WIB"
    return ReleaseLine(
        uid=one.uid,
        day=format_date(one.day, "d MMM", locale=language),
        weekday=format_date(one.day, "EEEE", locale=language),
        hour=hour,
        title=one.title,
        url=url_for("catalog.dataset", slug=one.slug) if one.slug else "",
        agency=one.organization.title,
        agency_url=url_for("browse.organization", slug=one.organization.slug),
        state=state,
        kind=kind,
    )


def _agency(owner: Organization, lines: Sequence[Line], beside: int) -> AgencyPlan:
    done = sum(line.standing is Standing.PUBLISHED for line in lines)
    words = _("%(done)s of %(planned)s published", done=figures.number(done), planned=figures.number(len(lines)))
    return AgencyPlan(
        title=owner.title,
        url=url_for("browse.organization", slug=owner.slug),
        words=words if lines else _("nothing planned"),
        beside=_("%(count)s more beside the plan", count=figures.number(beside)) if beside else "",
        width=round(100 * done / len(lines)) if lines else 0,
        late=sum(line.standing is Standing.LATE for line in lines),
        lines=tuple(_line(line) for line in lines),
    )


def _line(line: Line) -> PlanLine:
    planned, dataset = line.planned, line.dataset
    shown = dataset is not None and line.standing is not Standing.WITHDRAWN and dataset.visibility.value == "published"
    return PlanLine(
        planned.title,
        url_for("catalog.dataset", slug=dataset.slug) if dataset is not None and shown else "",
        rhythm_words(planned.frequency),
        figures.short_day(planned.due_on) if planned.due_on else "–",
        planned.note,
        *standing_words(line.standing),
    )
