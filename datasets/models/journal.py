"""The journal: one row for each thing made public or taken back, and the nodes of the tree over these rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from datasets.columns import Key, Prose, UtcDateTime, Words
from datasets.db import Record


class JournalEntry(Record):
    """An entry: `body` is the very text whose hash is leaf number `position` of the tree, numbered from 0.

    The other columns repeat what the body says, for searching; a publication names its version, which has only one.
    """

    __tablename__ = "journal_entry"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(Words(32))
    subject: Mapped[str] = mapped_column(Key(200), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    body: Mapped[str] = mapped_column(Prose)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"), unique=True, default=None)


class JournalNode(Record):
    """The hash (hex) over the 2**`level` leaves from `position` * 2**`level` on; only whole ones are kept."""

    __tablename__ = "journal_node"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(Words(64))
