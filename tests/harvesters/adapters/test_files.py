"""A folder as a source: what counts as a dataset, what is said about it, and what is passed over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harvesters import faults
from harvesters.adapter import FetchFailed, RemoteDataset, adapter_class
from harvesters.adapters.files import FilesAdapter, FilesOptions
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.session import Limits
from metadata.about import About
from metadata.reading.table import ReadHints


def listing(folder: Path, **options: object) -> dict[str, RemoteDataset]:
    adapter = FilesAdapter(str(folder), FilesOptions.model_validate(options), Fetcher())
    found = list(adapter.discover())
    assert len({one.key for one in found}) == len(found)
    return {one.key: one for one in found}


def put(path: Path, text: str = "a,b\n1,2\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_entry_point_finds_this_adapter() -> None:
    assert adapter_class("files") is FilesAdapter


def test_each_file_is_a_dataset_known_by_its_path(tmp_path: Path) -> None:
    put(tmp_path / "jumlah_penduduk_2023.csv")
    put(tmp_path / "2024" / "Luas Panen.XLSX")
    found = listing(tmp_path)
    assert list(found) == ["2024/Luas Panen.XLSX", "jumlah_penduduk_2023.csv"]
    assert found["jumlah_penduduk_2023.csv"].title == "Jumlah penduduk 2023"
    assert found["jumlah_penduduk_2023.csv"].modified is not None


def test_a_single_file_can_be_the_source(tmp_path: Path) -> None:
    put(tmp_path / "satu.csv")
    put(tmp_path / "dua.csv")
    adapter = FilesAdapter(str(tmp_path / "satu.csv"), FilesOptions(), Fetcher())
    assert [one.key for one in adapter.discover()] == ["satu.csv"]


def test_locks_hidden_and_temporary_files_are_passed_over(tmp_path: Path) -> None:
    for name in ("~$data.xlsx", ".data.csv", "data.csv.part", "unduh.tmp", "Thumbs.db", "README.md", ".git/x.csv"):
        put(tmp_path / name)
    put(tmp_path / "data.csv")
    assert list(listing(tmp_path)) == ["data.csv"]


def test_links_that_lead_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    secret = put(tmp_path / "rahasia" / "gaji.csv")
    folder = tmp_path / "buka"
    put(folder / "data.csv")
    (folder / "gaji.csv").symlink_to(secret)
    (folder / "semua").symlink_to(secret.parent)
    (folder / "putus.csv").symlink_to(folder / "tidak-ada")
    (folder / "lingkar").symlink_to(folder)
    (folder / "lagi.csv").symlink_to(folder / "data.csv")
    os.mkfifo(folder / "pipa.csv")
    assert list(listing(folder)) == ["data.csv", "lagi.csv"]


def test_patterns_choose_and_exclude(tmp_path: Path) -> None:
    for name in ("a.csv", "b.xlsx", "arsip/c.csv", "arsip/lama/d.csv"):
        put(tmp_path / name)
    assert list(listing(tmp_path, pattern=["*.csv"])) == ["a.csv", "arsip/c.csv", "arsip/lama/d.csv"]
    assert list(listing(tmp_path, pattern=["*.csv"], exclude=["arsip/lama/*"])) == ["a.csv", "arsip/c.csv"]
    assert list(listing(tmp_path, recursive=False)) == ["a.csv", "b.xlsx"]


def test_a_sidecar_says_what_the_file_is_and_how_to_read_it(tmp_path: Path) -> None:
    put(tmp_path / "ipm.csv")
    put(
        tmp_path / "ipm.csv.toml",
        'title = "IPM"\nunit = "indeks"\n[columns.a]\nunit = "poin"\n[read]\nheader_row = 3\n',
    )
    put(tmp_path / "apk.xlsx")
    put(tmp_path / "apk.toml", 'title = "APK"\n')
    found = listing(tmp_path)
    assert found["ipm.csv"].title == "IPM"
    assert found["ipm.csv"].about.columns["a"].unit == "poin"
    assert found["ipm.csv"].files[0].hints == ReadHints(header_row=3)
    assert found["apk.xlsx"].title == "APK"


def test_a_folder_gives_defaults_that_a_file_may_overrule(tmp_path: Path) -> None:
    put(tmp_path / "_folder.toml", 'license = "CC-BY-4.0"\nkeywords = ["opd"]\n')
    put(tmp_path / "jalan" / "_folder.toml", 'frequency = "tahunan"\nkeywords = ["jalan"]\n')
    put(tmp_path / "jalan" / "kondisi.csv")
    put(tmp_path / "jalan" / "kondisi.csv.toml", 'license = "CC0-1.0"\n')
    about = listing(tmp_path)["jalan/kondisi.csv"].about
    assert about == About(license="CC0-1.0", frequency="tahunan", keywords=("jalan", "opd"))


def test_a_marked_folder_is_one_dataset_of_several_files(tmp_path: Path) -> None:
    put(tmp_path / "apbd" / "_dataset.toml", 'title = "APBD"\n')
    put(tmp_path / "apbd" / "2023.csv")
    put(tmp_path / "apbd" / "2024.csv")
    put(tmp_path / "apbd" / "2024.csv.toml", 'title = "Tahun 2024"\n[columns.a]\ntitle = "Pagu"\n')
    found = listing(tmp_path)
    assert list(found) == ["apbd"]
    assert [file.key for file in found["apbd"].files] == ["apbd/2023.csv", "apbd/2024.csv"]
    assert found["apbd"].files[1].title == "Tahun 2024"
    assert found["apbd"].about.columns["a"].title == "Pagu"


@pytest.mark.parametrize(
    ("text", "member"),
    [
        ('tema = ["x"]\n', "tema"),
        ("title = 5\n", "title"),
        ("[columns.a]\nsatuan = 1\n", "columns.a.satuan"),
        ('[read]\nheader_row = "dua"\n', "read.header_row"),
        ("[read]\nbaris = 2\n", "read.baris"),
        ('title = "x\n', "baris 1"),
        ("a" * 2_000_000, "1 MB"),
    ],
)
def test_a_mistake_in_a_sidecar_fails_its_file_alone_and_names_the_member(
    tmp_path: Path, text: str, member: str
) -> None:
    put(tmp_path / "baik.csv")
    put(tmp_path / "salah.csv")
    put(tmp_path / "salah.csv.toml", text)
    found = listing(tmp_path)
    assert found["baik.csv"].fault is None
    fault = found["salah.csv"].fault
    assert fault is not None
    assert fault.place.file == "salah.csv.toml"
    assert member in fault.say("id")


def test_a_sidecar_that_is_not_text_is_told_of(tmp_path: Path) -> None:
    put(tmp_path / "a.csv")
    (tmp_path / "a.csv.toml").write_bytes(b"title = '\xff\xfe'")
    assert listing(tmp_path)["a.csv"].fault is not None


def test_a_sidecar_whose_file_is_missing_is_told_of(tmp_path: Path) -> None:
    put(tmp_path / "ipm2023.csv")
    put(tmp_path / "ipm_2023.csv.toml", 'title = "IPM"\n')
    fault = listing(tmp_path)["ipm_2023.csv.toml"].fault
    assert fault is not None
    assert "ipm_2023.csv" in fault.say("id")


def test_the_mark_of_a_dataset_changes_with_its_file_and_with_what_is_said_of_it(tmp_path: Path) -> None:
    put(tmp_path / "a.csv")
    first = listing(tmp_path)["a.csv"].fingerprint
    assert listing(tmp_path)["a.csv"].fingerprint == first
    put(tmp_path / "_folder.toml", 'license = "CC0-1.0"\n')
    second = listing(tmp_path)["a.csv"].fingerprint
    put(tmp_path / "a.csv", "a,b\n1,3\n")
    third = listing(tmp_path)["a.csv"].fingerprint
    assert len({first, second, third}) == 3


def test_a_missing_folder_is_an_error_not_an_empty_listing(tmp_path: Path) -> None:
    with pytest.raises(faults.FolderMissing, match="tidak ada"):
        listing(tmp_path / "salah-ketik")


def test_a_fetched_file_is_a_copy_and_the_path_on_this_machine_is_not_told(tmp_path: Path) -> None:
    put(tmp_path / "sumber" / "Data Jalan.csv")
    into = tmp_path / "ke"
    into.mkdir()
    adapter = FilesAdapter(str(tmp_path / "sumber"), FilesOptions(), Fetcher())
    (evidence,) = adapter.fetch(next(adapter.discover()), into)
    assert evidence.path.parent == into
    assert evidence.path.read_bytes() == b"a,b\n1,2\n"
    assert evidence.url == "file:Data%20Jalan.csv"


def test_a_file_that_is_gone_or_too_large_fails_with_words(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv")
    adapter = FilesAdapter(str(tmp_path), FilesOptions(), Fetcher(limits=Limits(body=3)))
    dataset = next(adapter.discover())
    with pytest.raises(faults.TooLargeToFetch, match=r"a\.csv"):
        list(adapter.fetch(dataset, tmp_path))
    path.unlink()
    with pytest.raises(FetchFailed, match=r"a\.csv"):
        list(adapter.fetch(dataset, tmp_path))


def test_a_name_that_is_no_unicode_or_composed_otherwise_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.csv")).write_text("a\n1\n", encoding="utf-8")
    (tmp_path / "Cafe\u0301.csv").write_text("a\n1\n", encoding="utf-8")
    assert list(listing(tmp_path)) == ["Caf\u00e9.csv", "caf\\xe9.csv"]


def test_a_very_long_path_keeps_a_key_of_its_own(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["x" * 100] * 6)
    put(deep / "a.csv")
    put(deep / "b.csv")
    assert {len(key) for key in listing(tmp_path)} == {500}
