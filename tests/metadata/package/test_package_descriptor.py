"""A package says all that is known of a version, is clean for frictionless, and tells nothing it should not."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import frictionless
import pytest
from build import a_table

from metadata.about import About, Contact
from metadata.describe import Coverage, describe
from metadata.notices import Notice, declare
from metadata.package import (
    PackagedResource,
    Publisher,
    RawFile,
    StoredFile,
    build_package,
    descriptor_bytes,
    package_files,
)
from metadata.validate import validate_package

AT = datetime(2026, 11, 25, 7, 30, tzinfo=UTC)
DINAS = Publisher("Dinas Kesehatan", "https://dinkes.example.go.id", "dinkes@example.go.id")


def stored(path: Path) -> StoredFile:
    content = path.read_bytes()
    return StoredFile(hashlib.sha256(content).hexdigest(), len(content))


@pytest.fixture
def resource(tmp_path: Path) -> PackagedResource:
    """A table made from `data mentah.csv`; both files lie in the folder `files`."""
    table = a_table(
        tmp_path, {"kecamatan": "string Kecamatan", "n": "integer Jumlah (jiwa)"}, [("Ngraho", 1), ("Malo", 2)]
    )
    schema = describe(table, About()).schema
    raw = tmp_path / "data mentah.csv"
    raw.write_bytes(b"kecamatan;n\nNgraho;1\nMalo;2\n")
    kept = stored(raw)
    return PackagedResource(
        name="penduduk",
        title="Penduduk",
        raw=RawFile(
            raw.name, "csv", "text/csv", kept.sha256, kept.size, url="https://example.go.id/a.csv", fetched_at=AT
        ),
        csv=stored(table.path),
        schema=schema,
        rows=2,
        header_row=1,
    )


def built(*resources: PackagedResource, **members: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": "penduduk-2024",
        "id": "6f2c1c1e-0000-4000-8000-000000000001",
        "title": "Penduduk 2024",
        "about": About(description="Jumlah penduduk.", keywords=("penduduk",), license="cc-by", frequency="Tahunan"),
        "publisher": DINAS,
        "version": 3,
        "created": AT,
        "resources": resources,
        "homepage": "https://data.example.go.id/dataset/penduduk-2024",
    } | members
    return build_package(**values)


def unpacked(package: dict[str, Any], folder: Path, files: dict[str, Path]) -> Path:
    for path, origin in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(origin.read_bytes())
    (folder / "datapackage.json").write_bytes(descriptor_bytes(package))
    return folder / "datapackage.json"


def test_frictionless_finds_the_package_clean(resource: PackagedResource, tmp_path: Path) -> None:
    files = {"data/penduduk.csv": tmp_path / "table.csv", "source/data mentah.csv": tmp_path / "data mentah.csv"}
    path = unpacked(built(resource), tmp_path / "out", files)
    report = frictionless.validate(str(path))
    assert (report.valid, report.stats["tasks"]) == (True, 1)
    assert validate_package(path).valid


def test_it_says_who_when_what_and_on_which_terms(resource: PackagedResource) -> None:
    package = built(resource)
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert (package["version"], package["created"]) == ("3.0.0", "2026-11-25T07:30:00Z")
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert package["contributors"][0] == {
        "title": "Dinas Kesehatan",
        "path": "https://dinkes.example.go.id",
        "email": "dinkes@example.go.id",
        "roles": ["publisher"],
    }


def test_the_source_is_traceable_by_address_time_and_hash(resource: PackagedResource) -> None:
    package = built(resource)
    assert package["sources"] == [
        {
            "title": "data mentah.csv",
            "path": "https://example.go.id/a.csv",
            "lumbung:hash": f"sha256:{resource.raw.sha256}",
            "lumbung:fetched": "2026-11-25T07:30:00Z",
        }
    ]
    assert package["resources"][0]["sources"][0]["path"] == "source/data mentah.csv"


def test_a_place_on_our_own_disk_is_not_told(resource: PackagedResource) -> None:
    here = replace(resource, raw=replace(resource.raw, url="file:///srv/data/rahasia/a.csv"))
    assert b"/srv/data" not in descriptor_bytes(built(here, about=About(source_path="/srv/data/x")))


def test_what_is_lacking_of_satu_data_is_listed_and_what_the_table_gives_is_not(resource: PackagedResource) -> None:
    package = built(resource)
    assert package["lumbung:sdi"]["satuan"] == "jiwa"
    assert package["lumbung:sdi"]["frekuensi"] == "Tahunan"
    assert package["lumbung:lacking"] == [
        *("konsep", "definisi", "klasifikasi", "ukuran", "kontak", "metode"),
        *("periode", "cakupanWilayah", "kodeReferensi"),
    ]
    full = About(concept="a", definition="b", classification="c", measure="d", method="e", reference_code="f")
    told = full.model_copy(update={"contacts": (Contact(title="Bidang P2P"),), "license": "cc-by"})
    covered = Coverage(2024, 2024, ("35.22.01",))
    complete = built(resource, about=told, coverage=covered)
    assert complete["lumbung:lacking"] == ["deskripsi", "frekuensi"]
    assert complete["lumbung:sdi"]["cakupanWilayah"] == "Kecamatan Ngraho"


def test_a_licence_that_is_not_stated_is_not_invented(resource: PackagedResource) -> None:
    licence = built(resource, about=About())["licenses"]
    assert licence == [{"name": "notspecified", "title": "Lisensi tidak disebutkan"}]


def test_repairs_are_told_with_their_place_and_words(resource: PackagedResource) -> None:
    code = declare("test.package.repair", id="Diperbaiki: {n}.", en="Mended: {n}.")
    package = built(replace(resource, repairs=(Notice(code, params={"n": 2}),)))
    assert package["resources"][0]["lumbung:repairs"][0]["id"] == "Diperbaiki: 2."


def test_a_map_has_its_attributes_and_its_shapes(resource: PackagedResource) -> None:
    package = built(replace(resource, geo=StoredFile("a" * 64, 10), parquet=StoredFile("b" * 64, 20)))
    assert [entry["path"] for entry in package["resources"]] == ["data/penduduk.csv", "geo/penduduk.geojson"]
    assert package_files(package) == {
        "data/penduduk.csv": resource.csv.sha256 if resource.csv else "",
        "data/penduduk.parquet": "b" * 64,
        "geo/penduduk.geojson": "a" * 64,
        "source/data mentah.csv": resource.raw.sha256,
    }


@pytest.mark.parametrize(("format_", "told"), [("pdf", "pdf"), ("xlsx", "bin"), ("zip", "bin"), ("sql", "bin")])
def test_a_file_that_is_no_table_is_never_read_as_one(tmp_path: Path, format_: str, told: str) -> None:
    path = tmp_path / f"berkas.{format_}"
    path.write_bytes(b"PK\x03\x04 not a workbook")
    kept = stored(path)
    raw = RawFile(path.name, format_, "application/octet-stream", kept.sha256, kept.size)
    package = built(PackagedResource(name="berkas", raw=raw))
    assert package["resources"][0]["format"] == told
    where = unpacked(package, tmp_path / "out", {package["resources"][0]["path"]: path})
    assert frictionless.validate(str(where)).valid


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\data\\a.xlsx", "a.xlsx"),
        (".bashrc", "bashrc"),
        ("a\x00b:c?.csv", "a_b_c_.csv"),
        ("..", "berkas"),
        ("Laporan Résumé.csv", "Laporan Résumé.csv"),
    ],
)
def test_a_file_name_from_outside_cannot_leave_its_folder(resource: PackagedResource, given: str, kept: str) -> None:
    package = built(replace(resource, raw=replace(resource.raw, filename=given)))
    assert package["resources"][0]["sources"][0]["path"] == f"source/{kept}"


def test_two_files_of_one_name_stay_apart(resource: PackagedResource) -> None:
    other = replace(resource, name="lain", raw=replace(resource.raw, filename="DATA mentah.csv", sha256="c" * 64))
    package = built(resource, other)
    assert [entry["sources"][0]["path"] for entry in package["resources"]] == [
        "source/data mentah.csv",
        "source/cccccccc-DATA mentah.csv",
    ]


def test_nothing_empty_is_written(resource: PackagedResource) -> None:
    def empties(value: object) -> list[object]:
        if isinstance(value, dict):
            return [found for item in value.values() for found in empties(item)]
        if isinstance(value, list):
            return [found for item in value for found in ([] if item == "" else empties(item))]
        return [value] if value in (None, [], {}) else []

    assert empties(built(resource)) == []
