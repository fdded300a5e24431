from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portal.api.moments import moment

AT = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-01-02T03:04:05.000006Z", datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ("2026-01-02T03:04:05", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02", datetime(2026, 1, 2, tzinfo=UTC)),
        ("NOW", AT),
        ("NOW-7DAYS", datetime(2026, 11, 18, 10, 30, tzinfo=UTC)),
        ("NOW/DAY-1HOUR", datetime(2026, 11, 24, 23, 0, tzinfo=UTC)),
        ("kemarin", None),
        ("NOW-999999YEARS", None),
        ("2026-13-01", None),
        ("", None),
    ],
)
def test_moments_are_read_as_solr_writes_them(text: str, meant: datetime | None) -> None:
    assert moment(text, at=AT) == meant
