"""A file at hand, published without a source."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from datasets.installation import Installation
from datasets.models import Blob, Dataset, Organization
from harvesters.handing_in import Faulty, describe_file, publish_file

ROWS = "kecamatan,tahun,jumlah\n" + "".join(f"Kecamatan {number},2023,{number * 10}\n" for number in range(1, 29))


def a_file(folder: Path, name: str = "penduduk.csv", text: str = ROWS) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_published_and_the_same_again_is_not(installation: Installation, tmp_path: Path) -> None:
    path = a_file(tmp_path)
    first = publish_file(installation, path, organization="Dinas Contoh", title="Penduduk")
    again = publish_file(installation, path, organization="dinas-contoh", title="Penduduk")
    assert (first.outcome.value, again.outcome.value) == ("published", "unchanged")
    with installation.database.read() as session:
        assert session.scalars(select(Dataset.title)).all() == ["Penduduk"]
        assert session.scalars(select(Organization.slug)).all() == ["dinas-contoh"]
    assert installation.search.state().documents == 1
    assert list((installation.settings.home / "work").iterdir()) == []


def test_a_worse_file_is_held(installation: Installation, tmp_path: Path) -> None:
    publish_file(installation, a_file(tmp_path), organization="Dinas Contoh")
    held = publish_file(installation, a_file(tmp_path, text=ROWS[:60]), organization="Dinas Contoh")
    assert held.outcome.value == "held"


def test_a_file_of_persons_is_held_and_not_a_byte_of_it_is_kept(installation: Installation, tmp_path: Path) -> None:
    persons = "nama,nik\n" + "".join(f"Orang {n},352215010190{n:04}\n" for n in range(1, 20))
    report = publish_file(installation, a_file(tmp_path, text=persons), organization="Dinas Contoh")
    assert report.outcome.value == "held"
    assert not any("35221501" in notice.say("id") for notice in report.messages)
    with installation.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Blob)) == 0
    assert list(installation.blobs.all()) == []


def test_a_wrong_sidecar_is_an_error(installation: Installation, tmp_path: Path) -> None:
    path = a_file(tmp_path)
    a_file(tmp_path, "penduduk.csv.toml", "judul = 1\n")
    with pytest.raises(Faulty, match="judul"):
        publish_file(installation, path, organization="Dinas Contoh")


def test_a_file_is_described_without_keeping_anything(tmp_path: Path) -> None:
    work = tmp_path / "kerja"
    work.mkdir()
    a_file(tmp_path, "penduduk.csv.toml", 'title = "Penduduk"\n')
    package = describe_file(a_file(tmp_path), work)
    assert package["title"] == "Penduduk"
    assert [field["name"] for field in package["resources"][0]["schema"]["fields"]] == ["kecamatan", "tahun", "jumlah"]
