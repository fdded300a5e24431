"""Bad input of every kind gets a clear message in the report, and the good datasets of the run are published."""

from __future__ import annotations

from pathlib import Path

import bad_files
import pytest

from datasets.clock import now
from datasets.installation import Installation
from harvesters.declared import SourceEntry
from harvesters.runs.reports import ItemReport
from harvesters.runs.runner import harvest
from harvesters.sources import add_source

ROWS = "kecamatan,tahun,jumlah\n" + "".join(f"Kecamatan {number},2023,{number * 10}\n" for number in range(1, 29))


@pytest.fixture
def report(installation: Installation, tmp_path: Path) -> dict[str, ItemReport]:
    folder = tmp_path / "opd"
    folder.mkdir()
    bad_files.write_all(folder)
    (folder / "baik.csv").write_text(ROWS)
    (folder / "kepala_ganda.csv").write_text("nama,jumlah,jumlah\nA,1,2\nB,3,4\nC,5,6\n")
    (folder / "pengodean.csv").write_bytes("kecamatan;ket\nNgraho;café – “baik”\nTambakrejo;½\n".encode("cp1252"))
    (folder / "pengodean.csv.toml").write_text('[read]\nencoding = "utf-16"\n')
    with installation.database.write() as session:
        entry = {"name": "opd", "kind": "files", "location": str(folder), "organization": "Dinas Contoh"}
        add_source(session, SourceEntry.model_validate(entry), at=now())
    (run,) = harvest(installation, "opd")
    return {item.key: item for item in run.items}


def said(item: ItemReport) -> str:
    return " ".join(notice.say("id") for notice in item.messages)


def test_each_trouble_is_told_in_words_and_the_good_ones_are_published(report: dict[str, ItemReport]) -> None:
    outcomes = {key: item.outcome.value for key, item in report.items()}
    assert outcomes.pop("baik.csv") == "published"
    assert outcomes.pop("kepala_ganda.csv") == "published"
    assert outcomes.pop("pengodean.csv") == "published"
    assert outcomes == dict.fromkeys(outcomes, "failed")
    words = {
        "kosong.csv": "kosong",
        "biner.csv": "isinya",
        "tanpa_baris.csv": "Tidak ada baris data",
        "dua_ribu_kolom.csv": "2000 kolom",
        "rusak.xlsx": "rusak",
        "bersandi.xlsx": "kata sandi",
        "sel_50mb.csv": "sel",
        "bom.xlsx": "keamanan",
        "halaman.csv": "halaman",
    }
    assert set(words) == set(outcomes)
    words |= {"kepala_ganda.csv": "dipakai lebih dari sekali", "pengodean.csv": "Pengodean yang dinyatakan"}
    for key, word in words.items():
        assert word in said(report[key]), (key, said(report[key]))
        assert "harvest.unexpected" not in {notice.code for notice in report[key].messages}
        assert "Traceback" not in said(report[key])
    assert "utf-16" in said(report["pengodean.csv"]).lower()
