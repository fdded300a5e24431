"""Parts that several letters share: who asked, what was asked, the rights of the applicant, place and date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from portal.kip import settings as law
from portal.kip.letters import words
from portal.kip.letters.facts import LetterFacts, Letterhead, Signatory
from portal.kip.letters.letter import Block, Fields, Letter, Points, Text


def fields(*rows: tuple[str, str | None]) -> Fields:
    """Names with values; those without a value are left out."""
    return Fields(tuple((name, value) for name, value in rows if value))


def applicant(facts: LetterFacts, *, occupation: bool = False) -> Fields:
    """Who asked, as forms and letters name them."""
    party = facts.party
    return fields(
        ("Nama pemohon", party.name),
        ("Kuasa pemohon", party.attorney),
        ("Jenis pemohon", words.KINDS.get(party.kind, party.kind)),
        ("Alamat", party.address),
        ("Pekerjaan", party.occupation if occupation else ""),
        ("Kontak", party.contact),
    )


def addressed(facts: LetterFacts) -> tuple[str, ...]:
    """The lines under "Kepada"."""
    lines = ["Yth.", facts.party.name or "Pemohon Informasi"]
    if facts.party.attorney:
        lines.append(f"melalui kuasanya, {facts.party.attorney}")
    lines += [line.strip() for line in facts.party.address.splitlines() if line.strip()]
    return tuple(lines)


def about(facts: LetterFacts) -> str:
    """What a letter answers, for its first sentence."""
    received = f" yang kami terima pada {words.on(facts.received_on)}" if facts.received_on else ""
    return f"permohonan informasi publik Saudara dengan nomor pendaftaran {facts.registration}{received}"


def deadline_rows(facts: LetterFacts, *names: str) -> tuple[tuple[str, str], ...]:
    """The dates of those names that run, each with its weekday."""
    found = []
    for name, label in words.DEADLINES:
        if name in names and name in facts.due:
            found.append((label[0].upper() + label[1:], words.on(facts.due[name], weekday=True)))
    return tuple(found)


def provisional(facts: LetterFacts) -> tuple[Block, ...]:
    """That a date rests on days off that are not decreed yet."""
    if not facts.provisional:
        return ()
    return (
        Text(
            "Tanggal tersebut sementara, sebab sebagian hari libur di dalamnya masih perkiraan; tanggal yang telah"
            " diberitahukan tidak akan dimajukan."
        ),
    )


def rights(head: Letterhead) -> tuple[Block, ...]:
    """The way to the Atasan PPID and the commission (UU 14/2008 Pasal 35 to 37)."""
    return (
        Text("Hak Pemohon Informasi:"),
        Points(
            (
                "Apabila tidak puas dengan jawaban ini atau dengan pelayanan kami, Saudara berhak mengajukan keberatan"
                f" secara tertulis kepada {head.superior.post or 'Atasan PPID'} dalam waktu paling lambat"
                f" {law.OBJECTION_WINDOW_DAYS} hari kerja setelah ditemukannya alasan keberatan (Pasal 35 dan Pasal 36"
                " ayat (1) UU Nomor 14 Tahun 2008).",
                f"Atasan PPID memberikan tanggapan dalam waktu paling lambat {law.OBJECTION_ANSWER_DAYS} hari kerja"
                " sejak keberatan diterima (Pasal 36 ayat (2)).",
                f"Apabila tanggapan itu tidak memuaskan, sengketa dapat diajukan kepada {head.commission} dalam waktu"
                f" paling lambat {law.DISPUTE_WINDOW_DAYS} hari kerja setelah tanggapan diterima (Pasal 37).",
            )
        ),
    )


def tests(exemptions: Iterable[Mapping[str, Any]]) -> tuple[Block, ...]:
    """The consequence tests that a decision rests on: which information, ground, consequence, end."""
    found: list[Block] = []
    for each in exemptions:
        ground = str(each.get("ground") or "")
        found.append(
            fields(
                ("Informasi yang dikecualikan", _text(each, "information")),
                ("Dasar", words.why_closed(ground) if ground else ""),
                ("Pasal undang-undang lain", _text(each, "article")),
                ("Penetapan uji konsekuensi", _numbered(each)),
                ("Konsekuensi bila dibuka", _text(each, "consequence_if_open")),
                ("Jangka waktu pengecualian", words.ends(each)),
            )
        )
    return tuple(found)


def made(
    title: str,
    facts: LetterFacts,
    head: Letterhead,
    blocks: Iterable[Block],
    *,
    subject: str = "",
    superior: bool = False,
) -> Letter:
    """The letter with its place, date and signatory; one with a `subject` is written to the applicant."""
    return Letter(
        title=title,
        number=facts.number,
        subject=subject,
        to=addressed(facts) if subject else (),
        blocks=tuple(blocks),
        place_date=", ".join(filter(None, (head.place, words.on(facts.dated)))),
        signed=(head.superior if superior else head.ppid,),
    )


def countersigned(letter: Letter, facts: LetterFacts) -> Letter:
    """With the applicant's signature at the left of the desk's."""
    who = Signatory(
        facts.party.attorney or facts.party.name, "Pemohon Informasi" if not facts.party.attorney else "Kuasa Pemohon"
    )
    return replace(letter, signed=(who, *letter.signed))


def approved(letter: Letter, head: Signatory) -> Letter:
    """With the head's approval at the left of the PPID's signature."""
    return replace(letter, signed=(replace(head, post=f"Menyetujui,\n{head.post}"), *letter.signed))


def _text(values: Mapping[str, Any], name: str) -> str:
    return str(values.get(name) or "").strip()


def _numbered(values: Mapping[str, Any]) -> str:
    number = _text(values, "number")
    decided = values.get("date") or values.get("decided_on")
    return " ".join(
        filter(None, (f"Nomor {number}" if number else "", f"tanggal {words.on(decided)}" if decided else ""))
    )
