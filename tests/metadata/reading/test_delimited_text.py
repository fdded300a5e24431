"""Delimited text in every state in which offices hand it in."""

from __future__ import annotations

from pathlib import Path

import pytest
from read_tables import Reader, codes, column, only, rows_of, titles, types

from metadata.reading.errors import CellTooLong, EmptyFile, NoRows, TooManyColumns


def test_canonical_csv_is_as_the_contract_says(reader: Reader) -> None:
    table = only(reader.text("﻿Kode;Nama Desa;Luas\r\n01;  Ngraho, barat ;1.234,5\r\n02;;-\r\n"))
    assert table.path.read_bytes() == b'kode,nama_desa,luas\n01,"Ngraho, barat",1234.5\n02,,\n'
    assert (table.encoding, table.delimiter, table.header_row, table.rows) == ("utf-8", ";", 1, 2)
    assert table.columns[2].missing == ("-",)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_each_delimiter_is_found(reader: Reader, delimiter: str) -> None:
    lines = [("Kecamatan", "Uraian", "Jumlah"), ("Ngraho", "padi, jagung" if delimiter != "," else "padi", "12")] * 3
    reading = reader.text("\n".join(delimiter.join(line) for line in lines))
    assert only(reading).delimiter == delimiter
    assert len(only(reading).columns) == 3
    assert reading.format == ("tsv" if delimiter == "\t" else "csv")


def test_prose_with_commas_does_not_beat_the_true_delimiter(reader: Reader) -> None:
    rows = [f"{n};Pembangunan jalan, jembatan, dan saluran air;{n * 3}" for n in range(1, 20)]
    assert only(reader.text("No;Kegiatan;Nilai\n" + "\n".join(rows))).delimiter == ";"


@pytest.mark.parametrize(
    ("encoding", "named"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1252", "cp1252")]
)
def test_each_encoding_is_found(reader: Reader, encoding: str, named: str) -> None:
    table = only(reader.text("nama;nilai\nKafé – “Jaya”;1,5\nB;2,5\n".encode(encoding)))
    assert table.encoding == named
    assert column(table, "nama") == ["Kafé – “Jaya”", "B"]


def test_utf_16_without_a_mark_is_found_by_its_zeros(reader: Reader) -> None:
    table = only(reader.text("kode;nama\n1;satu\n2;dua\n".encode("utf-16-le")))
    assert rows_of(table) == [["1", "satu"], ["2", "dua"]]


def test_a_windows_letter_far_down_the_file_is_not_taken_for_utf_8(reader: Reader) -> None:
    content = "nama,nilai\n" + "".join(f"desa {n},{n}\n" for n in range(30_000)) + "Kafé,1\n"
    reading = reader.text(content.encode("cp1252"))
    assert column(only(reading), "nama")[-1] == "Kafé"
    assert "read.encoding_found" in codes(reading)


def test_one_broken_byte_does_not_turn_utf_8_into_something_else(reader: Reader) -> None:
    reading = reader.text(b"nama\n" + "Kafé Déjà\n".encode() * 40 + b"rusak \xff\n")
    assert column(only(reading), "nama")[0] == "Kafé Déjà"
    assert "read.bytes_replaced" in codes(reading)


def test_a_wrongly_declared_encoding_is_overruled_and_said(reader: Reader) -> None:
    reading = reader.text("nama;nilai\nKafé;1\n".encode("cp1252"), encoding="utf-8")
    assert column(only(reading), "nama") == ["Kafé"]
    assert "read.encoding_wrong" in codes(reading)


def test_a_rightly_declared_encoding_is_taken(reader: Reader) -> None:
    reading = reader.text("nama;nilai\nŠaška;1\n".encode("iso8859-2"), encoding="iso8859-2")
    assert column(only(reading), "nama") == ["Šaška"]
    assert codes(reading) == set()


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_each_line_ending_is_understood(reader: Reader, newline: str) -> None:
    assert rows_of(only(reader.text(newline.join(["a,b", "1,2", "3,4", ""])))) == [["1", "2"], ["3", "4"]]


def test_the_sep_line_of_excel_is_obeyed_and_rows_are_counted_with_it(reader: Reader) -> None:
    reading = reader.text("sep=;\nKecamatan;Jumlah\nNgraho;1,5\n")
    assert (only(reading).delimiter, only(reading).header_row) == (";", 2)
    assert "read.separator_line" in codes(reading)


def test_short_and_long_rows_lose_nothing(reader: Reader) -> None:
    reading = reader.text("a,b,c\n1,2\n3,4,5,6\n7,8,9\n")
    assert rows_of(only(reading)) == [["1", "2", "", ""], ["3", "4", "5", "6"], ["7", "8", "9", ""]]
    assert {"read.rows_short", "read.rows_long", "read.header_blank"} <= codes(reading)
    short = next(notice for notice in only(reading).repairs if notice.code == "read.rows_short")
    assert short.params["count"] == 1


def test_an_unquoted_comma_in_a_cell_spoils_its_own_row_only(reader: Reader) -> None:
    table = only(reader.text("nama,alamat,jumlah\nSDN 1,Jl. Veteran No. 5,120\nSDN 2,Jl. Raya, Ngraho,130\n"))
    assert (table.header_row, table.rows) == (1, 2)
    assert rows_of(table)[0] == ["SDN 1", "Jl. Veteran No. 5", "120", ""]


def test_a_long_row_far_down_a_streamed_file_gets_its_columns(reader: Reader) -> None:
    rows = "".join(f"{n},desa {n}\n" for n in range(60_000))
    table = only(reader.text(f"no,nama\n{rows}60000,akhir,lebih\n"))
    assert table.rows == 60_001
    assert rows_of(table)[-1] == ["60000", "akhir", "lebih"]
    assert rows_of(table)[0] == ["0", "desa 0", ""]


def test_an_unclosed_quote_swallows_no_rows(reader: Reader) -> None:
    rows = "".join(f"{n},desa {n},{n * 2}\n" for n in range(300))
    reading = reader.text(f'no,nama,nilai\n1000,"Ngraho,5\n{rows}')
    table = only(reading)
    assert table.rows == 301
    assert rows_of(table)[0] == ["1000", "Ngraho", "5"]
    assert next(notice.place.row for notice in reading.notices if notice.code == "read.quote_unclosed") == 2


def test_a_quoted_cell_may_go_over_several_lines(reader: Reader) -> None:
    table = only(reader.text('no,catatan\n1,"baris satu\r\nbaris dua"\n2,"ia berkata ""ya"""\n'))
    assert rows_of(table) == [["1", "baris satu\nbaris dua"], ["2", 'ia berkata "ya"']]


def test_lines_quoted_as_a_whole_are_unwrapped(reader: Reader) -> None:
    reading = reader.text('"no,nama,nilai"\n"1,""Ngraho, barat"",3"\n"2,Malo,4"\n')
    assert rows_of(only(reading)) == [["1", "Ngraho, barat", "3"], ["2", "Malo", "4"]]
    assert "read.lines_quoted_whole" in codes(reading)


def test_null_bytes_are_taken_out(reader: Reader) -> None:
    reading = reader.text("nama,nilai\nNgra\x00ho,1\nMalo,2\n")
    assert column(only(reading), "nama") == ["Ngraho", "Malo"]
    assert "read.nuls_removed" in codes(reading)


def test_invisible_signs_and_edges_are_tidied_and_said(reader: Reader) -> None:
    reading = reader.text("nama,nilai\n\u00a0 Ngraho\u200b ,1\nMalo\u00a0Kota,2\n")
    assert column(only(reading), "nama") == ["Ngraho", "Malo Kota"]
    assert "read.blanks_trimmed" in codes(reading)


@pytest.mark.parametrize("content", ["", " \n\n ;;;\n\t\n", '""\n'])
def test_nothing_at_all_is_an_empty_file(reader: Reader, content: str) -> None:
    with pytest.raises(EmptyFile):
        reader.text(content)


def test_a_header_alone_is_no_rows(reader: Reader) -> None:
    with pytest.raises(NoRows):
        reader.text("kode,nama,jumlah\n")


def test_two_thousand_columns_are_refused_with_their_number(reader: Reader) -> None:
    line = ",".join(f"k{n}" for n in range(2000))
    with pytest.raises(TooManyColumns) as refused:
        reader.text(f"{line}\n{','.join('1' * 2000)}\n")
    assert refused.value.notice.params["count"] == 2000


def test_a_cell_of_fifty_megabytes_is_refused_with_its_row(reader: Reader) -> None:
    with pytest.raises(CellTooLong) as refused:
        reader.text(b'a,b\n1,"' + b"x" * 50_000_000 + b'"\n')
    assert refused.value.notice.place.row == 2


def test_repeated_titles_are_numbered_and_said(reader: Reader) -> None:
    reading = reader.text("Nama,Nilai,Nilai\nA,1,2\nB,3,4\n")
    assert [made.name for made in only(reading).columns] == ["nama", "nilai", "nilai_2"]
    assert titles(only(reading)) == ["Nama", "Nilai", "Nilai"]
    assert "read.header_duplicate" in codes(reading)


def test_a_declared_delimiter_and_header_row_are_obeyed(reader: Reader) -> None:
    reading = reader.text("Laporan|2024\nkode|nama\n1|a\n2|b\n", delimiter="|", header_row=2)
    assert titles(only(reading)) == ["kode", "nama"]
    assert rows_of(only(reading)) == [["1", "a"], ["2", "b"]]


def test_a_declared_header_row_counts_the_sep_line_as_reading_does(reader: Reader) -> None:
    table = only(reader.text("sep=;\nLaporan;x\nkode;nama\n1;a\n2;b\n", header_row=3))
    assert (table.header_row, titles(table)) == (3, ["kode", "nama"])


def test_a_declared_delimiter_that_is_not_there_is_overruled_and_said(reader: Reader) -> None:
    reading = reader.text("kode;nama\n1;a\n", delimiter="|")
    assert only(reading).delimiter == ";"
    assert "read.delimiter_wrong" in codes(reading)


def test_prose_is_published_as_the_file_it_is(reader: Reader) -> None:
    reading = reader.text("Dengan hormat kami sampaikan laporan kegiatan bulan ini kepada Bapak.\n" * 9, "surat.txt")
    assert (reading.tables, reading.format) == ((), "txt")
    assert "read.not_a_table" in codes(reading)


def test_a_list_of_one_column_is_a_table(reader: Reader) -> None:
    table = only(reader.text("Nama Kecamatan\nNgraho\nTambakrejo\n"))
    assert (titles(table), table.rows) == (["Nama Kecamatan"], 2)


def test_a_large_file_is_streamed_and_sorted_out_like_a_small_one(reader: Reader, tmp_path: Path) -> None:
    lines = ["LAPORAN LUAS PANEN,,", "", "Kecamatan,Tahun,Luas (ha)"]
    lines += [f"Kecamatan {n % 28},{2000 + n % 24},{n}.5" for n in range(60_000)]
    lines += ["JUMLAH,,1800000000", "", "Sumber: Dinas Pertanian,,"]
    table = only(reader.text("\n".join(lines)))
    assert (table.rows, table.header_row, table.title) == (60_000, 3, "LAPORAN LUAS PANEN")
    assert types(table) == {"kecamatan": "string", "tahun": "year", "luas_ha": "number"}
    assert table.notes == ("Sumber: Dinas Pertanian",)
    assert (60_004, "total") in table.dropped
