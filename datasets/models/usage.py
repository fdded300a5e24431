"""How often a dataset was looked at and downloaded on a day; who did is never known."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from datasets.db import Record


class DatasetUsage(Record):
    """Counts of one dataset and one local day (WIB)."""

    __tablename__ = "dataset_usage"

    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    views: Mapped[int] = mapped_column(default=0)
    downloads: Mapped[int] = mapped_column(default=0)
