"""The desk's settings and its calendar, as they are kept; each change of either is written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from metadata.errors import LumbungError
from metadata.terms import Bilingual
from portal.accounts import audit
from portal.kip.calendar import SpecialDay, WorkingCalendar, desk_date, seed_days
from portal.kip.models import KipDay, KipSetting
from portal.kip.settings import KipSettings
from portal.policy import Actor

MACHINE = Actor(email="mesin")
"""Who did what time or a program brought about."""

KINDS = ("holiday", "leave", "working")


class DayWrong(LumbungError):
    """A day of the calendar that cannot be taken as it was given."""

    code = "kip.day_wrong"
    status = 422
    text = Bilingual(
        id="Hari ini tidak dapat dicatat: perlu tanggal, jenis, nama dan dasar keputusannya.",
        en="This day cannot be kept: it needs a date, a kind, a name and the decree it rests on.",
    )


def load_settings(session: Session) -> KipSettings:
    """The settings as they are; unknown rows of another edition of the code are not looked at."""
    known = {field.name for field in fields(KipSettings)}
    rows = session.execute(select(KipSetting.name, KipSetting.value)).all()
    return KipSettings.of({name: value for name, value in rows if name in known})


def change_settings(session: Session, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> KipSettings:
    """Set some of them; ValueError for what a setting cannot be. What is at its default needs no row."""
    before = asdict(load_settings(session))
    new = KipSettings.of(before | dict(values))
    changed = {name: value for name, value in asdict(new).items() if before[name] != value}
    for name, value in changed.items():
        row = session.get(KipSetting, name)
        if row is None:
            session.add(KipSetting(name=name, value=value, at=at, by=actor.label))
        else:
            row.value, row.at, row.by = value, at, actor.label
    if changed:
        was = {name: before[name] for name in changed}
        audit.record(session, actor, "kip.settings", "kip:settings", at=at, before=was, after=changed)
    session.flush()
    return new


def load_calendar(session: Session, around: date) -> WorkingCalendar:
    """The calendar of the desk: the rows, and for years that have none yet what the library knows."""
    rows = session.execute(
        select(KipDay.day, KipDay.kind, KipDay.name, KipDay.source, KipDay.decided_on, KipDay.provisional).order_by(
            KipDay.id
        )
    ).all()
    days = tuple(SpecialDay(*row) for row in rows)
    there = {entry.day.year for entry in days}
    lacking = [year for year in range(around.year - 1, around.year + 3) if year not in there]
    return _calendar(days, tuple(lacking))


def seed(session: Session, years: Iterable[int], *, at: datetime, actor: Actor = MACHINE) -> int:
    """Write the library's days of those years that have none; how many days."""
    there = {day.year for day in session.scalars(select(KipDay.day))}
    found = seed_days(year for year in years if year not in there)
    session.add_all(_row(entry, at=at, actor=actor) for entry in found)
    session.flush()
    return len(found)


def add_day(session: Session, entry: SpecialDay, *, actor: Actor, at: datetime) -> None:
    """Write a change of the calendar; of two rows for a day the one decided later holds. Raises `DayWrong`."""
    if entry.kind not in KINDS or not entry.name or not entry.source:
        raise DayWrong
    if entry.decided_on is None or entry.decided_on > desk_date(at):
        raise DayWrong
    session.add(_row(entry, at=at, actor=actor))
    after = {"kind": entry.kind, "name": entry.name, "source": entry.source, "decided_on": str(entry.decided_on)}
    audit.record(session, actor, "kip.calendar", f"kip:day:{entry.day}", at=at, after=after)


def _row(entry: SpecialDay, *, at: datetime, actor: Actor) -> KipDay:
    return KipDay(
        day=entry.day,
        kind=entry.kind,
        name=entry.name,
        source=entry.source,
        decided_on=entry.decided_on,
        provisional=entry.provisional,
        at=at,
        by=actor.label,
    )


@lru_cache(maxsize=8)
def _calendar(days: tuple[SpecialDay, ...], lacking: tuple[int, ...]) -> WorkingCalendar:
    return WorkingCalendar((*days, *_seeded(lacking)))


@lru_cache(maxsize=8)
def _seeded(years: tuple[int, ...]) -> tuple[SpecialDay, ...]:
    return seed_days(years)
