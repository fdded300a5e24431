"""What every search index promises, whatever it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from searching.documents import a_document

from datasets.search.index import SearchDocument, SearchIndex, SearchQuery

HOSTILE = [
    "",
    " ",
    '"',
    "(",
    "AND OR NOT",
    "title:x",
    "penduduk AND (miskin",
    "a*",
    "*",
    "?",
    "[* TO *]",
    "~2",
    "^",
    "\\",
    "\x00penduduk\x00",
    "penduduk\ud800",
    "'; DROP TABLE dataset; --",
    "مرحبا بالعالم",
    "שלום עולם",
    "人口 統計",
    "👩‍👩‍👧‍👦 🎉",
    "\u202ependuduk\u202c",
    "é" * 500,
    "a" * 10_000,
    "kata " * 2_000,
    "ß ﬁ ① ½ İ",
    "%_%",
    "c:ipm",
    "1e309 -0 0x1F NaN",
]


def ask(index: SearchIndex, text: str = "", **members: object) -> tuple[int, ...]:
    return index.search(SearchQuery(text, **members)).ids  # type: ignore[arg-type]


def test_what_was_applied_is_found_and_again_changes_nothing(index: SearchIndex) -> None:
    for _ in range(2):
        index.apply([a_document(1), a_document(2, "Luas Sawah")], [], seq=7)
        page = index.search(SearchQuery("penduduk"))
        assert (page.ids, page.total, page.relaxed, page.corrected, page.available) == ((1,), 1, False, None, True)
        assert (index.state().documents, index.state().seq) == (2, 7)


def test_the_last_of_two_versions_in_one_batch_counts(index: SearchIndex) -> None:
    index.apply([a_document(1, "Luas Sawah"), a_document(1, "Luas Hutan")], [], seq=1)
    assert (ask(index, "sawah"), ask(index, "hutan"), index.state().documents) == ((), (1,), 1)


def test_a_changed_dataset_leaves_its_old_words_facets_and_place(index: SearchIndex) -> None:
    index.apply([a_document(1, "Luas Sawah", years=(2020,)), a_document(2)], [], seq=1)
    index.apply([a_document(1, "Luas Hutan", years=(2024,), modified=datetime(2030, 1, 1, tzinfo=UTC))], [], seq=2)
    page = index.search(SearchQuery(sort="modified"))
    assert (ask(index, "sawah"), ask(index, "hutan"), page.ids) == ((), (1,), (1, 2))
    assert page.facets["year"] == (("2024", 1),)


def test_a_deleted_dataset_is_neither_found_nor_counted_nor_offered(index: SearchIndex) -> None:
    index.apply([a_document(1, "Rahasia Besar"), a_document(2)], [], seq=1)
    index.apply([], [1, 99], seq=2)
    page = index.search(SearchQuery())
    assert (page.ids, page.total, page.facets["organization"]) == ((2,), 1, (("dinkes", 1),))
    assert ask(index, "rahasia") == ()
    assert index.search(SearchQuery("rahasai")).corrected is None
    assert index.suggest("raha") == []


def test_the_outbox_number_never_goes_back_but_by_a_rebuild(index: SearchIndex) -> None:
    index.apply([a_document(1)], [], seq=9)
    index.apply([a_document(2)], [], seq=4)
    assert index.state().seq == 9
    index.rebuild(iter([a_document(3)]), seq=5)
    assert (index.state().seq, index.state().documents, ask(index)) == (5, 1, (3,))


def test_a_rebuild_that_fails_leaves_everything_as_it_was(index: SearchIndex) -> None:
    index.apply([a_document(1)], [], seq=3)

    def broken() -> Iterator[SearchDocument]:
        yield a_document(2)
        raise ConnectionError("the database has gone")

    with pytest.raises(ConnectionError):
        index.rebuild(broken(), seq=9)
    assert (ask(index), index.state().seq, index.state().healthy) == ((1,), 3, True)
    index.apply([a_document(4)], [], seq=4)
    assert ask(index) == (4, 1)


def test_a_rebuild_tells_how_far_it_is(index: SearchIndex) -> None:
    told: list[int] = []
    index.rebuild((a_document(number) for number in range(1, 251)), seq=1, progress=told.append)
    assert told[-1] == 250 == index.state().documents


def test_filters_take_any_value_of_a_field_and_all_fields(index: SearchIndex) -> None:
    index.apply(
        [
            a_document(1, years=(2022, 2023), formats=("csv",)),
            a_document(2, years=(2024,), formats=("csv", "xlsx")),
            a_document(3, years=(2023,), formats=("geojson",), organization="bps"),
        ],
        [],
        seq=1,
    )
    assert ask(index, filters={"year": ("2022", "2024")}) == (2, 1)
    assert ask(index, filters={"year": ("2023",), "format": ("csv",)}) == (1,)
    assert ask(index, "penduduk", filters={"organization": ("bps",)}) == (3,)
    assert ask(index, filters={"year": ("1999",)}) == ()
    assert ask(index, filters={"no_such_field": ("x",)}) == ()
    assert ask(index, filters={"year": ()}) == (3, 2, 1)


def test_a_facet_does_not_count_under_its_own_filter(index: SearchIndex) -> None:
    index.apply(
        [
            a_document(1, years=(2022,), themes=("kesehatan", "ekonomi")),
            a_document(2, years=(2023,), themes=("kesehatan",)),
            a_document(3, "Luas Sawah", years=(2023,), themes=("ekonomi",)),
        ],
        [],
        seq=1,
    )
    page = index.search(SearchQuery("penduduk", filters={"year": ("2023",)}, facets=("year", "theme")))
    assert page.total == 1
    assert page.facets == {"year": (("2022", 1), ("2023", 1)), "theme": (("kesehatan", 1),)}


def test_facets_come_by_count_then_by_value(index: SearchIndex) -> None:
    index.apply([a_document(n, formats=("csv", "xlsx")[: n % 2 + 1], years=(2020 + n,)) for n in (1, 2, 3)], [], seq=1)
    facets = index.search(SearchQuery()).facets
    assert facets["format"] == (("csv", 3), ("xlsx", 2))
    assert facets["year"] == (("2021", 1), ("2022", 1), ("2023", 1))
    assert facets["region"] == ()
    assert set(index.search(SearchQuery(facets=())).facets) == set()


def test_pages_follow_one_another_without_a_gap_and_the_total_stays(index: SearchIndex) -> None:
    index.apply([a_document(n) for n in range(1, 24)], [], seq=1)
    for text in ("", "penduduk"):
        pages = [index.search(SearchQuery(text, page=page, rows=10)) for page in (1, 2, 3, 4)]
        assert [len(page.ids) for page in pages] == [10, 10, 3, 0]
        assert [number for page in pages for number in page.ids] == list(range(23, 0, -1))
        assert {page.total for page in pages} == {23}


def test_odd_pages_and_rows_are_taken_for_what_they_can_mean(index: SearchIndex) -> None:
    index.apply([a_document(n) for n in range(1, 4)], [], seq=1)
    assert ask(index, page=0) == ask(index, page=-7) == (3, 2, 1)
    assert index.search(SearchQuery(rows=0)).total == 3
    assert ask(index, rows=0) == ask(index, rows=-1) == ask(index, page=10**9) == ()
    assert len(ask(index, rows=10**9)) == 3


def test_titles_sort_as_people_read_them(index: SearchIndex) -> None:
    titles = ["zakat", "Élan", "Angka", "ANGKA b", "angka A", "2024 angka"]
    index.apply([a_document(n, title) for n, title in enumerate(titles)], [], seq=1)
    ordered = ["2024 angka", "Angka", "angka A", "ANGKA b", "Élan", "zakat"]
    assert [titles[number] for number in ask(index, sort="title")] == ordered


def test_equal_results_come_newest_first(index: SearchIndex) -> None:
    same = {"organization_title": "Dinas"}
    index.apply([a_document(1, **same), a_document(2, **same), a_document(3, **same)], [], seq=1)
    assert ask(index, "penduduk") == (3, 2, 1)


def test_a_word_counts_most_in_the_title_least_in_the_description(index: SearchIndex) -> None:
    index.apply(
        [
            a_document(1, "Laporan A", description="tembakau"),
            a_document(2, "Laporan B", columns=("tembakau",)),
            a_document(3, "Laporan C", tags=("tembakau",)),
            a_document(4, "Laporan tembakau"),
            a_document(5, "Laporan E"),
            a_document(6, "Laporan F"),
            a_document(7, "Laporan G"),
        ],
        [],
        seq=1,
    )
    assert ask(index, "tembakau") == (4, 3, 2, 1)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_is_an_error(index: SearchIndex, text: str) -> None:
    index.apply([a_document(1)], [], seq=1)
    page = index.search(SearchQuery(text, filters={"organization": (text,), "year": ("\x00",)}))
    assert page.total == 0
    assert index.search(SearchQuery(text)).available
    index.suggest(text)


def test_a_text_without_a_word_finds_nothing_no_text_finds_all(index: SearchIndex) -> None:
    index.apply([a_document(1)], [], seq=1)
    assert ask(index, "🎉 ???") == ()
    assert ask(index, "  \n") == ask(index, "data apa saja?") == (1,)


def test_any_dataset_can_be_indexed(index: SearchIndex) -> None:
    odd = a_document(
        1,
        "\x00 \ud83d " + "panjang" * 3_000,
        description="kata " * 300_000,
        columns=tuple(f"kolom_{n}" for n in range(5_000)),
        tags=("", " ", "🎉", "a" * 70_000),
        organization="",
        years=(-1, 0, 99999),
        modified=datetime(1, 1, 1, tzinfo=UTC),
    )
    index.apply([odd, a_document(2, "")], [], seq=1)
    assert index.state().documents == 2
    assert ask(index, "kolom_17") == (1,)


def test_a_misspelt_word_is_mended_and_said_so(index: SearchIndex) -> None:
    index.apply([a_document(1), a_document(2, "Kasus Stunting")], [], seq=1)
    page = index.search(SearchQuery("jumlah pendduk"))
    assert (page.ids, page.corrected) == ((1,), "jumlah penduduk")
    insisted = index.search(SearchQuery("pendduk", repair=False))
    assert (insisted.ids, insisted.corrected) == ((), None)


def test_words_written_as_one_are_parted(index: SearchIndex) -> None:
    index.apply([a_document(1, "Kelas Rumah Sakit Swasta")], [], seq=1)
    page = index.search(SearchQuery("rumahsakit"))
    assert (page.ids, page.corrected) == ((1,), "rumah sakit")


def test_the_beginning_of_a_word_finds_it_without_a_correction(index: SearchIndex) -> None:
    index.apply([a_document(1, "Kondisi Jembatan")], [], seq=1)
    page = index.search(SearchQuery("jemba"))
    assert (page.ids, page.corrected) == ((1,), None)


def test_all_words_first_and_at_least_half_of_them_else(index: SearchIndex) -> None:
    index.apply(
        [a_document(1, "Luas Panen Jagung"), a_document(2, "Luas Hutan"), a_document(3, "Harga Jagung")], [], seq=1
    )
    strict = index.search(SearchQuery("luas jagung"))
    assert (strict.ids, strict.relaxed) == ((1,), False)
    loose = index.search(SearchQuery("luas panen jagung tebu"))
    assert (loose.ids, loose.relaxed) == ((1,), True)
    assert index.search(SearchQuery("luas panen tebu xyzzy")).ids == (1,)
    assert not index.search(SearchQuery("tebu xyzzy")).relaxed


def test_synonyms_abbreviations_and_english_are_one(index: SearchIndex) -> None:
    index.apply([a_document(1, "Indeks Pembangunan Manusia"), a_document(2, "Jumlah Siswa SD")], [], seq=1)
    assert ask(index, "ipm") == ask(index, "HDI") == ask(index, "human development index") == (1,)
    assert ask(index, "murid sekolah dasar") == ask(index, "primary school pupils") == (2,)


def test_who_asks_for_the_wider_is_served_by_the_narrower(index: SearchIndex) -> None:
    index.apply([a_document(1, "Kasus Demam Berdarah"), a_document(2, "Sepuluh Besar Penyakit")], [], seq=1)
    assert ask(index, "penyakit") == (2, 1)
    assert ask(index, "dbd") == (1,)


def test_names_of_columns_are_found_by_their_words(index: SearchIndex) -> None:
    columns = ("nama_kecamatan", "jumlahBalita", "pdrb2024", "kode-icd10")
    index.apply([a_document(1, "Laporan", columns=columns), a_document(2, "Laporan")], [], seq=1)
    for text in ("nama_kecamatan", "kecamatan", "balita", "jumlahbalita", "pdrb", "pdrb2024", "icd10", "icd 10"):
        assert ask(index, text) == (1,), text


def test_regions_and_years_are_words_too(index: SearchIndex) -> None:
    index.apply(
        [
            a_document(1, "Produksi Padi", region_names=("Kecamatan Kedewan",), years=(2023,)),
            a_document(2, "Anggota Dewan", years=(2023, 2024)),
        ],
        [],
        seq=1,
    )
    assert ask(index, "kecamatan kedewan") == ask(index, "kedewan 2023") == (1,)
    assert ask(index, "dewan") == (2,)
    assert set(ask(index, "2023")) == {1, 2}


def test_titles_are_suggested_by_words_and_beginnings(index: SearchIndex) -> None:
    index.apply([a_document(1, "Jumlah Penduduk Miskin"), a_document(2, "Luas Panen Padi")], [], seq=1)
    for typed in ("penduduk mis", "jumlah p", "Miskin"):
        assert [one.dataset_id for one in index.suggest(typed) if one.dataset_id] == [1], typed
    assert index.suggest("pa", limit=0) == index.suggest("") == index.suggest("🎉") == []
    assert len(index.suggest("p", limit=2)) == 2


def test_an_answer_is_a_value_of_its_own(index: SearchIndex) -> None:
    index.apply([a_document(1)], [], seq=1)
    query = SearchQuery("penduduk", filters={"organization": ("dinkes",)})
    assert index.search(query) == index.search(replace(query, filters={"organization": ("dinkes", "dinkes")}))
