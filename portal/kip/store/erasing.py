"""Forgetting in time: proofs and identities go when their period is over, unless a dispute still runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from datasets.models import Mail
from portal.kip.calendar import DESK_ZONE, desk_date
from portal.kip.models import KipAttachment, KipCase, KipDraft, KipIdentity, KipObjection
from portal.kip.settings import KipSettings
from portal.kip.store import identity
from portal.kip.store.identity import AT_ONCE

OVER = ("closed", "lapsed", "withdrawn")
DRAFTS_KEPT = timedelta(days=14)


def erase_due(session: Session, settings: KipSettings, *, at: datetime) -> tuple[int, int]:
    """Forget what is due at a moment, at most `AT_ONCE` of each; how many proofs and identities (cases)."""
    today = desk_date(at)
    proofs = _due(session, today - timedelta(days=settings.retention_proof_days), proofs=True)
    for case_id in proofs:
        identity.erase_proofs(session, case_id, at=at)
    _drop_files(session, proofs, at=at)
    whole = _due(session, _years_before(today, settings.retention_identity_years), proofs=False)
    for case_id in whole:
        identity.erase_identity(session, case_id, at=at)
        session.execute(update(KipCase).where(KipCase.id == case_id).values(pin_hash=None))
    _drop_files(session, whole, at=at)
    session.execute(delete(KipDraft).where(KipDraft.updated_at < at - DRAFTS_KEPT))
    session.flush()
    return len(proofs), len(whole)


def forget_addresses(session: Session) -> None:
    """Of letters to applicants that went out, the outbox keeps that they did, and not to whom."""
    gone = update(Mail).where(Mail.sent_at.is_not(None), Mail.key.startswith("kip:", autoescape=True))
    session.execute(gone.where(Mail.address != "").values(address=""))


def _due(session: Session, before: date, *, proofs: bool) -> Sequence[int]:
    """Cases that ended before that day, without those about which an objection or a dispute still runs.

    Lapsed and withdrawn ones ended when they were last written on.
    """
    erased = KipIdentity.proofs_erased_at if proofs else KipIdentity.identity_erased_at
    moment = datetime.combine(before, time.min, DESK_ZONE)
    running = select(KipObjection.case_id).where(
        (KipObjection.state == "filed") | (KipObjection.dispute.is_not(None) & (KipObjection.dispute != "final"))
    )
    ended = (KipCase.closed_on < before) | (
        KipCase.closed_on.is_(None) & KipCase.state.in_(("lapsed", "withdrawn")) & (KipCase.updated_at < moment)
    )
    wanted = select(KipCase.id).join(KipIdentity, KipIdentity.case_id == KipCase.id)
    wanted = wanted.where(KipCase.state.in_(OVER), ended, erased.is_(None), KipCase.id.not_in(running))
    return session.scalars(wanted.limit(AT_ONCE)).all()


def _drop_files(session: Session, case_ids: Sequence[int], *, at: datetime) -> None:
    """Their encrypted files are named by nothing any more: the sweep of the store takes them."""
    wanted = update(KipAttachment).where(KipAttachment.case_id.in_(case_ids), KipAttachment.sealed_name.is_not(None))
    session.execute(wanted.values(blob=None, sealed_name=None, erased_at=at, size=0))


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
