"""A case while its events are gone through: what is known so far, changed by the actions and by nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(slots=True)
class Answer:
    """What was answered (UU 14/2008 Pasal 22(7)); `reached_on`: when the notice came to the applicant, if known."""

    decision: str
    on: date
    reached_on: date | None
    ready_on: date
    fee: int = 0
    hard_copy: bool = False
    material: bool = True
    grounds: tuple[str, ...] = ()
    late: bool = False
    paid: bool = False
    delivered_on: date | None = None
    delivered_late: bool = False

    @property
    def needs_delivery(self) -> bool:
        """Whether something is still to be handed over."""
        return self.material and self.delivered_on is None


@dataclass(slots=True)
class Objection:
    """An objection (*keberatan*) to the Atasan PPID and what became of it."""

    key: str
    grounds: tuple[str, ...]
    on: date
    late: bool = False
    state: str = "filed"
    answered_on: date | None = None
    reached_on: date | None = None
    answered_late: bool = False
    fulfilled: bool = True


@dataclass(slots=True)
class Dispute:
    """A dispute before the Komisi Informasi, as the PPID records it."""

    objection: str
    on: date
    stage: str = "registered"
    late: bool = False
    reference: str = ""
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A letter that an event brings forth: its kind, its day, and the place of its event among the events.

    `event` is None for what time has brought about, until the daily job writes that down.
    """

    kind: str
    on: date
    event: int | None


@dataclass(slots=True)
class Dossier:
    """Everything known of a case."""

    state: str = "draft"
    channel: str = "web"
    registered_at: date | None = None
    received_on: date | None = None
    rounds: int = 0
    incomplete_sent_on: date | None = None
    incomplete_reached_on: date | None = None
    completed_on: date | None = None
    missing: tuple[str, ...] = ()
    clock_start: date | None = None
    extended_on: date | None = None
    extension_reason: str = ""
    answer: Answer | None = None
    earlier_answers: list[Answer] = field(default_factory=list)
    routes: dict[str, date] = field(default_factory=dict)
    returned: dict[str, date] = field(default_factory=dict)
    objections: list[Objection] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    closed_on: date | None = None
    flags: set[str] = field(default_factory=set)
    documents: list[Document] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def answered(self) -> Answer:
        """The answer; only asked for in states that have one."""
        if self.answer is None:
            raise LookupError("the case is not answered")
        return self.answer

    def objection(self, data: Mapping[str, Any]) -> Objection | None:
        """The objection that an event names by `objection`, or the latest."""
        key = data.get("objection")
        if key is None:
            return self.objections[-1] if self.objections else None
        return next((each for each in self.objections if each.key == str(key)), None)
