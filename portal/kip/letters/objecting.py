"""Letters on objections (UU 14/2008 Pasal 35 and 36) and the case file for a dispute (Pasal 37)."""

from __future__ import annotations

from portal.kip import settings as law
from portal.kip.letters import parts, words
from portal.kip.letters.facts import LetterFacts, Letterhead
from portal.kip.letters.letter import Block, Grid, Heading, Letter, Points, Quote, Text


def tanda_terima_keberatan(facts: LetterFacts, head: Letterhead) -> Letter:
    """The receipt of an objection: the form of the law, whose copy it is, with the day by which it is answered."""
    objection = facts.objection
    blocks: list[Block] = [
        Text("Telah diterima pernyataan keberatan atas permohonan informasi publik:"),
        parts.fields(
            ("Nomor keberatan", str(objection.get("number") or facts.number)),
            ("Nomor pendaftaran permohonan", facts.registration),
            ("Tanggal diterima", words.on(objection.get("received_on") or facts.dated, weekday=True)),
            ("Tujuan penggunaan informasi", facts.purpose),
        ),
        parts.applicant(facts, occupation=True),
        Text("Alasan keberatan:"),
        Points(words.objection_grounds(_grounds(facts))),
    ]
    if story := str(objection.get("story") or facts.said("story")):
        blocks += [Text("Kasus posisi:"), Quote(story)]
    if objection.get("late"):
        blocks.append(
            Text(
                f"Keberatan ini diterima setelah jangka waktu {law.OBJECTION_WINDOW_DAYS} hari kerja berakhir."
                " Keberatan tetap didaftar; Atasan PPID menyatakan hal itu dalam keputusannya."
            )
        )
    blocks += [
        Text(
            f"Atasan PPID memberikan tanggapan dalam waktu paling lambat {law.OBJECTION_ANSWER_DAYS} hari kerja sejak"
            f" keberatan diterima{_until(facts)} (Pasal 36 ayat (2) UU Nomor 14 Tahun 2008)."
        ),
        *parts.provisional(facts),
    ]
    return parts.countersigned(parts.made("Tanda Terima Pernyataan Keberatan", facts, head, blocks), facts)


def keputusan_keberatan(facts: LetterFacts, head: Letterhead) -> Letter:
    """The written decision of the Atasan PPID: date, number, answer, and what the PPID is ordered to do until when."""
    objection = facts.objection
    result = facts.said("result") or facts.said("decision")
    blocks: list[Block] = [
        Text(
            f"Setelah memeriksa keberatan nomor {objection.get('number') or '–'} tanggal"
            f" {words.on(objection.get('received_on'))} atas permohonan informasi nomor pendaftaran"
            f" {facts.registration} yang diajukan oleh:"
        ),
        parts.applicant(facts),
        Text("dengan alasan:"),
        Points(words.objection_grounds(_grounds(facts))),
    ]
    if objection.get("late"):
        blocks.append(Text("Keberatan diterima setelah jangka waktu pengajuannya berakhir."))
    blocks.append(Text(f"Atasan PPID memutuskan: {words.RESULTS.get(result, result)}."))
    if facts.has("reason"):
        blocks += [Text("Pertimbangan:"), Quote(facts.said("reason"))]
    if facts.has("order"):
        until = f", paling lambat {words.on(facts.said('order_due'), weekday=True)}" if facts.has("order_due") else ""
        blocks += [Text(f"Perintah kepada PPID{until}:"), Quote(facts.said("order"))]
    blocks.append(
        Text(
            f"Apabila keputusan ini tidak memuaskan, Saudara dapat mengajukan penyelesaian sengketa kepada"
            f" {head.commission} dalam waktu paling lambat {law.DISPUTE_WINDOW_DAYS} hari kerja setelah keputusan ini"
            " diterima (Pasal 37 ayat (2) UU Nomor 14 Tahun 2008)."
        )
    )
    return parts.made("Keputusan Atasan PPID atas Keberatan", facts, head, blocks, superior=True)


def berita_acara_penyelesaian(facts: LetterFacts, head: Letterhead) -> Letter:
    """That an objection was settled between both sides; ground a cannot be (UU 14/2008 Pasal 35(2))."""
    blocks: list[Block] = [
        Text(
            f"Pada {words.on(facts.dated, weekday=True)} keberatan nomor {facts.objection.get('number') or '–'} atas"
            f" permohonan nomor pendaftaran {facts.registration} telah diselesaikan secara musyawarah oleh kedua pihak"
            " (Pasal 35 ayat (2) UU Nomor 14 Tahun 2008)."
        ),
        parts.applicant(facts),
        Text("Alasan keberatan:"),
        Points(words.objection_grounds(_grounds(facts))),
    ]
    if agreed := facts.said("agreement") or facts.said("reason"):
        blocks += [Text("Yang disepakati:"), Quote(agreed)]
    return parts.countersigned(parts.made("Berita Acara Penyelesaian Keberatan", facts, head, blocks), facts)


def berkas_sengketa(facts: LetterFacts, head: Letterhead) -> Letter:
    """The case file for the commission: request, objection, timeline, letters and proofs of sending."""
    objection = facts.objection
    blocks: list[Block] = [
        parts.fields(
            ("Komisi Informasi", head.commission),
            ("Nomor register sengketa", facts.said("reference")),
            ("Badan publik (termohon)", head.body),
            ("Nomor pendaftaran permohonan", facts.registration),
            ("Tanggal permohonan diterima", words.on(facts.received_on) if facts.received_on else ""),
            ("Nomor keberatan", str(objection.get("number") or "")),
            ("Tanggal keberatan diterima", words.on(objection["received_on"]) if objection.get("received_on") else ""),
        ),
        Heading("Pemohon"),
        parts.applicant(facts, occupation=True),
        Heading("Informasi yang diminta"),
        Quote(facts.question),
        parts.fields(("Tujuan penggunaan", facts.purpose)),
        Heading("Alasan keberatan"),
        Points(words.objection_grounds(_grounds(facts))),
    ]
    if objection.get("story"):
        blocks.append(Quote(str(objection["story"])))
    blocks += [
        Heading("Urutan peristiwa"),
        Grid(
            ("Tanggal", "Peristiwa", "Oleh"),
            tuple(
                (words.on(step.on), words.DONE.get(step.done, step.done), words.WHO.get(step.by, step.by) or "–")
                for step in facts.history
            ),
            (4, 10, 5),
        ),
    ]
    if facts.exemptions:
        blocks += [Heading("Uji konsekuensi"), *parts.tests(facts.exemptions)]
    return parts.made("Berkas Sengketa Informasi Publik", facts, head, blocks)


def _grounds(facts: LetterFacts) -> tuple[str, ...]:
    grounds = facts.objection.get("grounds") or facts.listed("grounds") or facts.listed("ground")
    return (grounds,) if isinstance(grounds, str) else tuple(str(each) for each in grounds)


def _until(facts: LetterFacts) -> str:
    due = facts.due.get("objection_answer_due")
    return f", yaitu {words.on(due, weekday=True)}" if due else ""
