"""Sources, their runs, and what each run did with each dataset."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from datasets.columns import Json, Key, Prose, UtcDateTime, Words
from datasets.db import Record
from datasets.models.organization import Organization


class Source(Record):
    """A system to harvest. `kind` names an adapter, `options` are its settings, `schedule` is a cron line or None.

    `declared` sources come from `sources.toml`, which overrules what is stored; others were added by hand.
    `about` holds the defaults (licence, themes, …) for every dataset that comes from here.
    """

    __tablename__ = "source"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    name: Mapped[str] = mapped_column(Words(100), unique=True)
    title: Mapped[str] = mapped_column(Words(300))
    kind: Mapped[str] = mapped_column(Words(40))
    location: Mapped[str] = mapped_column(Words(2000))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    schedule: Mapped[str | None] = mapped_column(Words(100), default=None)
    options: Mapped[dict[str, Any]] = mapped_column(Json, default_factory=dict)
    about: Mapped[dict[str, Any]] = mapped_column(Json, default_factory=dict)
    enabled: Mapped[bool] = mapped_column(default=True)
    declared: Mapped[bool] = mapped_column(default=False)

    organization: Mapped[Organization] = relationship(init=False, lazy="raise", viewonly=True)


class RunState(enum.Enum):
    """A run is running until it is finished, failed as a whole, or found dead by its expired lease."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    ABANDONED = "abandoned"


class Run(Record):
    """One harvest of one source. `counts` has an entry for each `ItemOutcome` value.

    `stop_asked_at` is when somebody asked it to stop; whoever runs it looks at that now and then.
    """

    __tablename__ = "run"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    state: Mapped[RunState] = mapped_column(default=RunState.RUNNING)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    counts: Mapped[dict[str, Any]] = mapped_column(Json, default_factory=dict)
    notice: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None)
    stop_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    source: Mapped[Source] = relationship(init=False, lazy="raise", viewonly=True)


class ItemOutcome(enum.Enum):
    """What a run did with one dataset."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    HELD = "held"
    FAILED = "failed"


class Item(Record):
    """The outcome of one dataset in one run, with its messages as `Notice.as_dict()`.

    `fingerprint` is what the source said of its state, so that an unchanged dataset is not fetched again.
    """

    __tablename__ = "item"
    __table_args__ = (Index("ix_item_source_remote", "source_id", "remote_key", "id"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    remote_key: Mapped[str] = mapped_column(Key(500))
    title: Mapped[str] = mapped_column(Prose)
    outcome: Mapped[ItemOutcome] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    dataset_id: Mapped[int | None] = mapped_column(ForeignKey("dataset.id"), index=True, default=None)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"), index=True, default=None)
    fingerprint: Mapped[str | None] = mapped_column(Key(200), default=None)
    messages: Mapped[list[dict[str, Any]]] = mapped_column(Json, default_factory=list)
    seconds: Mapped[float] = mapped_column(default=0.0)

    run: Mapped[Run] = relationship(init=False, lazy="raise", viewonly=True)


class RestingHost(Record):
    """A host, by its origin, that no harvest asks anything before a moment: it asked for that, or failed too often."""

    __tablename__ = "resting_host"

    origin: Mapped[str] = mapped_column(Key(300), primary_key=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
