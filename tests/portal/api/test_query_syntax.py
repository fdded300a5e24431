from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.api.query_syntax import All, Any, Node, Not, Range, Term, split_text, understand

A, B, C = Term("organization", "a"), Term("organization", "b"), Term("groups", "c")
SINCE = Range("metadata_modified", "2026-01-01T00:00:00.000000Z", None)


@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("", All()),
        ("*:*", All()),
        ("padi sawah", All((Term(None, "padi"), Term(None, "sawah")))),
        ('"luas panen"', Term(None, "luas panen")),
        ("organization:a", A),
        ("+organization:a +groups:c", All((A, C))),
        ("-organization:a", Not(A)),
        ("NOT organization:a", Not(A)),
        ("organization:(a OR b)", Any((A, B))),
        ("-organization:(a OR b)", Not(Any((A, B)))),
        ("(organization:a OR organization:b) AND groups:c", All((Any((A, B)), C))),
        ("organization:a OR groups:c AND organization:b", Any((A, All((C, B))))),
        ('tags:"luas panen"', Term("tags", "luas panen")),
        ("metadata_modified:[2026-01-01T00:00:00.000000Z TO *]", SINCE),
        ("metadata_modified:{* TO NOW-1DAY}", Range("metadata_modified", None, "NOW-1DAY", False, False)),
        ("name:pdrb*", Term("name", "pdrb*")),
    ],
)
def test_what_clients_send_is_understood(query: str, meaning: Node) -> None:
    assert understand(query) == meaning


def test_terms_beside_each_other_bind_weakest_as_harvesters_mean_them() -> None:
    query = "organization:a OR organization:b metadata_modified:[2026-01-01T00:00:00.000000Z TO *]"
    assert understand(query) == All((Any((A, B)), SINCE))


def test_words_go_to_the_index_and_conditions_stay() -> None:
    assert split_text(understand("padi organization:a sawah")) == ("padi sawah", All((A,)))


@pytest.mark.parametrize(
    "query", ["foo [bar", "((((", "a) OR", "-", "NOT", "OR OR", 'title:"unclosed', "organization:", ")("]
)
def test_what_is_no_query_is_text_and_no_error(query: str) -> None:
    understand(query)


def test_a_thousand_parentheses_are_not_followed_down() -> None:
    understand("(" * 20_000 + "a" + ")" * 20_000)


@given(st.text(alphabet='ab:()"[]{}+-!*? \\ANDORTO{!', max_size=200))
def test_no_text_raises(query: str) -> None:
    split_text(understand(query))
