"""Something of each kind that the custodian's pages are about, all of the first agency."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets import drafts, held, mass, plans
from datasets.clock import now
from datasets.draft import Identity
from datasets.mass import Step
from datasets.models import Dataset, Held, Organization
from metadata.notices import Notice


def path_of(path: str, session: Session) -> str:
    """The address of a rule of the custodian's, with the number of what it needs in it."""
    kinds = {"/tinjau/<": a_draft, "/ditahan/<": a_held, "/kerja/dataset/<": a_dataset, "/massal/<": a_work}
    kinds |= {"/kerja/daftar-data/<": a_line}
    for mark, make in kinds.items():
        if mark in path:
            return path.replace("<int:number>", str(make(session))).replace("<name>", "x")
    return path


def first_agency(session: Session) -> int:
    return session.scalars(select(Organization.id).order_by(Organization.id)).first() or 0


def a_draft(session: Session) -> int:
    return drafts.open_draft(session, organization_id=first_agency(session), author="x", at=now()).id


def a_dataset(session: Session) -> int:
    asked = select(Dataset.id).where(Dataset.organization_id == first_agency(session))
    return session.scalars(asked.order_by(Dataset.id)).first() or 0


def a_held(session: Session) -> int:
    reasons = [Notice("gate.uji")]
    one = held.hold(session, Identity(None, "uji-tahan"), reasons, title="Ditahan", at=now())
    session.get_one(Held, one.id).dataset_id = a_dataset(session)
    return one.id


def a_work(session: Session) -> int:
    step = Step(a_dataset(session), "x", "a", "b")
    return mass.ask(session, "restore", {}, [step], by="x", user_id=None, at=now()).id


def a_line(session: Session) -> int:
    wanted = plans.Wanted(first_agency(session), "Uji")
    return plans.put(session, 2026, wanted, by="x", at=now())[0].id
