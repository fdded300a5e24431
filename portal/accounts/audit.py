"""The audit log: one row for each change, written in the transaction of the change and never altered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.accounts.models import AuditEntry
from portal.policy import Actor


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: str,
    *,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down that `actor` did `action` (`user.disable`) to `subject` (`user:7`), with what was different.

    Never hand in a secret, nor what a person wrote about others: the rows are read and exported by administrators.
    """
    session.add(
        AuditEntry(
            at=at,
            actor=actor.label,
            user_id=actor.user_id,
            action=action,
            subject=subject,
            before=None if before is None else dict(before),
            after=None if after is None else dict(after),
        )
    )
    session.flush()


def entries(*, subject: str | None = None) -> Select[AuditEntry]:
    """The rows, the newest first; only those about `subject` when it is given."""
    asked = select(AuditEntry).order_by(AuditEntry.id.desc())
    return asked if subject is None else asked.where(AuditEntry.subject == subject)
