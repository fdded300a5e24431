"""Real files of Indonesian offices, each compared by hand with what is printed in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from read_by_hand import CHECKED, LETTERS
from read_tables import Reader, codes, column, rows_of, titles

from metadata.reading.errors import ErrorPage, NoRows
from metadata.reading.table import Reading, Table

PERSONS = {
    "opensid/contoh_penduduk_disamarkan.csv": {"nama", "no_kk", "nik", "tempatlahir", "tanggallahir", "nama_ayah"},
    "opensid/format_import_ddk_disamarkan.csv": {"Nomor KK", "Kepala Keluarga"},
    "opensid/format_regsosek2022k_kepala_kolom.xlsx": {"I. KETERANGAN TEMPAT / no kartu keluarga"},
}
REFUSED = {
    "bps_webapi/rec_data_list_not_available.json": NoRows,
    "bps_webapi/rec_error_bad_key.json": ErrorPage,
    "bps_webapi/rec_error_data_missing_th.json": ErrorPage,
    "bps_webapi/rec_error_data_too_many_th.json": ErrorPage,
    "bps_webapi/rec_error_waf_block_403.html": ErrorPage,
}
NO_TABLES = {
    "bps_webapi/rec_data_0000_1804.json",
    "bps_webapi/rec_data_0000_2263_3wilayah.json",
    "bps_webapi/sdk_static_table_detail.json",
    "ckan/muaraenim_package_show.json",
    "opensid/opensid_struktur_dan_referensi.sql",
}


def reading_of(reader: Reader, folder: Path, name: str) -> Reading:
    path = folder / name
    return reader.text(path.read_bytes(), path.name)


def files_of(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".md", ".bin"))
    return sorted(path.relative_to(folder).as_posix() for path in found)


@pytest.mark.parametrize("name", CHECKED)
def test_a_real_file_is_read_as_a_careful_person_reads_it(reader: Reader, shared_data: Path, name: str) -> None:
    seen = CHECKED[name]
    table = reading_of(reader, shared_data, name).tables[seen.table]
    rows = rows_of(table)
    assert (table.header_row, table.rows, len(rows)) == (seen.header, seen.rows, seen.rows)
    kinds = "".join(LETTERS[made.type] for made in table.columns)
    assert kinds[: len(seen.types)] == seen.types
    assert len(table.columns) == len(seen.types) or name.endswith("contoh_penduduk_disamarkan.csv")
    assert tuple(rows[0][: len(seen.first)]) == seen.first
    assert tuple(rows[-1][: len(seen.last)]) == seen.last
    assert dict(table.dropped) == seen.dropped
    assert (len(table.notes), table.title if seen.title else None) == (seen.notes, seen.title)


def test_every_real_file_is_read_told_to_be_none_or_refused(reader: Reader, shared_data: Path) -> None:
    without = set()
    for name in files_of(shared_data):
        if name in REFUSED:
            with pytest.raises(REFUSED[name]):
                reading_of(reader, shared_data, name)
            continue
        reading = reading_of(reader, shared_data, name)
        if not reading.tables:
            without.add(name)
            assert "read.not_a_table" in codes(reading)
        for table in reading.tables:
            assert_sound(table)
    assert without == NO_TABLES


def assert_sound(table: Table) -> None:
    """What the contract of `Table` says of every one."""
    names = [made.name for made in table.columns]
    assert len(set(names)) == len(names)
    rows = rows_of(table)
    assert len(rows) == table.rows > 0
    for at, made in enumerate(table.columns):
        cells = [row[at] for row in rows if row[at]]
        if made.type in ("integer", "number", "year"):
            assert all(cell == cell.strip() and float(cell) is not None for cell in cells)
        if made.type == "date":
            assert all(len(cell) == 10 for cell in cells)


def test_persons_are_found_in_files_of_persons_and_nowhere_else(reader: Reader, shared_data: Path) -> None:
    for name in files_of(shared_data):
        if name in REFUSED:
            continue
        found = {str(notice.place.column) for notice in reading_of(reader, shared_data, name).personal}
        assert found >= PERSONS.get(name, set()), name
        assert bool(found) == (name in PERSONS), (name, found)


def test_columns_have_their_printed_titles_and_units(reader: Reader, shared_data: Path) -> None:
    lra = reading_of(reader, shared_data, "apbd_sipd/lra_diskominfo_2026_januari.xlsx").tables[0]
    assert titles(lra)[5:7] == ["Kelompok Belanja / Operasi / Anggaran", "Kelompok Belanja / Operasi / Realisasi"]
    penduduk = reading_of(reader, shared_data, "xlsx/jateng_penduduk_triwulanan.xlsx").tables[0]
    assert titles(penduduk)[:7] == ["Kode", "Kab/Kota", "Q2", "Q3", "Q4", "2017 / Q1", "2017 / Q2"]
    pdrb = reading_of(reader, shared_data, "bps_jatim_csv/pdrb_17_sektor_triwulanan_2024.csv").tables[0]
    assert titles(pdrb)[1] == "Harga Berlaku / 2024 / Triwulan I"
    assert {made.unit for made in pdrb.columns[1:]} == {"miliar rupiah"}
    apk = reading_of(reader, shared_data, "xlsx/jabar_apk_2017_2019.xlsx").tables[0]
    assert titles(apk)[1] == "Angka Partisipasi Kasar / SD/MI/Paket A / 2017"


def test_the_workbook_of_eleven_sheets_gives_ten_tables_and_names_the_hidden_one(
    reader: Reader, shared_data: Path
) -> None:
    reading = reading_of(reader, shared_data, "apbd_sipd/rak_belanja_diskominfo_2026.xlsx")
    assert len(reading.tables) == 10
    assert [notice.place.sheet for notice in reading.notices if notice.code == "read.sheet_hidden"] == ["Sheet7"]
    assert (reading.tables[-1].header_row, reading.tables[-1].rows) == (2, 61)


def test_undecidable_figures_of_a_real_service_stay_as_they_are(reader: Reader, shared_data: Path) -> None:
    reading = reading_of(reader, shared_data, "json_bespoke/sultra_tabel_74_112_2025.json")
    assert column(reading.tables[0], "tabel_74_112_5")[:2] == ["14,288", "48,178"]
    assert {"read.numbers_undecidable", "read.page_of_more"} <= codes(reading)


def test_the_road_register_is_a_map_of_its_rows(reader: Reader, shared_data: Path) -> None:
    reading = reading_of(reader, shared_data, "opd_bojonegoro/ruas_jalan_2022.kml")
    assert reading.geojson is not None
    assert reading.geojson.read_text("utf-8").count('"type":"Feature"') == 242
    assert column(reading.tables[0], "lebarm")[0] == "5"
    assert column(reading.tables[0], "perkerasan").count("") == 67
