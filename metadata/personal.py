"""Personal data in tables: by the words of headers and by the look of cells. Says where, never what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from metadata.notices import Notice, Place, declare

NIK = declare(
    "personal.nik",
    id="Kolom ini memuat {count} NIK atau nomor kartu keluarga. Data perorangan tidak boleh diterbitkan (UU 27/2022).",
    en="This column holds {count} identity or family-card numbers. Data of persons must not be published (UU 27/2022).",
)
PHONE = declare(
    "personal.phone",
    id="Kolom ini memuat {count} nomor telepon genggam. Periksa apakah milik perorangan.",
    en="This column holds {count} mobile phone numbers. Check whether they are of persons.",
)
EMAIL = declare(
    "personal.email",
    id="Kolom ini memuat {count} alamat surel yang bukan milik instansi. Periksa apakah milik perorangan.",
    en="This column holds {count} e-mail addresses that are not an office's. Check whether they are of persons.",
)
NAME = declare(
    "personal.name",
    id="Kolom ini tampaknya memuat nama orang. Terbitkan jumlahnya menurut wilayah, bukan orangnya.",
    en="This column seems to hold names of persons. Publish how many there are by region, not the persons.",
)
BIRTH = declare(
    "personal.birth",
    id="Kolom ini memuat tempat atau tanggal lahir orang.",
    en="This column holds the places or dates of birth of persons.",
)
ADDRESS = declare(
    "personal.address",
    id="Kolom ini memuat alamat orang.",
    en="This column holds the addresses of persons.",
)
ACCOUNT = declare(
    "personal.account",
    id="Kolom ini memuat nomor rekening, NPWP, atau nomor dokumen orang.",
    en="This column holds account, tax or document numbers of persons.",
)


class Sign(StrEnum):
    """What a cell shows by itself."""

    NUMBER = "number"
    """Sixteen digits with a province and a date inside, as NIK and KK have them."""
    SIXTEEN = "sixteen"
    """Sixteen digits without."""
    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class ColumnSigns:
    """What is known of a column: its title, how many cells have values, whether they are words or long numbers.

    `signs` gives how many cells show each sign, and the first row (from 1) that does.
    """

    title: str
    present: int
    wordy: bool
    signs: Mapping[Sign, tuple[int, int]] = field(default_factory=dict)


ENOUGH = 0.3
"""Share of the sixteen-digit numbers that must have a date inside; by chance three in a hundred have one."""

_PROVINCES = frozenset(
    (*range(11, 22), *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), 81, 82, *range(91, 98))
)
_SIXTEEN = re.compile(r"(?<!\d)\d{16}(?!\d)")
_PHONE = re.compile(r"(?<![\d.,])(?:\+?62[-. ]?|0)8[1-9]\d(?:[-. ]?\d){6,10}(?![\d.,]\d|\d)")
_EMAIL = re.compile(r"[\w.+-]{2,64}@([\w-]+(?:\.[\w-]+)+)")
_GROUPS = re.compile(r"(?<!\d)\d{2,6}(?:[ .\-]\d{2,6})+(?!\d)")
_PARTED = ((4, 4, 4, 4), (6, 6, 4), (2, 2, 2, 6, 4), (6, 2, 2, 2, 4), (2, 2, 2, 2, 2, 2, 4))
"""How identity numbers are written in groups: so they are found among other numbers in a row."""
_MOST_GROUPS = 8
_OFFICIAL = re.compile(r"(?:.+\.)?(?:go|desa|sch|ac|mil|bps\.go)\.id", re.IGNORECASE)
_NINE_DIGITS = re.compile(r"[0-9]{9}")
_SPACED_PHONE = re.compile(r"8[1-9][0-9][-. ][0-9]{3,4}[-. ]?[0-9]{3}")
_WORTH_A_LOOK = re.compile(r"\d{9}|\d[-. ]\d{3,4}[-. ]\d{3}|@")


def sign_of(text: str) -> Sign | None:
    """What `text` shows: an identity number, a mobile phone, an e-mail address outside offices; None for nothing."""
    if not _WORTH_A_LOOK.search(text):
        return None
    if numbers := _SIXTEEN.findall(text):
        return Sign.NUMBER if any(map(_has_date, numbers)) else Sign.SIXTEEN
    if _PHONE.search(text):
        return Sign.PHONE
    return Sign.EMAIL if any(not _OFFICIAL.fullmatch(domain) for domain in _EMAIL.findall(text)) else None


def spans(text: str) -> tuple[tuple[int, int, Sign], ...]:
    """Where in a running text identity numbers, phones and private e-mail addresses stand, in order, none overlapping.

    Identity numbers that are written in groups (`3522 0141 0785 0001`) count when there is a date inside.
    """
    if not _WORTH_A_LOOK.search(text) and not _GROUPS.search(text):
        return ()
    found: list[tuple[int, int, Sign]] = []
    for match in _GROUPS.finditer(text):
        at = match.start()
        found += [(at + start, at + end, Sign.NUMBER) for start, end in _in_groups(match[0])]
    for match in _SIXTEEN.finditer(text):
        found.append((match.start(), match.end(), Sign.NUMBER if _has_date(match[0]) else Sign.SIXTEEN))
    found += [(match.start(), match.end(), Sign.PHONE) for match in _PHONE.finditer(text)]
    for match in _EMAIL.finditer(text):
        if not _OFFICIAL.fullmatch(match[1]):
            found.append((match.start(), match.end(), Sign.EMAIL))
    kept: list[tuple[int, int, Sign]] = []
    for start, end, sign in sorted(found):
        if kept and start < kept[-1][1]:  # two that share a sign hide as one: neither shows a part of itself
            kept[-1] = (kept[-1][0], max(kept[-1][1], end), kept[-1][2])
        else:
            kept.append((start, end, sign))
    return tuple(kept)


def _in_groups(run: str) -> Iterator[tuple[int, int]]:
    """Where in groups of digits an identity number stands: all of them, or some that are parted as such a number is."""
    groups = [match.span() for match in re.finditer(r"\d+", run)]
    whole = tuple(end - start for start, end in groups)
    ways = (*_PARTED, whole) if len(groups) <= _MOST_GROUPS else _PARTED
    for first in range(len(groups)):
        for parted in ways:
            if whole[first : first + len(parted)] != parted:
                continue
            start, end = groups[first][0], groups[first + len(parted) - 1][1]
            digits = re.sub(r"\D", "", run[start:end])
            if len(digits) == 16 and _has_date(digits):
                yield start, end


def may_show(joined: str) -> bool:
    """Whether any of many cells, joined, is worth a look; a quick test for millions of cells."""
    return "@" in joined or _NINE_DIGITS.search(joined) is not None or _SPACED_PHONE.search(joined) is not None


def _has_date(number: str) -> bool:
    """Digits 1-2 a province, 7-12 a date ddmmyy, with 40 added to the day for women."""
    day, month = int(number[6:8]) % 40, int(number[8:10])
    women = int(number[6:8]) <= 71
    return int(number[:2]) in _PROVINCES and 1 <= day <= 31 and 1 <= month <= 12 and women and number[12:] != "0000"


_PERSONS = (
    r"pasien|siswa|murid|mahasiswa|penduduk|pegawai|karyawan|penerima|responden|pelapor|pemohon|warga|anak|balita|bayi"
    r"|ibu|ayah|bapak|guru|peserta|anggota|pemilik|korban|tersangka|istri|suami|wali|orang tua|ortu|lansia|disabilitas"
    r"|wajib pajak|wp|nasabah|kk|kepala keluarga|krt|art|kepala rumah tangga|individu|orang|lengkap|pengurus|petani"
    r"|nelayan|pedagang|penyandang|keluarga|bumil|ppl|pml|santri|atlet|kader|honorer|asn|pns"
)
_NUMBERS = r"(?:no|nomor|nmr|num|id)"
_HEADERS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (code, re.compile(pattern))
    for code, pattern in (
        (NIK, rf"\bnik\b|\b{_NUMBERS}\s*(?:ktp|kk|kartu kel?r?luarga|identitas|induk kependudukan)\b"),
        (NIK, r"\b(?:nokk|noktp|nonik|kartu kel?r?luarga)\b"),
        (BIRTH, r"\b(?:tempat|tanggal|tgl|tmpt|tmp)\s*(?:dan\s+)?(?:tanggal|tgl)?\s*lahir\b|\bttl\b|\bdate of birth\b"),
        (ACCOUNT, r"\b(?:rekening|norek|npwp|paspor|pasport|passport|kitas|ak[td][ae] (?:lahir|kelahiran))\b"),
        (
            NAME,
            rf"\bnama\s*(?:{_PERSONS})\b|\bkepala keluarga\b|^(?:pelapor|pemohon|pasien|responden|pemilik|penerima)$",
        ),
        (PHONE, rf"\b{_NUMBERS}\s*(?:hp|handphone|telp|telepon|tlp|wa|whatsapp|seluler)\b|\bhp\b|\bhandphone\b"),
    )
)
_BARE_NAME = re.compile(r"(?:\d+\s+)?(?:nama|name)(?:\s+(?:orang|lengkap))?")
_ADDRESS = re.compile(r"\balamat\b|\baddress\b")
_ABOUT_PERSONS = re.compile(
    r"\b(?:jenis kelamin|jk|sex|gender|l p|umur|usia|agama(?: id)?|pekerjaan(?: id)?|status (?:kawin|perkawinan)"
    r"|tempat\s*lahir|tanggal\s*lahir|golongan darah(?: id)?|pendidikan terakhir|hubungan keluarga)\b"
)
_COUNTS = re.compile(r"\b(?:jumlah|jml|banyaknya|total|persentase|persen|rata rata|kode|status|jenis|tahun)\b")
_PLACES = re.compile(
    r"\b(?:desa|kelurahan|kecamatan|kabupaten|kota|provinsi|kab|kec|jalan|sekolah|puskesmas|opd|dinas|instansi|unit)\b"
)


def find_personal(columns: Sequence[ColumnSigns], place: Place, texts: Iterable[str] = ()) -> tuple[Notice, ...]:
    """The columns of a table that hold data of persons; `texts` are its title and notes, searched for identity numbers.

    Headers count only over columns with values, and only where values are words or codes: "Kepala Keluarga" over
    figures is how many there are. A bare "Nama" counts beside two columns that speak of persons, an address beside a
    column that does name them.
    """
    found: dict[int, Notice] = {}
    for at, column in enumerate(columns):
        if notice := _by_cells(column, place):
            found[at] = notice
        elif column.present and (code := _by_header(column)):
            found[at] = Notice(code, _at(column, place), {"count": column.present})
    titles = [_normal(column.title) for column in columns]
    about = sum(
        bool(_ABOUT_PERSONS.search(title)) and column.present > 0 for title, column in zip(titles, columns, strict=True)
    )
    for at, (title, column) in enumerate(zip(titles, columns, strict=True)):
        if at in found or not column.present or not column.wordy:
            continue
        if _BARE_NAME.fullmatch(title) and (found or about >= 2):
            found[at] = Notice(NAME, _at(column, place), {"count": column.present})
    named = any(notice.code in (NIK, NAME, BIRTH) for notice in found.values())
    for at, (title, column) in enumerate(zip(titles, columns, strict=True)):
        if named and at not in found and column.present and column.wordy and _ADDRESS.search(title):
            found[at] = Notice(ADDRESS, _at(column, place), {"count": column.present})
    loose = [Notice(NIK, place, {"count": 1}) for text in texts if sign_of(text) is Sign.NUMBER]
    return (*(found[at] for at in sorted(found)), *loose)


def _by_cells(column: ColumnSigns, place: Place) -> Notice | None:
    numbers, first = column.signs.get(Sign.NUMBER, (0, 0))
    others = column.signs.get(Sign.SIXTEEN, (0, 0))[0]
    if numbers and numbers >= ENOUGH * (numbers + others):
        return Notice(NIK, _at(column, place, first), {"count": numbers})
    for sign, code in ((Sign.PHONE, PHONE), (Sign.EMAIL, EMAIL)):
        count, row = column.signs.get(sign, (0, 0))
        if count and not (sign is Sign.PHONE and _COUNTS.search(_normal(column.title))):
            return Notice(code, _at(column, place, row), {"count": count})
    return None


def _by_header(column: ColumnSigns) -> str | None:
    title = _normal(column.title)
    if not column.wordy or _COUNTS.search(title):
        return None
    for code, pattern in _HEADERS:
        if pattern.search(title) and not (code == NAME and _PLACES.search(title)):
            return code
    return None


def _normal(title: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", title)
    return " ".join(re.findall(r"[a-z0-9]+", spaced.lower()))


def _at(column: ColumnSigns, place: Place, row: int | None = None) -> Place:
    return Place(file=place.file, sheet=place.sheet, row=row, column=column.title or None)
