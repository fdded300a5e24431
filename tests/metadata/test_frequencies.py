"""Rhythms are known by the words of offices, of DCAT and of ISO 8601."""

from __future__ import annotations

import pytest

from metadata import frequencies


@pytest.mark.parametrize(
    ("written", "slug"),
    [
        ("Tahunan", "tahunan"),
        ("setiap tahun", "tahunan"),
        ("ANNUAL", "tahunan"),
        ("R/P1Y", "tahunan"),
        ("P3M", "triwulanan"),
        ("http://publications.europa.eu/resource/authority/frequency/MONTHLY", "bulanan"),
        ("Semester", "semesteran"),
        ("situasional", "sewaktu-waktu"),
    ],
)
def test_a_rhythm_is_known_by_its_spellings(written: str, slug: str) -> None:
    found = frequencies.match(written)
    assert found is not None
    assert found.slug == slug


@pytest.mark.parametrize("written", [None, "", "***", "Januari n+1"])
def test_a_release_date_is_no_rhythm(written: str | None) -> None:
    assert frequencies.match(written) is None


def test_rhythms_stand_from_the_quickest_to_the_slowest() -> None:
    days = [rhythm.days for rhythm in frequencies.every() if rhythm.days is not None]
    assert days == sorted(days)
