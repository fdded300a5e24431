"""Harvests killed with SIGKILL, again and again: what was acknowledged is never lost, nothing is ever half published.

    PYTHONPATH=.:tests:tests/harvesters python bench/kills.py [--files 12] [--points 220] [--chain 100] [--postgres]

First a harvest of some files is killed at each of its durable steps in turn (before, within and after each write to the
store, each transaction and each feeding of the index), every time in a new home, and finished by the next. Then one
installation goes through a chain of harvests, each killed at a moment of chance. After each kill what is public is
looked at whole, and each dataset whose publication was told must be there. Processes are forked, so that no time goes
into starting them.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import dying_harvest
import postgres_server
from sqlalchemy import func, select, text

from datasets.clock import now
from datasets.doctor import examine
from datasets.installation import Installation
from datasets.models import Blob, Dataset, Item, ItemOutcome, Resource, Run, RunState, SearchOutbox, Version
from datasets.settings import Settings
from harvesters.declared import SourceEntry
from harvesters.runs.reports import ItemReport, Silent
from harvesters.runs.runner import harvest
from harvesters.sources import add_source
from portal.cli.admin import prepare

LONGEST = 4.0
"""Seconds of a harvest in a chain at most; a moment within them is chosen by chance."""


class Telling(Silent):
    """Writes the key of each published dataset to a pipe as soon as the harvest tells of it."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    def done(self, source: str, item: ItemReport) -> None:  # noqa: ARG002 - the signature is the protocol's
        """One line, at once."""
        if item.outcome is ItemOutcome.PUBLISHED:
            os.write(self._pipe, f"{item.key}\n".encode())


def forked(action: Callable[[int], None]) -> tuple[int, list[str]]:
    """Run `action` in a process of its own; how it ended (as `waitpid` has it) and the lines it wrote to its pipe."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        code = 1
        try:
            os.close(reading)
            os.setsid()
            action(writing)
            code = 0
        except BaseException:
            os.write(writing, f"! {traceback.format_exc()}".encode())
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read().decode(errors="replace")
    _, ended = os.waitpid(process, 0)
    return ended, told.splitlines()


def make(settings: Settings, folder: Path) -> None:
    """A new installation with one source."""
    here = Installation(settings)
    prepare(here)
    with here.database.write() as session:
        entry = {"name": "opd", "kind": "files", "location": str(folder), "organization": "Dinas Contoh"}
        add_source(session, SourceEntry.model_validate(entry), at=now())
    here.close()


def dying(settings: Settings, *, step: int = 0, seconds: float = 0.0) -> Callable[[int], None]:
    """A harvest that is killed at a step, or after some seconds; it may be done before."""

    def act(pipe: int) -> None:
        if step:
            dying_harvest.STEPS = iter(range(step - 1))
            dying_harvest.arm()
        if seconds:
            threading.Timer(seconds, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
        harvest(Installation(settings), "opd", progress=Telling(pipe))
        os._exit(0)

    return act


def looked_at(settings: Settings, acknowledged: set[str]) -> Callable[[int], None]:
    """What is wrong with what is public; nothing, as it should be."""

    def act(pipe: int) -> None:
        here = Installation(settings)
        faults = []
        with here.database.read() as session:
            for key, current in session.execute(select(Dataset.remote_key, Dataset.current_version_id)):
                resources = session.scalars(select(Resource).where(Resource.version_id == current)).all()
                if not resources:
                    faults.append(f"{key} is public without contents")
                for one in resources:
                    for sha256 in (one.raw_sha256, one.csv_sha256, one.parquet_sha256):
                        if sha256 is None or not here.blobs.verify(sha256):
                            faults.append(f"{key}: blob {sha256} is not whole")
            named = session.scalars(select(Blob.sha256))
            faults += [f"blob {one} is not whole" for one in named if not here.blobs.verify(one)]
            public = set(session.scalars(select(Dataset.remote_key)))
            faults += [f"{key} was told as published and is lost" for key in acknowledged - public]
            twice = select(Version.dataset_id).group_by(Version.dataset_id).having(func.count() > 1)
            faults += [f"dataset {number} was published twice" for number in session.scalars(twice)]
        os.write(pipe, "".join(f"{one}\n" for one in faults).encode())

    return act


def finished(settings: Settings, files: int) -> Callable[[int], None]:
    """The next harvest does the rest, and afterwards nothing tells of the kill."""

    def act(pipe: int) -> None:
        here = Installation(settings)
        (report,) = harvest(here, "opd")
        counts = report.counts
        faults = []
        if report.notice is not None or counts["published"] + counts["unchanged"] != files:
            faults.append(f"the next harvest says {counts} {report.notice}")
        with here.database.read() as session:
            told = session.scalars(select(Version.number)).all()
            if list(told) != [1] * files:
                faults.append(f"versions {told}")
            items = select(Item.remote_key).where(Item.outcome == ItemOutcome.PUBLISHED)
            if len(session.scalars(items).all()) != files:
                faults.append("finished work was done again")
            if session.scalar(select(func.count()).select_from(SearchOutbox)):
                faults.append("the outbox is not empty")
            if session.scalar(select(func.count()).where(Run.state == RunState.RUNNING)):
                faults.append("a dead run claims to be running")
        if (documents := here.search.state().documents) != files:
            faults.append(f"{documents} datasets can be found")
        faults += [f"doctor: {one.notice.code}" for one in examine(here) if one.severity == "error"]
        if list((settings.home / "work").glob("*/*")):
            faults.append("files on the way are left")
        os.write(pipe, "".join(f"{one}\n" for one in faults).encode())

    return act


def emptied(url: str) -> Callable[[int], None]:
    """The PostgreSQL database as new."""

    def act(_pipe: int) -> None:
        from datasets.db import Database

        with Database(url).write() as session:
            session.execute(text("DROP SCHEMA public CASCADE"))
            session.execute(text("CREATE SCHEMA public"))

    return act


class Bench:
    """Counts the kills and stops at the first fault."""

    def __init__(self, work: Path, *, files: int, url: str | None) -> None:
        self.work, self.files, self.url = work, files, url
        self.kills = 0
        self.folder = work / "opd"
        self.folder.mkdir()
        for number in range(files):
            rows = "".join(f"Kecamatan {row},2023,{row * 10 + number}\n" for row in range(1, 29))
            (self.folder / f"data-{number:03}.csv").write_text("kecamatan,tahun,jumlah\n" + rows)

    def installation(self) -> Settings:
        """Settings of a new installation; SQLite's is copied from one made once."""
        home = self.work / "home"
        shutil.rmtree(home, ignore_errors=True)
        settings = Settings(home=home, database_url=self.url)
        if self.url:
            self.well(emptied(self.url), "emptying")
        template = self.work / "template"
        if self.url or not template.exists():
            self.well(lambda _pipe: make(settings, self.folder), "making")
            if not self.url:
                shutil.copytree(home, template)
        else:
            shutil.copytree(template, home)
        return settings

    def well(self, action: Callable[[int], None], what: str) -> None:
        """Do it in a process; anything it tells is a fault."""
        ended, told = forked(action)
        if ended or told:
            raise SystemExit(f"{what}, after {self.kills} kills: ended {ended}\n" + "\n".join(told))

    def killed(self, settings: Settings, acknowledged: set[str], **how: float) -> bool:
        """Whether it was killed rather than done; what it told is `acknowledged` from now on."""
        ended, told = forked(dying(settings, **how))  # type: ignore[arg-type]
        if ended not in (0, signal.SIGKILL):
            raise SystemExit(f"the harvest failed: {ended}\n" + "\n".join(told))
        acknowledged.update(told)
        self.kills += ended == signal.SIGKILL
        return ended == signal.SIGKILL

    def steps(self, points: int) -> int:
        """A new harvest killed at each step, up to so many; the number of steps at which one was."""
        for step in range(1, points + 1):
            settings, acknowledged = self.installation(), set[str]()
            if not self.killed(settings, acknowledged, step=step):
                return step - 1
            self.well(looked_at(settings, acknowledged), f"after a kill at step {step}")
            self.well(finished(settings, self.files), f"finishing after a kill at step {step}")
            if step % 20 == 0:
                sys.stdout.write(f"  {step} steps\n")
                sys.stdout.flush()
        return points

    def chain(self, kills: int) -> int:
        """One installation, harvest after harvest killed at a moment of chance; begun anew whenever it is finished."""
        before, chains = self.kills, 0
        chance = random.Random(20_260)
        while self.kills - before < kills:
            settings, acknowledged = self.installation(), set[str]()
            chains += 1
            while self.kills - before < kills:
                alive = self.killed(settings, acknowledged, seconds=chance.uniform(0.05, LONGEST))
                self.well(looked_at(settings, acknowledged), "after a kill by chance")
                if not alive:
                    break
            self.well(finished(settings, self.files), "finishing a chain")
        return chains


def main() -> None:
    """Kill as often as the command line says."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--files", type=int, default=12)
    arguments.add_argument("--points", type=int, default=220)
    arguments.add_argument("--chain", type=int, default=100)
    arguments.add_argument("--postgres", action="store_true", help="on a PostgreSQL server of its own, not on SQLite")
    given = arguments.parse_args()
    work = Path(tempfile.mkdtemp(prefix="lumbung-kills-"))
    begin = time.perf_counter()
    import_module("frictionless")  # what a harvest loads late is loaded before the forks
    import_module("metadata.validate.fast")
    import_module("metadata.views")
    server = postgres_server.start() if given.postgres else None
    try:
        bench = Bench(work, files=given.files, url=server.url("postgres") if server else None)
        steps = bench.steps(given.points)
        chains = bench.chain(given.chain)
        told = f"{bench.kills} kills: {steps} steps of a harvest of {given.files} files, the others in {chains} chains"
        sys.stdout.write(f"{told}; nothing lost, nothing half published, {time.perf_counter() - begin:.0f} s\n")
    finally:
        if server:
            postgres_server.stop(server)
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
