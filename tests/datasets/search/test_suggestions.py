"""What is offered while typing: words that lead somewhere, then datasets."""

from __future__ import annotations

from searching.documents import a_document

from datasets.search.whoosh_index import WhooshIndex


def filled(index: WhooshIndex) -> WhooshIndex:
    titles = [
        "Jumlah Penduduk Miskin",
        "Jumlah Penduduk menurut Agama",
        "Penduduk Lanjut Usia",
        "Jumlah Pendidik",
        "Indeks Pembangunan Manusia",
        "Luas Panen Padi",
    ]
    index.apply([a_document(number, title) for number, title in enumerate(titles, 1)], [], seq=1)
    return index


def offered(index: WhooshIndex, typed: str, limit: int = 8) -> tuple[list[str], list[int]]:
    found = index.suggest(typed, limit)
    return [one.text for one in found if one.dataset_id is None], [one.dataset_id for one in found if one.dataset_id]


def test_words_come_first_the_commonest_before_the_others(whoosh: WhooshIndex) -> None:
    words, titles = offered(filled(whoosh), "pend")
    assert words == ["penduduk", "pendidik"]
    assert titles[0] == 3  # opens with what was typed
    assert sorted(titles) == [1, 2, 3, 4]


def test_the_next_word_fits_to_those_before(whoosh: WhooshIndex) -> None:
    words, titles = offered(filled(whoosh), "penduduk m")
    assert words == ["penduduk menurut", "penduduk miskin"]
    assert sorted(titles) == [1, 2]
    assert offered(whoosh, "luas m") == ([], [6])


def test_a_whole_word_and_a_space_offer_what_holds_it(whoosh: WhooshIndex) -> None:
    assert offered(filled(whoosh), "penduduk ") == ([], [3, 2, 1])


def test_another_word_for_it_and_a_slip_lead_there_too(whoosh: WhooshIndex) -> None:
    assert offered(filled(whoosh), "hdi") == ([], [5])
    assert offered(whoosh, "pendduk")[0] == ["penduduk"]
    assert set(offered(whoosh, "pendduk")[1]) == {1, 2, 3}


def test_never_more_than_asked_for_and_half_of_it_titles(whoosh: WhooshIndex) -> None:
    words, titles = offered(filled(whoosh), "p", limit=4)
    assert len(words) == len(titles) == 2
    assert len(whoosh.suggest("p", limit=1)) == 1


def test_deleted_titles_and_their_words_are_not_offered(whoosh: WhooshIndex) -> None:
    filled(whoosh).apply([], [4, 6], seq=2)
    assert offered(whoosh, "pendid") == ([], [])
    assert offered(whoosh, "lu") == ([], [])
