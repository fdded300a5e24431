"""What a letter of a case says, gathered from its events as they stood when the letter went out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from portal.kip.calendar import WorkingCalendar, desk_date
from portal.kip.dossier import Objection
from portal.kip.events import as_moment
from portal.kip.letters.facts import LetterFacts, Party, Step
from portal.kip.settings import KipSettings
from portal.kip.workflow import Case, replay

DONE: Final = {
    "register": "Permohonan didaftar dan tanda bukti diberikan",
    "send_incomplete": "Surat keterangan tidak lengkap dikirim",
    "complete": "Kelengkapan diterima",
    "accept_complete": "Permohonan dinyatakan lengkap",
    "lapse": "Permohonan tidak dapat diproses karena tidak dilengkapi",
    "route": "Diteruskan ke perangkat daerah",
    "return_from_opd": "Dikembalikan oleh perangkat daerah",
    "extend": "Waktu pemberian jawaban diperpanjang",
    "answer": "Pemberitahuan tertulis dikirim",
    "pay": "Biaya dibayar",
    "deliver": "Informasi diserahkan",
    "withdraw": "Permohonan ditarik kembali",
    "close": "Permohonan ditutup",
    "record_arrival": "Surat diterima oleh pemohon",
    "object": "Keberatan diterima",
    "decide_objection": "Keputusan atas keberatan dikirim",
    "settle": "Keberatan diselesaikan secara musyawarah",
    "refer_dispute": "Sengketa diajukan ke Komisi Informasi",
    "record_decision": "Perkembangan sengketa dicatat",
}
"""The steps that a case file lists, in words; what officers look at or note is not among them."""

WHO: Final = {
    "applicant": "Pemohon",
    "desk_officer": "Petugas Pelayanan Informasi",
    "ppid_utama": "PPID",
    "ppid_pelaksana": "PPID Pelaksana",
    "atasan_ppid": "Atasan PPID",
    "pimpinan": "Pimpinan",
    "komisi_informasi": "Komisi Informasi",
    "job": "Sistem",
}

_FRAME = frozenset({"action", "actor", "at"})


def letter_facts(
    events: Sequence[Mapping[str, Any]],
    index: int,
    calendar: WorkingCalendar,
    settings: KipSettings,
    *,
    number: str,
    registration: str,
    party: Party,
    question: str,
    purpose: str = "",
    manner: str = "",
    delivery: str = "",
    follow: str = "",
) -> LetterFacts:
    """The facts of the letter that the event at `index` brings forth, as they were on its day.

    What happens later changes nothing in them. Raises LookupError when there is no such event.
    """
    here = events[index]
    day = desk_date(as_moment(here["at"]))
    case = replay(events[: index + 1], calendar, settings, day)
    said = {name: value for name, value in here.items() if name not in _FRAME}
    return LetterFacts(
        number=number,
        dated=day,
        registration=registration,
        received_on=case.dossier.received_on,
        party=party,
        question=question,
        purpose=purpose,
        channel=case.dossier.channel,
        manner=manner,
        delivery=delivery,
        due=dict(case.due),
        provisional=case.provisional,
        event=said,
        exemptions=_exemptions(here),
        objection=_objection(case, events[: index + 1], here),
        follow=follow,
        history=_history(events[: index + 1]) if here["action"] == "refer_dispute" else (),
    )


def _exemptions(event: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    found = event.get("exemptions") or event.get("exemption") or ()
    return (found,) if isinstance(found, Mapping) else tuple(found)


def _objection(case: Case, events: Sequence[Mapping[str, Any]], event: Mapping[str, Any]) -> dict[str, Any]:
    """The objection that the event is about; its story is in the event that brought it."""
    if event["action"] not in ("object", "decide_objection", "settle", "refer_dispute"):
        return {}
    objection: Objection | None = case.dossier.objection(event)
    if objection is None:
        return {}
    place = case.objections.index(objection)
    brought = [each for each in events if each["action"] == "object" and each.get("grounds", each.get("ground"))]
    story = next((each.get("story", "") for each in brought if str(each.get("objection")) == objection.key), "")
    if not story and place < len(brought):
        story = brought[place].get("story", "")
    return {
        "number": objection.key,
        "grounds": list(objection.grounds),
        "received_on": objection.on.isoformat(),
        "late": objection.late,
        "story": story,
    }


def _history(events: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """The steps of the case with who took them; days are the desk's."""
    return tuple(
        Step(desk_date(as_moment(each["at"])), _told(each), WHO.get(each.get("actor", ""), ""))
        for each in events
        if each["action"] in DONE
    )


def _told(event: Mapping[str, Any]) -> str:
    words = DONE[event["action"]]
    if event["action"] == "record_arrival" and event.get("document"):
        return f"{words} ({str(event['document']).replace('_', ' ')}, {event.get('reached_on', '')})"
    proof = event.get("proof") or event.get("reference")
    return f"{words} ({proof})" if proof else words
