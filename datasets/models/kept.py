"""What administrators say of the installation, and what its last examination found."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from datasets.columns import Json, UtcDateTime, Words
from datasets.db import Record


class Kept(Record):
    """Something said in the administration, by its name (`settings`, `office`, `units`); docs/administration.md."""

    __tablename__ = "kept"

    name: Mapped[str] = mapped_column(Words(60), primary_key=True)
    value: Mapped[Any] = mapped_column(Json)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Examination(Record):
    """One run of the doctor: what it found, as `Finding.as_dict()`, and how many seconds it took."""

    __tablename__ = "examination"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    seconds: Mapped[float] = mapped_column()
    findings: Mapped[list[dict[str, Any]]] = mapped_column(Json)
