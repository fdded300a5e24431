"""How files of a kind are read: what a person corrected once is done for the next file of the same shape."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets.models import ReadingHabit


def recall(session: Session, organization_id: int, shape: str) -> ReadingHabit | None:
    """How that agency's files of that shape are read; None when nobody has corrected one."""
    return session.scalar(
        select(ReadingHabit).where(ReadingHabit.organization_id == organization_id, ReadingHabit.shape == shape)
    )


def remember(
    session: Session,
    organization_id: int,
    shape: str,
    *,
    hints: Mapping[str, Any],
    units: Mapping[str, str],
    actor: str,
    at: datetime,
) -> None:
    """Read files of that shape so from now on; without anything said it is forgotten."""
    known = recall(session, organization_id, shape)
    said = {name: value for name, value in hints.items() if value}
    if not said and not units:
        if known is not None:
            session.delete(known)
    elif known is None:
        session.add(
            ReadingHabit(organization_id=organization_id, shape=shape, hints=said, units=dict(units), at=at, by=actor)
        )
    else:
        known.hints, known.units, known.at, known.by = said, dict(units), at, actor
    session.flush()
