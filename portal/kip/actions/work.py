"""At the desk: routing within the regency, more time, the answer, payment and delivery, withdrawal and closing."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.kip.actions.action import APPLICANT, OPEN, Action, issue, start_processing
from portal.kip.clock import Clock
from portal.kip.codes import DECISIONS, EXTENSION_REASONS
from portal.kip.dossier import Answer, Dossier
from portal.kip.events import Event, Refused
from portal.kip.exemptions import Exemption, check_ground, must_hold

OFFICERS = ("desk_officer", "ppid_utama")
WITHOUT_MATERIAL = frozenset({"refused", "not_held", "already_public"})


def _route(case: Dossier, event: Event, clock: Clock) -> None:
    offices = event.texts("opd")
    if not offices:
        raise Refused("opd_required")
    if case.state == "received":
        start_processing(case, event.day, clock)
    case.routes |= dict.fromkeys(offices, event.day)


def _return_from_opd(case: Dossier, event: Event, clock: Clock) -> None:
    offices = event.texts("opd") or tuple(case.routes)
    if unknown := [opd for opd in offices if opd not in case.routes]:
        raise Refused("not_routed", opd=unknown[0])
    for opd in offices:
        del case.routes[opd]
        case.returned[opd] = event.day


def _may_be_extended(case: Dossier, clock: Clock) -> None:
    if case.extended_on is not None:
        raise Refused("already_extended")
    due = clock.answer_due(case)
    if case.state in OPEN and due is not None and clock.as_of > due:
        raise Refused("extension_too_late", due=due)


def _extend(case: Dossier, event: Event, clock: Clock) -> None:
    reason = str(event.data.get("reason") or "")
    if reason not in EXTENSION_REASONS:
        raise Refused("reason_required", allowed=EXTENSION_REASONS)
    if case.state == "received":
        start_processing(case, event.day, clock)
    case.state, case.extended_on, case.extension_reason = "extended", event.day, reason
    issue(case, "surat_perpanjangan", event)


def _may_be_answered(case: Dossier, clock: Clock) -> None:
    if case.state == "answered" and all(objection.fulfilled for objection in case.objections):
        raise Refused("not_permitted", state=case.state)


def _answer(case: Dossier, event: Event, clock: Clock) -> None:
    decision = str(event.data.get("decision") or "")
    if decision not in DECISIONS:
        raise Refused("decision_required", allowed=DECISIONS)
    fee = int(event.data.get("fee") or 0)
    hard = str(event.data.get("format") or "soft") in ("hard", "hardcopy", "hard_copy")
    if fee > 0 and not hard:
        raise Refused("fee_on_softcopy", fee=fee)
    grounds = _reasons(decision, event)
    if case.state == "received":
        start_processing(case, event.day, clock)
    due = clock.current_due(case)
    answer = Answer(
        decision,
        event.day,
        reached_on=event.reached(case.channel),
        ready_on=event.date_of("ready_on") or event.day,
        fee=fee,
        hard_copy=hard,
        material=decision not in WITHOUT_MATERIAL,
        grounds=grounds,
        late=due is not None and event.day > due,
    )
    if case.answer is not None:
        case.earlier_answers.append(case.answer)
        for objection in case.objections:
            objection.fulfilled = True
    if answer.late:
        case.flags.add("late")
    if answer.material and (event.data.get("delivered") or event.data.get("delivered_on")) and not fee:
        answer.delivered_on = event.past("delivered_on")
    case.answer, case.state = answer, "answered"
    issue(case, "surat_penolakan" if decision == "refused" else "pemberitahuan_tertulis", event)


def _reasons(decision: str, event: Event) -> tuple[str, ...]:
    if decision == "refused":
        grounds = event.texts("grounds") or event.texts("ground")
        if not grounds:
            raise Refused("ground_required")
        for ground in grounds:
            check_ground(ground)
        _must_rest_on_tests(grounds, event.mappings("exemptions") or event.mappings("exemption"), event.day)
        return grounds
    if decision == "partially_granted":
        redactions = event.mappings("redactions")
        if not redactions:
            raise Refused("redactions_required")
        for redaction in redactions:
            ground = str(redaction.get("ground") or "")
            check_ground(ground)
            record = redaction.get("exemption")
            tests = ({"ground": ground, **record},) if record else ()
            _must_rest_on_tests((ground,), tests, event.day)
        return tuple(dict.fromkeys(str(redaction["ground"]) for redaction in redactions))
    if decision == "not_held" and not (event.data.get("holder") or event.data.get("not_documented")):
        raise Refused("holder_required")
    if decision == "already_public" and not any(event.data.get(name) for name in ("link", "links", "print")):
        raise Refused("link_required")
    return ()


def _must_rest_on_tests(grounds: tuple[str, ...], records: tuple[Any, ...], on: date) -> None:
    """Every ground rests on a consequence test in force (UU 14/2008 Pasal 19; PerKI 1/2021 Pasal 49)."""
    tests = [Exemption.of(record) for record in records]
    for test in tests:
        must_hold(test, on)
    if lacking := [ground for ground in grounds if ground not in {test.ground for test in tests}]:
        raise Refused("exemption_required", ground=lacking[0])


def _pay(case: Dossier, event: Event, clock: Clock) -> None:
    answer = case.answered
    if answer.fee <= 0:
        raise Refused("nothing_to_pay")
    answer.paid = True


def _deliver(case: Dossier, event: Event, clock: Clock) -> None:
    answer = case.answered
    if not answer.needs_delivery:
        raise Refused("nothing_to_deliver")
    if answer.fee > 0 and not answer.paid:
        raise Refused("payment_required", fee=answer.fee)
    due = clock.delivery_due(case, answer)
    answer.delivered_on = event.past("delivered_on")
    answer.delivered_late = answer.delivered_on > due
    if answer.delivered_late:
        case.flags.add("delivered_late")
    issue(case, "tanda_terima", event)


def _may_be_withdrawn(case: Dossier, clock: Clock) -> None:
    if clock.settings.withdrawal != "allowed":
        raise Refused("not_permitted")


def _withdraw(case: Dossier, event: Event, clock: Clock) -> None:
    case.state = "withdrawn"


def _close(case: Dossier, event: Event, clock: Clock) -> None:
    if event.actor == "job":
        raise Refused("not_permitted")  # when all windows are over this has happened by itself
    case.state, case.closed_on = "closed", event.day


def _record_arrival(case: Dossier, event: Event, clock: Clock) -> None:
    reached = event.past("reached_on")
    document = str(event.data.get("document") or "")
    if document == "surat_tidak_lengkap" and case.state == "incomplete":
        case.incomplete_reached_on = reached
    elif document in ("pemberitahuan_tertulis", "surat_penolakan") and case.answer is not None:
        case.answer.reached_on = reached
    elif document == "keputusan_keberatan" and (objection := case.objection(event.data)) and objection.answered_on:
        objection.reached_on = reached
    else:
        raise Refused("unknown_document", document=document)


EVER = ("received", "incomplete", "in_process", "extended", "answered", "closed", "lapsed", "withdrawn")

WORK = (
    Action("route", ("ppid_utama", "ppid_pelaksana"), OPEN, _route),
    Action("return_from_opd", ("ppid_pelaksana", "ppid_utama"), ("in_process", "extended"), _return_from_opd),
    Action("extend", ("ppid_utama",), OPEN, _extend, _may_be_extended),
    Action("answer", ("ppid_utama",), (*OPEN, "answered"), _answer, _may_be_answered),
    Action("pay", APPLICANT, ("answered",), _pay),
    Action("deliver", OFFICERS, ("answered",), _deliver),
    Action("withdraw", ("applicant",), ("incomplete", *OPEN), _withdraw, _may_be_withdrawn),
    Action("close", ("applicant", "job"), ("answered",), _close),
    Action("record_arrival", OFFICERS, EVER, _record_arrival),
)
