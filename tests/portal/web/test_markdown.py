"""A stranger's description is set as text and can do nothing."""

from __future__ import annotations

import pytest

from portal.web.markdown import as_html, as_text


def test_paragraphs_lists_tables_and_links_are_set() -> None:
    html = as_html(
        "# Metode\n\nSensus *penuh*.\n\n- a\n- b\n\n| k | n |\n|---|---|\n| x | 1 |\n\n[BPS](https://bps.go.id)"
    )
    assert "<h3>Metode</h3>" in html
    assert "<em>penuh</em>" in html
    assert "<td>1</td>" in html
    assert '<a href="https://bps.go.id" rel="nofollow noopener ugc">BPS</a>' in html


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "![x](https://example.org/track.gif)",
        '<a href="https://example.org" onclick="x()">x</a>',
        "<style>body{display:none}</style>",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
    ],
)
def test_nothing_that_runs_or_loads_survives(attack: str) -> None:
    html = as_html(attack)
    for forbidden in (
        "<script",
        "<img",
        "<style",
        'href="javascript',
        'href="data',
        '<a href="https://example.org" on',
    ):
        assert forbidden not in html


def test_a_deeply_nested_text_is_set_without_an_error() -> None:
    assert as_html(">" * 5000 + "x")
    assert as_html("[" * 20_000)


def test_a_line_break_of_the_source_stays_one() -> None:
    assert "<br" in as_html("baris satu\r\nbaris dua")


def test_programs_get_the_words_without_the_signs() -> None:
    text = "Angka **tebal** dan [tautan](https://contoh.example)\n\n- satu\n- dua\nbaris"
    assert as_text(text) == "Angka tebal dan tautan satu dua baris"
