"""What officers write into the lists of the desk: information that is no dataset, the words of the yearly report."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from datasets.columns import Prose, UtcDateTime, Words
from datasets.db import Record


class KipInformation(Record):
    """A row of the list of public information (DIP) that somebody wrote; with a `dataset_id` it says what the catalogue
    does not know of that dataset. `medium` is `soft`, `hard` or `both`; `made` is the time and place of making."""

    __tablename__ = "kip_information"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    information_class: Mapped[str] = mapped_column(Words(20), index=True)
    summary: Mapped[str] = mapped_column(Prose)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(Words(250))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True, default=None)
    dataset_id: Mapped[int | None] = mapped_column(ForeignKey("dataset.id"), unique=True, default=None)
    responsible: Mapped[str] = mapped_column(Words(300), default="")
    made: Mapped[str] = mapped_column(Words(300), default="")
    medium: Mapped[str] = mapped_column(Words(10), default="soft")
    retention: Mapped[str] = mapped_column(Words(200), default="")
    url: Mapped[str] = mapped_column(Words(500), default="")
    published_on: Mapped[date | None] = mapped_column(default=None)
    next_due: Mapped[date | None] = mapped_column(index=True, default=None)


class KipReport(Record):
    """The parts of a year's report that are typed in (PerKI 1/2021 Pasal 56); it is public from `published_on` on."""

    __tablename__ = "kip_report"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(Words(250))
    policy: Mapped[str] = mapped_column(Prose, default="")
    facilities: Mapped[str] = mapped_column(Prose, default="")
    staff: Mapped[str] = mapped_column(Prose, default="")
    budget: Mapped[str] = mapped_column(Prose, default="")
    execution: Mapped[str] = mapped_column(Prose, default="")
    obstacles: Mapped[str] = mapped_column(Prose, default="")
    recommendations: Mapped[str] = mapped_column(Prose, default="")
    published_on: Mapped[date | None] = mapped_column(default=None)
