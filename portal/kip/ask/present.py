"""A case as its applicant sees it: where it stands, its dates, letters, the answer, and what may be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from portal.kip import spoken
from portal.kip.models import KipAttachment, KipCase, KipEvent
from portal.kip.sealing import Keyring
from portal.kip.store import letters, papers
from portal.kip.workflow import Case
from portal.web.figures import day, minute, size
from portal.web.i18n import gettext as _

HIDDEN = frozenset({"look", "reminder", "note", "route", "return_from_opd", "record_arrival"})
"""Events of the desk's own work, which the applicant is not shown."""
SHOWN_DATES = (
    *("received_on", "completeness_check_due", "correction_due", "answer_due", "extended_answer_due"),
    *("delivery_due", "objection_answer_due", "dispute_window_end"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the timeline."""

    what: str
    when: str
    who: str
    said: tuple[str, ...]
    look: str = "plain"


def timeline(rows: Sequence[KipEvent], *, for_applicant: bool = True) -> list[Line]:
    """The events in words, the newest last."""
    return [
        Line(
            spoken.action(row.action),
            minute(row.at),
            spoken.actor(row.actor) if for_applicant else f"{spoken.actor(row.actor)}, {row.by}",
            tuple(said(row, for_applicant=for_applicant)),
            "main" if row.action in ("register", "answer", "object", "decide_objection") else "plain",
        )
        for row in rows
        if not (for_applicant and row.action in HIDDEN and "handed_to" not in row.data)
    ]


def said(row: KipEvent, *, for_applicant: bool) -> list[str]:
    """What an event tells beside its name."""
    data, told = row.data, []
    if row.action == "answer":
        told.append(spoken.decision(data.get("decision")))
    if row.action == "extend":
        told.append(extension(str(data.get("reason", ""))))
    if row.action == "object":
        told += [spoken.ground(letter) for letter in data.get("grounds", [])]
    if row.action == "decide_objection":
        told.append(spoken.objection_state(str(data.get("result", ""))))
    if row.action == "record_decision":
        told.append(spoken.dispute(str(data.get("stage", ""))))
    if data.get("handed_to"):
        told.append(_("Passed on as a complaint: %(where)s", where=f"{data['handed_to']} {data.get('reference', '')}"))
    if row.action == "register" and data.get("received_on"):
        told.append(_("Received on %(day)s", day=str(data["received_on"])))
    told += [str(text) for text in _listed(data.get("missing"))]
    if row.action in ("send_incomplete", "decide_objection", "extend"):
        told += [str(data[name]) for name in ("explanation", "order") if data.get(name)]
    if row.action in ("send_incomplete", "decide_objection") and data.get("reason"):
        told.append(str(data["reason"]))
    if not for_applicant:
        told += [str(data[name]) for name in ("text", "subject", "withdrawn", "proposal", "what") if data.get(name)]
        told += [", ".join(_listed(data.get("opd")))]
        told += [spoken.letter(name) for name in _listed(data.get("document"))]
        told += [str(data[name]) for name in ("reached_on", "holder") if data.get(name)]
    return [text for text in told if text]


def extension(reason: str) -> str:
    """One of the two reasons for more time."""
    return {
        "not_yet_held_or_documented": _("the information is not held or documented yet"),
        "exemption_undecided": _("it is not decided yet whether the information is exempted"),
    }.get(reason, reason)


def dates(case: Case) -> list[tuple[str, str, bool]]:
    """The dates of a case: name, day, and whether it is the one that counts now."""
    current = "extended_answer_due" if "extended_answer_due" in case.due else "answer_due"
    waiting = case.state in ("received", "in_process", "extended")
    return [
        (spoken.deadline(name), day(case.due[name]), waiting and name == current)
        for name in SHOWN_DATES
        if name in case.due and not (name == "completeness_check_due" and case.state != "received")
    ]


def answer(session: Session, row: KipCase, secret: str, events: Sequence[KipEvent]) -> dict[str, Any] | None:
    """The latest answer with what it gives."""
    found = next((event for event in reversed(events) if event.action == "answer"), None)
    if found is None:
        return None
    data = found.data
    files = {paper.id: paper for paper in papers.of_case(session, row.id) if paper.kind == "answer" and paper.sent}
    material = []
    for given in data.get("material") or []:
        paper: KipAttachment | None = files.get(int(given["file"])) if given.get("file") else None
        url = url_for("kip_follow.file", secret=secret, number=paper.id) if paper else given.get("url", "")
        material.append(
            {
                "title": given.get("title") or (paper.name if paper else url),
                "url": url,
                "citation": given.get("citation", ""),
                "sha256": given.get("sha256", ""),
                "size": size(paper.size) if paper else "",
            }
        )
    return {
        "decision": spoken.decision(data.get("decision")),
        "kind": "good" if data.get("decision") in ("granted", "already_public") else "warn",
        "text": data.get("answer", ""),
        "reason": data.get("reason", ""),
        "holder": data.get("holder", ""),
        "grounds": [f"Pasal {code}: {spoken.exemption(code)}" for code in data.get("grounds", [])],
        "redactions": [
            (each.get("what", ""), f"Pasal {each.get('ground')}: {spoken.exemption(str(each.get('ground')))}")
            for each in data.get("redactions", [])
        ],
        "material": material,
        "fee": int(data.get("fee") or 0),
        "links": _listed(data.get("links") or data.get("link")),
    }


def letter_lines(session: Session, row: KipCase, secret: str) -> list[tuple[str, str, str, str]]:
    """The letters: what, number, day, address."""
    return [
        (
            spoken.letter(letter.kind),
            letter.number,
            day(letter.dated),
            url_for("kip_follow.letter", secret=secret, number=letter.id),
        )
        for letter in letters.of_case(session, row.id)
    ]


def may(case: Case) -> set[str]:
    """What the applicant may do now."""
    return {name for name, actors in case.allowed.items() if "applicant" in actors}


def own_papers(session: Session, ring: Keyring, row: KipCase) -> list[tuple[str, str]]:
    """The applicant's own files: kind and name."""
    kinds = {"proof": _("Proof of identity"), "power_of_attorney": _("Power of attorney")}
    return [
        (kinds.get(paper.kind, _("Attachment")), papers.name_of(session, ring, paper) or _("erased"))
        for paper in papers.of_case(session, row.id)
        if paper.kind in papers.PROOFS
    ]


def _listed(value: Any) -> list[str]:
    if not value:
        return []
    return [value] if isinstance(value, str) else [str(each) for each in value]
