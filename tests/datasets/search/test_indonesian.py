"""Words are cut, folded and brought to their stems as an Indonesian reader would."""

from __future__ import annotations

import threading

import pytest

from datasets.search.indonesian import fold, parts, words
from datasets.search.lexicon import Lexicon

FAMILIES = """
penduduk kependudukan
terima penerima menerima
industri perindustrian
kelola pengelolaan mengelola
tanam penanaman tanaman
sedia ketersediaan penyediaan
wisata pariwisata kepariwisataan
pegawai kepegawaian
mohon pemohon permohonan
tambang penambangan pertambangan
mukim permukiman pemukiman
tanggulang penanggulangan
vaksin vaksinasi
ternak peternakan peternak
bank perbankan
ikan perikanan
miskin kemiskinan
sehat kesehatan
didik pendidikan
bangun pembangunan bangunan
layan pelayanan layanan
milik kepemilikan memiliki
nilai penilaian menilai
kembang pengembangan perkembangan
lahir kelahiran
"""

STRANGERS = """
perangkat pengangkatan
penghargaan harga
pemasaran pasar
perguruan guru
masalah masa
penerangan keterangan
perkerasan kekerasan
pengeluaran keluar
rumah perumahan
penyakit sakit
penerima penerimaan
wisata wisatawan
nila nilai
"""

NAMES = [
    "kedewan",
    "padangan",
    "kasiman",
    "temayang",
    "lamongan",
    "kanor",
    "balen",
    "bubulan",
    "sekar",
    "malo",
    "ngasem",
    "bojonegoro",
]


@pytest.mark.parametrize("family", FAMILIES.split("\n")[1:-1])
def test_the_forms_of_a_word_meet(lexicon: Lexicon, family: str) -> None:
    assert len({lexicon.stemmer.stem(word) for word in family.split()}) == 1


@pytest.mark.parametrize("pair", STRANGERS.split("\n")[1:-1])
def test_words_that_only_look_akin_do_not_meet(lexicon: Lexicon, pair: str) -> None:
    assert len({lexicon.stemmer.stem(word) for word in pair.split()}) == 2


@pytest.mark.parametrize("name", NAMES)
def test_names_of_regions_are_left_alone(lexicon: Lexicon, name: str) -> None:
    assert lexicon.stemmer.stem(name) == name


@pytest.mark.parametrize("word", ["2023", "rt", "sd", "dbd", "مرحبا", "人口", "icd10", "persentase", "disabilitas"])
def test_what_is_no_word_with_affixes_is_left_alone(lexicon: Lexicon, word: str) -> None:
    assert lexicon.stemmer.stem(word) == word


def test_folding_makes_one_of_what_reads_as_one() -> None:
    assert fold("Jum'at") == fold("JUMAT") == fold("Jum’at") == "jumat"
    assert fold("Élan") == fold("e\u0301lan") == "elan"
    assert fold("ＦＵＬＬ") == "full"


def test_words_are_cut_at_all_that_is_no_letter_or_digit() -> None:
    assert words("nama_kecamatan, (L/P) anak-anak\x00x") == ["nama", "kecamatan", "l", "p", "anak", "anak", "x"]
    assert words("jumlahPendudukL", camel=True) == ["jumlah", "penduduk", "l"]
    assert words("\ud800 🎉 ...") == []


def test_letters_and_digits_are_parted_beside_the_whole() -> None:
    assert parts("pdrb2024") == ("pdrb", "2024")
    assert parts("covid19a") == ("covid", "19", "a")
    assert parts("penduduk") == parts("2024") == ()


def test_threads_do_not_spoil_each_others_stems(lexicon: Lexicon) -> None:
    some = [
        "pelaksanaan",
        "perlindungan",
        "memperbaiki",
        "kebersihan",
        "pertanggungjawaban",
        "berkelanjutan",
        "ketenagalistrikan",
    ]
    alone = [Lexicon.load().stemmer.stem(word) for word in some]
    shared, wrong = Lexicon.load().stemmer, []

    def work() -> None:
        for _ in range(50):
            shared._known.clear()
            if [shared.stem(word) for word in some] != alone:
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
