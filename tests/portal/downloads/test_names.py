"""Names of downloads survive headers, disks and time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.downloads.names import download_name, original_name, safe_mediatype


def test_the_date_is_that_of_the_office() -> None:
    late = datetime(2026, 12, 31, 20, 0, tzinfo=UTC)
    assert download_name("pdrb", 3, late, "csv") == "pdrb_v3_2027-01-01.csv"


@given(st.text(max_size=400))
def test_no_original_name_leaves_its_folder_or_breaks_a_header(name: str) -> None:
    safe = original_name(name)
    assert safe
    assert len(safe) <= 170
    assert not set(safe) & set('/\\:*?"<>|\r\n\0')
    assert safe not in (".", "..")
    assert original_name(safe) == safe


@pytest.mark.parametrize(
    ("given_type", "sent"),
    [
        ("text/csv", "text/csv"),
        ("text/html", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
        ("application/xhtml+xml", "application/octet-stream"),
        ("text/csv\r\nX-Evil: 1", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_what_a_browser_would_run_travels_as_plain_bytes(given_type: str, sent: str) -> None:
    assert safe_mediatype(given_type) == sent
