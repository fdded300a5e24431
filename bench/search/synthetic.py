"""A synthetic catalogue and queries as people type them; the same for every engine, from one seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from datasets.search.index import SearchDocument, SearchQuery
from datasets.search.lexicon import Lexicon

_SUBJECTS = """
jumlah penduduk|luas panen padi|produksi jagung|jumlah siswa|jumlah guru|kasus demam berdarah|kondisi jalan
realisasi pendapatan asli daerah|angka kematian ibu|prevalensi stunting|tingkat pengangguran terbuka|harga bahan pokok
kunjungan wisatawan|populasi sapi potong|timbulan sampah|kejadian banjir|indeks pembangunan manusia|upah minimum
penerima bantuan pangan non tunai|kepemilikan ktp elektronik|jumlah pns|daftar puskesmas|cakupan imunisasi
pelanggan air minum|titik penerangan jalan umum|jumlah koperasi|usaha mikro kecil dan menengah|dana desa
pemilih tetap|curah hujan|kecelakaan lalu lintas|kendaraan bermotor|ruang kelas rusak|anak tidak sekolah
"""
_BY = "kecamatan|desa|jenis kelamin|kelompok umur|puskesmas|tahun|bulan|status|jenjang|jenis"
_COLUMNS = """
kode_kecamatan|nama_kecamatan|kode_desa|nama_desa|tahun|bulan|jumlah|satuan|laki_laki|perempuan|persentase|target
realisasi|luas_ha|produksi_ton|keterangan|lintang|bujur|sumber_data
"""
_THEMES = "ekonomi|kesehatan|pendidikan|sosial|lingkungan|pemerintahan"


def _each(stock: str) -> list[str]:
    return stock.strip().replace("\n", "|").split("|")


def catalogue(size: int, seed: int = 1) -> Iterator[SearchDocument]:
    """Datasets with words of the trade and, one in three, a name that few share, as of a village or programme."""
    dice = random.Random(seed)
    offices = [f"opd-{number}" for number in range(45)]
    syllables = [consonant + vowel for consonant in "bdgjklmnprstw" for vowel in "aeiou"]
    names = ["".join(dice.choices(syllables, k=dice.randint(3, 4))) for _ in range(max(size // 2, 50))]
    subjects, by, columns, themes = map(_each, (_SUBJECTS, _BY, _COLUMNS, _THEMES))
    words = [*names, *(phrase for group in Lexicon.load().groups for phrase in group.phrases)]
    for number in range(1, size + 1):
        office, year = dice.choice(offices), dice.randint(2012, 2025)
        place = dice.choice(names)
        title = f"{dice.choice(subjects)} menurut {dice.choice(by)} {place if dice.random() < 0.35 else ''} {year}"
        yield SearchDocument(
            id=number,
            title=title.title(),
            description=" ".join(dice.choice(words) for _ in range(dice.randint(10, 60))),
            organization=office,
            organization_title=f"Dinas {office} {dice.choice(subjects)}",
            modified=datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=dice.randint(0, 2_600_000)),
            themes=tuple(dice.sample(themes, 2)),
            tags=tuple(dice.sample(words, dice.randint(0, 4))),
            columns=tuple(dice.sample(columns, dice.randint(3, 12))),
            regions=(f"35.22.{dice.randint(1, 28):02}",),
            region_names=(f"Kecamatan {names[dice.randint(0, 27)]}",),
            years=tuple(range(year - dice.randint(0, 5), year + 1)),
            formats=tuple(dice.sample(["csv", "xlsx", "json", "geojson", "pdf"], dice.randint(1, 3))),
            license=dice.choice(["cc-by-4.0", "other-open", "notspecified"]),
        )


def queries(count: int, documents: list[SearchDocument], seed: int = 2) -> list[SearchQuery]:
    """1 to 4 words of the catalogue, some misspelt; 55 % with a filter, 20 % by date, 10 % far down the pages."""
    dice = random.Random(seed)
    asked = []
    for _ in range(count):
        source = dice.choice(documents)
        pool = f"{source.title} {source.description[:80]} {' '.join(source.columns[:3])}".lower().split()
        typed = dice.sample(pool, min(dice.randint(1, 4), len(pool)))
        if dice.random() < 0.1 and len(typed[0]) > 5:
            typed[0] = typed[0][:3] + typed[0][4:]
        filters: dict[str, tuple[str, ...]] = {}
        if dice.random() < 0.3:
            filters["organization"] = (source.organization,)
        if dice.random() < 0.35:
            filters["year"] = (str(source.years[-1]),)
        asked.append(
            SearchQuery(
                " ".join(typed),
                filters=filters,
                sort="modified" if dice.random() < 0.2 else "relevance",
                page=50 if dice.random() < 0.1 else 1,
            )
        )
    return asked
