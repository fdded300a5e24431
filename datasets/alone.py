"""One at a time: whoever publishes, names blobs, sweeps or writes into the journal waits for the others here."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

_LOCK = 7_305_240_817_320_116  # PostgreSQL's advisory lock of whoever publishes; SQLite has the writer's lock


def alone(session: Session) -> None:
    """Until this transaction ends nobody else publishes, names blobs, sweeps or writes into the journal."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
