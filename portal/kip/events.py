"""Events of a case as values: what was done, by whom, when, and what was written down with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from portal.kip.calendar import desk_date
from portal.kip.codes import AT_ONCE


class Refused(Exception):
    """An event that the law or the desk's rules do not allow: it changes nothing; `code` says why."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Event:
    """One event: `data` holds what belongs to its action (docs/kip-events.md lists the members of each)."""

    action: str
    actor: str
    at: datetime | date
    data: Mapping[str, Any] = field(default_factory=dict)
    index: int = 0

    @property
    def day(self) -> date:
        """The local day on which it was written down."""
        return desk_date(self.at)

    def date_of(self, name: str) -> date | None:
        """A date among the members; ValueError when it is none."""
        value = self.data.get(name)
        return None if value in (None, "") else as_date(value)

    def past(self, name: str) -> date:
        """A day that an officer writes down, the event's own day when none is given; Refused when it lies ahead."""
        day = self.date_of(name) or self.day
        if day > self.day:
            raise Refused("receipt_in_future", **{name: day})
        return day

    def reached(self, channel: str) -> date | None:
        """When a letter came to the applicant: as recorded, at once by e-mail and web, else not known yet."""
        if self.data.get("reached_on"):
            return self.past("reached_on")
        return self.day if str(self.data.get("channel") or channel) in AT_ONCE else None

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts among the members; one text stands for a list of one."""
        value = self.data.get(name)
        if value is None:
            return ()
        return (value,) if isinstance(value, str) else tuple(str(each) for each in value)

    def mappings(self, name: str) -> tuple[Mapping[str, Any], ...]:
        """A list of objects among the members; one object stands for a list of one."""
        value = self.data.get(name)
        if value is None:
            return ()
        return (value,) if isinstance(value, Mapping) else tuple(value)


def as_moment(value: object) -> datetime | date:
    """A moment from its ISO 8601 text, or as it is; ValueError when it is none."""
    if isinstance(value, date):
        return value
    text = str(value)
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


def as_date(value: object) -> date:
    """A local day from a date, a moment or the text of one."""
    return desk_date(as_moment(value))


def parse(events: Iterable[Mapping[str, Any] | Event]) -> list[Event]:
    """Events from their dicts `{"action", "actor", "at", …}`; everything else in a dict belongs to the action."""
    parsed: list[Event] = []
    for index, given in enumerate(events):
        if isinstance(given, Event):
            parsed.append(given)
            continue
        rest = {name: value for name, value in given.items() if name not in ("action", "actor", "at")}
        parsed.append(Event(str(given["action"]), str(given["actor"]), as_moment(given["at"]), rest, index))
    return parsed
