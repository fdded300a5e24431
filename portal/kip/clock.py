"""The clocks of a case: each date that the law or the desk sets, by its events and the calendar as it was known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.kip import settings as law
from portal.kip.calendar import WorkingCalendar
from portal.kip.dossier import Answer, Dossier, Objection
from portal.kip.settings import KipSettings


@dataclass(frozen=True, slots=True)
class Clock:
    """The calendar and the settings by which dates are computed, seen from the day `as_of`."""

    calendar: WorkingCalendar
    settings: KipSettings
    as_of: date

    def after(self, start: date, days: int, told_on: date | None = None, until: date | None = None) -> date:
        """The deadline `days` working days after `start`; what decrees change after `until` no longer touches it."""
        told = max(start, told_on or start)
        return self.calendar.due(start, days, told_on=told, as_of=max(told, min(until or self.as_of, self.as_of)))

    def start(self, case: Dossier) -> date | None:
        """`clock_start`: from when the ten days run; None while they do not."""
        if case.state in ("draft", "incomplete", "lapsed"):
            return None
        if self.settings.clock_start_rule == "first_receipt":
            return case.received_on
        if case.clock_start is not None:
            return case.clock_start
        return case.received_on if self.settings.clock_start_rule == "completing_papers" else None

    def check_due(self, case: Dossier) -> date | None:
        """Until when the desk may say that papers are missing; anew for completing papers that may be returned too."""
        if case.received_on is None:
            return None
        again = case.completed_on if case.rounds < self.settings.correction_rounds else None
        return self.after(again or case.received_on, law.CHECK_DAYS, case.registered_at, self._answered(case))

    def correction_due(self, case: Dossier) -> date | None:
        """Until when the applicant may complete; None until the letter is known to have arrived."""
        if case.incomplete_reached_on is None:
            return None
        return self.after(case.incomplete_reached_on, law.CHECK_DAYS, until=self._answered(case))

    def answer_due(self, case: Dossier) -> date | None:
        """The tenth working day, without an extension."""
        return self._from_start(case, law.ANSWER_DAYS)

    def extended_due(self, case: Dossier) -> date | None:
        """The seventeenth working day, once the answer is extended, whenever the letter went out."""
        return None if case.extended_on is None else self._from_start(case, law.ANSWER_DAYS + law.EXTENSION_DAYS)

    def current_due(self, case: Dossier) -> date | None:
        """The day by which the answer has to be given as things stand."""
        return self.extended_due(case) or self.answer_due(case)

    def delivery_due(self, case: Dossier, answer: Answer) -> date:
        """The promised day, at latest the last day of the extended term, never before the answer itself."""
        start = self.start(case) or answer.on
        last = self.after(start, self.settings.delivery_max, case.registered_at, answer.on)
        return max(answer.on, min(answer.ready_on, last))

    def objection_due(self, objection: Objection) -> date:
        """Until when the Atasan PPID decides."""
        return self.after(objection.on, law.OBJECTION_ANSWER_DAYS, until=objection.answered_on)

    def dispute_window_end(self, objection: Objection) -> date | None:
        """Until when the applicant may go to the commission: from the decision's arrival, or from the silence."""
        if objection.state == "settled":
            return None
        if objection.answered_on is None:
            return self.after(self.objection_due(objection), law.DISPUTE_WINDOW_DAYS)
        if objection.reached_on is None:
            return None
        return self.after(objection.reached_on, law.DISPUTE_WINDOW_DAYS)

    def _from_start(self, case: Dossier, days: int) -> date | None:
        start = self.start(case)
        return None if start is None else self.after(start, days, case.registered_at, self._answered(case))

    @staticmethod
    def _answered(case: Dossier) -> date | None:
        return case.answer.on if case.answer else None


def deadlines(case: Dossier, clock: Clock, grounds: dict[str, date | None]) -> dict[str, date]:
    """All dates of a case by their names; those that do not run are absent. `grounds` as `grounds.days` gives them."""
    found: dict[str, date | None] = {
        "received_on": case.received_on,
        "completeness_check_due": clock.check_due(case),
        "correction_due": clock.correction_due(case),
        "clock_start": clock.start(case),
        "answer_due": clock.answer_due(case),
        "extended_answer_due": clock.extended_due(case),
    }
    if case.answer is not None and case.answer.material:
        found["delivery_due"] = clock.delivery_due(case, case.answer)
    for opd, routed_on in case.routes.items():
        found[f"opd_due:{opd}"] = clock.after(routed_on, clock.settings.opd_due)
    if case.routes:
        found["opd_due"] = min(due for name, due in found.items() if name.startswith("opd_due:") and due is not None)
    for ground, day in grounds.items():
        if day is not None:
            found[f"objection_window_end:{ground}"] = clock.after(day, law.OBJECTION_WINDOW_DAYS)
    if case.objections:
        found["objection_answer_due"] = clock.objection_due(case.objections[-1])
        found["dispute_window_end"] = clock.dispute_window_end(case.objections[-1])
    if case.disputes:
        found["ki_start_due"] = clock.after(case.disputes[-1].on, law.COMMISSION_START_DAYS)
    return {name: day for name, day in found.items() if day is not None}


def report_due(year: int) -> date:
    """When the report on a year is due: 31 March of the next, day off or not (PerKI 1/2021 Pasal 56)."""
    return date(year + 1, 3, 31)
