"""What a column's cells are, decided from all of them: numbers in either style, dates, codes, years, truth, marks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from read_tables import Reader, codes, column, only, types

from metadata.reading.table import Reading


def a_column(reader: Reader, *cells: str, title: str = "Nilai", **hints: object) -> Reading:
    rows = "".join(f"baris {n}\t{cell}\n" for n, cell in enumerate(cells))
    return reader.text(f"Uraian\t{title}\n{rows}", **hints)


def read_as(reading: Reading) -> tuple[str, list[str]]:
    table = only(reading)
    return table.columns[1].type, column(table, table.columns[1].name)


@pytest.mark.parametrize(
    ("cells", "kind", "values"),
    [
        (("1.234,5", "2.000", "12"), "number", ["1234.5", "2000", "12"]),
        (("1.234.567", "1.000", "5"), "integer", ["1234567", "1000", "5"]),
        (("1,234.5", "2,000", "12"), "number", ["1234.5", "2000", "12"]),
        (("12.5", "1.234", "3"), "number", ["12.5", "1.234", "3"]),
        (("Rp 1.500.000,00", "Rp 250.000,00"), "number", ["1500000.00", "250000.00"]),
        (("12,5%", "100%", "7 %"), "number", ["12.5", "100", "7"]),
        (("(1.500)", "2.500,5", "-3"), "number", ["-1500", "2500.5", "-3"]),
        (("1.234 *)", "2.345,6**", "12 r"), "number", ["1234", "2345.6", "12"]),
        (("12345", "1.234", "99999"), "number", ["12345", "1.234", "99999"]),
        (("0.5", "0.25"), "number", ["0.5", "0.25"]),
        (("1.5E+3", "2.5"), "number", ["1500", "2.5"]),
        (("1 234 567", "12"), "integer", ["1234567", "12"]),
    ],
)
def test_the_style_of_figures_is_proved_by_the_column(
    reader: Reader, cells: tuple[str, ...], kind: str, values: list[str]
) -> None:
    assert read_as(a_column(reader, *cells)) == (kind, values)


def test_a_point_before_three_digits_is_thousands_by_custom_and_said(reader: Reader) -> None:
    reading = a_column(reader, "1.234", "56.789", "12")
    assert read_as(reading) == ("integer", ["1234", "56789", "12"])
    notice = next(n for n in only(reading).repairs if n.code == "read.numbers_by_custom")
    assert (notice.params["example"], notice.params["value"]) == ("1.234", "1234")


def test_another_column_decides_what_one_cannot(reader: Reader) -> None:
    english = reader.text("Kec\tLuas\tRasio\nA\t1.234\t1.5\nB\t2.345\t2.25\n")
    assert types(only(english))["luas"] == "number"
    assert "read.numbers_by_file" in codes(english)
    indonesian = reader.text("Kec\tLuas\tHarga\nA\t1,234\t1.500,5\nB\t2,345\t2.250,5\n")
    assert column(only(indonesian), "luas") == ["1.234", "2.345"]


def test_a_ratio_or_coordinate_has_decimals_not_thousands(reader: Reader) -> None:
    assert read_as(a_column(reader, "1.234", "2.345", title="Rasio"))[1] == ["1.234", "2.345"]
    assert read_as(a_column(reader, "112.345", "111.888", title="longitude"))[0] == "number"


def test_what_nothing_decides_stays_text_and_says_both_readings(reader: Reader) -> None:
    reading = a_column(reader, "14,288", "48,178", "28,734")
    assert read_as(reading) == ("string", ["14,288", "48,178", "28,734"])
    notice = next(n for n in only(reading).repairs if n.code == "read.numbers_undecidable")
    assert (notice.params["first"], notice.params["second"]) == ("14288", "14.288")


def test_a_declared_type_decides_what_nothing_else_does(reader: Reader) -> None:
    assert read_as(a_column(reader, "14,288", "48,178", types={"nilai": "number"})) == ("number", ["14.288", "48.178"])


def test_comma_and_point_in_one_column_are_each_read_as_written(reader: Reader) -> None:
    reading = a_column(reader, "12,5", "13.5", "1.234,5")
    assert read_as(reading) == ("number", ["12.5", "13.5", "1234.5"])
    assert "read.numbers_mixed" in codes(reading)


def test_marks_for_nothing_become_empty_and_are_counted(reader: Reader) -> None:
    reading = a_column(reader, "1", "-", "–", "...", "n/a", "NA", "tidak ada data", "#REF!", "9")
    assert read_as(reading) == ("integer", ["1", *[""] * 7, "9"])
    assert set(only(reading).columns[1].missing) == {"-", "–", "...", "n/a", "NA", "tidak ada data", "#REF!"}
    assert next(n for n in only(reading).repairs if n.code == "read.missing_marks").params["count"] == 7


def test_among_words_only_sure_marks_are_nothing(reader: Reader) -> None:
    reading = a_column(reader, "NA", "-", "***", "Aspal", "nihil")
    assert read_as(reading) == ("string", ["NA", "", "***", "Aspal", "nihil"])


@pytest.mark.parametrize(
    ("cells", "title"),
    [
        (("01", "02", "10"), "Nomor"),
        (("3501", "3502", "3578"), "kode_kabupaten_kota"),
        (("62165", "62152"), "postCode"),
        (("20505123", "20505124"), "NPSN"),
        (("8888000000000001", "8888000000000002"), "Angka"),
        (("3522010001", "3522010002", "3522010003", "3522020001", "3522020002"), "Wilayah"),
        (("5.1.02", "5.1.02.01", "4"), "Rekening"),
        (("081234567", "0353"), "Telp"),
    ],
)
def test_codes_stay_text(reader: Reader, cells: tuple[str, ...], title: str) -> None:
    assert read_as(a_column(reader, *cells, title=title)) == ("string", list(cells))


@pytest.mark.parametrize("title", ["Jumlah KK", "KK Miskin", "Jumlah", "Nilai Kode"])
def test_counts_are_no_codes(reader: Reader, title: str) -> None:
    assert read_as(a_column(reader, "123", "456", title=title))[0] == "integer"


def test_amounts_of_one_length_are_no_codes(reader: Reader) -> None:
    amounts = ("6915012900", "8002269316", "7526389883", "8080329000", "1587376000")
    assert read_as(a_column(reader, *amounts, title="2016"))[0] == "integer"


def test_a_code_ruined_by_a_spreadsheet_gets_its_form_back(reader: Reader) -> None:
    reading = a_column(reader, "3201.0", "3202.0", title="kode_kabupaten")
    assert read_as(reading) == ("string", ["3201", "3202"])
    assert "read.codes_point_zero" in codes(reading)


def test_years_are_years_under_their_name_only(reader: Reader) -> None:
    assert read_as(a_column(reader, "2019", "2020", "2024", title="Tahun"))[0] == "year"
    assert read_as(a_column(reader, "2019.0", "2020.0", title="tahun")) == ("year", ["2019", "2020"])
    assert read_as(a_column(reader, "1950", "2003", "2050", title="Jumlah"))[0] == "integer"
    assert read_as(a_column(reader, "1", "2", "3", title="Tahun ke"))[0] == "integer"
    assert read_as(a_column(reader, "2019", "2020/2021", title="Tahun Ajaran"))[0] == "string"


@pytest.mark.parametrize(
    ("cells", "kind", "values"),
    [
        (("17 Agustus 2024", "1 Mei 2023", "-"), "date", ["2024-08-17", "2023-05-01", ""]),
        (("17/08/2024", "03/04/2024"), "date", ["2024-08-17", "2024-04-03"]),
        (("08/17/2024", "03/04/2024"), "date", ["2024-08-17", "2024-03-04"]),
        (("2024-08-17", "2023-01-01"), "date", ["2024-08-17", "2023-01-01"]),
        (("2025-07-28 01:51:23", "2025-07-28 02:00"), "datetime", ["2025-07-28T01:51:23", "2025-07-28T02:00:00"]),
        (("17/08/2024 07:30", "18/08/2024"), "datetime", ["2024-08-17T07:30:00", "2024-08-18T00:00:00"]),
        (("07:30", "23:59:59"), "time", ["07:30:00", "23:59:59"]),
        (("2023-01", "2023-02"), "string", ["2023-01", "2023-02"]),
        (("2024-Q1", "2024-Q2"), "string", ["2024-Q1", "2024-Q2"]),
        (("31/02/2024", "01/02/2024"), "string", ["31/02/2024", "01/02/2024"]),
        (("2025-07-28T01:51:23Z", "2025-07-28T01:51:24Z"), "string", ["2025-07-28T01:51:23Z", "2025-07-28T01:51:24Z"]),
    ],
)
def test_dates_become_iso_dates_or_stay_text(
    reader: Reader, cells: tuple[str, ...], kind: str, values: list[str]
) -> None:
    assert read_as(a_column(reader, *cells, title="Tanggal")) == (kind, values)


def test_an_order_of_day_and_month_that_is_not_proved_is_said(reader: Reader) -> None:
    assert "read.dates_guessed" in codes(a_column(reader, "03/04/2024", "05/06/2024"))
    assert "read.dates_guessed" not in codes(a_column(reader, "03/04/2024", "25/06/2024"))


def test_truth_is_read_only_when_it_is_clear(reader: Reader) -> None:
    assert read_as(a_column(reader, "Ya", "Tidak", "ya")) == ("boolean", ["true", "false", "true"])
    assert read_as(a_column(reader, "TRUE", "TRUE")) == ("boolean", ["true", "true"])
    assert read_as(a_column(reader, "Ya", "Ya"))[0] == "string"
    assert read_as(a_column(reader, "Ya", "Tidak", "Kadang"))[0] == "string"
    assert read_as(a_column(reader, "0", "1"))[0] == "integer"


def test_a_word_among_figures_keeps_the_column_text_and_is_told(reader: Reader) -> None:
    reading = a_column(reader, *map(str, range(40)), "rusak")
    assert read_as(reading)[0] == "string"
    notice = next(n for n in only(reading).repairs if n.code == "read.figures_and_words")
    assert (notice.place.row, notice.params["examples"]) == (42, ("rusak",))


def test_a_declared_type_that_does_not_fit_is_refused_and_said(reader: Reader) -> None:
    reading = a_column(reader, "1", "dua", types={"nilai": "integer"})
    assert read_as(reading) == ("string", ["1", "dua"])
    assert next(n.params["type"] for n in only(reading).repairs if n.code == "read.type_refused") == "integer"
    assert "read.type_refused" in codes(a_column(reader, "1,5", "2", types={"nilai": "integer"}))
    assert "read.type_refused" in codes(a_column(reader, "1812", "3", types={"nilai": "year"}))


def test_a_declared_string_is_left_alone(reader: Reader) -> None:
    assert read_as(a_column(reader, "1.234,5", "7", types={"nilai": "string"})) == ("string", ["1.234,5", "7"])


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("Jumlah Penduduk (jiwa)", "jiwa"),
        ("Persentase (%)", "persen"),
        ("Pendapatan (dalam juta rupiah)", "juta rupiah"),
        ("luas_km2", "km²"),
        ("Produksi (ton) 2024", "ton"),
        ("IPM (Hasil Long Form SP2020)", None),
        ("Jumlah", None),
    ],
)
def test_units_are_taken_from_the_title(reader: Reader, title: str, unit: str | None) -> None:
    assert only(a_column(reader, "1,5", "2,5", title=title)).columns[1].unit == unit


def test_figures_in_rupiah_and_per_cent_bring_their_unit(reader: Reader) -> None:
    assert only(a_column(reader, "Rp 1.500", "Rp 2.500")).columns[1].unit == "rupiah"
    assert only(a_column(reader, "1,5%", "2,5%")).columns[1].unit == "persen"


def test_the_unit_of_the_table_s_title_is_not_given_to_ratios_and_years(reader: Reader) -> None:
    text = "PENDAPATAN DAERAH (juta rupiah)\n\nTahun;PAD;Persentase\n2023;10;1\n2024;12;2\n2022;9;1\n"
    assert [made.unit for made in only(reader.text(text)).columns] == [None, "juta rupiah", "persen"]


def test_native_cells_of_a_workbook_are_read_as_they_are(reader: Reader) -> None:
    rows = [
        ["Tanggal", "Saat", "Jam", "Angka", "Bulat", "Benar", "Kode Desa"],
        [date(2024, 8, 17), datetime(2024, 8, 17, 7, 30), time(7, 30), 1.5, 3.0, True, 3522010001],  # noqa: DTZ001
        [date(2024, 8, 18), datetime(2024, 8, 18, 7, 30), time(8, 0), 0.1 + 0.2, 4, False, 3522010002],  # noqa: DTZ001
    ]
    table = only(reader.sheet(rows))
    assert list(types(table).values()) == ["date", "datetime", "time", "number", "integer", "boolean", "string"]
    assert table.path.read_text().splitlines()[2] == "2024-08-18,2024-08-18T07:30:00,08:00:00,0.3,4,false,3522010002"


def test_text_figures_among_native_ones_do_not_spoil_the_column(reader: Reader) -> None:
    table = only(reader.sheet([["Uraian", "Nilai"], ["a", 5220000], ["b", "5.220.000,00"], ["c", "0,00"]]))
    assert (types(table)["nilai"], column(table, "nilai")) == ("number", ["5220000", "5220000.00", "0.00"])


def test_a_column_of_a_hundred_thousand_figures_is_decided_by_its_last(reader: Reader) -> None:
    rows = "".join(f"{n};{n}.5\n" for n in range(100_000))
    assert types(only(reader.text(f"no;nilai\n{rows}100000;rusak\n")))["nilai"] == "string"
    assert types(only(reader.text(f"no;nilai\n{rows}100000;7\n")))["nilai"] == "number"


def test_whole_blocks_are_decided_like_single_cells(reader: Reader) -> None:
    """From 200 rows on a column is judged a block at a time; the result must not depend on it."""
    count = 400
    lines = ["wilayah\tangka\tindo\tinggris\ttanda\ttahun\tcampur"]
    for n in range(count):
        figures = f"{n},{n % 90 + 10}" if n else "1.234.567,5"
        mark = "-" if n % 7 == 0 else f"{n}.5"
        lines.append(f"35220{n:05d}\t{n * 7919}\t{figures}\t{n}.25\t{mark}\t{2000 + n % 25}\tn{n} teks")
    table = only(reader.text("\n".join(lines)))
    kinds = ["string", "integer", "number", "number", "number", "year", "string"]
    assert list(types(table).values()) == kinds
    assert column(table, "wilayah")[:2] == ["3522000000", "3522000001"]
    assert column(table, "indo")[:2] == ["1234567.5", "1.11"]
    assert column(table, "tanda")[7] == ""
    mixed = "".join(f"{n}\t{n * 1000003}\n" for n in range(count))
    assert types(only(reader.text(f"no\tpendapatan\n{mixed}")))["pendapatan"] == "integer"
    undecided = "".join(f"{n}\t{n % 900 + 100},{n % 900 + 100}\n" for n in range(count))
    assert types(only(reader.text(f"no\tluas\n{undecided}")))["luas"] == "string"


def test_dates_and_durations_among_words_are_written_readably(reader: Reader) -> None:
    rows = [
        ["Uraian", "Isi", "Ket"],
        ["a", date(2024, 8, 17), "x"],
        ["b", "lusa", "x"],
        ["c", timedelta(hours=30), "x"],
        ["d", datetime(2024, 8, 17, 7, 30), "x"],  # noqa: DTZ001
        ["e", time(7, 30), "x"],
        ["f", 2.5, "x"],
    ]
    values = ["2024-08-17", "lusa", "30:00:00", "2024-08-17T07:30:00", "07:30:00", "2.5"]
    assert column(only(reader.sheet(rows)), "isi") == values
