"""The true header below titles and above numbers: one level or several, with merges or gaps, or none at all."""

from __future__ import annotations

from datetime import date

from read_tables import Reader, codes, only, rows_of, titles, types


def test_title_rows_become_the_title_and_not_the_header(reader: Reader) -> None:
    text = "PEMERINTAH KABUPATEN\nDATA PENDUDUK TAHUN 2024\n\nNo;Kecamatan;Jumlah\n1;Ngraho;45\n2;Malo;30\n"
    table = only(reader.text(text))
    assert (table.header_row, table.rows) == (4, 2)
    assert table.title == "PEMERINTAH KABUPATEN DATA PENDUDUK TAHUN 2024"


def test_padded_title_rows_are_title_rows_too(reader: Reader) -> None:
    text = "DATA SEKOLAH,,,\n,,,\nKecamatan,SD,SMP,SMA\nNgraho,20,5,2\nMalo,18,4,1\n"
    table = only(reader.text(text))
    assert (table.header_row, table.title) == (3, "DATA SEKOLAH")


def test_a_two_level_header_with_gaps_is_joined(reader: Reader) -> None:
    text = "Kecamatan;Penduduk;;Jumlah\n;Laki-laki;Perempuan;\nNgraho;10;12;22\nMalo;9;8;17\n"
    reading = reader.text(text)
    assert titles(only(reading)) == ["Kecamatan", "Penduduk / Laki-laki", "Penduduk / Perempuan", "Jumlah"]
    assert only(reading).header_row == 2
    assert "read.header_joined" in codes(reading)


def test_merged_cells_spread_only_as_far_as_they_are_merged(reader: Reader) -> None:
    rows = [
        ["Kode", "Kab/Kota", None, None, 2023, None, 2024, None],
        [None, None, "Q3", "Q4", "Q1", "Q2", "Q1", "Q2"],
        [3301, "Cilacap", 1.5, 2.5, 3.5, 4.5, 5.5, 6.5],
        [3302, "Banyumas", 1.5, 2.5, 3.5, 4.5, 5.5, 6.5],
    ]
    table = only(reader.sheet(rows, merge=["A1:A2", "B1:B2", "E1:F1", "G1:H1"]))
    assert titles(table) == ["Kode", "Kab/Kota", "Q3", "Q4", "2023 / Q1", "2023 / Q2", "2024 / Q1", "2024 / Q2"]
    assert [made.name for made in table.columns][4] == "tahun_2023_q1"


def test_three_levels_are_joined_and_their_row_of_numbers_dropped(reader: Reader) -> None:
    rows = [
        ["LAPORAN REALISASI"],
        [],
        ["Uraian", "Belanja", None, None, None],
        [None, "Operasi", None, "Modal", None],
        [None, "Anggaran", "Realisasi", "Anggaran", "Realisasi"],
        ["1", "2", "3", "4", "5"],
        ["Dinas A", 100.0, 50.0, 20.0, "0,00"],
        ["Dinas B", 200.0, 70.0, 30.0, 10.0],
    ]
    reading = reader.sheet(rows, merge=["A1:E1", "A3:A5", "B3:E3", "B4:C4", "D4:E4"])
    table = only(reading)
    assert titles(table)[1] == "Belanja / Operasi / Anggaran"
    assert (table.header_row, table.rows) == (5, 2)
    assert rows_of(table)[0] == ["Dinas A", "100", "50", "20", "0.00"]
    assert "read.numbering_row" in codes(reading)


def test_a_text_over_all_columns_is_the_title_with_its_unit(reader: Reader) -> None:
    text = (
        "Lapangan Usaha,,\n,PDRB Menurut Lapangan Usaha (Miliar Rupiah),\n,Triwulan I,Triwulan II\n"
        "Pertanian,10.25,11.5\nIndustri,20.75,21.5\nPerdagangan,1.25,1.5\n"
    )
    table = only(reader.text(text))
    assert table.title == "PDRB Menurut Lapangan Usaha (Miliar Rupiah)"
    assert titles(table) == ["Lapangan Usaha", "Triwulan I", "Triwulan II"]
    assert [made.unit for made in table.columns] == [None, "miliar rupiah", "miliar rupiah"]


def test_years_as_heads_are_a_header_and_not_data(reader: Reader) -> None:
    rows = [["Tahun", 2019, 2020, 2021], ["ACEH", 71.9, 71.99, 72.18], ["RIAU", 73.0, 72.71, 72.94]]
    table = only(reader.sheet(rows))
    assert titles(table) == ["Tahun", "2019", "2020", "2021"]
    assert [made.name for made in table.columns] == ["tahun", "tahun_2019", "tahun_2020", "tahun_2021"]
    assert table.rows == 2


def test_years_over_figures_that_look_like_years_are_still_the_header(reader: Reader) -> None:
    text = "Kecamatan,2021,2022,2023\nNgraho,1950,2003,2050\nMalo,1980,1999,2011\n"
    table = only(reader.text(text))
    assert (table.header_row, table.rows) == (1, 2)
    assert types(table)["tahun_2021"] == "integer"


def test_a_table_without_a_header_gets_field_names(reader: Reader) -> None:
    reading = reader.text("Kabupaten Pacitan;370643\nKabupaten Ponorogo;413619\nKabupaten Ngawi;41361\n")
    assert [made.name for made in only(reading).columns] == ["field1", "field2"]
    assert (only(reading).header_row, only(reading).rows) == (0, 3)
    assert "read.header_missing" in codes(reading)


def test_a_list_of_names_and_values_has_no_header(reader: Reader) -> None:
    rows = [["NAMA", "Data Keluarga"], ["SUBJEK", "2"], ["STATUS", "1"], ["DESKRIPSI", "Pendataan"], ["OLEH", "BPS"]]
    assert only(reader.sheet(rows)).header_row == 0


def test_a_table_of_words_has_its_first_full_row_as_header(reader: Reader) -> None:
    text = "DAFTAR DATA PRIORITAS,,\nPenghasil,Nama Data,Jadwal\nDinas A,Jumlah sekolah,Januari n+1\nDinas B,Luas,***\n"
    table = only(reader.text(text))
    assert (titles(table), table.rows, table.title) == (
        ["Penghasil", "Nama Data", "Jadwal"],
        2,
        "DAFTAR DATA PRIORITAS",
    )


def test_codes_of_a_questionnaire_are_the_header_s_last_level(reader: Reader) -> None:
    rows = [
        [None, "III. PERUMAHAN", None, None, None, None, None],
        ["no kartu", "301a", "301b", "302", "303", "304", "305"],
        ["x", 1, 3, 2, 4, 5, 6],
        ["y", 1, 2, 2, 4, 5, 6],
    ]
    table = only(reader.sheet(rows))
    assert (table.header_row, table.rows) == (2, 2)


def test_columns_without_anything_are_dropped_and_columns_without_titles_kept(reader: Reader) -> None:
    rows = [["ID", None, "Kabupaten", None, "IPM"], ["01", None, "Pacitan", None, 65.74], ["02", None, "Blitar", 7, 68]]
    reading = reader.sheet(rows)
    assert [made.name for made in only(reading).columns] == ["id", "kabupaten", "field4", "ipm"]
    assert {"read.blank_columns", "read.header_blank"} <= codes(reading)


def test_an_indented_list_under_one_title_is_one_column(reader: Reader) -> None:
    rows = [
        ["KODE", "URAIAN", None, None, "ANGGARAN"],
        ["4", "PENDAPATAN", None, None, 10],
        ["4.1", None, "PAD", None, 4],
        ["4.1.1", None, None, "Pajak", 4],
        ["4.2", None, "TRANSFER", None, 6],
    ]
    reading = reader.sheet(rows, merge=["B1:D1"])
    assert [row[1] for row in rows_of(only(reading))] == ["PENDAPATAN", "PAD", "Pajak", "TRANSFER"]
    assert "read.columns_coalesced" in codes(reading)


def test_a_heading_among_data_does_not_become_a_header(reader: Reader) -> None:
    text = "Uraian;Target;Realisasi\nBidang Pendidikan;;\nAPK SD;100;98\nAPK SMP;95;90\n"
    table = only(reader.text(text))
    assert (table.header_row, table.rows) == (1, 3)


def test_a_row_that_counts_up_by_chance_is_data(reader: Reader) -> None:
    text = "Kecamatan;SD;SMP;SMA;SMK\nNgraho;1;2;3;4\nMalo;1;2;3;4\n"
    assert only(reader.text(text)).rows == 2


def test_days_of_the_month_are_a_header_level_and_not_column_numbers(reader: Reader) -> None:
    days = ";".join(map(str, range(1, 32)))
    rows = "".join(f"{name};{';'.join(str((n * 7 + at) % 23) for n in range(31))}\n" for at, name in enumerate("ABCDE"))
    table = only(reader.text(f"CURAH HUJAN\nKecamatan;{days}\n{rows}"))
    assert (table.header_row, table.rows, titles(table)[:3]) == (2, 5, ["Kecamatan", "1", "2"])
    levels = only(reader.text(f"Kecamatan;Tanggal{';' * 30}\n;{days}\n{rows}"))
    assert (levels.header_row, levels.rows, titles(levels)[1]) == (2, 5, "Tanggal / 1")


def test_dates_as_heads_are_a_header_over_figures(reader: Reader) -> None:
    rows = [["Komoditas", date(2024, 1, 1), date(2024, 2, 1)], ["Beras", 12000, 12500], ["Gula", 17000, 17100]]
    table = only(reader.sheet(rows))
    assert (titles(table), table.rows) == (["Komoditas", "2024-01-01", "2024-02-01"], 2)


def test_a_first_row_of_marks_for_nothing_is_data(reader: Reader) -> None:
    table = only(reader.text("Kecamatan;SD;SMP\nNgraho;-;-\nMalo;5;2\nGayam;7;3\n"))
    assert (table.header_row, rows_of(table)[0]) == (1, ["Ngraho", "", ""])


def test_a_first_row_without_figures_is_data(reader: Reader) -> None:
    table = only(reader.text("Kecamatan;SD;SMP\nNgraho;;\nMalo;5;2\nGayam;7;3\n"))
    assert (table.header_row, table.rows) == (1, 3)


def test_years_with_footnote_marks_are_heads(reader: Reader) -> None:
    table = only(reader.text("Sektor;2021;2022*;2023**\nPertanian;1,5;2,5;3,5\nIndustri;2,5;3,5;4,5\n"))
    assert [made.name for made in table.columns] == ["sektor", "tahun_2021", "tahun_2022", "tahun_2023"]


def test_line_breaks_in_heads_are_blanks(reader: Reader) -> None:
    assert (
        titles(only(reader.sheet([["Kecamatan", "Jumlah\nPenduduk"], ["Ngraho", 5], ["Malo", 6]])))[1]
        == "Jumlah Penduduk"
    )


def test_a_bilingual_table_of_the_statistics_office_is_understood(reader: Reader) -> None:
    text = (
        "Tabel 3.1.1 Penduduk Menurut Kecamatan, 2023;;\nTable 3.1.1 Population by Subdistrict, 2023;;\n"
        "Kecamatan/Subdistrict;Penduduk/Population (ribu);Kepadatan per km2\n(1);(2);(3)\n"
        "1 Margomulyo;24,5;172\n2 Ngraho;45,25;…\n3 Tambakrejo;55,1;260\n"
        "4 Ngambon;11,5;244\n5 Sekar;27,25;211\nBojonegoro;163,6;230\n"
        "Catatan/Note: angka sementara;;\nSumber/Source: BPS;;\n"
    )
    table = only(reader.text(text))
    assert (table.header_row, table.rows, len(table.notes)) == (3, 5, 2)
    assert types(table)["penduduk_population_ribu"] == "number"


def test_units_under_the_titles_join_them(reader: Reader) -> None:
    text = "Kecamatan;Luas;Produksi\n;(ha);(ton)\nNgraho;12;30\nMalo;15;33\n"
    table = only(reader.text(text))
    assert titles(table) == ["Kecamatan", "Luas (ha)", "Produksi (ton)"]
    assert [made.unit for made in table.columns] == [None, "ha", "ton"]


def test_several_tables_on_a_sheet_are_read_each_by_itself(reader: Reader) -> None:
    rows = [
        ["Tabel Jagung"],
        ["Tahun", "Luas (ha)", "Produksi (ton)"],
        [2022, 10, 50],
        [2023, 11, 55],
        [],
        ["Tabel Kedelai"],
        ["Tahun", "Luas (ha)", "Produksi (ton)"],
        [2022, 3, 4],
        [2023, 5, 6],
        ["Sumber: Dinas Pertanian"],
    ]
    reading = reader.sheet(rows)
    assert [(table.title, table.rows) for table in reading.tables] == [("Tabel Jagung", 2), ("Tabel Kedelai", 2)]
    assert reading.tables[1].notes == ("Sumber: Dinas Pertanian",)
    assert len({table.name for table in reading.tables}) == 2
    assert "read.several_tables" in codes(reading)


def test_data_after_a_gap_belong_to_the_same_table(reader: Reader) -> None:
    text = "Kecamatan,Jumlah\nNgraho,10\nMalo,20\n\nKalitidu,30\nGayam,40\n"
    assert only(reader.text(text)).rows == 4
