"""What a harvest reports: values of each dataset and each run, and their JSON, which other tools read."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from datasets.models import ItemOutcome, RunState
from metadata.notices import Notice


@dataclass(frozen=True, slots=True)
class ItemReport:
    """What a run did with one dataset; `key` is its key at the source, `seconds` the time it took."""

    key: str
    title: str
    outcome: ItemOutcome
    messages: tuple[Notice, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class RunReport:
    """What one harvest of one source did. `notice` says what befell the run as a whole, if anything."""

    source: str
    title: str
    state: RunState
    items: tuple[ItemReport, ...] = ()
    notice: Notice | None = None

    @property
    def counts(self) -> dict[str, int]:
        """The number of datasets by outcome, every outcome named."""
        return {outcome.value: sum(item.outcome is outcome for item in self.items) for outcome in ItemOutcome}

    @property
    def failed(self) -> bool:
        """Whether something went wrong: the run as a whole, or a dataset."""
        return self.state is not RunState.FINISHED or any(item.outcome is ItemOutcome.FAILED for item in self.items)


class Progress(Protocol):
    """Who wants to be told how a harvest goes on; called one at a time, from any thread."""

    def started(self, source: str, title: str) -> None:
        """A source is begun."""
        ...

    def done(self, source: str, item: ItemReport) -> None:
        """One dataset is done, whatever came of it."""
        ...

    def finished(self, report: RunReport) -> None:
        """A source is finished."""
        ...


class InTurn:
    """Passes on what several threads tell, one at a time."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._turn = progress, threading.Lock()

    def started(self, source: str, title: str) -> None:
        """A source is begun."""
        with self._turn:
            self._progress.started(source, title)

    def done(self, source: str, item: ItemReport) -> None:
        """One dataset is done."""
        with self._turn:
            self._progress.done(source, item)

    def finished(self, report: RunReport) -> None:
        """A source is finished."""
        with self._turn:
            self._progress.finished(report)


class Silent:
    """Progress for nobody."""

    def started(self, source: str, title: str) -> None:
        """Nothing."""

    def done(self, source: str, item: ItemReport) -> None:
        """Nothing."""

    def finished(self, report: RunReport) -> None:
        """Nothing."""


def as_json(reports: Iterable[RunReport], language: str) -> dict[str, Any]:
    """The contract of `lumbung harvest --json`: counts over all sources and one entry for each dataset.

    A source that failed as a whole is an entry of its own, under its name, and counts as failed. `messages` are in
    `language`.
    """
    counts = {outcome.value: 0 for outcome in ItemOutcome}
    items: list[dict[str, Any]] = []
    for report in reports:
        for item in report.items:
            items.append(_entry(item.key, item.title, item.outcome, item.messages, language))
        if report.notice is not None:
            told = ItemOutcome.FAILED if report.state is not RunState.FINISHED else ItemOutcome.HELD
            items.append(_entry(report.source, report.title, told, (report.notice,), language))
    for entry in items:
        counts[entry["outcome"]] += 1
    return {"counts": counts, "items": items}


def _entry(key: str, title: str, outcome: ItemOutcome, messages: tuple[Notice, ...], language: str) -> dict[str, Any]:
    said = [message.say(language) for message in messages]
    return {"id": key, "title": title, "outcome": outcome.value, "messages": said}
