"""Letters from the door to the desk: receipt, missing papers, extension, and that a request lapsed."""

from __future__ import annotations

from portal.kip import settings as law
from portal.kip.letters import parts, words
from portal.kip.letters.facts import LetterFacts, Letterhead
from portal.kip.letters.letter import Block, Letter, Points, Quote, Text

EXTENSION_REASONS = {
    "not_yet_held_or_documented": "informasi yang diminta belum kami kuasai atau belum didokumentasikan",
    "exemption_undecided": "belum dapat diputuskan apakah informasi yang diminta termasuk informasi yang dikecualikan",
}
"""The two reasons for which an answer may take longer; the rest of the sentence is the officer's."""


def tanda_bukti(facts: LetterFacts, head: Letterhead) -> Letter:
    """The receipt of a request: registration number, dates, how to follow it, the rights (UU 14/2008 Pasal 22)."""
    blocks: list[Block] = [
        Text("Telah diterima permohonan informasi publik dari:"),
        parts.applicant(facts),
        Text("Informasi yang diminta:"),
        Quote(facts.question),
        parts.fields(
            ("Tujuan penggunaan", facts.purpose),
            ("Cara memperoleh", words.MANNERS.get(facts.manner, facts.manner)),
            ("Cara mendapatkan salinan", words.DELIVERIES.get(facts.delivery, facts.delivery)),
            ("Diajukan melalui", words.CHANNELS.get(facts.channel, facts.channel)),
            ("Tanggal diterima", words.on(facts.received_on, weekday=True) if facts.received_on else ""),
            *parts.deadline_rows(facts, "completeness_check_due", "answer_due"),
        ),
        Text(
            f"Kami memberikan pemberitahuan tertulis dalam waktu paling lambat {law.ANSWER_DAYS} hari kerja sejak"
            f" permohonan diterima lengkap dan dapat memperpanjangnya paling lama {law.EXTENSION_DAYS} hari kerja"
            " dengan alasan tertulis (Pasal 22 ayat (7) dan ayat (8) UU Nomor 14 Tahun 2008)."
        ),
        *parts.provisional(facts),
    ]
    if facts.follow:
        blocks.append(Text(f"Perkembangan permohonan dapat diikuti melalui {facts.follow}"))
    blocks += parts.rights(head)
    return parts.made("Tanda Bukti Penerimaan Permohonan Informasi Publik", facts, head, blocks)


def surat_tidak_lengkap(facts: LetterFacts, head: Letterhead) -> Letter:
    """That papers are missing: each by its name, and until when they may come (PerKI 1/2021)."""
    missing = facts.listed("missing")
    blocks: list[Block] = [
        Text(f"Setelah kami periksa, {parts.about(facts)} belum lengkap."),
    ]
    if missing:
        blocks += [Text("Yang masih perlu dilengkapi:"), Points(missing)]
    blocks += [Text(facts.said(name)) for name in ("reason", "explanation") if facts.has(name)]
    due = facts.due.get("correction_due")
    until = f", yaitu paling lambat {words.on(due, weekday=True)}" if due else ""
    blocks += [
        Text(
            f"Kami mohon kelengkapan itu kami terima dalam waktu {law.CHECK_DAYS} hari kerja sejak surat ini Saudara"
            f" terima{until}. Petugas kami siap membantu melengkapinya."
        ),
        Text(
            "Apabila sampai dengan waktu itu belum dilengkapi, permohonan tidak dapat kami proses. Hal itu bukan"
            " penolakan: Saudara dapat mengajukan permohonan baru kapan saja."
        ),
        *parts.provisional(facts),
    ]
    return parts.made(
        "Surat Keterangan Tidak Lengkap", facts, head, blocks, subject="Permohonan informasi belum lengkap"
    )


def surat_tidak_diproses(facts: LetterFacts, head: Letterhead) -> Letter:
    """That a request lapsed because it was not completed; it is no refusal."""
    blocks: list[Block] = [
        Text(
            f"Sampai dengan batas waktunya kami belum menerima kelengkapan atas {parts.about(facts)}, sebagaimana kami"
            " minta dengan surat keterangan tidak lengkap."
        ),
        parts.fields(*parts.deadline_rows(facts, "correction_due")),
        Text(
            "Oleh karena itu permohonan tersebut tidak dapat kami proses lebih lanjut. Hal ini bukan penolakan. Saudara"
            " dapat mengajukan permohonan baru, yang akan kami kaitkan dengan permohonan ini."
        ),
    ]
    return parts.made(
        "Surat Keterangan Tidak Dapat Diproses",
        facts,
        head,
        blocks,
        subject="Permohonan informasi tidak dapat diproses",
    )


def surat_perpanjangan(facts: LetterFacts, head: Letterhead) -> Letter:
    """That the answer takes seven working days more, and why (UU 14/2008 Pasal 22(8))."""
    reason = facts.said("reason")
    more = facts.said("explanation") or facts.said("note")
    blocks: list[Block] = [
        Text(
            f"Sehubungan dengan {parts.about(facts)}, dengan ini kami beritahukan bahwa waktu pemberian jawaban kami"
            f" perpanjang paling lama {law.EXTENSION_DAYS} hari kerja (Pasal 22 ayat (8) UU Nomor 14 Tahun 2008)."
        ),
        Text(f"Alasan perpanjangan: {EXTENSION_REASONS.get(reason, reason)}."),
    ]
    if more:
        blocks.append(Quote(more))
    blocks += [
        parts.fields(
            ("Batas waktu semula", _day(facts, "answer_due")), ("Batas waktu baru", _day(facts, "extended_answer_due"))
        ),
        *parts.provisional(facts),
        Text("Apabila jawaban telah siap sebelum tanggal itu, kami segera menyampaikannya."),
    ]
    return parts.made(
        "Surat Pemberitahuan Perpanjangan Waktu", facts, head, blocks, subject="Perpanjangan waktu pemberian jawaban"
    )


def _day(facts: LetterFacts, name: str) -> str:
    return words.on(facts.due[name], weekday=True) if name in facts.due else ""
