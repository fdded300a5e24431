"""The law of a case, whole: its events gone through in order, and what follows from them on a given day.

`replay` is a pure function: the pages and the daily job are built on it, and nothing else decides what may be done.
What time alone brings about (a request taken as complete, lapsed, closed) follows from the day asked for; the daily job
only writes it down, so it makes no difference whether it has run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from portal.kip import grounds
from portal.kip.actions.action import Action, start_processing, write_letters
from portal.kip.actions.intake import INTAKE
from portal.kip.actions.objecting import OBJECTING
from portal.kip.actions.work import WORK
from portal.kip.calendar import WorkingCalendar, desk_date
from portal.kip.clock import Clock, deadlines
from portal.kip.codes import ACTORS
from portal.kip.dossier import Dispute, Document, Dossier, Objection
from portal.kip.events import Event, Refused, parse
from portal.kip.settings import KipSettings

ACTIONS: Mapping[str, Action] = {action.name: action for action in (*INTAKE, *WORK, *OBJECTING)}

WRITTEN_DOWN = frozenset({"note", "reminder", "deadline_recalculated", "look", "publish", "join"})
"""Events that tell something and change no state."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An event that changed nothing: its place among the events, its action, the code that says why, the details."""

    index: int
    action: str
    code: str
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Case:
    """A case on a day.

    `due` maps the names of `kip.clock.deadlines` to dates; `allowed` maps each action that is possible that day to
    those who may take it; `objectable` are the open grounds a to g; `errors` are the codes of `refusals`, in the order
    of the events. `provisional` says that a deadline touches days that are only estimated.
    """

    state: str
    due: Mapping[str, date]
    allowed: Mapping[str, tuple[str, ...]]
    documents: tuple[Document, ...]
    errors: tuple[str, ...]
    refusals: tuple[Refusal, ...]
    flags: frozenset[str]
    objectable: tuple[str, ...]
    objections: tuple[Objection, ...]
    disputes: tuple[Dispute, ...]
    late: bool
    provisional: bool
    dossier: Dossier


def replay(
    events: Iterable[Mapping[str, Any] | Event],
    calendar: WorkingCalendar,
    settings: KipSettings | Mapping[str, Any] | None,
    as_of: date | datetime,
) -> Case:
    """What the events of a case amount to on the day `as_of` (WIB).

    An event that the rules do not allow changes nothing and stands in `errors`. Events after `as_of` are not looked at.
    Raises ValueError for events that are no events: an unreadable moment, a missing member.
    """
    rules = settings if isinstance(settings, KipSettings) else KipSettings.of(settings)
    calendar = _ruled(calendar, rules)
    today = desk_date(as_of)
    case, refusals, last = Dossier(), [], None
    for event in parse(events):
        if event.day > today:
            break
        clock = Clock(calendar, rules, event.day)
        _ripen(case, clock)
        try:
            if last is not None and event.day < last:
                raise Refused("append_only", at=event.day)
            _perform(case, event, clock)
        except Refused as refused:
            refusals.append(Refusal(event.index, event.action, refused.code, refused.params))
        else:
            last = event.day
    clock = Clock(calendar, rules, today)
    _ripen(case, clock)
    return _seen(case, clock, tuple(refusals))


def _perform(case: Dossier, event: Event, clock: Clock) -> None:
    if event.action in WRITTEN_DOWN:
        return
    if event.actor not in ACTORS:
        raise Refused("not_permitted", actor=event.actor)
    action = ACTIONS.get(event.action)
    if action is None:
        raise Refused("append_only", action=event.action)  # nothing is edited or taken away: corrections are new events
    if event.actor == "job" and event.action in case.facts.get("ripened", ()):
        write_letters(case, event)  # what time has brought about is written down
        return
    action.perform(case, event, clock)


def _ripen(case: Dossier, clock: Clock) -> None:
    """What time alone has brought about by the clock's day."""
    ripened: set[str] = case.facts.setdefault("ripened", set())
    if case.state == "received" and clock.settings.deemed_complete_after_check:
        check_due = clock.check_due(case)
        if check_due is not None and clock.as_of > check_due:
            start_processing(case, check_due + timedelta(days=1), clock)
            case.flags.add("deemed_complete")
            ripened.add("accept_complete")
    if case.state == "incomplete":
        correction_due = clock.correction_due(case)
        if correction_due is not None and clock.as_of > correction_due:
            case.state = "lapsed"
            case.documents.append(Document("surat_tidak_diproses", correction_due + timedelta(days=1), None))
            ripened.add("lapse")
    over = case.state == "answered" and not case.answered.needs_delivery and grounds.windows_over(case, clock)
    if over and grounds.all_settled(case, clock):
        case.state, case.closed_on = "closed", clock.as_of
        ripened.add("close")


def _seen(case: Dossier, clock: Clock, refusals: tuple[Refusal, ...]) -> Case:
    open_grounds = grounds.days(case, clock)
    due = deadlines(case, clock, open_grounds)
    current = clock.current_due(case)
    return Case(
        state=case.state,
        due=due,
        allowed={name: action.who(clock) for name, action in ACTIONS.items() if _possible(action, case, clock)},
        documents=tuple(case.documents),
        errors=tuple(refusal.code for refusal in refusals),
        refusals=refusals,
        flags=frozenset(case.flags),
        objectable=tuple(open_grounds),
        objections=tuple(case.objections),
        disputes=tuple(case.disputes),
        late="c" in open_grounds or (case.answer is not None and case.answer.late),
        provisional=current is not None and clock.calendar.is_provisional(case.received_on or current, current),
        dossier=case,
    )


def _possible(action: Action, case: Dossier, clock: Clock) -> bool:
    if action.actors == ("job",) or case.state not in action.states:
        return False
    try:
        action.guard(case, clock)
    except Refused:
        return False
    answer = case.answer
    if action.name == "pay":
        return answer is not None and answer.fee > 0 and not answer.paid
    if action.name == "deliver":
        return answer is not None and answer.needs_delivery and (answer.paid or answer.fee <= 0)
    return bool(case.routes) if action.name == "return_from_opd" else True


def _ruled(calendar: WorkingCalendar, rules: KipSettings) -> WorkingCalendar:
    """The calendar under the settings that speak of it."""
    return WorkingCalendar(calendar.days, calendar.working_week, rules.collective_leave_is_off, rules.first_day)
