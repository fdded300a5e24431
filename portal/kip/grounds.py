"""The seven grounds of an objection (UU 14/2008 Pasal 35(1)): when each is open, and from which day its window runs."""

from __future__ import annotations

from datetime import date

from portal.kip import settings as law
from portal.kip.clock import Clock
from portal.kip.dossier import Answer, Dossier

SILENT_STATES = frozenset({"received", "in_process", "extended"})
"""States in which an answer is owed: never while incomplete, lapsed or withdrawn."""


def days(case: Dossier, clock: Clock) -> dict[str, date | None]:
    """The open grounds with the day each runs from; None where it is open and its day is not known (yet).

    Ground b needs no request (setting `ground_b_needs_request`); its day is when the applicant found the gap.
    """
    found: dict[str, date | None] = {}
    if case.state != "draft" or not clock.settings.ground_b_needs_request:
        found["b"] = None
    due = clock.current_due(case)
    if case.state in SILENT_STATES and case.answer is None and due is not None and clock.as_of > due:
        found["c"] = due
    if case.answer is not None:
        found |= _of_answer(case, case.answer, clock)
    return dict(sorted(found.items()))


def _of_answer(case: Dossier, answer: Answer, clock: Clock) -> dict[str, date | None]:
    notice = answer.reached_on
    found: dict[str, date | None] = {"d": answer.delivered_on or notice}
    if answer.decision in ("refused", "partially_granted"):
        found["a"] = notice
    due = clock.delivery_due(case, answer) if answer.material else None
    if answer.decision in ("refused", "partially_granted", "not_held"):
        found["e"] = notice
    elif due is not None and answer.delivered_on is None and clock.as_of > due:
        found["e"] = due
    if answer.fee > 0:
        found["f"] = notice
    if answer.delivered_late:
        found["g"] = answer.delivered_on
    elif answer.late:
        found["g"] = notice
    return found


def windows_over(case: Dossier, clock: Clock) -> bool:
    """Whether no ground that a request brings forth can be objected to in time any more."""
    for ground, day in days(case, clock).items():
        if ground == "b":
            continue
        if day is None or clock.after(day, law.OBJECTION_WINDOW_DAYS) >= clock.as_of:
            return False
    return True


def all_settled(case: Dossier, clock: Clock) -> bool:
    """Whether every objection is decided, obeyed and past its way to the commission, and every dispute ended."""
    for objection in case.objections:
        if objection.state == "filed" or not objection.fulfilled:
            return False
        end = clock.dispute_window_end(objection)
        disputed = any(dispute.objection == objection.key for dispute in case.disputes)
        if objection.state != "settled" and not disputed and (end is None or end >= clock.as_of):
            return False
    return all(dispute.stage == "final" for dispute in case.disputes)
