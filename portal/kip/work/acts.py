"""What an officer's form says, as the members of an event (docs/kip-events.md) and what of it is sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from metadata.errors import BadInput
from portal.web.i18n import gettext as _

LONGEST = 5000
FIRST_YEAR, LAST_YEAR = 1990, 2100
_LARGEST, _MOST_TICKED = 2**31 - 1, 50
PLAIN: Mapping[str, tuple[str, ...]] = {
    "send_incomplete": ("explanation", "reached_on"),
    "accept_complete": (),
    "complete": ("received_on",),
    "extend": ("reason", "explanation"),
    "pay": (),
    "deliver": ("delivered_on",),
    "record_arrival": ("document", "reached_on"),
    "object": ("received_on", "found_on"),
    "decide_objection": ("result", "reason", "order", "order_due", "reached_on"),
    "settle": ("agreement",),
    "refer_dispute": ("reference", "received_on"),
    "record_decision": ("stage", "decided_on"),
    "route": (),
    "return_from_opd": (),
    "note": (),
}
"""The acts that the case page has a form for, with the members that are single texts."""
LISTS: Mapping[str, str] = {"send_incomplete": "missing", "complete": "still_missing"}
"""Members that are typed one a line."""
DATES = frozenset({"reached_on", "received_on", "delivered_on", "found_on", "decided_on", "order_due"})
SEALED = frozenset({"note", "object", "complete"})
"""Acts whose free text may tell of a person: it is sealed with the case."""


@dataclass(frozen=True, slots=True)
class Said:
    """An event's members, and the text that is sealed with it."""

    data: dict[str, Any] = field(default_factory=dict)
    private: str = ""


def said(action: str, form: MultiDict[str, str]) -> Said:
    """What the form of an act says. Raises `BadInput` for a date that is none."""
    data: dict[str, Any] = {}
    for name in PLAIN[action]:
        text = form.get(name, "").replace("\r\n", "\n").strip()[:LONGEST]
        if text:
            data[name] = day(text).isoformat() if name in DATES else text
    listed = LISTS.get(action)
    if listed and (lines := _lines(form.get(listed, ""))):
        data[listed] = lines
    if action in ("route", "return_from_opd"):
        data["opd"] = [slug[:100] for slug in form.getlist("opd") if slug][:20]
    if action == "object":
        data["grounds"] = [one for one in form.getlist("grounds") if len(one) == 1]
    if action in ("decide_objection", "settle", "refer_dispute") and form.get("objection"):
        data["objection"] = form["objection"][:100]
    private = form.get("text", "").strip()[:LONGEST] if action in SEALED else ""
    return Said(data, private)


def day(text: str) -> date:
    """A day that an officer typed. Raises `BadInput` for what is none, or lies where nothing of the desk can."""
    try:
        typed = date.fromisoformat(text)
    except ValueError:
        raise BadInput(reason=_("%(typed)s is no date", typed=text[:20])) from None
    if not FIRST_YEAR <= typed.year <= LAST_YEAR:
        raise BadInput(reason=_("the year of %(typed)s cannot be right", typed=text[:20]))
    return typed


def ticked(form: MultiDict[str, str], name: str) -> list[int]:
    """The numbers of what was ticked; what can be the number of nothing is left out."""
    return [number for number in form.getlist(name, type=int) if 0 < number <= _LARGEST][:_MOST_TICKED]


def number(text: str) -> int | None:
    """The number of what was chosen; None for nothing, and for what can be the number of nothing."""
    given = int(text) if text.isascii() and text.isdigit() and len(text) < 11 else 0
    return given if 0 < given <= _LARGEST else None


def _lines(text: str) -> list[str]:
    return [line.strip()[:300] for line in text.splitlines() if line.strip()][:20]
