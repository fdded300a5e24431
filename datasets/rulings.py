"""What a custodian rules of a dataset's licence, rhythm and themes; of a harvested one it overrules the source."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from datasets.models import DatasetRuling


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is ruled; None leaves it to the source. `license` is an id, the others are slugs of their code lists."""

    license: str | None = None
    frequency: str | None = None
    themes: tuple[str, ...] | None = None

    def over(self, before: Ruling | None) -> Ruling:
        """This one put on an earlier one."""
        if before is None:
            return self
        return Ruling(
            self.license or before.license,
            self.frequency or before.frequency,
            before.themes if self.themes is None else self.themes,
        )

    def said(self) -> dict[str, Any]:
        """Only what is ruled, as plain JSON."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def key_over(self, content_key: str) -> str:
        """The content key of a version that its source alone would give `content_key`."""
        told = json.dumps([content_key, self.said()], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


def of_dataset(session: Session, dataset_id: int | None) -> Ruling | None:
    """What is ruled of that dataset; None when nothing is."""
    row = None if dataset_id is None else session.get(DatasetRuling, dataset_id)
    if row is None:
        return None
    return Ruling(row.license, row.frequency, None if row.themes is None else tuple(row.themes))


def keep(session: Session, dataset_id: int, ruling: Ruling, *, by: str, at: datetime) -> None:
    """Write it down in place of what was ruled before."""
    row = session.get(DatasetRuling, dataset_id)
    if row is None:
        row = DatasetRuling(dataset_id=dataset_id, at=at, by=by)
        session.add(row)
    row.at, row.by = at, by
    row.license, row.frequency = ruling.license, ruling.frequency
    row.themes = None if ruling.themes is None else list(ruling.themes)
    session.flush()
