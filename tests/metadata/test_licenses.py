"""Licences are known by what portals really write, and never invented."""

from __future__ import annotations

import pytest

from metadata import licenses


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("cc-by", "CC-BY-4.0"),
        ("CC BY 4.0", "CC-BY-4.0"),
        ("Creative Commons Attribution", "CC-BY-4.0"),
        ("http://www.opendefinition.org/licenses/cc-by", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by/4.0/deed.id", "CC-BY-4.0"),
        ("http://creativecommons.org/licenses/by-sa/4.0/legalcode", "CC-BY-SA-4.0"),
        ("cc-zero", "CC0-1.0"),
        ("odc-odbl", "ODbL-1.0"),
        ("other-closed", "other-closed"),
        ("notspecified", "notspecified"),
    ],
)
def test_a_licence_is_known_by_its_spellings(written: str, meant: str) -> None:
    found = licenses.match(written)
    assert found is not None
    assert found.id == meant


@pytest.mark.parametrize("written", ["Lisensi Kabupaten", "", "  ", None, "https://example.org/terms"])
def test_what_is_not_known_is_no_licence(written: str | None) -> None:
    assert licenses.match(written) is None


def test_an_unknown_id_is_a_licence_that_was_not_stated() -> None:
    assert licenses.get("anything").id == licenses.NOT_STATED
    assert not licenses.get("anything").is_open


def test_non_commercial_licences_are_not_open() -> None:
    assert licenses.get("CC-BY-4.0").is_open
    assert not licenses.get("CC-BY-NC-4.0").is_open
