"""Rows below the header: data stay, and what is none goes out with its reason, its number and its words."""

from __future__ import annotations

import pytest
from read_tables import Reader, codes, column, only, rows_of

HEAD = "No;Kecamatan;Laki-laki;Perempuan\n1;Ngraho;10;12\n2;Malo;9;8\n3;Gayam;7;7\n4;Kalitidu;5;4\n5;Dander;3;3\n"


@pytest.mark.parametrize(
    "label",
    [
        *(
            "JUMLAH",
            "Jumlah",
            "TOTAL",
            "Total Kabupaten",
            "Jumlah Total",
            "Rata-rata",
            "Jumlah Kab. Bojonegoro",
            "Sub Total",
        ),
        "Jumlah/Total",
    ],
)
def test_a_total_row_goes_out_and_is_told_with_its_values(reader: Reader, label: str) -> None:
    reading = reader.text(f"{HEAD};{label};34;35\n")
    table = only(reading)
    assert (table.rows, table.dropped) == (5, ((7, "total"),))
    notice = next(notice for notice in table.repairs if notice.code == "read.total_row")
    assert (notice.place.row, notice.params["label"]) == (7, label)
    assert "34 35" in str(notice.params["values"])


def test_indicators_that_begin_with_jumlah_stay(reader: Reader) -> None:
    rows = "Jumlah Desa;419\nJumlah Kelurahan;11\nJumlah Kecamatan;28\nJumlah Penduduk;1366227\n"
    assert only(reader.text(f"Indikator;Nilai\n{rows}")).rows == 4


def test_a_class_called_jumlah_in_every_region_stays(reader: Reader) -> None:
    rows = "".join(f"{kind};{n};{n * 2}\n" for n in range(9) for kind in ("Laki-laki", "Jumlah"))
    assert only(reader.text(f"Jenis;Kode;Nilai\n{rows}")).rows == 18


def test_a_question_called_jumlah_stays(reader: Reader) -> None:
    text = "No,Pertanyaan,Kategori,Tipe\n58,Jenis,Alat,1\n59,Jumlah,Alat,3\n60,Umur,Alat,3\n"
    assert column(only(reader.text(text)), "pertanyaan") == ["Jenis", "Jumlah", "Umur"]


def test_a_region_below_its_parts_goes_out_when_it_is_their_sum(reader: Reader) -> None:
    reading = reader.text(f"{HEAD};Kabupaten Bojonegoro;34;34\n")
    assert only(reading).rows == 5
    assert "read.total_row" in codes(reading)


def test_a_region_below_its_parts_stays_when_its_rate_is_not_their_sum(reader: Reader) -> None:
    rates = "".join(f"Kabupaten {name};7{n}.5\n" for n, name in enumerate(("Pacitan", "Blitar", "Ngawi", "Tuban")))
    assert only(reader.text(f"Wilayah;IPM\n{rates}Jawa Timur;72.75\n")).rows == 5


def test_the_last_row_goes_out_under_any_name_when_all_of_it_is_the_sum(reader: Reader) -> None:
    rows = "Pertanian;1.5;2.5\nIndustri;2.5;3.5\nJasa;4.25;5.25\nProduk Domestik Regional Bruto;8.25;11.25\n"
    assert column(only(reader.text(f"Lapangan Usaha;I;II\n{rows}")), "lapangan_usaha")[-1] == "Jasa"


def test_a_register_keeps_its_upper_levels(reader: Reader) -> None:
    rows = "35;Jawa Timur;60\n35.01;Kab. Pacitan;10\n35.02;Kab. Ponorogo;20\n35.03;Kab. Trenggalek;30\n"
    assert only(reader.text(f"kode;nama;jumlah\n{rows}")).rows == 4


def test_notes_and_sources_become_notes(reader: Reader) -> None:
    notes = "\nSumber : Dinas Dukcapil;;;\nCatatan:;;;\nAngka sementara sampai Juni;;;\n*) diperbaiki;;;\n"
    table = only(reader.text(HEAD + notes))
    assert table.rows == 5
    assert table.notes == ("Sumber : Dinas Dukcapil", "Catatan:", "Angka sementara sampai Juni", "*) diperbaiki")


@pytest.mark.parametrize("name", ["Sumberrejo", "Sumber Agung", "Catatan Sipil", "Keterangan Usaha", "Camat", "Bupati"])
def test_a_place_or_office_that_begins_like_a_note_is_data(reader: Reader, name: str) -> None:
    rows = "Desa;Nama\nNgraho;Luwihaji\nMalo;Sudah\n"
    assert column(only(reader.text(f"{rows}{name};{name}\n")), "desa")[-1] == name
    assert column(only(reader.text(f"Nama;Kode;Jenis\nNgraho;1;a\nMalo;2;b\n{name};;\n")), "nama")[-1] == name


def test_subtotals_of_each_part_go_out(reader: Reader) -> None:
    text = "Kecamatan;Desa;Jumlah\nNgraho;A;5\n;B;6\nJumlah Kec. Ngraho;;11\nMalo;C;7\n;D;8\nJumlah Kec. Malo;;15\n"
    assert column(only(reader.text(text)), "desa") == ["A", "B", "C", "D"]


def test_an_indicator_that_names_desa_stays(reader: Reader) -> None:
    text = "Indikator;Nilai\nLuas Wilayah;12\nJumlah Desa Mandiri;5\nKepadatan;7\nPanjang Jalan;9\nTinggi;3\n"
    assert only(reader.text(text)).rows == 5


def test_a_signature_is_dropped_and_its_names_are_nowhere(reader: Reader) -> None:
    signature = "\n;;Bojonegoro, 17 Januari 2024;\n;;Kepala Dinas;\n;;NIP. 196501011990031001;\n"
    reading = reader.text(HEAD + signature)
    assert (only(reading).rows, only(reading).notes) == (5, ())
    assert "read.signature_rows" in codes(reading)


def test_a_region_without_figures_at_the_end_is_data(reader: Reader) -> None:
    assert column(only(reader.text(f"{HEAD};Temayang;;\n")), "kecamatan")[-1] == "Temayang"


def test_a_number_left_below_the_table_goes_out_and_is_told(reader: Reader) -> None:
    reading = reader.text(f"{HEAD};;;0.25809\n")
    assert only(reading).rows == 5
    assert "0.25809" in str(next(n for n in only(reading).repairs if n.code == "read.stray_row").params)


def test_a_year_without_its_figure_yet_is_data(reader: Reader) -> None:
    assert column(only(reader.text("Tahun;Nilai\n2022;5\n2023;6\n2024;\n")), "tahun") == ["2022", "2023", "2024"]


def test_headings_among_the_data_stay(reader: Reader) -> None:
    text = "Uraian;Target;Realisasi\nA. Pendidikan;;\nAPK;100;98\nB. Kesehatan;;\nAKI;50;40\n"
    assert column(only(reader.text(text)), "uraian") == ["A. Pendidikan", "APK", "B. Kesehatan", "AKI"]


def test_a_header_repeated_on_each_page_goes_out(reader: Reader) -> None:
    page = "1;Ngraho;10\n2;Malo;9\n"
    reading = reader.text(f"No;Kecamatan;Jumlah\n{page}No;Kecamatan;Jumlah\n(1);(2);(3)\n3;Gayam;7\n4;Dander;3\n")
    assert column(only(reading), "kecamatan") == ["Ngraho", "Malo", "Gayam", "Dander"]
    assert {"read.repeated_header", "read.numbering_row"} <= codes(reading)


def test_blank_rows_go_out_and_are_counted(reader: Reader) -> None:
    reading = reader.text("a;b\n1;2\n;\n \n3;4\n")
    assert rows_of(only(reading)) == [["1", "2"], ["3", "4"]]
    assert only(reading).dropped == ((3, "blank"), (4, "blank"))


def test_labels_merged_downwards_stand_in_each_row(reader: Reader) -> None:
    rows = [["Kecamatan", "Desa", "Jumlah"], ["Ngraho", "Luwihaji", 3], [None, "Nganti", 4], ["Malo", "Sudah", 5]]
    reading = reader.sheet(rows, merge=["A2:A3"])
    assert column(only(reading), "kecamatan") == ["Ngraho", "Ngraho", "Malo"]
    assert "read.merged_filled" in codes(reading)


def test_merged_figures_are_not_multiplied(reader: Reader) -> None:
    rows = [["Desa", "Bantuan"], ["Luwihaji", 300], ["Nganti", None], ["Sudah", 500]]
    assert column(only(reader.sheet(rows, merge=["B2:B3"])), "bantuan") == ["300", "", "500"]
