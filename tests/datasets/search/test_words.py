"""Misspelt and half-typed words lead to the words of the catalogue, and nonsense leads nowhere."""

from __future__ import annotations

import pytest

from datasets.search.words import WordTable

TABLE = WordTable(
    {"penduduk": 50, "pendidikan": 30, "puskesmas": 20, "kesehatan": 9, "rumah": 8, "sakit": 5, "jalan": 70, "jalak": 1}
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pendduk", "penduduk"),  # a letter missing
        ("pendudduk", "penduduk"),  # one too many
        ("pneduduk", "penduduk"),  # two swapped
        ("pendodok", "penduduk"),  # two wrong in eight letters
        ("puskemsas", "puskesmas"),
        ("kesehtaan", "kesehatan"),
        ("jalam", "jalan"),  # of two that are as near the commoner
        ("enduduk", None),  # another first letter
        ("jlan", None),  # too short to tell
        ("pendodox1", None),
        ("penxxduk", "penduduk"),
        ("rumxx", None),
        ("xyzzy", None),
    ],
)
def test_the_word_that_was_meant(typed: str, meant: str | None) -> None:
    assert TABLE.nearest(typed) == meant


def test_completions_come_with_the_commonest_first() -> None:
    assert TABLE.commonest("pe", 5) == ["penduduk", "pendidikan"]
    assert TABLE.commonest("pe", 1) == ["penduduk"]
    assert TABLE.commonest("z", 5) == []
    assert list(TABLE.starting("jala")) == ["jalak", "jalan"]


def test_two_words_written_as_one_are_found() -> None:
    assert TABLE.halves("rumahsakit") == ("rumah", "sakit")
    assert TABLE.halves("rumahxx") is None


def test_an_empty_catalogue_knows_no_word() -> None:
    empty = WordTable({})
    assert (empty.nearest("penduduk"), empty.commonest("p", 3), empty.halves("rumahsakit")) == (None, [], None)
