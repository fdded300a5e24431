"""What a letter is made from: plain values that go into JSON and come back, so that it can be made again as it was."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any


class LogoMissing(ValueError):
    """The logo that a letterhead names by its checksum was not given, or is another picture."""


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs: name, post, and the number of a civil servant (NIP), which may be left out."""

    name: str = ""
    post: str = ""
    nip: str = ""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head of the regency's letters and who signs them.

    `logo` is a PNG or JPEG picture, or nothing; it is kept beside the letters by its checksum. `ppid` signs all but the
    decision on an objection, which `superior` (the Atasan PPID) signs, and `head` approves exemptions.
    """

    body: str
    office: str = "Pejabat Pengelola Informasi dan Dokumentasi (PPID)"
    address: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    place: str = ""
    ppid: Signatory = field(default_factory=lambda: Signatory(post="PPID"))
    superior: Signatory = field(default_factory=lambda: Signatory(post="Atasan PPID"))
    head: Signatory = field(default_factory=lambda: Signatory(post="Bupati"))
    commission: str = "Komisi Informasi Provinsi Jawa Timur"
    logo: bytes = b""

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values; the logo is its SHA-256."""
        found = asdict(self)
        found["logo"] = hashlib.sha256(self.logo).hexdigest() if self.logo else ""
        return found

    @classmethod
    def of(cls, values: Mapping[str, Any], logo: bytes = b"") -> Letterhead:
        """From what `as_dict` gave and the picture that it names. Raises LogoMissing when it is not that picture."""
        kept = {name: value for name, value in values.items() if name in {each.name for each in fields(cls)}}
        wanted = kept.pop("logo", "")
        if wanted and hashlib.sha256(logo).hexdigest() != wanted:
            raise LogoMissing(wanted)
        for name in ("ppid", "superior", "head"):
            if name in kept:
                kept[name] = Signatory(**kept[name])
        return cls(**kept, logo=logo if wanted else b"")


@dataclass(frozen=True, slots=True)
class Party:
    """Who asked, as a letter names them; `attorney` is who asks for them (*kuasa*)."""

    name: str = ""
    address: str = ""
    contact: str = ""
    occupation: str = ""
    kind: str = "perorangan"
    attorney: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a case as the case file lists it: its day, what was done and by whom, in words or by its codes."""

    on: date
    done: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """Everything that a letter says. `number` is the letter's own, `registration` the request's.

    `due` has the names of `kip.clock.deadlines`, `event` the members of the event that brings the letter forth
    (docs/kip-events.md), `exemptions` the consequence tests that it rests on, `objection` the members `number`,
    `grounds`, `received_on`, `late`, `story`, and `history` the case file for a dispute.
    """

    number: str
    dated: date
    registration: str = ""
    received_on: date | None = None
    party: Party = field(default_factory=Party)
    question: str = ""
    purpose: str = ""
    channel: str = "web"
    manner: str = ""
    delivery: str = ""
    due: Mapping[str, date] = field(default_factory=dict)
    provisional: bool = False
    event: Mapping[str, Any] = field(default_factory=dict)
    exemptions: tuple[Mapping[str, Any], ...] = ()
    objection: Mapping[str, Any] = field(default_factory=dict)
    follow: str = ""
    history: tuple[Step, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values, which `of` takes back."""
        found: dict[str, Any] = _plain(asdict(self))
        return found

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> LetterFacts:
        """From what `as_dict` gave; members of later layouts are left out. ValueError when a date is none."""
        kept = {name: value for name, value in values.items() if name in {each.name for each in fields(cls)}}
        for name in ("dated", "received_on"):
            if kept.get(name):
                kept[name] = date.fromisoformat(kept[name])
        kept["party"] = Party(**kept.get("party", {}))
        kept["due"] = {name: date.fromisoformat(day) for name, day in kept.get("due", {}).items()}
        kept["exemptions"] = tuple(kept.get("exemptions", ()))
        kept["history"] = tuple(
            Step(date.fromisoformat(step["on"]), step["done"], step.get("by", "")) for step in kept.get("history", ())
        )
        return cls(**kept)

    def has(self, name: str) -> bool:
        """Whether the event tells something under that name."""
        return self.event.get(name) not in (None, "", (), [], {})

    def said(self, name: str) -> str:
        """A text of the event, empty when there is none."""
        value = self.event.get(name)
        return "" if value is None else str(value)

    def listed(self, name: str) -> tuple[str, ...]:
        """A list of texts of the event; one text stands for a list of one."""
        value = self.event.get(name)
        if not value:
            return ()
        return (value,) if isinstance(value, str) else tuple(str(each) for each in value)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value
