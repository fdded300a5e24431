"""The calendar that other programs read: lines that none breaks, whatever stands in a title."""

from __future__ import annotations

from datetime import UTC, date, datetime

from portal.releases.icalendar import Event, written

CHANGED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def unfolded(text: str) -> list[str]:
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def test_a_title_cannot_break_out_and_long_lines_are_folded_between_characters() -> None:
    title = "Harga; gabah, \\ “kering”\r\nEND:VEVENT\r\n" + "é漢" * 60
    event = Event("u-1@x", title, "Dinas.", "https://x.example/a", date(2026, 12, 31), CHANGED, sure=False)
    lines = unfolded(written("Jadwal", "Lumbung", [event]))
    assert lines.count("END:VEVENT") == 1 and lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR"
    summary = next(line for line in lines if line.startswith("SUMMARY:"))
    assert summary == "SUMMARY:Harga\\; gabah\\, \\\\ “kering”\\nEND:VEVENT\\n" + "é漢" * 60
    assert "DTSTART;VALUE=DATE:20261231" in lines and "DTEND;VALUE=DATE:20270101" in lines
    assert "STATUS:TENTATIVE" in lines and "DTSTAMP:20260102T030405Z" in lines


def test_an_hour_is_told_in_universal_time() -> None:
    moment = datetime.fromisoformat("2026-12-04T08:00:00+07:00")
    event = Event("u-2", "x", "y", "https://x.example", moment.date(), CHANGED, sure=True, moment=moment, times=3)
    lines = unfolded(written("Jadwal", "Lumbung", [event]))
    assert "DTSTART:20261204T010000Z" in lines and "SEQUENCE:3" in lines and "STATUS:CONFIRMED" in lines
