"""Exemptions (*pengecualian*): what a consequence test must say, how long it may hold, and when it ends by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.kip import settings as law
from portal.kip.calendar import WorkingCalendar
from portal.kip.codes import NEVER_PERMANENT, PASAL_17
from portal.kip.events import Refused, as_date


@dataclass(frozen=True, slots=True)
class Exemption:
    """The record of a consequence test (PerKI 1/2021 Pasal 49(2), PerKI 1/2017 Pasal 4) as far as rules look at it."""

    ground: str
    decided_on: date | None = None
    expires_on: date | None = None
    expires_when: str = ""
    article: str = ""
    number: str = ""

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Exemption:
        """From its dict `{"ground", "date", "expires_on", "expires_when", "article", "number"}`."""

        def day(name: str) -> date | None:
            return as_date(record[name]) if record.get(name) else None

        return cls(
            ground=str(record.get("ground") or ""),
            decided_on=day("date"),
            expires_on=day("expires_on"),
            expires_when=str(record.get("expires_when") or ""),
            article=str(record.get("article") or ""),
            number=str(record.get("number") or ""),
        )

    def check(self) -> None:
        """Refused: `ground_required`, `unknown_ground`, `article_required`, `expiry_required`, `exemption_too_long`."""
        check_ground(self.ground)
        if self.ground == "17.j" and not self.article:
            raise Refused("article_required", ground=self.ground)
        if self.ground in NEVER_PERMANENT and self.expires_on is None and not self.expires_when:
            raise Refused("expiry_required", ground=self.ground)
        years = law.LONGEST_EXEMPTION_YEARS.get(self.ground)
        if years and self.decided_on and self.expires_on and self.expires_on > _years_after(self.decided_on, years):
            raise Refused("exemption_too_long", ground=self.ground, years=years)

    def state(self, as_of: date) -> str:
        """`in_force`, or `public_by_expiry` from the day after its period: public by itself then (PP 61/2010)."""
        return "in_force" if self.expires_on is None or as_of <= self.expires_on else "public_by_expiry"

    def review_due(self, calendar: WorkingCalendar) -> date | None:
        """By when the PPID declares it public: thirty working days before its end."""
        return None if self.expires_on is None else calendar.add_working_days(self.expires_on, -law.EXPIRY_NOTICE_DAYS)


def check_ground(ground: str) -> None:
    """Refused `ground_required` or `unknown_ground` unless it is one of Pasal 17's letters, `17.a` to `17.j`."""
    if not ground:
        raise Refused("ground_required")
    if ground not in PASAL_17:
        raise Refused("unknown_ground", ground=ground)


def must_hold(exemption: Exemption, on: date) -> None:
    """Refused `exemption_expired` when a decision of that day rests on a test that no longer holds."""
    exemption.check()
    if exemption.state(on) != "in_force":
        raise Refused("exemption_expired", ground=exemption.ground, expires_on=exemption.expires_on)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
