"""An action as a value: who may do it, in which states, what keeps it from being done, and what it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from portal.kip.clock import Clock
from portal.kip.dossier import Document, Dossier
from portal.kip.events import Event, Refused

APPLICANT = ("applicant", "desk_officer")
"""The applicant, or the desk that writes down what the applicant says."""

OPEN = ("received", "in_process", "extended")


def nothing_else(case: Dossier, clock: Clock) -> None:
    """No condition beyond actor and state."""


@dataclass(frozen=True, slots=True)
class Action:
    """`guard` raises Refused for reasons that lie in the case and its clock, `apply` for those in the event."""

    name: str
    actors: tuple[str, ...]
    states: tuple[str, ...]
    apply: Callable[[Dossier, Event, Clock], None]
    guard: Callable[[Dossier, Clock], None] = nothing_else

    def who(self, clock: Clock) -> tuple[str, ...]:
        """Who may do it under the settings."""
        who = self.actors
        if self.name == "answer" and clock.settings.opd_may_answer:
            who = (*who, "ppid_pelaksana")
        if "desk_officer" in who and "ppid_utama" not in who:
            who = (*who, "ppid_utama")  # the head of the desk does what its officers do
        return who

    def perform(self, case: Dossier, event: Event, clock: Clock) -> None:
        """Change the case, or raise Refused and change nothing that matters."""
        if event.actor not in self.who(clock):
            raise Refused("not_permitted", actor=event.actor)
        self.guard(case, clock)
        if case.state not in self.states:
            raise Refused("not_permitted", state=case.state)
        self.apply(case, event, clock)


def issue(case: Dossier, kind: str, event: Event) -> None:
    """Note the letter that an event brings forth."""
    case.documents.append(Document(kind, event.day, event.index))


def write_letters(case: Dossier, event: Event) -> None:
    """Make the letters of what time has brought about from the event that writes it down."""
    case.documents = [
        Document(document.kind, event.day, event.index) if document.event is None else document
        for document in case.documents
    ]


def start_processing(case: Dossier, day_declared: date, clock: Clock) -> None:
    """From received to in_process: the clock starts as the setting `clock_start_rule` says."""
    case.state = "in_process"
    if case.clock_start is None:
        declared = clock.settings.clock_start_rule == "declared_complete"
        case.clock_start = day_declared if declared else case.received_on
