"""iCalendar (RFC 5545): events as values in and text out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MEDIA_TYPE = "text/calendar"
_WIDEST = 75
"""Octets of a line (section 3.1); what is longer is folded."""


@dataclass(frozen=True, slots=True)
class Event:
    """A day, or with `moment` a moment. `uid` never changes; `changed` and `times` tell programs which is newer."""

    uid: str
    title: str
    text: str
    address: str
    day: date
    changed: datetime
    sure: bool
    moment: datetime | None = None
    times: int = 0


def written(name: str, product: str, events: Iterable[Event]) -> str:
    """The calendar, its lines ended by CRLF."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{_said(product)}//ID", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", f"NAME:{_said(name)}", f"X-WR-CALNAME:{_said(name)}"]
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(event: Event) -> list[str]:
    if event.moment is not None:
        when = [f"DTSTART:{_moment(event.moment)}"]
    else:
        when = [f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}", f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"]
    return [
        "BEGIN:VEVENT",
        f"UID:{_said(event.uid)}",
        f"DTSTAMP:{_moment(event.changed)}",
        f"SEQUENCE:{event.times}",
        *when,
        f"SUMMARY:{_said(event.title)}",
        f"DESCRIPTION:{_said(event.text)}",
        f"URL:{event.address}",
        f"STATUS:{'CONFIRMED' if event.sure else 'TENTATIVE'}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _said(text: str) -> str:
    """Text as a value (section 3.3.11): what has a meaning is escaped, what cannot be written is left out."""
    plain = "".join(character for character in text if character.isprintable() or character == "\n")
    for character in ("\\", ";", ","):
        plain = plain.replace(character, f"\\{character}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Lines of at most 75 octets, never cut within a character."""
    parts, width = [""], 0
    for character in line:
        size = len(character.encode())
        if width + size > _WIDEST:
            parts.append("")
            width = 1  # the blank by which the next line goes on
        parts[-1] += character
        width += size
    return "\r\n ".join(parts)
