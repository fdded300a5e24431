"""Letters say what the law wants, word by word as written by hand, and are the same bytes whenever they are made."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from desk_letters import HEAD, TEST, emblem, facts, words_of
from lxml import html

from portal.kip.letters.compose import KINDS, UnknownLetter
from portal.kip.letters.facts import LetterFacts, Letterhead, LogoMissing, Step
from portal.kip.letters.html import letter_html
from portal.kip.letters.pdf import LogoWrong, letter_pdf
from portal.kip.workflow import ACTIONS

BY_HAND = Path(__file__).parent / "expected"
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
GIVEN = {
    "title": "Penerima hibah menurut kecamatan 2025",
    "citation": "Lumbung, versi 3",
    "url": "https://data.contoh.go.id/dataset/hibah",
    "sha256": HASH,
}
WRITTEN: dict[str, LetterFacts] = {
    "tanda_bukti": facts("0001/PI/PPID/VII/2026", date(2026, 7, 6)),
    "surat_perpanjangan": facts(
        "0045/PPID/VII/2026",
        date(2026, 7, 17),
        reason="not_yet_held_or_documented",
        explanation="Dua perangkat daerah masih mengumpulkan datanya.",
    ),
    "pemberitahuan_tertulis": facts(
        "0046/PPID/VII/2026",
        date(2026, 7, 20),
        decision="partially_granted",
        format="hard",
        fee=12500,
        ready_on="2026-07-22",
        payment="Tunai di meja layanan",
        material=[GIVEN],
        redactions=[{"ground": "17.h", "what": "Nomor rekening penerima", "exemption": TEST}],
    ),
    "surat_penolakan": facts("0047/PPID/VII/2026", date(2026, 7, 15), (TEST,), decision="refused", grounds=["17.h"]),
    "keputusan_keberatan": facts(
        "0048/PPID/IX/2026",
        date(2026, 9, 1),
        result="upheld_partly",
        reason="Nilai hibah bukan rahasia pribadi.",
        order="Serahkan daftar tanpa nomor rekening.",
        order_due="2026-09-15",
    ),
}
"""The letters whose whole text stands in `expected/`, as somebody wrote it with the law at hand."""


def written_by_hand(kind: str) -> str:
    text = (BY_HAND / f"{kind}.txt").read_text(encoding="utf-8")
    return " ".join(text.replace("{rights}", (BY_HAND / "rights.txt").read_text(encoding="utf-8")).split())


@pytest.mark.parametrize("kind", WRITTEN)
def test_the_words_of_a_pdf_are_those_written_by_hand(kind: str) -> None:
    assert words_of(letter_pdf(kind, WRITTEN[kind], HEAD)) == written_by_hand(kind)


@pytest.mark.parametrize("kind", WRITTEN)
def test_a_page_says_the_same_words_as_the_pdf(kind: str) -> None:
    page = html.document_fromstring(letter_html(kind, WRITTEN[kind], HEAD)).body

    def bare(text: str) -> str:
        return "".join(sign for sign in text if sign.isalnum()).lower()

    wanted = written_by_hand(kind)
    for number in "1. ", "2. ", "3. ":  # the page's lists count by themselves
        wanted = wanted.replace(f" {number}", " ")
    assert bare(page.text_content()) == bare(wanted)


@pytest.mark.parametrize("kind", KINDS)
def test_each_letter_is_the_same_bytes_when_made_again_from_what_was_kept(kind: str) -> None:
    made_of = replace(_any(kind), history=(Step(date(2026, 7, 6), "register", "applicant"),))
    head = replace(HEAD, logo=emblem())
    first = letter_pdf(kind, made_of, head)
    kept = json.loads(json.dumps({"facts": made_of.as_dict(), "head": head.as_dict()}))
    again = letter_pdf(kind, LetterFacts.of(kept["facts"]), Letterhead.of(kept["head"], emblem()))
    assert hashlib.sha256(first).digest() == hashlib.sha256(again).digest()
    assert letter_html(kind, made_of, head) == letter_html(kind, LetterFacts.of(kept["facts"]), head)


def test_letters_sent_long_ago_are_made_again_as_they_were() -> None:
    """These are the bytes of layout 1. Who changes its words or its look makes a layout 2 beside it."""
    sums = (BY_HAND / "layout-1.sha256").read_text(encoding="utf-8").split("\n")
    for line in filter(None, sums):
        digest, kind = line.split("  ")
        assert hashlib.sha256(letter_pdf(kind, WRITTEN[kind], HEAD, layout=1)).hexdigest() == digest, kind


def test_a_letter_is_tagged_archivable_and_dated_by_itself() -> None:
    pdf = letter_pdf("tanda_bukti", WRITTEN["tanda_bukti"], HEAD)
    document = pypdfium2.PdfDocument(pdf)
    meta, version = document.get_metadata_dict(), document.get_version()
    document.close()
    assert (meta["Title"], meta["CreationDate"][:16], version) == (
        "Tanda Bukti Penerimaan Permohonan Informasi Publik 0001/PI/PPID/VII/2026",
        "D:20260706000000",
        17,
    )
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf


def test_every_document_of_a_case_has_its_letter() -> None:
    source = "".join(path.read_text() for path in (Path(__file__).parents[4] / "portal/kip/actions").glob("*.py"))
    issued = {part.split('"')[1] for part in source.split("issue(case, ")[1:] if part.startswith('"')}
    assert "tanda_bukti" in issued and "answer" in ACTIONS
    assert issued | {"surat_penolakan", "pemberitahuan_tertulis"} <= set(KINDS)


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ({"decision": "not_held", "holder": "BPS Kabupaten Bojonegoro"}, "dikuasai oleh BPS Kabupaten Bojonegoro."),
        ({"decision": "not_held", "holder": "unknown"}, "Badan publik yang menguasainya tidak kami ketahui."),
        ({"decision": "not_held", "not_documented": True}, "Belum dikuasai atau belum didokumentasikan."),
        ({"decision": "already_public", "link": "https://data.contoh.go.id/d/1"}, "alamat tetap: 1. https://data"),
        ({"decision": "granted", "format": "soft"}, "Biaya : Rp0,00 (tanpa biaya)"),
        ({"decision": "granted", "answer": "Terlampir."}, "Jawaban: Terlampir."),
    ],
)
def test_the_written_notice_says_who_holds_it_where_it_is_and_what_it_costs(event: dict[str, Any], told: str) -> None:
    assert told in words_of(letter_pdf("pemberitahuan_tertulis", facts("1", date(2026, 7, 20), **event), HEAD))


def test_missing_papers_are_listed_with_the_day_until_which_they_may_come() -> None:
    text = words_of(
        letter_pdf("surat_tidak_lengkap", facts("1", date(2026, 7, 8), missing=["Salinan KTP", "Surat kuasa"]), HEAD)
    )
    assert "1. Salinan KTP 2. Surat kuasa" in text
    assert "paling lambat Senin, 13 Juli 2026" in text and "bukan penolakan" in text


def test_the_case_file_tells_the_steps_in_words_and_by_whom() -> None:
    history = (Step(date(2026, 7, 6), "register", "applicant"), Step(date(2026, 7, 15), "answer", "ppid_utama"))
    text = words_of(letter_pdf("berkas_sengketa", replace(_any("berkas_sengketa"), history=history), HEAD))
    assert "6 Juli 2026 Permohonan didaftar dan tanda bukti diberikan Pemohon" in text
    assert "15 Juli 2026 Pemberitahuan tertulis dikirim PPID" in text


def test_a_late_objection_and_estimated_days_off_are_said() -> None:
    late = replace(_any("keputusan_keberatan"), objection={"number": "1", "late": True, "grounds": ["c"]})
    assert "setelah jangka waktu pengajuannya berakhir" in words_of(letter_pdf("keputusan_keberatan", late, HEAD))
    guessed = replace(WRITTEN["tanda_bukti"], provisional=True)
    assert "libur di dalamnya masih perkiraan" in words_of(letter_pdf("tanda_bukti", guessed, HEAD))


def test_what_is_no_letter_no_picture_or_another_picture_is_refused() -> None:
    with pytest.raises(UnknownLetter):
        letter_pdf("surat_cinta", WRITTEN["tanda_bukti"], HEAD)
    for make in (letter_pdf, letter_html):
        with pytest.raises(LogoWrong):
            make("tanda_bukti", WRITTEN["tanda_bukti"], replace(HEAD, logo=b"<svg/>"))
    with pytest.raises(LogoMissing):
        Letterhead.of(replace(HEAD, logo=emblem()).as_dict(), b"another")


def _any(kind: str) -> LetterFacts:
    return WRITTEN.get(kind) or facts(
        "9/PPID/2026",
        date(2026, 7, 20),
        (TEST,),
        **TEST,
        missing=["Surat kuasa"],
        data=["nama"],
        how="Surat salah kirim",
    )
