"""Work that an upper floor gives a worker to do, which then needs to know nothing of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from datasets import jobs
from datasets.installation import Installation

Settle = Callable[[Session, jobs.Taken], object]
"""Writes down how a piece of work ended, in one transaction."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Jobs of one `kind`, each worker doing `hands` of them at a time.

    `plan` sees in a transaction that what waits has its job, every 20 seconds. `do` does one and says what is to be
    written down; what it raises counts as a failure. It may be killed at any moment and is then done again, and
    returns soon when the event is set.
    """

    kind: str
    hands: int
    plan: Callable[[Session], object]
    do: Callable[[Installation, jobs.Taken, threading.Event], Settle]
