from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.catalog.search_query import LAST_PAGE, Asked, asked


def test_an_address_is_read_back_as_it_was_written() -> None:
    state = Asked(
        text="luas panen",
        filters={"organization": ("dinas-pertanian",), "year": ("2023", "2024"), "license": ("CC-BY-4.0",)},
        sort="title",
        page=3,
    )
    address = state.url("/dataset")
    assert address == (
        "/dataset?q=luas+panen&organization=dinas-pertanian&year=2023&year=2024&license=CC-BY-4.0&sort=title&page=3"
    )
    assert asked(parse_qs(address.partition("?")[2])) == state


def test_the_plain_address_is_the_plain_search() -> None:
    assert asked({}).url("/dataset") == "/dataset"
    assert asked({}).sort == "modified"
    assert asked({"q": ["padi"]}).sort == "relevance"


def test_the_filters_of_ckans_own_pages_are_understood() -> None:
    state = asked({"groups": ["ekonomi"], "res_format": ["CSV"], "theme": ["sosial"]})
    assert state.filters == {"theme": ("sosial", "ekonomi"), "format": ("CSV",)}


def test_choosing_a_value_twice_lets_it_go_and_starts_at_the_first_page() -> None:
    once = Asked(page=4).toggled("theme", "ekonomi")
    assert (once.filters, once.page) == ({"theme": ("ekonomi",)}, 1)
    assert once.toggled("theme", "ekonomi").filters == {}


@pytest.mark.parametrize("page", ["0", "-1", "1.5", "dua", "", "٣", "9" * 30])
def test_a_page_that_is_none_is_the_first(page: str) -> None:
    assert asked({"page": [page]}).page == 1


def test_pages_far_away_are_cut() -> None:
    assert asked({"page": ["99999999"]}).page == LAST_PAGE


@given(st.dictionaries(st.sampled_from(["q", "theme", "year", "sort", "page", "x"]), st.lists(st.text(), max_size=3)))
def test_no_query_of_an_address_raises(arguments: dict[str, list[str]]) -> None:
    state = asked(arguments)
    again = asked(parse_qs(state.url("").lstrip("?")))
    assert again == state
