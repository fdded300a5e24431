"""Moments as Solr writes them in ranges: ISO dates, and sums over NOW."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_SUM = re.compile(r"NOW(?P<steps>(?:[+-]\d{1,6}(?:SECOND|MINUTE|HOUR|DAY|WEEK|MONTH|YEAR)S?|/[A-Z]+)*)\Z")
_STEP = re.compile(r"([+-]\d+)([A-Z]+?)S?(?=[+-/]|\Z)")
_LENGTHS = {
    "SECOND": timedelta(seconds=1),
    "MINUTE": timedelta(minutes=1),
    "HOUR": timedelta(hours=1),
    "DAY": timedelta(days=1),
    "WEEK": timedelta(weeks=1),
    "MONTH": timedelta(days=30),
    "YEAR": timedelta(days=365),
}


def moment(text: str, *, at: datetime) -> datetime | None:
    """The moment meant by `text`, aware; None when none is. `at` is NOW; rounding (`NOW/DAY`) is by the whole day."""
    found = _SUM.match(text)
    try:
        if found is not None:
            shift = sum((int(n) * _LENGTHS[unit] for n, unit in _STEP.findall(found["steps"])), timedelta())
            rounded = at.replace(hour=0, minute=0, second=0, microsecond=0) if "/" in found["steps"] else at
            return rounded + shift
        value = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
