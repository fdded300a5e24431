"""Many datasets harvested for the first time and again unchanged, from a folder and from a CKAN portal that listens.

    PYTHONPATH=.:tests python bench/harvest.py [--datasets 10000] [--kind files|ckan]

Prints wall seconds of both harvests, datasets in a second, statements to the database, processor time of this process
and of children that ended (of the readers only what this process knows of), and the largest resident memory of both.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from peers.ckan_peer import CkanPeer
from sqlalchemy import Engine, event

from datasets.clock import now
from datasets.installation import Installation
from datasets.settings import Settings
from harvesters.declared import SourceEntry
from harvesters.runs.runner import harvest
from harvesters.sources import add_source
from metadata import confined
from portal.cli.admin import prepare


def rows(number: int) -> str:
    """A table of 28 rows that no other dataset has."""
    return "kecamatan,tahun,jumlah\n" + "".join(f"Kecamatan {row},2023,{row * 10 + number}\n" for row in range(1, 29))


@contextlib.contextmanager
def portal(datasets: int) -> Iterator[tuple[str, CkanPeer]]:
    """A CKAN portal with so many datasets of one file each."""
    with CkanPeer() as peer:
        for number in range(datasets):
            peer.add(f"data-{number:05}", files={f"data-{number:05}.csv": rows(number).encode()})
        yield peer.url, peer


@contextlib.contextmanager
def folder(datasets: int, into: Path) -> Iterator[tuple[str, None]]:
    """A folder with so many files."""
    into.mkdir()
    for number in range(datasets):
        (into / f"data-{number:05}.csv").write_text(rows(number))
    yield str(into), None


def measure(kind: str, datasets: int, work: Path) -> None:
    """Harvest twice and print what it took."""
    here = Installation(Settings(home=work / "home"))
    prepare(here)
    statements = 0

    def processor() -> float:
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(one.ru_utime + one.ru_stime for one in used)

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    event.listen(Engine, "before_cursor_execute", count)
    source = portal(datasets) if kind == "ckan" else folder(datasets, work / "opd")
    with source as (location, peer):
        options = {"internal": True, "requests_per_second": 100} if peer else {}
        entry = {"name": "opd", "kind": kind, "location": location, "organization": "Dinas", "options": options}
        with here.database.write() as session:
            add_source(session, SourceEntry.model_validate(entry), at=now())
        for run in ("first", "unchanged"):
            statements, begin, before = 0, time.perf_counter(), processor()
            (report,) = harvest(here)
            took, used = time.perf_counter() - begin, (processor() - before) / max(len(report.items), 1)
            said = {name: number for name, number in report.counts.items() if number}
            told = report.notice.say("en") if report.notice else ""
            pace = len(report.items) / took
            sys.stdout.write(
                f"{kind:6} {run:10} {took:9.2f} s {pace:9.1f}/s {statements:7} statements "
                f"{1000 * used:6.1f} ms of processor each, load {os.getloadavg()[0]:.1f} {said} {told}\n"
            )
    here.close()
    confined.close()  # only then are its children counted
    for who, name in ((resource.RUSAGE_SELF, "this process"), (resource.RUSAGE_CHILDREN, "largest reader")):
        sys.stdout.write(f"{kind:6} {name}: {resource.getrusage(who).ru_maxrss / 1024:.0f} MB\n")


def main() -> None:
    """Measure what the command line asks for."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--datasets", type=int, default=10_000)
    arguments.add_argument("--kind", choices=("files", "ckan"), action="append")
    given = arguments.parse_args()
    sys.stdout.write(f"{given.datasets} datasets, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    for kind in given.kind or ("files", "ckan"):
        work = Path(tempfile.mkdtemp(prefix="lumbung-harvest-"))
        try:
            measure(kind, given.datasets, work)
        finally:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
