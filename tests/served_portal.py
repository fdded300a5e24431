"""A portal that listens under the very address it names: tables of the pipeline, a series, people with tokens."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import requests
from build import AT
from ckanapi import RemoteCKAN
from flask import Flask
from shown_tables import BORDERS, BUDGET, KECAMATAN, POPULATION, REPORT, WIDE, fill
from werkzeug.serving import make_server
from written_portal import peopled

from datasets.installation import Installation
from datasets.models import ItemOutcome
from datasets.seed import seed
from datasets.settings import Settings
from harvesters.handing_in import publish_file
from metadata.about import About
from portal.app import create_app
from portal.web import engine

SERIES_YEARS = (2022, 2023, 2024)
SERIES = tuple(f"kasus-demam-berdarah-{year}" for year in SERIES_YEARS)
SCHOOLS = "data-pokok-sekolah-dasar"
PRICES = "harga-beras-di-pasar"
LIBRARIES = "perpustakaan-desa"
CATALOGUE = sorted((*SERIES, SCHOOLS, PRICES, LIBRARIES, POPULATION, BUDGET, REPORT, BORDERS, WIDE))
AGENCIES = ("dinas-kependudukan", "dinas-kesehatan", "dinas-pendidikan", "dinas-perdagangan")


@dataclass(frozen=True, slots=True)
class Served:
    """Where it listens, what is behind it, and the secrets of its people by name."""

    address: str
    here: Installation
    app: Flask
    secrets: dict[str, str]

    def client(self, name: str | None = None, *, get_only: bool = False) -> RemoteCKAN:
        """The client library that the world uses; with the token of that name."""
        return RemoteCKAN(self.address, apikey=self.secrets[name] if name else None, get_only=get_only)

    def get(self, path: str, **options: Any) -> requests.Response:
        """What stands at a path, by plain HTTP."""
        return requests.get(f"{self.address}{path}", timeout=30, **options)


@contextmanager
def served(home: Path, files: Path) -> Iterator[Served]:
    """The portal over `home`, which has a database with all tables; `files` is a folder for what offices hand in."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    settings = Settings(home=home, secret_key="a-secret-of-the-tests", site_url=address, asked_per_minute=100_000)
    here = Installation(settings)
    with here.database.write() as session:
        seed(session, at=AT)
    fill(here, files)
    _more(here, files)
    app = create_app(replace(settings), here)
    server.app = app
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Served(address, here, app, peopled(here))
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
        with app.app_context():
            engine.close()
        here.close()


def _more(here: Installation, folder: Path) -> None:
    for year in SERIES_YEARS:
        rows = [f"{name};{year};{place * 3 + year % 10}" for place, name in enumerate(KECAMATAN)]
        about = About(
            title=f"Kasus demam berdarah {year}",
            description="Kasus yang dilaporkan puskesmas.",
            license="CC-BY-4.0",
            frequency="tahunan",
            themes=("kesehatan",),
            keywords=("penyakit", "demam berdarah"),
            period_start=str(year),
            period_end=str(year),
            regions=("35.22", "35.22.15"),
        )
        _hand_in(here, folder / f"dbd {year}.csv", ["Kecamatan;Tahun;Kasus (jiwa)", *rows], "Dinas Kesehatan", about)
    rows = [f"{20500000 + n},SDN {name} {n % 3 + 1},{name},{90 + n}" for n, name in enumerate(KECAMATAN)]
    about = About(title="Data pokok sekolah dasar", themes=("pendidikan",), keywords=("sekolah", "luas tanah"))
    head = "NPSN,Nama sekolah,Kecamatan,Murid (anak)"
    _hand_in(here, folder / "sekolah.csv", [head, *rows], "Dinas Pendidikan", about)
    rows = [f"{name},{place}" for place, name in enumerate(KECAMATAN)]
    about = About(title="Perpustakaan desa", themes=("pendidikan",), license="CC0-1.0")
    _hand_in(here, folder / "perpustakaan.csv", ["Kecamatan,Perpustakaan (unit)", *rows], "Dinas Pendidikan", about)
    rows = [f"2024-01-{day:02d};Pasar Kota;{12_500 + day * 10}" for day in range(1, 29)]
    about = About(
        title="Harga beras di pasar",
        license="ODbL-1.0",
        frequency="harian",
        themes=("ekonomi", "pertanian"),
        source_title="Pemantauan harga",
        source_path="https://example.org/harga",
    )
    _hand_in(here, folder / "harga.csv", ["Tanggal;Pasar;Harga (rupiah)", *rows], "Dinas Perdagangan", about)


def _hand_in(here: Installation, path: Path, lines: list[str], organization: str, about: About) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    report = publish_file(here, path, organization=organization, about=about)
    assert report.outcome is ItemOutcome.PUBLISHED, [notice.say("en") for notice in report.messages]
