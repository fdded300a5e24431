"""How a harvest looks in a terminal: a line that moves for each source, and a table at the end."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from datasets.models import ItemOutcome, RunState
from harvesters.runs.reports import ItemReport, RunReport

_STYLES = {"published": "green", "unchanged": "dim", "held": "yellow", "failed": "red"}
_WORDS = {"published": "terbit", "unchanged": "tetap", "held": "ditahan", "failed": "gagal"}


class HarvestProgress:
    """Draws on standard error while it is a terminal; elsewhere a plain line for each source and each fault."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TextColumn("{task.fields[now]}"),
            TimeElapsedColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}
        self._reports: list[RunReport] = []

    def started(self, source: str, title: str) -> None:
        """A line of its own for the source."""
        self._bars.start()
        self._tasks[source] = self._bars.add_task(escape(f"{source}: {title}"), total=None, now="")

    def done(self, source: str, item: ItemReport) -> None:
        """One step on; what is held or failed is told at once, since it needs somebody."""
        self._bars.advance(self._tasks[source])
        self._bars.update(self._tasks[source], now=escape(item.title[:40]))
        if item.outcome in (ItemOutcome.HELD, ItemOutcome.FAILED):
            self._tell(item)

    def finished(self, report: RunReport) -> None:
        """The line comes to rest with its counts."""
        total = len(report.items)
        self._bars.update(self._tasks[report.source], total=max(total, 1), completed=max(total, 1), now=_counts(report))
        self._bars.stop()
        self._reports.append(report)
        if report.notice is not None:
            self._console.print(Text(f"  {report.source}: {report.notice.say('id')}", style="red"))
        if not self._console.is_terminal:
            self._console.print(Text(f"{report.source}: {_counts(report)}"), soft_wrap=True)

    def summary(self) -> None:
        """The table of all sources, where somebody looks."""
        if not self._console.is_terminal or not self._reports:
            return
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("Sumber")
        for word in _WORDS.values():
            table.add_column(word, justify="right")
        for report in self._reports:
            cells = [Text(str(count), style=_STYLES[name] if count else "dim") for name, count in report.counts.items()]
            mark = "" if report.state is RunState.FINISHED else " ✗"
            table.add_row(Text(report.source + mark), *cells)
        self._console.print(table)

    def _tell(self, item: ItemReport) -> None:
        style = _STYLES[item.outcome.value]
        head = Text(f"  {_WORDS[item.outcome.value]}: {item.key}", style=style)
        self._console.print(head, soft_wrap=True)
        for message in item.messages:
            self._console.print(Text(f"    {message.say('id')}"), soft_wrap=True)
            self._console.print(Text(f"    {message.say('en')}", style="dim"), soft_wrap=True)


def _counts(report: RunReport) -> str:
    return ", ".join(f"{count} {_WORDS[name]}" for name, count in report.counts.items())
