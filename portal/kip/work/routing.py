"""Passing a request to agencies: who is told, what they propose, and the reminders before and after it is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets import mails
from datasets.models import Organization
from metadata.dates import format_date
from portal.accounts.models import RoleGrant, User
from portal.kip.models import KipCase, KipRoute
from portal.kip.store.acting import Desk
from portal.policy import Actor, NotAllowed, Role, reach


def own(session: Session, actor: Actor, case_id: int, slugs: Sequence[str]) -> list[str]:
    """Of these agencies (all that have the case when none is named), those that this person answers for.

    Raises `NotAllowed` when there is none.
    """
    where = reach(actor, "request.propose")
    rows = session.execute(
        select(Organization.slug, Organization.id)
        .join(KipRoute, KipRoute.organization_id == Organization.id)
        .where(KipRoute.case_id == case_id, KipRoute.returned_on.is_(None))
    )
    found = [str(row[0]) for row in rows if where.covers(row[1]) and (not slugs or row[0] in slugs)]
    if not found:
        raise NotAllowed()
    return found


def propose(session: Session, case_id: int, slugs: Iterable[str], proposal: str) -> None:
    """What the agencies propose to answer."""
    ids = select(Organization.id).where(Organization.slug.in_(tuple(slugs)))
    for route in session.scalars(
        select(KipRoute).where(KipRoute.case_id == case_id, KipRoute.organization_id.in_(ids))
    ):
        route.proposal = proposal.strip()[:5000]


def tell_agencies(session: Session, at_desk: Desk, case_id: int, slugs: Iterable[str], *, at: datetime) -> int:
    """Mail the officers of the agencies that a case came to them; how many letters. Nothing of who asked is in it."""
    row = session.get_one(KipCase, case_id)
    count = 0
    for slug in slugs:
        agency = session.scalars(select(Organization).where(Organization.slug == slug)).one_or_none()
        if agency is None:
            continue
        route = session.scalars(
            select(KipRoute).where(KipRoute.case_id == case_id, KipRoute.organization_id == agency.id)
        ).one_or_none()
        due = format_date(route.due, "id") if route is not None and route.due else "–"
        text = (
            f"Permohonan informasi {row.number} diteruskan kepada {agency.title}.\n\n"
            f"Usulan jawaban ditunggu sampai {due}.\n\n{at_desk.site}/kerja/permohonan/{row.id}\n"
        )
        for address in addresses(session, agency):
            key = f"kip:route:{row.id}:{row.revision}:{agency.id}:{address}"
            mails.post(
                session,
                to=address,
                subject=f"Permohonan informasi {row.number}: mohon bahan",
                text=text,
                at=at,
                key=key,
            )
            count += 1
    return count


def remind(session: Session, at_desk: Desk, today: date, *, at: datetime) -> int:
    """Remind agencies of what is due today or tomorrow, and each day of what is overdue; once a day each."""
    wanted = (
        select(KipRoute, KipCase, Organization)
        .join(KipCase, KipCase.id == KipRoute.case_id)
        .join(Organization, Organization.id == KipRoute.organization_id)
        .where(KipRoute.returned_on.is_(None), KipRoute.due.is_not(None))
        .where(KipCase.state.in_(("in_process", "extended")))
    )
    count = 0
    for route, row, agency in session.execute(wanted).all():
        if route.due is None or (route.due - today).days > 1 or route.reminded_on == today:
            continue
        late = route.due < today
        state = "sudah lewat" if late else "hampir tiba"
        text = (
            f"Batas usulan jawaban atas permohonan informasi {row.number} {state}: "
            f"{format_date(route.due, 'id')}.\n\n{at_desk.site}/kerja/permohonan/{row.id}\n"
        )
        for address in addresses(session, agency):
            subject = f"Pengingat: permohonan informasi {row.number}"
            key = f"kip:remind:{row.id}:{agency.id}:{today}:{address}"
            mails.post(session, to=address, subject=subject, text=text, at=at, key=key)
            count += 1
        route.reminded_on = today
    session.flush()
    return count


def tell_officers(session: Session, at_desk: Desk, today: date, *, at: datetime) -> int:
    """Mail the PPID once a day what is due that day or overdue; how many letters. Numbers only."""
    owed = (
        select(KipCase.number, KipCase.due)
        .where(KipCase.state.in_(("received", "in_process", "extended")), KipCase.due <= today)
        .order_by(KipCase.due, KipCase.id)
    )
    rows = session.execute(owed).all()
    if not rows:
        return 0
    lines = [
        f"- {number}: {format_date(due, 'id')}{' (lewat)' if due < today else ''}"
        for number, due in rows[:50]
        if due is not None
    ]
    more = f"\n… dan {len(rows) - 50} lagi." if len(rows) > 50 else ""
    text = "Jawaban yang jatuh tempo hari ini atau sudah lewat:\n\n" + "\n".join(lines) + more
    officers = session.scalars(
        select(User.email)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.role == Role.PPID_UTAMA, User.active.is_(True))
    ).all()
    for address in officers:
        mails.post(
            session,
            to=address,
            subject=f"Permohonan informasi: {len(rows)} jatuh tempo",
            text=f"{text}\n\n{at_desk.site}/kerja/permohonan?due=overdue\n",
            at=at,
            key=f"kip:due:{today}:{address}",
        )
    return len(officers)


def addresses(session: Session, agency: Organization) -> list[str]:
    """Who is told at an agency: its officers for requests, else the address of the agency."""
    officers = session.scalars(
        select(User.email)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.role == Role.PPID_PELAKSANA, RoleGrant.organization_id == agency.id, User.active.is_(True))
        .order_by(User.email)
    ).all()
    return list(officers) or ([agency.email] if agency.email else [])
