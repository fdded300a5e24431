"""What applicants write stays text in a letter: no markup, no hidden turn, no sign that stops the press."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
from desk_letters import HEAD, facts, words_of
from lxml import html

from portal.kip.letters.facts import Party
from portal.kip.letters.html import letter_html
from portal.kip.letters.pdf import letter_pdf

ASKED = facts("1/PI/2026", date(2026, 7, 6))


@pytest.mark.parametrize(
    "words",
    [
        '#panic("habis") #import "@preview/x:1.0.0" #read("data.json")',
        "$ x^2 $ \\ *tebal* _miring_ `kode` <label> @acuan // komentar /* */ = Judul",
        "#{sys.inputs} [kurung] ~ -- --- ... 'kutip' \"kutip\"",
        "<script>alert(1)</script> &amp; <b>x</b>",
        "Ñandú œuvre Łódź Ελλάδα Москва",
    ],
)
def test_signs_of_markup_are_printed_as_they_were_written(words: str) -> None:
    asked = replace(ASKED, question=words, party=Party(words[:60], words))
    assert "".join(words.split()) in "".join(words_of(letter_pdf("tanda_bukti", asked, HEAD)).split())
    page = html.document_fromstring(letter_html("tanda_bukti", asked, HEAD))
    assert page.find(".//script") is None and words in [each.text for each in page.iter("blockquote")]


def test_signs_without_a_shape_are_stood_in_for_and_the_rest_is_printed() -> None:
    text = words_of(letter_pdf("tanda_bukti", replace(ASKED, question="Data 😀 ꦗꦮ 中文 banjir"), HEAD))
    assert "Data □ □□ □□ banjir" in text
    many = "".join(chr(0x4E00 + at) for at in range(400))
    text = words_of(letter_pdf("tanda_bukti", replace(ASKED, question=f"Awal {many} akhir"), HEAD))
    assert text.count("□") == 400 and text.index("Awal") < text.index("□") < text.index("akhir")


def test_control_signs_and_turns_of_direction_are_gone() -> None:
    hostile = "ditolak\u202e nakalukbak\u202c \x00\x07\x1b[31m\ud800\ufdd0 a\u200fb\r\nbaris\tdua"
    wanted = "ditolak nakalukbak [31m ab baris dua"
    asked = replace(ASKED, question=hostile)
    assert wanted in words_of(letter_pdf("tanda_bukti", asked, HEAD))
    quoted = html.document_fromstring(letter_html("tanda_bukti", asked, HEAD)).find(".//blockquote").text
    assert " ".join(quoted.split()) == wanted


def test_arabic_words_are_printed() -> None:
    assert "□" not in words_of(letter_pdf("tanda_bukti", replace(ASKED, question="مرحبا بالعالم"), HEAD))


@pytest.mark.parametrize("words", ["x" * 10_000, "kata " * 2_000, "\n" * 10_000, "a\n" * 5_000])
def test_ten_thousand_signs_stay_within_the_pages(words: str) -> None:
    pdf = letter_pdf("tanda_bukti", replace(ASKED, question=words), HEAD)
    document = pypdfium2.PdfDocument(pdf)
    for at in range(len(document)):
        page = document[at]
        for piece in page.get_objects(filter=[1]):
            left, bottom, right, top = piece.get_bounds()
            assert left >= 0 and bottom >= 0 and right <= page.get_width() and top <= page.get_height()
    document.close()
    assert words_of(pdf).replace(" ", "").count("x" if words[0] == "x" else "k") >= (9_000 if words[0] == "x" else 0)
