"""A table that grows by a watermark: what was read before is kept, and only the rows after it are asked for.

It is believed only while it proves itself: as many rows up to the old watermark as were kept, the same columns, no row
without a watermark, the same month (an older row may be changed without moving the mark). Otherwise all is read anew.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy import Connection

from harvesters.databases.rows import Rows, one_row
from harvesters.databases.tables import Growth
from harvesters.wire.evidence import chunks_of
from harvesters.wire.fetcher import Kept
from metadata.reading.table import FieldType

MARK = "watermark"
"""The header of evidence in which the state of a table is kept."""

_PLAIN = re.compile(r"[0-9A-Za-z][0-9A-Za-z:.+ _-]{0,63}")
"""Watermarks that may be written into a question: moments, days, numbers, codes. No quote is among them."""


@dataclass(frozen=True, slots=True)
class Grown:
    """How far a table was read: its greatest watermark, its rows, what its columns hold, by which question, when."""

    last: str
    rows: int
    kinds: Mapping[str, list[str]]
    question: str
    month: str

    def header(self) -> dict[str, str]:
        """As a header of evidence."""
        return {MARK: json.dumps([self.last, self.rows, dict(self.kinds), self.question, self.month])}


def grown_of(kept: Kept | None) -> Grown | None:
    """What is known of the kept bytes of a table."""
    if kept is None or MARK not in kept.headers:
        return None
    try:
        return Grown(*json.loads(kept.headers[MARK]))
    except (ValueError, TypeError):
        return None


class Growing:
    """One reading of a table that may have grown: its `lines`, whole, and afterwards its `types` and `header`."""

    def __init__(
        self, connection: Connection, growth: Growth, kept: Kept | None, *, named: str, most: int, at: datetime
    ) -> None:
        self._connection, self._growth, self._named, self._most = connection, growth, named, most
        self._question = hashlib.sha256(repr(growth).encode()).hexdigest()[:16]
        self._month = f"{at:%Y-%m}"
        total, marked, last = self._one(growth.state)
        self._total, self._last = int(total), last
        self._sure = total == marked and _PLAIN.fullmatch(last) is not None
        self._before = self._believed(kept)
        question = growth.whole if self._before is None else growth.after.format(self._before.last)
        known = None if self._before is None else self._before.kinds
        self._rows = Rows(connection, question, named=named, most=most, known=known)
        self._kept = kept

    @property
    def continues(self) -> bool:
        """Whether only the rows after those that are kept are asked for."""
        return self._before is not None

    @property
    def types(self) -> dict[str, FieldType]:
        """As of `Rows`, over the kept and the new ones."""
        return self._rows.types

    def lines(self) -> Generator[bytes, None, None]:
        """The CSV of the whole table: the kept bytes, then the new rows. Raises as `Rows.lines`."""
        if self._before is None or self._kept is None:
            yield from self._rows.lines()
        else:
            yield from chain(chunks_of(self._kept.path), self._rows.lines(head=False))

    def header(self) -> dict[str, str]:
        """The state that was read, as a header; nothing when it cannot be built upon."""
        read = self._rows.count + (self._before.rows if self._before else 0)
        if not self._sure or read != self._total:
            return {}
        return Grown(self._last, read, self._rows.kinds, self._question, self._month).header()

    def _believed(self, kept: Kept | None) -> Grown | None:
        before = grown_of(kept)
        if before is None or not self._sure or (before.question, before.month) != (self._question, self._month):
            return None
        if not _PLAIN.fullmatch(before.last) or before.rows > self._total or self._total > self._most:
            return None
        (count,) = self._one(self._growth.before.format(before.last))
        return before if int(count) == before.rows else None

    def _one(self, question: str) -> tuple[str, ...]:
        return one_row(self._connection, question, named=self._named)
