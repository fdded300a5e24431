"""What readers say: how a dataset served them, what is wrong with it, and what they want to be told of."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from datasets.columns import Key, Prose, UtcDateTime, Words
from datasets.db import Record


class Rating(enum.Enum):
    """How well a dataset served, from the best; the words are those of the public-service surveys (PermenPANRB)."""

    VERY_SATISFIED = "sangat_puas"
    SATISFIED = "puas"
    FAIR = "cukup_puas"
    NOT_SATISFIED = "tidak_puas"


class Shown(enum.Enum):
    """Whether the public sees a comment; one without words has nothing to show."""

    NONE = "none"
    WAITING = "waiting"
    SHOWN = "shown"
    REFUSED = "refused"


class ReportState(enum.Enum):
    """Where a report of a problem stands."""

    OPEN = "open"
    ANSWERED = "answered"
    REFUSED = "refused"


class ReaderResponse(Record):
    """One reader's rating of one dataset in one quarter. `voter` is a keyed hash of a random cookie, no more."""

    __tablename__ = "reader_response"
    __table_args__ = (
        UniqueConstraint("dataset_id", "period", "voter"),
        Index("ix_reader_response_shown", "shown", "dataset_id"),
    )

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"))
    period: Mapped[str] = mapped_column(Words(7))
    voter: Mapped[str] = mapped_column(Words(64))
    rating: Mapped[Rating]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    comment: Mapped[str] = mapped_column(Prose, default="")
    shown: Mapped[Shown] = mapped_column(default=Shown.NONE)
    decided_by: Mapped[str | None] = mapped_column(Words(250), default=None)


class DataReport(Record):
    """A problem that a reader saw in a version, as exactly as the reader could say where.

    `contact` is the reader's address, sealed, until the answer has been sent there. `summary` is the report as the
    public sees it beside the answer.
    """

    __tablename__ = "data_report"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"), index=True)
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Prose)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    language: Mapped[str] = mapped_column(Words(10))
    table: Mapped[str] = mapped_column("table_name", Words(400), default="")
    column: Mapped[str] = mapped_column("column_name", Words(200), default="")
    row: Mapped[str] = mapped_column("row_name", Words(200), default="")
    contact: Mapped[str | None] = mapped_column(Prose, default=None)
    state: Mapped[ReportState] = mapped_column(default=ReportState.OPEN, index=True)
    summary: Mapped[str] = mapped_column(Prose, default="")
    answer: Mapped[str] = mapped_column(Prose, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    answered_by: Mapped[str | None] = mapped_column(Words(250), default=None)


class Follow(Record):
    """An address that wants to be told of new versions: of a dataset, of an agency's, or of what a search finds.

    `target` is `dataset:ID`, `organization:ID` or `search:WORDS`. The address is sealed; `reader` is its keyed hash.
    `position` is the length of the journal up to which it was told. The row goes with the last click.
    """

    __tablename__ = "follow"
    __table_args__ = (UniqueConstraint("reader", "target"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    reader: Mapped[str] = mapped_column(Words(64))
    target: Mapped[str] = mapped_column(Key(330))
    address: Mapped[str] = mapped_column(Prose)
    nonce: Mapped[str] = mapped_column(Words(32))
    language: Mapped[str] = mapped_column(Words(10))
    root: Mapped[str] = mapped_column(Words(500))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    position: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
