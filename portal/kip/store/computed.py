"""What lists and registers need of a case, written beside it whenever its events or the day change."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets.models import Organization
from portal.kip.models import KipCase, KipObjection, KipRoute
from portal.kip.workflow import Case

STEPS = (
    ("received", "completeness_check_due", "check"),
    ("in_process", "answer_due", "answer"),
    ("extended", "extended_answer_due", "answer"),
    ("answered", "delivery_due", "deliver"),
)
"""In which state which deadline asks the desk for what."""


def write(session: Session, row: KipCase, case: Case, today: date) -> None:
    """Bring the computed columns of a case, its routes and its objections up to a day. No queries but for those."""
    dossier = case.dossier
    row.state, row.received_on = case.state, dossier.received_on
    row.due = case.due.get("extended_answer_due") or case.due.get("answer_due")
    row.next_step, row.next_due = next_step(case)
    row.decision = dossier.answer.decision if dossier.answer else None
    row.answered_on = dossier.answer.on if dossier.answer else None
    row.closed_on, row.late, row.provisional = dossier.closed_on, case.late, case.provisional
    row.flags = sorted(case.flags)
    row.dates = {name: day.isoformat() for name, day in sorted(case.due.items())}
    row.computed_on = today
    if dossier.routes or dossier.returned:
        _routes(session, row, case)
    if case.objections:
        _objections(session, row, case)


def is_as_written(row: KipCase, case: Case) -> bool:
    """Whether what time moves in a case stands written as it is now."""
    return (row.state, row.next_step, row.next_due, row.closed_on, row.late, row.provisional, row.flags, row.dates) == (
        case.state,
        *next_step(case),
        case.dossier.closed_on,
        case.late,
        case.provisional,
        sorted(case.flags),
        {name: day.isoformat() for name, day in sorted(case.due.items())},
    )


def next_step(case: Case) -> tuple[str, date | None]:
    """What the desk has to do next, and by when; ("", None) when nothing."""
    waiting = [("objection", case.due["objection_answer_due"])] if _filed(case) else []
    answer = case.dossier.answer
    for state, name, step in STEPS:
        if case.state == state and name in case.due:
            if step == "deliver" and (answer is None or not answer.needs_delivery):
                continue
            waiting.append((step, case.due[name]))
    if case.objections and not all(objection.fulfilled for objection in case.objections):
        waiting.append(("fulfil", case.due.get("objection_answer_due", date.max)))
    if not waiting:
        return "", None
    return min(waiting, key=lambda pair: pair[1])


def _filed(case: Case) -> bool:
    return bool(case.objections) and case.objections[-1].state == "filed"


def _routes(session: Session, row: KipCase, case: Case) -> None:
    """The events name agencies by their slug."""
    there = {
        route.organization_id: route for route in session.scalars(select(KipRoute).where(KipRoute.case_id == row.id))
    }
    names = {*case.dossier.routes, *case.dossier.returned}
    ids = session.execute(select(Organization.id, Organization.slug).where(Organization.slug.in_(names))).all()
    for organization_id, slug in ids:
        route = there.get(organization_id)
        if slug in case.dossier.routes:
            routed = case.dossier.routes[slug]
            if route is None:
                route = KipRoute(case_id=row.id, organization_id=organization_id, routed_on=routed)
                session.add(route)
            if route.routed_on != routed or route.returned_on is not None:
                route.routed_on, route.returned_on, route.reminded_on = routed, None, None
            route.due = case.due.get(f"opd_due:{slug}")
        elif route is not None:
            route.returned_on = case.dossier.returned[slug]


def _objections(session: Session, row: KipCase, case: Case) -> None:
    there = {one.key: one for one in session.scalars(select(KipObjection).where(KipObjection.case_id == row.id))}
    disputes = {dispute.objection: dispute.stage for dispute in case.disputes}
    for objection in case.objections:
        kept = there.get(objection.key)
        if kept is None:
            continue  # its row is made with its number, by who files it
        kept.state, kept.answered_on, kept.late = objection.state, objection.answered_on, objection.late
        kept.received_on, kept.grounds = objection.on, list(objection.grounds)
        kept.dispute = disputes.get(objection.key)
        if objection is case.objections[-1]:
            kept.due = case.due.get("objection_answer_due")
