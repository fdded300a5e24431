"""A portal over a few files that came through the real pipeline: made once for all who only look."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from build import AT
from flask import Flask
from flask.testing import FlaskClient
from reading_html import read

from datasets.installation import Installation
from datasets.models import ItemOutcome
from datasets.seed import seed
from datasets.settings import Settings
from harvesters.handing_in import publish_file
from metadata.about import About
from portal.app import create_app
from portal.web import engine

KECAMATAN = (
    *("Balen", "Baureno", "Bojonegoro", "Bubulan", "Dander", "Gayam", "Gondang"),
    *("Kalitidu", "Kanor", "Kapas", "Kasiman", "Kedewan", "Kedungadem", "Kepohbaru"),
    *("Malo", "Margomulyo", "Ngambon", "Ngasem", "Ngraho", "Padangan", "Purwosari"),
    *("Sekar", "Sugihwaras", "Sukosewu", "Sumberrejo", "Tambakrejo", "Temayang", "Trucuk"),
)
YEARS = range(2020, 2025)
POPULATION = "jumlah-penduduk-menurut-kecamatan"
BUDGET = "anggaran-dua-lembar"
REPORT = "laporan-kinerja"
BORDERS = "batas-tiga-kecamatan"
WIDE = "data-dasar-keluarga"
PDF = b"%PDF-1.4\n% laporan\n" + b"0" * 5000 + b"\n%%EOF\n"


class Reader(FlaskClient):
    """A browser that reads every answer to its end and closes it."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """As Flask's, buffered."""
        return super().open(*args, **{"buffered": True} | kwargs)


@dataclass(frozen=True, slots=True)
class Shown:
    """The portal, who looks at it, and the installation behind."""

    app: Flask
    public: FlaskClient
    installation: Installation

    def page(self, address: str) -> Any:
        """The page at an address that has one."""
        response = self.public.get(address)
        assert response.status_code == 200, response.get_data(as_text=True)[:2000]
        return read(response.get_data(as_text=True))


def population_rows(*, revised: bool = False) -> list[list[Any]]:
    """Rows of kecamatan, year, men, women, growth and remark; one figure missing, one remark a formula."""
    rows: list[list[Any]] = []
    for place, name in enumerate(KECAMATAN):
        for year in YEARS:
            men = 20_000 + 731 * place + 97 * (year - 2020)
            growth = f"{0.5 + place / 10 + (year - 2020) / 100:.2f}"
            rows.append([name, year, men, men + 412, growth, ""])
    rows[3][2] = ""
    rows[5][5] = "=HYPERLINK(1)"
    rows[7][5] = "angka sementara menurut catatan petugas di lapangan yang belum diperiksa"
    if revised:
        rows[0][2] += 5
    return rows


def write_population(folder: Path, *, revised: bool = False) -> Path:
    """The file as an office gives it: semicolons, a title row, Indonesian decimals."""
    path = folder / "penduduk kecamatan.csv"
    lines = ["Kecamatan;Tahun;Laki-laki (jiwa);Perempuan (jiwa);Pertumbuhan (persen);Catatan"]
    for row in population_rows(revised=revised):
        lines.append(";".join(str(cell) for cell in [*row[:4], row[4].replace(".", ","), row[5]]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def fill(here: Installation, folder: Path) -> None:
    """Publish the six datasets, the first of them twice."""
    about = About(
        title="Jumlah penduduk menurut kecamatan",
        description="Penduduk **terdaftar**.\n\n<script>alert(1)</script>",
        license="CC-BY-4.0",
        frequency="tahunan",
        definition="Orang yang terdaftar di kecamatan.",
        themes=("kependudukan",),
        keywords=("penduduk", "kecamatan"),
    )
    for revised in (False, True):
        _publish(here, write_population(folder, revised=revised), about)
    book = openpyxl.Workbook()
    for number, title in enumerate(("Belanja", "Pendapatan")):
        sheet = book.active if number == 0 else book.create_sheet(title)
        sheet.title = title
        sheet.append(["Uraian", "Tahun", "Jumlah"])
        for place in range(6):
            sheet.append([f"{title} jenis {place + 1}", 2019 + place, (place + 1) * 1_250_000.5])
    book.save(folder / "anggaran.xlsx")
    _publish(here, folder / "anggaran.xlsx", About(title="Anggaran dua lembar"))
    (folder / "LKjIP 2024 (final).pdf").write_bytes(PDF)
    _publish(here, folder / "LKjIP 2024 (final).pdf", About(title="Laporan kinerja"))
    (folder / "batas.geojson").write_text(json.dumps(_borders()), encoding="utf-8")
    _publish(here, folder / "batas.geojson", About(title="Batas tiga kecamatan"))
    _publish(here, _wide(folder), About(title="Data dasar keluarga"))


def _borders() -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "properties": {"kecamatan": name, "luas_km2": 60.5 + place},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[111.8 + place, -7.2], [112.8 + place, -7.2], [112.8 + place, -7.9], [111.8 + place, -7.2]]
                ],
            },
        }
        for place, name in enumerate(KECAMATAN[:3])
    ]
    return {"type": "FeatureCollection", "features": features}


def _wide(folder: Path) -> Path:
    path = folder / "ddk.csv"
    names = [f"Keluarga yang memiliki akses terhadap sarana dan prasarana nomor {n}" for n in range(1, 80)]
    lines = [",".join(["Kecamatan", "Tahun", *names])]
    for place, name in enumerate(KECAMATAN):
        lines.append(",".join([name, "2024", *(str((place * 7 + n * 3) % 100) for n in range(79))]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _publish(here: Installation, path: Path, about: About) -> None:
    report = publish_file(here, path, organization="Dinas Kependudukan", about=about)
    assert report.outcome is ItemOutcome.PUBLISHED, [notice.say("en") for notice in report.messages]


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Shown]:
    """The portal with these datasets in it; nobody may write to it."""
    home = tmp_path_factory.mktemp("shown") / "home"
    home.mkdir()
    shutil.copyfile(migrated_sqlite, home / "catalog.sqlite")
    here = Installation(Settings(home=home, secret_key="a-secret-of-the-tests", site_url="https://data.example.go.id"))
    with here.database.write() as session:
        seed(session, at=AT)
    fill(here, tmp_path_factory.mktemp("files"))
    app = create_app(here.settings, here)
    app.test_client_class = Reader
    yield Shown(app, app.test_client(), here)
    with app.app_context():
        engine.close()
    here.close()
