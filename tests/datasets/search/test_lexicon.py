"""The lexicon is data that an office edits: it is checked, explained when wrong, and does what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from datasets.search.analysis import analyse
from datasets.search.indonesian import words
from datasets.search.lexicon import CONCEPT, Lexicon
from metadata.errors import BadInput


def found(lexicon: Lexicon, text: str) -> set[str]:
    return {concept for span in lexicon.spans(lexicon.stems(text)) for concept in span.concepts}


def test_the_shipped_lexicon_is_as_large_as_it_claims(lexicon: Lexicon) -> None:
    assert len(lexicon.groups) >= 300
    assert len(set(lexicon.families.values())) >= 60


def test_every_phrase_finds_its_concept(lexicon: Lexicon) -> None:
    lost = [
        (group.id, phrase)
        for group in lexicon.groups
        for phrase in group.phrases
        if group.id not in found(lexicon, phrase)
    ]
    assert lost == []


def test_no_two_concepts_share_a_phrase_but_those_that_are_meant_to(lexicon: Lexicon) -> None:
    owners: dict[tuple[str, ...], set[str]] = {}
    for group in lexicon.groups:
        for phrase in group.phrases:
            owners.setdefault(tuple(lexicon.stems(phrase)), set()).add(group.id)
    shared = {" ".join(stems): ids for stems, ids in owners.items() if len(ids) > 1}
    assert shared == {"sembako": {"bpnt", "sembilan_bahan_pokok"}, "ikm": {"ikm", "ikm_industri"}}


def test_no_phrase_is_only_a_stop_word(lexicon: Lexicon) -> None:
    hollow = [p for group in lexicon.groups for p in group.phrases if set(words(p)) <= lexicon.stop]
    assert hollow == []


def test_a_concept_is_found_in_any_form_and_inside_a_longer_one(lexicon: Lexicon) -> None:
    assert "ipm" in found(lexicon, "INDEKS Pembangunan Manusianya")
    assert {"akb", "kematian", "bayi"} <= found(lexicon, "Angka Kematian Bayi")
    assert "disdukcapil" in found(lexicon, "Dinas Kependudukan & Pencatatan Sipil")
    assert found(lexicon, "rumah sakit") == {"rumah_sakit"}
    assert "dprd" not in found(lexicon, "Kecamatan Kedewan")


def test_who_is_wider_is_known_to_the_top(lexicon: Lexicon) -> None:
    assert set(lexicon.wider["tk"]) == {"sekolah", "paud"}
    assert set(lexicon.wider["jalan_rusak"]) == {"jalan", "infrastruktur"}


def test_the_wider_weighs_less_than_the_thing_itself(lexicon: Lexicon) -> None:
    from searching.documents import a_document  # the builder is the tests' own

    tokens = analyse(a_document(1, "Kasus DBD"), lexicon).tokens
    assert 0 < tokens[CONCEPT + "penyakit"] < tokens[CONCEPT + "dbd"]


def test_an_office_adds_words_of_its_own(tmp_path: Path, lexicon: Lexicon) -> None:
    own = tmp_path / "lexicon.toml"
    own.write_text(
        '[concepts]\nipm = ["indeks bahagia"]\nmedhayoh = ["medhayoh", "desa berdaya"]\n'
        '[wider]\nmedhayoh = ["desa"]\n[names]\nkami = ["Menilo"]\n[stop]\nkami = ["monggo"]\n'
    )
    larger = Lexicon.load(own)
    assert found(larger, "indeks bahagia") == {"ipm"}
    assert "medhayoh" in found(larger, "Desa Berdaya")
    assert (larger.stemmer.stem("menilo"), "monggo" in larger.stop) == ("menilo", True)
    assert larger.digest != lexicon.digest
    assert Lexicon.load(tmp_path / "none.toml").digest == lexicon.digest


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[concepts\n", "lexicon.toml"),
        ('[konsep]\na = ["b"]\n', "konsep"),
        ('[concepts]\na = "b"\n', "concepts.a"),
        ("[concepts]\na = [1]\n", "concepts.a"),
        ('[wider]\nipm = ["tidak_ada"]\n', "tidak_ada"),
        ('[families]\nhutan = ["ikan"]\n', "ikan"),
        ("stop = 3\n", "stop"),
        ("\x00", "lexicon.toml"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, content: str, said: str) -> None:
    own = tmp_path / "lexicon.toml"
    own.write_text(content)
    with pytest.raises(BadInput) as caught:
        Lexicon.load(own)
    assert said in caught.value.say("id")
    assert "lexicon.toml" in caught.value.say("en")


def test_a_mistake_does_not_take_the_search_away(tmp_path: Path, lexicon: Lexicon) -> None:
    own = tmp_path / "lexicon.toml"
    own.write_text("[concepts\n")
    assert Lexicon.load_or_shipped(own).digest == lexicon.digest


def test_a_file_in_another_encoding_is_told_too(tmp_path: Path) -> None:
    own = tmp_path / "lexicon.toml"
    own.write_bytes('[concepts]\na = ["é"]\n'.encode("cp1252"))
    with pytest.raises(BadInput, match=r"lexicon\.toml"):
        Lexicon.load(own)
