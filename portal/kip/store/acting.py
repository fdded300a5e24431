"""Doing something with a case as the pages do it: the event, its letters, and the mail that tells the applicant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from datasets import mails
from datasets.installation import Installation
from metadata.terms import Bilingual
from portal.kip.calendar import desk_date
from portal.kip.models import KipCase
from portal.kip.sealing import Keyring, keyring
from portal.kip.store import cases, identity, letters, papers
from portal.kip.store.cases import Asked, Opened, Rules
from portal.kip.store.identity import Identity
from portal.kip.store.papers import SealedProof
from portal.kip.workflow import Case

TOLD: Mapping[str, Bilingual] = {
    "register": Bilingual(
        id="Permohonan informasi Anda sudah kami terima dan terdaftar dengan nomor {number}.\n\n"
        "Paling lambat {due} Anda menerima jawaban tertulis (UU 14/2008 Pasal 22).",
        en="We have received your request for information and registered it under number {number}.\n\n"
        "You will have a written answer by {due} at the latest (UU 14/2008 Pasal 22).",
    ),
    "send_incomplete": Bilingual(
        id="Permohonan {number} belum lengkap. Lengkapilah sampai {correction}; sesudah itu permohonan tidak dapat "
        "diproses, dan Anda dapat mengajukan yang baru.",
        en="Request {number} is not complete. Please complete it by {correction}; after that it cannot be processed, "
        "and you can file a new one.",
    ),
    "complete": Bilingual(
        id="Kelengkapan permohonan {number} sudah kami terima. Jawaban paling lambat {due}.",
        en="What was missing in request {number} has arrived. The answer is due by {due}.",
    ),
    "extend": Bilingual(
        id="Jawaban atas permohonan {number} kami perpanjang satu kali, sampai paling lambat {due}. Suratnya ada di "
        "halaman permohonan Anda.",
        en="The time for answering request {number} is extended once, to {due} at the latest. The letter is on the "
        "page of your request.",
    ),
    "answer": Bilingual(
        id="Permohonan {number} sudah dijawab. Jawaban dan suratnya ada di halaman permohonan Anda, juga cara "
        "mengajukan keberatan dalam 30 hari kerja.",
        en="Request {number} has been answered. The answer and its letter are on the page of your request, and how to "
        "object within 30 working days.",
    ),
    "object": Bilingual(
        id="Keberatan Anda atas permohonan {number} sudah terdaftar. Atasan PPID memutus paling lambat {objection}.",
        en="Your objection on request {number} is registered. The superior decides by {objection} at the latest.",
    ),
    "decide_objection": Bilingual(
        id="Keberatan Anda atas permohonan {number} sudah diputus. Keputusannya ada di halaman permohonan Anda.",
        en="Your objection on request {number} has been decided. The decision is on the page of your request.",
    ),
    "lapse": Bilingual(
        id="Permohonan {number} tidak dilengkapi pada waktunya, jadi tidak dapat diproses. Suratnya ada di halaman "
        "permohonan Anda. Ini bukan penolakan: Anda dapat mengajukan lagi.",
        en="Request {number} was not completed in time and cannot be processed. The letter is on the page of your "
        "request. It is no refusal: you can file a new one.",
    ),
    "deliver": Bilingual(
        id="Informasi yang Anda minta dengan permohonan {number} sudah diserahkan.",
        en="The information that you asked for in request {number} has been handed over.",
    ),
    "handed_to_complaints": Bilingual(
        id="Permohonan {number} kami baca sebagai pengaduan dan kami teruskan ke kanal pengaduan. Bila Anda memang "
        "mengadu, Anda dapat mencabut permohonan ini di halamannya; bila tidak, kami tetap menjawabnya.",
        en="We read request {number} as a complaint and passed it to the channel for complaints. If it is one, you can "
        "withdraw the request on its page; if not, we go on to answer it.",
    ),
    "deadline_recalculated": Bilingual(
        id="Kalender hari kerja berubah. Jawaban atas permohonan {number} sekarang paling lambat {due}.",
        en="The calendar of working days has changed. The answer to request {number} is now due by {due}.",
    ),
}
"""What the applicant is told of an event. The subject of a mail has the number and nothing else."""

_SUBJECT = Bilingual(id="Permohonan informasi {number}", en="Request for information {number}")
_FOLLOW = Bilingual(
    id="Ikuti permohonan Anda di tautan rahasia ini; jangan diteruskan kepada orang lain:",
    en="Follow your request at this secret link; do not pass it on:",
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What acting on cases needs: the keys, whose desk it is, and where its pages are."""

    ring: Keyring
    region: str
    site: str

    def follow(self, secret: str) -> str:
        """The secret link of a case."""
        return f"{self.site}/permohonan/lacak/{secret}"


def desk(here: Installation, site: str = "") -> Desk:
    """The desk of an installation; `site` is its address where none is set."""
    return Desk(keyring(here.settings), here.settings.region_name, here.settings.site_url or site)


def register(
    session: Session, at_desk: Desk, asked: Asked, who: Identity, *, channel: str, actor: str, by: str, at: datetime,
    received_on: date | None = None, pin_hash: Any = None, proof_key: bytes | None = None,
    proofs: Sequence[SealedProof] = (),
) -> Opened:  # fmt: skip
    """Take a request in, with its files, its receipt and the mail that brings it."""
    opened = cases.register(
        session, at_desk.ring, asked, who, channel=channel, actor=actor, by=by, at=at,
        received_on=received_on, pin_hash=pin_hash, proof_key=proof_key,
    )  # fmt: skip
    for proof in proofs:
        papers.note(session, opened.row.id, proof, by=by, at=at)
    _letters(session, at_desk, opened.row, opened.case)
    tell(session, at_desk, opened.row, opened.case, "register", at=at)
    return opened


def act(
    session: Session, at_desk: Desk, case_id: int, action: str, *, actor: str, by: str, at: datetime,
    data: Mapping[str, Any] | None = None, private: str = "", revision: int | None = None, quiet: bool = False,
    known: Rules | None = None,
) -> Case:  # fmt: skip
    """Add an event with its letters, and tell the applicant by mail. `private` is sealed with the event.

    Raises what `cases.append` raises.
    """
    row = cases.locked(session, case_id)
    said = dict(data or {})
    if action == "object":
        said["objection"] = letters.objection_row(session, row, on=desk_date(at)).key
    what = "objection" if action == "object" else "note"
    sealed = identity.seal_text(session, at_desk.ring, case_id, private, what) if private else None
    case = cases.append(
        session, case_id, action, actor=actor, by=by, at=at, data=said, sealed=sealed, revision=revision, known=known
    )
    _letters(session, at_desk, row, case)
    if not quiet:
        tell(session, at_desk, row, case, action, at=at)
    return case


def hand_to_complaints(
    session: Session, at_desk: Desk, case_id: int, *, actor: str, by: str, at: datetime, channel: str, reference: str
) -> Case:
    """Note that a request is a complaint and went to its channel; the applicant decides whether it ends here."""
    data = {"handed_to": channel[:100], "reference": reference[:100]}
    case = cases.append(session, case_id, "note", actor=actor, by=by, at=at, data=data)
    tell(session, at_desk, cases.locked(session, case_id), case, "handed_to_complaints", at=at)
    return case


def tell(session: Session, at_desk: Desk, row: KipCase, case: Case, action: str, *, at: datetime) -> bool:
    """Mail the applicant what has happened; False without an address, or for what needs no telling."""
    words = TOLD.get(action)
    if words is None:
        return False
    who = identity.unseal(session, at_desk.ring, row.id)
    if not who.email:
        return False
    language = row.language if row.language in ("id", "en") else "id"
    said = words.say(language).format(number=row.number, **_days(case, language))
    follow = f"{_FOLLOW.say(language)}\n{at_desk.follow(who.secret)}"
    mails.post(
        session,
        to=who.email,
        subject=_SUBJECT.say(language).format(number=row.number),
        text=f"{said}\n\n{follow}\n\nPPID {at_desk.region}\n",
        at=at,
        key=f"kip:{row.id}:{row.revision}:{action}",
        language=language,
    )
    return True


def _letters(session: Session, at_desk: Desk, row: KipCase, case: Case) -> None:
    if not any(document.event == row.revision - 1 for document in case.documents):
        return
    who = identity.unseal(session, at_desk.ring, row.id)
    letters.write_new(session, at_desk.ring, row, case, region=at_desk.region, follow=at_desk.follow(who.secret))


def _days(case: Case, language: str) -> dict[str, str]:
    from metadata.dates import format_date  # late: babel

    due = case.due
    wanted = {
        "due": due.get("extended_answer_due") or due.get("answer_due"),
        "correction": due.get("correction_due"),
        "objection": due.get("objection_answer_due"),
    }
    return {name: format_date(day, language) if day else "–" for name, day in wanted.items()}
