"""The letter that sets a classification after a consequence test, and the notice of a failed protection of data."""

from __future__ import annotations

from portal.kip.letters import parts, words
from portal.kip.letters.facts import LetterFacts, Letterhead
from portal.kip.letters.letter import Block, Fields, Letter, Points, Quote, Text


def surat_penetapan_klasifikasi(facts: LetterFacts, head: Letterhead) -> Letter:
    """*Surat Penetapan Klasifikasi*: kind, who sets it, body, unit, period, reason, place, date (PerKI 1/2017 4).

    The event's members are those of the record of the test (`KipExemption`), `unit` the agency's name.
    """
    ground = facts.said("ground")
    blocks: list[Block] = [
        Text(
            "Berdasarkan hasil uji konsekuensi sebagaimana dimaksud dalam Pasal 19 UU Nomor 14 Tahun 2008, PPID"
            f" {head.body} dengan persetujuan {head.head.post or 'pimpinan Badan Publik'} menetapkan:"
        ),
        parts.fields(
            ("Klasifikasi", "Informasi yang dikecualikan"),
            ("Informasi", facts.said("information")),
            ("Dokumen atau dataset", facts.said("document")),
            ("Badan publik", head.body),
            ("Unit yang menguasai", facts.said("unit")),
            ("Dasar hukum", words.why_closed(ground) if ground else ""),
            ("Pasal undang-undang lain", facts.said("article")),
            ("Jangka waktu", words.ends(facts.event)),
            ("Ditinjau kembali", words.on(facts.said("review_on")) if facts.has("review_on") else ""),
            ("Tanggal uji konsekuensi", words.on(facts.said("date")) if facts.has("date") else ""),
            ("Tempat", facts.said("place")),
        ),
    ]
    for label, name in (
        ("Konsekuensi apabila informasi dibuka:", "consequence_if_open"),
        ("Manfaat apabila informasi ditutup:", "consequence_if_closed"),
    ):
        if facts.has(name):
            blocks += [Text(label), Quote(facts.said(name))]
    if people := [line.strip() for line in facts.said("participants").splitlines() if line.strip()]:
        blocks += [Text("Peserta uji konsekuensi:"), Points(tuple(people))]
    blocks.append(
        Text(
            "Setelah jangka waktu itu berakhir, informasi menjadi informasi yang wajib tersedia setiap saat. Penolakan"
            " tidak dapat didasarkan pada penetapan yang telah berakhir."
        )
    )
    letter = parts.made("Surat Penetapan Klasifikasi Informasi", facts, head, blocks)
    return parts.approved(letter, head.head)


def pemberitahuan_kegagalan(facts: LetterFacts, head: Letterhead) -> Letter:
    """To a person whose data were not kept safe: what, when and how, what is done (UU 27/2022 Pasal 46).

    The event's members: `data` (kinds of data, never their values), `when`, `how`, `measures`.
    """
    blocks: list[Block] = [
        Text(
            "Berdasarkan Pasal 46 UU Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi, dengan ini kami beritahukan"
            " bahwa telah terjadi kegagalan pelindungan data pribadi yang menyangkut data Saudara."
        ),
        Fields(
            tuple(
                (label, "\n".join(facts.listed(name)))
                for label, name in (
                    ("Data yang terungkap", "data"),
                    ("Kapan dan bagaimana", "when"),
                    ("Uraian", "how"),
                    ("Penanganan dan pemulihan", "measures"),
                )
                if facts.has(name)
            )
        ),
        parts.fields(("Nomor pendaftaran", facts.registration), ("Hubungi kami", head.email or head.phone)),
    ]
    return parts.made(
        "Pemberitahuan Kegagalan Pelindungan Data Pribadi",
        facts,
        head,
        blocks,
        subject="Pemberitahuan kegagalan pelindungan data pribadi",
    )
