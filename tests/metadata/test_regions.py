"""Regions are matched as offices write them, and a name that could be two is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from metadata import regions
from metadata.regions import kinds_in, load, match

KECAMATAN = "kecamatan"


def test_the_list_holds_the_province_its_regencies_and_all_of_bojonegoro() -> None:
    kinds = [region.kind for region in load()]
    assert [kinds.count(kind) for kind in ("provinsi", "kabupaten", "kota", KECAMATAN, "desa", "kelurahan")] == [
        *(1, 29, 9),
        *(28, 419, 11),
    ]
    assert len({region.code for region in load()}) == len(load()) == 497


@pytest.mark.parametrize(
    ("written", "kind", "within", "code"),
    [
        ("Kab. Bojonegoro", None, None, "35.22"),
        ("KABUPATEN BOJONEGORO", None, None, "35.22"),
        ("Bojonegoro, Kab.", None, None, "35.22"),
        ("BOJONEGORO", KECAMATAN, None, "35.22.15"),
        ("Kotamadya Surabaya", None, None, "35.78"),
        ("Kota Malang", None, None, "35.73"),
        ("Malang", "kabupaten", None, "35.07"),
        ("Kepoh Baru", KECAMATAN, None, "35.22.09"),
        ("1. Ngraho", KECAMATAN, None, "35.22.01"),
        ("Kec. Sumberejo", None, None, "35.22.12"),
        ("Margomulya", KECAMATAN, None, "35.22.22"),
        ("Nglamping", None, None, "35.22.03.2001"),
        ("Sugihwaras", "desa", "35.22.01", "35.22.01.2002"),
        ("Prov. Jawa Timur", None, None, "35"),
    ],
)
def test_a_name_is_matched_as_offices_write_it(written: str, kind: str | None, within: str | None, code: str) -> None:
    found = match(written, kind, within)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Malang", None),
        ("Kab/Kota Kediri", None),
        ("Bojonegoro", None),
        ("Ngraho", None),
        ("Sugihwaras", "desa"),
        ("Jumlah", None),
        ("Kota", None),
        ("", None),
        ("Malo", "desa or kelurahan"),
        ("Balo", KECAMATAN),
        ("Bandung", None),
    ],
)
def test_a_name_that_could_be_two_or_none_is_refused(written: str, kind: str | None) -> None:
    assert match(written, kind) is None


def test_every_region_is_found_by_its_own_name_below_its_parent() -> None:
    lost = [region.code for region in load() if match(region.name, region.kind, region.parent) is not region]
    assert lost == []


def test_every_region_is_found_by_the_spelling_of_bps() -> None:
    other = [region for region in load() if region.aliases]
    assert len(other) == 13
    for region in other:
        found = match(region.aliases[0], region.kind, region.parent)
        # BPS may spell a village as the law spells another one of the same district: then the law wins.
        assert found is region or (found is not None and found.name == region.aliases[0])


@pytest.mark.parametrize(
    ("written", "system", "code"),
    [
        ("35.22", None, "35.22"),
        ("3522", None, "35.22"),
        ("3522.0", None, "35.22"),
        ("352201", None, "35.22.01"),
        ("3522010", None, "35.22.22"),
        ("3522010", "kemendagri", None),
        ("35.22.01.2001", None, "35.22.01.2001"),
        ("3522012001", None, "35.22.01.2001"),
        ("3522010001", "bps", "35.22.22.2002"),
        ("99", None, None),
        ("x", None, None),
        ("٣٥٢٢", None, None),
    ],
)
def test_a_code_is_read_in_its_own_system(written: str, system: regions.System | None, code: str | None) -> None:
    found = load().by_code(written, system)
    assert (found.code if found else None) == code


def test_the_path_of_a_village_leads_down_from_the_province() -> None:
    assert [region.title for region in load().path("35.22.01.2001")] == [
        "Provinsi Jawa Timur",
        "Kabupaten Bojonegoro",
        "Kecamatan Ngraho",
        "Desa Luwihaji",
    ]


@pytest.mark.parametrize(
    ("header", "kinds"),
    [
        ("nama_kabupaten_kota", {"kabupaten", "kota"}),
        ("Kabupaten/Kota", {"kabupaten", "kota"}),
        ("Nama Kecamatan", {"kecamatan"}),
        ("Desa", {"desa", "kelurahan"}),
        ("Jumlah", set()),
        ("kotak suara", set()),
    ],
)
def test_a_header_tells_the_kinds_of_its_regions(header: str, kinds: set[str]) -> None:
    assert kinds_in(header) == kinds


def test_another_installation_brings_its_own_list(tmp_path: Path) -> None:
    other = tmp_path / "regions.csv"
    other.write_text("code,name,kind,parent\n33,Jawa Tengah,provinsi,\n33.01,Cilacap,kabupaten,33\n", encoding="utf-8")
    assert [region.title for region in load(other)] == ["Provinsi Jawa Tengah", "Kabupaten Cilacap"]
    assert load(other).match("Kab. Cilacap") is not None
