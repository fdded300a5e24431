"""What a source no longer offers, and for how many listings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from datasets.columns import UtcDateTime
from datasets.db import Record


class Vanished(Record):
    """A dataset that was missing from the last `misses` whole listings of its source, the first time at `since`.

    `withdrawn` says that it has become a tombstone for that alone: offered again, it comes back by itself.
    """

    __tablename__ = "vanished"

    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    misses: Mapped[int] = mapped_column(default=0)
    withdrawn: Mapped[bool] = mapped_column(default=False)
