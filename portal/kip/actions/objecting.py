"""Objections to the Atasan PPID (UU 14/2008 Pasal 35-36) and disputes before the commission (Pasal 37-38)."""

from __future__ import annotations

from portal.kip import grounds as open_grounds
from portal.kip import settings as law
from portal.kip.actions.action import APPLICANT, Action, issue
from portal.kip.actions.work import EVER
from portal.kip.clock import Clock
from portal.kip.codes import DISPUTE_STAGES, OBJECTION_GROUNDS, OBJECTION_RESULTS
from portal.kip.dossier import Dispute, Dossier, Objection
from portal.kip.events import Event, Refused


def _object(case: Dossier, event: Event, clock: Clock) -> None:
    wanted = event.texts("grounds") or event.texts("ground")
    if not wanted:
        raise Refused("ground_required")
    opened = open_grounds.days(case, clock)
    late = False
    for ground in wanted:
        if ground not in OBJECTION_GROUNDS:
            raise Refused("unknown_ground", ground=ground)
        if ground not in opened:
            raise Refused(f"ground_not_open:{ground}", ground=ground)
        day = event.past("found_on") if ground == "b" else opened[ground]
        late |= day is not None and event.day > clock.after(day, law.OBJECTION_WINDOW_DAYS)
    if late and clock.settings.late_objection == "refuse":
        raise Refused("objection_window_over")
    received = event.past("received_on")
    key = str(event.data.get("objection") or len(case.objections) + 1)
    if any(objection.key == key for objection in case.objections):
        raise Refused("append_only", objection=key)
    case.objections.append(Objection(key, tuple(dict.fromkeys(wanted)), received, late=late))
    if case.state == "closed":
        case.state = "answered"
    issue(case, "tanda_terima_keberatan", event)


def _filed(case: Dossier, event: Event) -> Objection:
    objection = case.objection(event.data)
    if objection is None:
        raise Refused("objection_required")
    if objection.state != "filed":
        raise Refused("not_permitted", state=objection.state)
    return objection


def _some_filed(case: Dossier, clock: Clock) -> None:
    if not any(objection.state == "filed" for objection in case.objections):
        raise Refused("objection_required" if not case.objections else "not_permitted")


def _decide(case: Dossier, event: Event, clock: Clock) -> None:
    objection = _filed(case, event)
    result = str(event.data.get("result") or event.data.get("decision") or "")
    if result not in OBJECTION_RESULTS:
        raise Refused("decision_required", allowed=OBJECTION_RESULTS)
    if result == "rejected" and not (event.data.get("reason") or event.data.get("reasons")):
        raise Refused("reason_required")
    objection.answered_late = event.day > clock.objection_due(objection)
    objection.state, objection.answered_on = result, event.day
    objection.fulfilled = result == "rejected" or "b" in objection.grounds
    objection.reached_on = event.reached(case.channel)
    issue(case, "keputusan_keberatan", event)


def _settle(case: Dossier, event: Event, clock: Clock) -> None:
    objection = _filed(case, event)
    if "a" in objection.grounds:
        raise Refused("not_settleable:a")
    objection.state, objection.answered_on, objection.reached_on = "settled", event.day, event.day
    issue(case, "berita_acara_penyelesaian", event)


def _refer(case: Dossier, event: Event, clock: Clock) -> None:
    objection = case.objection(event.data)
    if objection is None:
        raise Refused("objection_required")
    if objection.state == "settled":
        raise Refused("not_permitted", state=objection.state)
    if objection.state == "filed" and clock.as_of <= clock.objection_due(objection):
        raise Refused("dispute_premature", due=clock.objection_due(objection))
    end = clock.dispute_window_end(objection)
    received = event.past("received_on")
    late = end is not None and received > end
    case.disputes.append(Dispute(objection.key, received, late=late, reference=str(event.data.get("reference") or "")))
    issue(case, "berkas_sengketa", event)


def _some_to_refer(case: Dossier, clock: Clock) -> None:
    if not case.objections:
        raise Refused("objection_required")
    if all(o.state == "filed" and clock.as_of <= clock.objection_due(o) for o in case.objections):
        raise Refused("dispute_premature")


def _some_dispute(case: Dossier, clock: Clock) -> None:
    if not case.disputes:
        raise Refused("dispute_required")


def _record(case: Dossier, event: Event, clock: Clock) -> None:
    stage = str(event.data.get("stage") or "")
    dispute = case.disputes[-1]
    if stage not in DISPUTE_STAGES:
        raise Refused("unknown_stage", allowed=DISPUTE_STAGES)
    if DISPUTE_STAGES.index(stage) <= DISPUTE_STAGES.index(dispute.stage):
        raise Refused("not_permitted", stage=dispute.stage)
    dispute.stage = stage
    if stage == "decided":
        dispute.decided_on = event.past("decided_on")


OBJECTING = (
    Action("object", APPLICANT, ("draft", *EVER), _object),
    Action("decide_objection", ("atasan_ppid",), ("draft", *EVER), _decide, _some_filed),
    Action("settle", ("applicant", "ppid_utama", "atasan_ppid"), ("draft", *EVER), _settle, _some_filed),
    Action("refer_dispute", ("applicant", "ppid_utama"), ("draft", *EVER), _refer, _some_to_refer),
    Action("record_decision", ("ppid_utama",), ("draft", *EVER), _record, _some_dispute),
)
