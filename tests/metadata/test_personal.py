"""Personal data found by header and by cell: where, never what; and statistics of regions left alone."""

from __future__ import annotations

import pytest

from metadata.notices import Notice, Place
from metadata.personal import (
    ACCOUNT,
    ADDRESS,
    BIRTH,
    EMAIL,
    NAME,
    NIK,
    PHONE,
    ColumnSigns,
    Sign,
    find_personal,
    sign_of,
    spans,
)

HERE = Place(file="uji.csv")


def words(*titles: str, present: int = 20) -> list[ColumnSigns]:
    return [ColumnSigns(title, present, wordy=True) for title in titles]


def codes(found: tuple[Notice, ...]) -> dict[str | None, str]:
    return {notice.place.column: notice.code for notice in found}


@pytest.mark.parametrize(
    ("cell", "sign"),
    [
        ("3522014107850001", Sign.NUMBER),  # a woman born on 1 July 1985
        ("NIK 3522011708450002 a.n. warga", Sign.NUMBER),
        ("9999000000000001", Sign.SIXTEEN),
        ("081234567890", Sign.PHONE),
        ("+62 812-3456-7890", Sign.PHONE),
        ("hubungi budi.s@gmail.com", Sign.EMAIL),
        ("diskominfo@bojonegorokab.go.id", None),
        ("35.22.01.2001", None),
        ("3522010001", None),
        ("2.16.2.20.2.21.01.0000", None),
        ("(0353) 881826", None),
        ("10810941900", None),
    ],
)
def test_a_cell_shows_what_it_is(cell: str, sign: Sign | None) -> None:
    assert sign_of(cell) is sign


def test_a_village_register_is_found_by_its_headers_though_its_numbers_are_masked() -> None:
    titles = ("alamat", "nama", "no_kk", "nik", "tempatlahir", "tanggallahir", "nama_ayah", "sex", "agama_id")
    assert codes(find_personal(words(*titles), HERE)) == {
        "alamat": ADDRESS,
        "nama": NAME,
        "no_kk": NIK,
        "nik": NIK,
        "tempatlahir": BIRTH,
        "tanggallahir": BIRTH,
        "nama_ayah": NAME,
    }


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("NIK", NIK),
        ("Nomor KK", NIK),
        ("403 NIK", NIK),
        ("Tgl. Lahir", BIRTH),
        ("Nama Penerima", NAME),
        ("Kepala Keluarga", NAME),
        ("namaIbu", NAME),
        ("No. HP", PHONE),
        ("No Rekening", ACCOUNT),
        ("NPWP", ACCOUNT),
        ("pelapor", NAME),
    ],
)
def test_one_header_of_a_person_is_enough(title: str, code: str) -> None:
    assert codes(find_personal(words("No", title), HERE)) == {title: code}


@pytest.mark.parametrize(
    "titles",
    [
        ("kode_provinsi", "nama_provinsi", "nama_kabupaten_kota", "jumlah_penduduk"),
        ("kode", "nama", "luas_km2"),
        ("Nama Jalan", "Kecamatan", "Panjang (m)"),
        ("nama desa", "Jumlah KK", "Kepala Keluarga Miskin"),
        ("Nama Sekolah", "NPSN", "Alamat", "Jumlah Siswa"),
        ("Nama Puskesmas", "Alamat", "Telepon"),
        ("Jenis Kelamin", "Umur", "Jumlah"),
        ("area_name", "latitude"),
        ("Nama OPD Penerima Hibah", "Nilai"),
    ],
)
def test_statistics_and_registers_of_places_are_left_alone(titles: tuple[str, ...]) -> None:
    columns = [ColumnSigns(title, 20, wordy=not title.startswith(("Jumlah", "Kepala"))) for title in titles]
    assert find_personal(columns, HERE) == ()


def test_a_header_over_figures_or_over_nothing_is_no_find() -> None:
    assert find_personal([ColumnSigns("Kepala Keluarga", 28, wordy=False)], HERE) == ()
    assert find_personal([ColumnSigns("NIK", 0, wordy=True)], HERE) == ()
    assert find_personal(words("Jumlah Penerima NIK"), HERE) == ()


def test_numbers_with_dates_inside_are_found_under_any_header_with_their_row() -> None:
    column = ColumnSigns("Keterangan", 40, wordy=True, signs={Sign.NUMBER: (3, 12)})
    (notice,) = find_personal([column], HERE)
    assert (notice.code, notice.place.row, notice.params["count"]) == (NIK, 12, 3)


def test_sixteen_digit_codes_that_have_a_date_by_chance_are_no_find() -> None:
    column = ColumnSigns("Kode Aset", 400, wordy=True, signs={Sign.NUMBER: (12, 3), Sign.SIXTEEN: (388, 2)})
    assert find_personal([column], HERE) == ()


def test_phones_and_mail_in_cells_are_found() -> None:
    phone = ColumnSigns("Kontak", 5, wordy=True, signs={Sign.PHONE: (2, 4)})
    mail = ColumnSigns("Surel", 5, wordy=True, signs={Sign.EMAIL: (1, 2)})
    assert codes(find_personal([phone, mail], HERE)) == {"Kontak": PHONE, "Surel": EMAIL}


def test_an_identity_number_in_a_note_is_found() -> None:
    (notice,) = find_personal(words("Kecamatan"), HERE, ["Petugas: NIK 3522011708450002"])
    assert notice.code == NIK


def test_a_find_never_says_what_it_found() -> None:
    column = ColumnSigns("Ket", 1, wordy=True, signs={Sign.NUMBER: (1, 2)})
    for notice in find_personal([column], HERE, ["3522011708450002"]):
        assert "3522011708450002" not in str(notice.as_dict())


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("NIK 3522 0141 0785 0001 milik warga", "3522 0141 0785 0001"),
        ("12 3522 0141 0785 0001 2024", "3522 0141 0785 0001"),
        ("352201.410785.0001 15", "352201.410785.0001"),
        ("10 20 30 40 50 60 70 35 22 01 41 07 85 0001", "35 22 01 41 07 85 0001"),
        ("telepon 0812-3456-7890", "0812-3456-7890"),
        ("tahun 2019 2020 2021 2022 2023", ""),
        ("12.345 67.890 1.234.567 8.901", ""),
        ("ppid@bojonegoro.go.id", ""),
    ],
)
def test_where_a_person_stands_in_a_running_text(text: str, hidden: str) -> None:
    assert [text[start:end] for start, end, _ in spans(text)] == ([hidden] if hidden else [])


def test_numbers_that_share_groups_hide_together() -> None:
    text = "3522 0141 0785 3522 0141 0785 0001"
    assert [(start, end) for start, end, _ in spans(text)] == [(0, len(text))]
