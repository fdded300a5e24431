"""Forms half filled: sealed in the database, found again by a secret that only the browser holds."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.kip.models import KipDraft
from portal.kip.sealing import Keyring, NotSealedHere
from portal.kip.store.cases import digest

COOKIE = "request_draft"
SECONDS = 14 * 24 * 3600


def save(session: Session, ring: Keyring, secret: str | None, values: Mapping[str, str], *, at: datetime) -> str:
    """Keep what was typed; the secret under which it lies."""
    held = secret or secrets.token_urlsafe(24)
    name = digest(held)
    sealed = ring.seal(json.dumps(dict(values)).encode(), f"draft {name}")
    row = session.scalars(select(KipDraft).where(KipDraft.digest == name)).one_or_none()
    if row is None:
        session.add(KipDraft(digest=name, sealed=sealed, master=ring.current, updated_at=at))
    else:
        row.sealed, row.master, row.updated_at = sealed, ring.current, at
    session.flush()
    return held


def find(session: Session, ring: Keyring, secret: str | None) -> dict[str, str]:
    """What was typed; empty without a draft."""
    if not secret:
        return {}
    row = session.scalars(select(KipDraft).where(KipDraft.digest == digest(secret))).one_or_none()
    if row is None:
        return {}
    try:
        held = json.loads(ring.open(row.sealed, row.master, f"draft {row.digest}"))
    except NotSealedHere:
        return {}
    return {str(name): str(text) for name, text in held.items()}


def drop(session: Session, secret: str | None) -> None:
    """Forget it."""
    if secret:
        session.execute(delete(KipDraft).where(KipDraft.digest == digest(secret)))
