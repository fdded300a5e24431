"""The custodian's tables: the data list of the year, work on many, scores of versions, what overrules a source."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from datasets.columns import Json, Key, Prose, UtcDateTime, Words
from datasets.db import Record


class PlannedDataset(Record):
    """A line of the data list (*daftar data*) of a year: what an agency is to publish, how often, first on which day.

    `key` is the title in the one form in which two lines, or a line and a dataset, are the same. `dataset_id` is what
    fulfils the line, when somebody has said so; else the agency's dataset of the same key does.
    """

    __tablename__ = "planned_dataset"
    __table_args__ = (UniqueConstraint("year", "organization_id", "key"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    year: Mapped[int]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    title: Mapped[str] = mapped_column(Words(400))
    key: Mapped[str] = mapped_column(Key(200))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[str] = mapped_column(Words(250))
    frequency: Mapped[str | None] = mapped_column(Words(40), default=None)
    due_on: Mapped[date | None] = mapped_column(Date, default=None)
    note: Mapped[str] = mapped_column(Prose, default="")
    dataset_id: Mapped[int | None] = mapped_column(ForeignKey("dataset.id"), index=True, default=None)


class VersionScore(Record):
    """What a version is worth by itself (docs/quality.md); how fresh it is depends on the day and is not in it.

    `parts` are `{"part", "share", "reasons"}` of `metadata.quality`; `way` is the generation of the rules.
    """

    __tablename__ = "version_score"

    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"), primary_key=True)
    way: Mapped[int]
    points: Mapped[float]
    parts: Mapped[list[dict[str, Any]]] = mapped_column(Json)


class DatasetRuling(Record):
    """What a custodian has ruled of a harvested dataset; it overrules what the source says, also of later versions."""

    __tablename__ = "dataset_ruling"

    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(Words(250))
    license: Mapped[str | None] = mapped_column(Words(60), default=None)
    frequency: Mapped[str | None] = mapped_column(Words(40), default=None)
    themes: Mapped[list[str] | None] = mapped_column(Json, default=None)


class StepState(enum.Enum):
    """How far one step of a work on many is; `SKIPPED` when there was nothing to do."""

    WAITING = "waiting"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


class MassWork(Record):
    """One decision on many: `action` on each of its steps, with `params`; who asked for it, and when it was over."""

    __tablename__ = "mass_work"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    action: Mapped[str] = mapped_column(Words(20))
    params: Mapped[dict[str, Any]] = mapped_column(Json)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by: Mapped[str] = mapped_column(Words(250))
    user_id: Mapped[int | None] = mapped_column(default=None)
    stopped: Mapped[bool] = mapped_column(default=False)
    over_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class MassStep(Record):
    """One draft or dataset (`subject`) of such a work: what the preview said, and what became of it."""

    __tablename__ = "mass_step"
    __table_args__ = (UniqueConstraint("work_id", "subject"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("mass_work.id"))
    subject: Mapped[int]
    title: Mapped[str] = mapped_column(Prose)
    before: Mapped[str] = mapped_column(Prose, default="")
    after: Mapped[str] = mapped_column(Prose, default="")
    state: Mapped[StepState] = mapped_column(default=StepState.WAITING)
    said: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None)
    at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
