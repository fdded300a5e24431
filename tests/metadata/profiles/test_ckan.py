"""What a CKAN portal says is understood in the shapes that portals really use, and said to clients in CKAN's own."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from metadata.profiles.ckan import (
    CkanGroup,
    CkanPackage,
    CkanResource,
    about_from_package,
    figures_as_csv,
    figures_from_extras,
    to_package_dict,
)
from metadata.profiles.ckan_dicts import to_group_dict, to_organization_dict

AT = datetime(2026, 11, 24, 19, 17, 34, 537318, tzinfo=UTC)


def package(**members: Any) -> dict[str, Any]:
    return {"name": "a", "title": "A", "extras": []} | members


def extras(**pairs: str) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in pairs.items()]


def test_a_real_package_is_understood(shared_data: Path) -> None:
    found = json.loads((shared_data / "ckan" / "muaraenim_package_show.json").read_text(encoding="utf-8"))["result"]
    about = about_from_package(found)
    assert about.title == "Hasil Evaluasi Akuntabilitas Kinerja Intansi Pemerintah (AKIP)"
    assert (about.license, about.source_title, about.extras) == ("CC-BY-4.0", "Diskominfo", {})
    assert figures_from_extras(found) == ((2022, "75"), (2023, "75"), (2024, "77"))
    assert figures_as_csv(found) == 'tahun,nilai\n2022,"75"\n2023,"75"\n2024,"77"\n'


def test_extras_are_known_by_their_many_names() -> None:
    about = about_from_package(
        package(
            extras=[
                {"key": "Frekuensi", "value": "Tahunan"},
                {"key": "SATUAN", "value": "Jiwa"},
                {"key": "Cakupan/tingkat penyajian", "value": "Kecamatan"},
                {"key": "Dimensi awal", "value": "2019"},
                {"key": "Dimensi akhir", "value": "2024"},
                {"key": "Kode referensi", "value": "SP00055"},
                {"key": "Kontak", "value": "Bidang Statistik, Dinas Kominfo"},
                {"key": "Sumber", "value": "SIAK"},
                {"key": "Warna", "value": "biru"},
            ]
        )
    )
    assert (about.frequency, about.unit, about.classification) == ("Tahunan", "Jiwa", "Kecamatan")
    assert (about.period_start, about.period_end, about.reference_code) == ("2019", "2024", "SP00055")
    assert [contact.title for contact in about.contacts] == ["Bidang Statistik, Dinas Kominfo"]
    assert (about.source_title, about.extras) == ("SIAK", {"Warna": "biru"})


def test_extras_may_be_a_plain_object() -> None:
    assert about_from_package(package(extras={"Satuan": "Persen"})).unit == "Persen"


def test_a_private_person_is_not_taken_over() -> None:
    about = about_from_package(
        package(author="Budi Santoso", author_email="budi@example.org", maintainer="Dinas Sosial")
    )
    assert [(contact.title, contact.email) for contact in about.contacts] == [("Dinas Sosial", None)]


def test_a_licence_that_is_not_specified_is_not_stated() -> None:
    assert about_from_package(package(license_id="notspecified", license_title="License not specified")).license is None
    assert (
        about_from_package(package(license_id="lokal", license_title="Lisensi Kabupaten")).license
        == "Lisensi Kabupaten"
    )


@pytest.mark.parametrize(
    "found",
    [
        {},
        {"title": None, "notes": 3, "tags": "x", "groups": [3], "extras": [3, {"key": None}], "organization": "x"},
        {"title": ["x"], "extras": {"Satuan": {"a": 1}}, "license_id": {}, "url": "javascript:alert(1)"},
        {"title": "  A   B\n", "notes": "\0x" * 50_000},
    ],
)
def test_a_package_of_any_shape_is_survived(found: dict[str, Any]) -> None:
    about = about_from_package(found)
    assert about.homepage is None
    assert about.title in (None, "A B")
    assert len(about.description or "") <= 20_000


@pytest.mark.parametrize(
    ("pairs", "figures"),
    [
        ({"Tahun 2022": "75", "2023": "1.234,5"}, ((2022, "75"), (2023, "1.234,5"))),
        ({"2023": "baik"}, ()),
        ({"Jumlah": "75"}, ()),
        ({"2023": "75", "Tahun 2023": "76"}, ()),
        ({"2023": "75", "Tahun 2023": "75"}, ((2023, "75"),)),
    ],
)
def test_figures_in_extras_are_taken_only_when_they_agree(pairs: dict[str, str], figures: Any) -> None:
    assert figures_from_extras(package(extras=extras(**pairs))) == figures


@pytest.fixture
def published() -> dict[str, Any]:
    """A dataset with one file, as a client gets it."""
    return to_package_dict(
        CkanPackage(
            id="6f2c",
            name="penduduk",
            title="Penduduk",
            notes="",
            organization=CkanGroup("dinas", "dinas", "Dinas"),
            created=AT,
            modified=AT,
            license="CC-BY-4.0",
            groups=(CkanGroup("kependudukan", "kependudukan", "Kependudukan"),),
            tags=("penduduk", "jiwa"),
            extras={"b": 2, "a": "x", "kosong": None},
            resources=(
                CkanResource("r1", "CSV", "https://x.example/a.csv", "CSV", "text/csv", AT, AT, size=3, datastore=True),
                CkanResource("r2", "XLSX", "https://x.example/a.xlsx", "XLSX", None, AT, AT),
            ),
        )
    )


def test_a_package_has_every_member_that_ckan_gives(shared_data: Path, published: dict[str, Any]) -> None:
    real = json.loads((shared_data / "ckan" / "muaraenim_package_show.json").read_text(encoding="utf-8"))["result"]
    assert set(real) <= set(published)
    assert set(real["organization"]) <= set(published["organization"])
    assert set(real["resources"][0]) <= set(published["resources"][0])
    assert set(real["tags"][0]) <= set(published["tags"][0])


def test_an_organization_has_every_member_that_ckan_gives(shared_data: Path) -> None:
    real = json.loads((shared_data / "ckan" / "muaraenim_organization_list.json").read_text(encoding="utf-8"))[
        "result"
    ][0]
    assert set(real) <= set(to_organization_dict(CkanGroup("a", "a", "A", created=AT)))
    assert "packages" not in to_group_dict(CkanGroup("a", "a", "A"))
    assert to_group_dict(CkanGroup("a", "a", "A"), [])["packages"] == []


def test_types_are_those_of_ckan(published: dict[str, Any]) -> None:
    assert published["metadata_modified"] == "2026-11-24T19:17:34.537318"
    assert published["extras"] == [{"key": "a", "value": "x"}, {"key": "b", "value": "2"}]
    assert [(one["position"], one["package_id"], one["size"]) for one in published["resources"]] == [
        (0, "6f2c", 3),
        (1, "6f2c", None),
    ]
    assert (published["isopen"], published["num_tags"], published["num_resources"]) == (True, 2, 2)
    assert json.loads(json.dumps(published)) == published


def test_what_we_say_we_understand_again(published: dict[str, Any]) -> None:
    about = about_from_package(published)
    assert (about.title, about.license, about.keywords) == ("Penduduk", "CC-BY-4.0", ("jiwa", "penduduk"))
    assert (about.themes, about.extras) == (("Kependudukan",), {"a": "x", "b": "2"})
