"""A letterhead, the facts of one case, and the words of a PDF as a reader takes them out."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pypdfium2
from PIL import Image

from portal.kip.letters.facts import LetterFacts, Letterhead, Party, Signatory

TEST = {
    "ground": "17.h",
    "number": "003/UK/2026",
    "date": "2026-05-04",
    "information": "Nomor rekening penerima hibah",
    "consequence_if_open": "Rekening dapat disalahgunakan.",
    "expires_on": "2031-07-01",
    "classification_letter": "SK/12/2026",
}


HEAD = Letterhead(
    "Pemerintah Kabupaten Bojonegoro",
    address="Jalan P. Mas Tumapel 1, Bojonegoro 62111",
    phone="(0353) 881826",
    email="ppid@contoh.go.id",
    website="data.contoh.go.id",
    place="Bojonegoro",
    ppid=Signatory("Raden Contoh", "PPID Kabupaten Bojonegoro", "19700101 199003 1 001"),
    superior=Signatory("Dewi Contoh", "Sekretaris Daerah selaku Atasan PPID"),
    head=Signatory("", "Bupati Bojonegoro"),
)


def emblem() -> bytes:
    """A picture that lets the paper through."""
    picture = io.BytesIO()
    Image.new("RGBA", (40, 48), (20, 120, 60, 200)).save(picture, "PNG")
    return picture.getvalue()


def facts(number: str, dated: date, /, exemptions: tuple[Any, ...] = (), **event: Any) -> LetterFacts:
    """The facts of one case, with the members of the event that its letter is made from."""
    return LetterFacts(
        number=number,
        dated=dated,
        registration="0001/PI/PPID/VII/2026",
        received_on=date(2026, 7, 6),
        party=Party("Siti Aminah", "Jalan Panglima Sudirman 12\nBojonegoro", "siti@contoh.id", "Guru"),
        question="Daftar penerima hibah tahun 2025 menurut kecamatan, beserta nilainya.",
        purpose="Penelitian",
        manner="soft",
        delivery="email",
        due={
            "completeness_check_due": date(2026, 7, 9),
            "correction_due": date(2026, 7, 13),
            "answer_due": date(2026, 7, 20),
            "extended_answer_due": date(2026, 7, 29),
            "objection_answer_due": date(2026, 9, 3),
        },
        event=event,
        exemptions=exemptions,
        objection={
            "number": "0001/KB/PPID/VII/2026",
            "grounds": ["a", "d"],
            "received_on": "2026-07-21",
            "story": "Data yang diberikan tidak lengkap.",
        },
        follow="https://data.contoh.go.id/permohonan/lacak/rahasia",
    )


def words_of(pdf: bytes) -> str:
    """The text of all pages as a reader of PDF finds it, without the feet of pages, spaces joined."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [document[at].get_textpage().get_text_bounded() for at in range(len(document))]
    finally:
        document.close()
    lines = [line.strip() for page in pages for line in page.splitlines()]
    return " ".join(" ".join(line for line in lines if "Halaman " not in line).split())
