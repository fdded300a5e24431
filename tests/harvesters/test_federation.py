"""What one installation publishes another can harvest: the package as it is downloaded, table for table."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Dataset, Resource, Version
from datasets.settings import Settings
from harvesters.declared import SourceEntry
from harvesters.protocols.datastore import DatastoreRows
from harvesters.runs.runner import harvest
from harvesters.sources import add_source
from metadata.package import package_files, write_zip
from portal.app import create_app

ROWS = "kode;kecamatan;tahun;jumlah penduduk (jiwa)\n"
ROWS += "".join(f"0{number};Kecamatan {number};2023;{number}.{number:03},5\n" for number in range(1, 29))
SIDECAR = """
title = "Penduduk menurut kecamatan"
description = "Hasil registrasi."
license = "CC-BY-4.0"
themes = ["kependudukan"]
frequency = "tahunan"
concept = "Penduduk terdaftar"
"""


@contextmanager
def portal_of(here: Installation) -> Iterator[str]:
    """The installation's own portal on the loopback, as the public meets it."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    server.app = create_app(replace(here.settings, site_url=address))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


@pytest.fixture
def second(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Installation]:
    home = tmp_path / "kedua"
    home.mkdir()
    shutil.copyfile(migrated_sqlite, home / "catalog.sqlite")
    made = Installation(Settings(home=home))
    yield made
    made.close()


def run(here: Installation, kind: str, location: Path | str, **options: Any) -> list[str]:
    entry = {
        "name": "opd",
        "kind": kind,
        "location": str(location),
        "organization": "Dinas Contoh",
        "options": options,
    }
    with here.database.write() as session:
        add_source(session, SourceEntry.model_validate(entry), at=now())
    (report,) = harvest(here, "opd")
    return [item.outcome.value for item in report.items]


def published(here: Installation) -> tuple[Dataset, Version, Resource]:
    with here.database.read() as session:
        versions = session.scalars(select(Version)).all()
        return session.scalars(select(Dataset)).one(), versions[-1], session.scalars(select(Resource)).all()[-1]


def packed(here: Installation, target: Path) -> Path:
    package = published(here)[1].package
    write_zip(target, package, {path: here.blobs.path(sha256) for path, sha256 in package_files(package).items()})
    return target


def test_a_package_harvested_from_another_installation_says_and_holds_the_same(
    installation: Installation, second: Installation, tmp_path: Path
) -> None:
    folder = tmp_path / "opd"
    folder.mkdir()
    (folder / "penduduk.csv").write_text(ROWS)
    (folder / "penduduk.csv.toml").write_text(SIDECAR)
    assert run(installation, "files", folder) == ["published"]
    archive = packed(installation, tmp_path / "paket.zip")
    assert run(second, "datapackage", archive) == ["published"]

    ours, theirs = published(installation), published(second)
    assert theirs[0].title == ours[0].title
    assert theirs[0].license_id == ours[0].license_id
    assert theirs[1].package["lumbung:sdi"] == ours[1].package["lumbung:sdi"]
    assert theirs[1].package["lumbung:themes"] == ours[1].package["lumbung:themes"]
    assert theirs[2].csv_sha256 == ours[2].csv_sha256
    names = [
        [(one["name"], one["type"], one.get("title"), one.get("unit")) for one in each[2].schema["fields"]]
        for each in (ours, theirs)
    ]
    assert names[0] == names[1]
    assert run(second, "datapackage", archive) == ["unchanged"]


@pytest.mark.parametrize("form", ["jsonld", "rdf", "ttl"])
def test_the_catalogue_of_another_portal_is_harvested_in_dcat(
    installation: Installation, second: Installation, tmp_path: Path, form: str
) -> None:
    folder = tmp_path / "opd"
    folder.mkdir()
    (folder / "penduduk.csv").write_text(ROWS)
    (folder / "penduduk.csv.toml").write_text(SIDECAR)
    run(installation, "files", folder)
    said = {"internal": True, "requests_per_second": 100, "formats": ["csv"]}
    with portal_of(installation) as address:
        assert run(second, "dcat", f"{address}/catalog.{form}", **said) == ["published"]
        assert run(second, "dcat", f"{address}/catalog.{form}", **said) == ["unchanged"]
    ours, theirs = published(installation), published(second)
    assert theirs[0].title == ours[0].title
    assert theirs[0].license_id == ours[0].license_id
    assert theirs[2].rows == ours[2].rows == 28
    assert theirs[1].package["lumbung:sdi"]["frekuensi"] == "Tahunan"


def test_the_datastore_of_another_portal_is_paged_into_the_same_table(
    installation: Installation, second: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "opd"
    folder.mkdir()
    (folder / "penduduk.csv").write_text(ROWS)
    (folder / "penduduk.csv.toml").write_text(SIDECAR)
    run(installation, "files", folder)
    monkeypatch.setattr(DatastoreRows.__init__, "__kwdefaults__", {"page": 5})
    with portal_of(installation) as address:
        said = {"internal": True, "requests_per_second": 100, "datastore": True}
        assert run(second, "ckan", address, **said) == ["published"]
        assert run(second, "ckan", address, **said) == ["unchanged"]
    ours, theirs = published(installation)[2], published(second)[2]
    assert theirs.rows == ours.rows == 28
    assert [one["type"] for one in theirs.schema["fields"]] == [one["type"] for one in ours.schema["fields"]]
    tables = [here.blobs.path(one.csv_sha256).read_text() for here, one in ((installation, ours), (second, theirs))]
    assert tables[0].splitlines()[1:] == tables[1].splitlines()[1:]
