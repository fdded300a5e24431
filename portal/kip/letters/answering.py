"""Letters that answer: the written notice (UU 14/2008 Pasal 22(7)), the refusal, the receipt of a delivery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.kip.letters import parts, words
from portal.kip.letters.facts import LetterFacts, Letterhead
from portal.kip.letters.letter import Block, Grid, Letter, Points, Quote, Text

DECISIONS = {
    "granted": "dikabulkan seluruhnya",
    "partially_granted": "dikabulkan sebagian",
    "refused": "ditolak",
    "not_held": "tidak dapat dipenuhi karena informasi tidak kami kuasai",
    "already_public": "dikabulkan seluruhnya; informasi telah tersedia untuk umum",
}


def pemberitahuan_tertulis(facts: LetterFacts, head: Letterhead) -> Letter:
    """The written notice, item by item as the law lists them: held or not, decision, what, how, when, at what cost."""
    decision = facts.said("decision")
    blocks: list[Block] = [
        Text(f"Berdasarkan {parts.about(facts)}, dengan ini kami beritahukan sebagai berikut."),
        Text("Informasi yang diminta:"),
        Quote(facts.question),
        parts.fields(
            ("Penguasaan informasi", _held(facts)),
            ("Keputusan", f"Permohonan {DECISIONS.get(decision, decision)}."),
            *_delivery(facts),
        ),
    ]
    if facts.has("answer"):
        blocks += [Text("Jawaban:"), Quote(facts.said("answer"))]
    blocks += _material(facts)
    blocks += _blackened(facts)
    if decision == "not_held":
        blocks.append(
            Text(
                "Badan Publik tidak wajib memberikan informasi yang belum dikuasai atau didokumentasikan (Pasal 6 ayat"
                " (3) UU Nomor 14 Tahun 2008). Permohonan kepada badan publik lain diajukan langsung kepadanya."
            )
        )
    blocks += parts.rights(head)
    return parts.made(
        "Pemberitahuan Tertulis", facts, head, blocks, subject="Pemberitahuan tertulis atas permohonan informasi"
    )


def surat_penolakan(facts: LetterFacts, head: Letterhead) -> Letter:
    """The refusal: who asked for what, the ground of Pasal 17, its consequence and its end, and the way on."""
    grounds = facts.listed("grounds") or facts.listed("ground")
    blocks: list[Block] = [
        Text(
            f"PPID {head.body} memutuskan bahwa permohonan informasi publik berikut ini ditolak, sebab memuat informasi"
            " yang dikecualikan:"
        ),
        parts.fields(
            ("Nomor pendaftaran", facts.registration),
            ("Tanggal diterima", words.on(facts.received_on, weekday=True) if facts.received_on else ""),
        ),
        parts.applicant(facts, occupation=True),
        Text("Informasi yang diminta:"),
        Quote(facts.question),
        Text("Alasan penolakan:"),
        Points(tuple(words.why_closed(ground) + "." for ground in grounds)),
    ]
    if facts.has("reason"):
        blocks.append(Quote(facts.said("reason")))
    if facts.exemptions:
        blocks += [Text("Penolakan ini didasarkan pada uji konsekuensi:"), *parts.tests(facts.exemptions)]
        if letters := _classification_letters(facts.exemptions):
            blocks.append(Text("Dilampirkan surat penetapan klasifikasi: " + ", ".join(letters) + "."))
    blocks += parts.rights(head)
    return parts.made("Surat Keputusan PPID tentang Penolakan Permohonan Informasi", facts, head, blocks)


def tanda_terima(facts: LetterFacts, head: Letterhead) -> Letter:
    """The receipt of information that was handed over, with place for two signatures."""
    letter = parts.made(
        "Tanda Terima Informasi",
        facts,
        head,
        [
            Text(f"Telah diserahkan informasi atas permohonan nomor pendaftaran {facts.registration} kepada:"),
            parts.applicant(facts),
            *_material(facts),
            parts.fields(
                ("Tanggal diserahkan", words.on(facts.said("delivered_on") or facts.dated, weekday=True)),
                ("Cara penyerahan", words.DELIVERIES.get(facts.delivery, facts.delivery)),
                ("Biaya", words.rupiah(_fee(facts))),
                ("Catatan", facts.said("note")),
            ),
        ],
    )
    return parts.countersigned(letter, facts)


def _held(facts: LetterFacts) -> str:
    if facts.said("decision") != "not_held":
        return f"Dikuasai oleh {facts.said('holder')}." if facts.has("holder") else "Dikuasai."
    if facts.has("not_documented"):
        return "Belum dikuasai atau belum didokumentasikan."
    holder = facts.said("holder")
    if holder in ("", "unknown"):
        return "Tidak dikuasai. Badan publik yang menguasainya tidak kami ketahui."
    return f"Tidak dikuasai. Sepengetahuan kami dikuasai oleh {holder}."


def _delivery(facts: LetterFacts) -> tuple[tuple[str, str | None], ...]:
    if facts.said("decision") in ("not_held", "refused"):
        return ()
    hard = facts.said("format") in ("hard", "hardcopy", "hard_copy")
    fee = _fee(facts)
    return (
        ("Bentuk", words.MANNERS["hard" if hard else "soft"]),
        ("Cara penyampaian", words.DELIVERIES.get(facts.delivery, facts.delivery)),
        ("Siap diserahkan", words.on(facts.said("ready_on") or facts.dated, weekday=True)),
        ("Biaya", words.rupiah(fee)),
        ("Cara pembayaran", facts.said("payment") if fee else ""),
    )


def _material(facts: LetterFacts) -> tuple[Block, ...]:
    """What is given: each file, view or page with its permanent address and its checksum."""
    found: list[Block] = []
    given = [each for each in facts.event.get("material") or () if isinstance(each, Mapping)]
    if given:
        found += [Text("Informasi yang diberikan:"), Points(tuple(map(_cited, given)))]
    links = facts.listed("link") or facts.listed("links")
    if links:
        found += [Text("Informasi tersedia pada alamat tetap:"), Points(links)]
    return tuple(found)


def _cited(given: Mapping[str, Any]) -> str:
    parts_of_it = [str(given.get("title") or given.get("name") or "Berkas")]
    if given.get("citation"):
        parts_of_it.append(str(given["citation"]))
    if given.get("url"):
        parts_of_it.append(str(given["url"]))
    if given.get("sha256"):
        parts_of_it.append(f"SHA-256: {given['sha256']}")
    return "\n".join(parts_of_it)


def _blackened(facts: LetterFacts) -> tuple[Block, ...]:
    redactions = [each for each in facts.event.get("redactions") or () if isinstance(each, Mapping)]
    if not redactions:
        return ()
    rows = tuple(
        (
            str(each.get("what") or each.get("information") or (each.get("exemption") or {}).get("information") or "–"),
            words.why_closed(str(each.get("ground") or "")) + ".",
            words.ends(each.get("exemption") or {}),
        )
        for each in redactions
    )
    return (
        Text("Bagian yang dihitamkan atau tidak diberikan:"),
        Grid(("Isi", "Alasan", "Jangka waktu"), rows, (3, 5, 3)),
    )


def _classification_letters(exemptions: tuple[Mapping[str, Any], ...]) -> list[str]:
    return [str(each["classification_letter"]) for each in exemptions if each.get("classification_letter")]


def _fee(facts: LetterFacts) -> int:
    try:
        return int(facts.event.get("fee") or 0)
    except (TypeError, ValueError):
        return 0
