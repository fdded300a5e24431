"""Which letters there are, by the names that `replay` gives its documents, and the words of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from portal.kip.letters import answering, classifying, objecting, requesting
from portal.kip.letters.facts import LetterFacts, Letterhead
from portal.kip.letters.letter import Letter

LAYOUT: Final = 1
"""The layout and wording of today. A change of either that would alter letters already sent raises it, and keeps the
old one: letters are made again by the layout that they were sent with."""

KINDS: Final[Mapping[str, Callable[[LetterFacts, Letterhead], Letter]]] = {
    "tanda_bukti": requesting.tanda_bukti,
    "surat_tidak_lengkap": requesting.surat_tidak_lengkap,
    "surat_tidak_diproses": requesting.surat_tidak_diproses,
    "surat_perpanjangan": requesting.surat_perpanjangan,
    "pemberitahuan_tertulis": answering.pemberitahuan_tertulis,
    "surat_penolakan": answering.surat_penolakan,
    "tanda_terima": answering.tanda_terima,
    "tanda_terima_keberatan": objecting.tanda_terima_keberatan,
    "keputusan_keberatan": objecting.keputusan_keberatan,
    "berita_acara_penyelesaian": objecting.berita_acara_penyelesaian,
    "berkas_sengketa": objecting.berkas_sengketa,
    "surat_penetapan_klasifikasi": classifying.surat_penetapan_klasifikasi,
    "pemberitahuan_kegagalan": classifying.pemberitahuan_kegagalan,
}


class UnknownLetter(LookupError):
    """No letter has that name."""


def compose(kind: str, facts: LetterFacts, head: Letterhead) -> Letter:
    """The words of a letter. Raises UnknownLetter."""
    try:
        make = KINDS[kind]
    except KeyError:
        raise UnknownLetter(kind) from None
    return make(facts, head)
