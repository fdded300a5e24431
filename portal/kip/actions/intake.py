"""From the door to the desk: registering, what is missing, completing, and declaring a request complete."""

from __future__ import annotations

from portal.kip.actions.action import APPLICANT, OPEN, Action, issue, start_processing
from portal.kip.clock import Clock
from portal.kip.codes import AT_ONCE, CHANNELS
from portal.kip.dossier import Dossier
from portal.kip.events import Event, Refused


def _register(case: Dossier, event: Event, clock: Clock) -> None:
    channel = str(event.data.get("channel") or "web")
    if channel not in CHANNELS:
        raise Refused("unknown_channel", channel=channel)
    received = event.past("received_on")
    if channel in AT_ONCE and event.actor == "applicant":
        received = event.day  # the moment of the form or the message is the moment of receipt: Pasal 22(5)
    if received < event.day:
        case.flags.add("entered_late")
    case.state, case.channel, case.received_on, case.registered_at = "received", channel, received, event.day
    issue(case, "tanda_bukti", event)


def _may_be_returned(case: Dossier, clock: Clock) -> None:
    due = clock.check_due(case)
    if due is None or case.state not in OPEN:
        return
    if clock.as_of > due or case.rounds >= clock.settings.correction_rounds:
        raise Refused("completeness_check_over", due=due)
    if case.state == "in_process" and case.completed_on is None:
        raise Refused("not_permitted", state=case.state)  # it was taken as complete: only what came later is looked at


def _send_incomplete(case: Dossier, event: Event, clock: Clock) -> None:
    missing = event.texts("missing")
    if not missing and not event.data.get("reason"):
        raise Refused("reason_required")
    case.rounds += 1
    case.missing = missing
    case.incomplete_sent_on = event.day
    case.incomplete_reached_on = event.reached(case.channel)
    case.state = "incomplete"
    issue(case, "surat_tidak_lengkap", event)


def _may_still_complete(case: Dossier, clock: Clock) -> None:
    if case.state == "lapsed":
        raise Refused("correction_over")


def _complete(case: Dossier, event: Event, clock: Clock) -> None:
    case.missing = event.texts("still_missing")
    if case.missing:
        return
    arrived = event.past("received_on")
    case.clock_start = event.day if clock.settings.clock_start_rule == "declared_complete" else arrived
    case.state, case.completed_on = "in_process", arrived


def _lapse(case: Dossier, event: Event, clock: Clock) -> None:
    raise Refused("not_permitted", due=clock.correction_due(case))  # the day after, this has happened by itself


def _accept_complete(case: Dossier, event: Event, clock: Clock) -> None:
    if event.actor == "job":
        raise Refused("not_permitted")  # the day after the check is over this has happened by itself
    start_processing(case, event.day, clock)


def _draft(case: Dossier, event: Event, clock: Clock) -> None:
    case.state = "draft"


INTAKE = (
    Action("save_draft", ("applicant", "desk_officer"), ("draft",), _draft),
    Action("register", APPLICANT, ("draft",), _register),
    Action(
        "send_incomplete",
        ("desk_officer", "ppid_utama"),
        ("received", "in_process"),
        _send_incomplete,
        _may_be_returned,
    ),
    Action("complete", APPLICANT, ("incomplete",), _complete, _may_still_complete),
    Action("lapse", ("job",), ("incomplete",), _lapse),
    Action("accept_complete", ("desk_officer", "ppid_utama", "job"), ("received",), _accept_complete),
)
