"""A journal of a hundred thousand entries: appending, proofs and heads, against pymerkle's tree in the same run.

    python bench/journal.py [--entries 100000] [--peer FOLDER]

FOLDER is where `pip install --target FOLDER pymerkle` has put it; without one only our side is timed. Ours is timed
through the session, as pages use it; the roots of both are compared. "cold" is the first question of a new object.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event, select

from datasets.installation import Installation
from datasets.journal import log
from datasets.models import JournalEntry
from datasets.settings import Settings
from portal import migrations

AT_ONCE = 1000
ASKED = 200


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--entries", type=int, default=100_000)
    arguments.add_argument("--peer", type=Path)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="lumbung-bench-") as folder:
        here = Installation(Settings(home=Path(folder)))
        migrations.upgrade(here.database)
        bodies = ours(here, given.entries)
        if given.peer:
            theirs(given.peer, Path(folder), bodies, here)
        here.close()


def ours(here: Installation, count: int) -> list[bytes]:
    """Fill a journal, ask it, and give the texts of its entries."""
    from datetime import UTC, datetime

    at = datetime(2026, 1, 1, tzinfo=UTC)
    first = [{"resource": "tabel", "role": "csv", "sha256": "0" * 64, "size": 1}] * 4
    began = time.perf_counter()
    for start in range(0, count, AT_ONCE):
        with here.database.write() as session:
            for number in range(start, min(start + AT_ONCE, count)):
                log.append(session, "answer", f"request:{number}", {"number": number, "files": first}, at=at)
    tell("ours, append", (time.perf_counter() - began) / count)
    began = time.perf_counter()
    for number in range(200):
        with here.database.write() as session:
            log.append(session, "answer", f"request:late-{number}", {"number": number}, at=at)
    tell("ours, append and commit, one by one at the full length", (time.perf_counter() - began) / 200)
    again = Installation(here.settings)
    size = count + 200
    questions = {
        "head": lambda session, _dice: log.head(session),
        "inclusion": lambda session, dice: log.inclusion(session, dice.randrange(size), size),
        "consistency": lambda session, dice: log.consistency(session, dice.randrange(1, size), size),
    }
    for name, question in questions.items():
        asked(again, name, question)
    again.close()
    with here.database.read() as session:
        return [body.encode() for body in session.scalars(select(JournalEntry.body).order_by(JournalEntry.position))]


def asked(here: Installation, name: str, question: Callable[[Any, random.Random], object]) -> None:
    dice, seconds, rows, statements = random.Random(7), [], [], []
    seen = {"rows": 0, "statements": 0}

    def count(*_: object) -> None:
        seen["statements"] += 1

    event.listen(here.database._reader, "after_cursor_execute", count)
    for _ in range(ASKED):
        seen["statements"] = 0
        with here.database.read() as session:
            began = time.perf_counter()
            found = question(session, dice)
            seconds.append(time.perf_counter() - began)
        statements.append(seen["statements"])
        rows.append(len(found) if isinstance(found, list) else 0)
    event.remove(here.database._reader, "after_cursor_execute", count)
    print(f"ours, {name}: cold {seconds[0] * 1000:.2f} ms, then {statistics.median(seconds) * 1000:.2f} ms;"
          f" {max(statements)} statements, longest path {max(rows)}")  # fmt: skip


def theirs(folder: Path, work: Path, bodies: list[bytes], here: Installation) -> None:
    """The same texts in pymerkle's tree; a new object for the cold question."""
    sys.path.append(str(folder))
    from pymerkle import SqliteTree

    began = time.perf_counter()
    with SqliteTree(str(work / "peer.sqlite")) as tree:
        for start in range(0, len(bodies), AT_ONCE):
            tree.append_entries(bodies[start : start + AT_ONCE])
    tell("pymerkle, append", (time.perf_counter() - began) / len(bodies))
    dice, size = random.Random(7), len(bodies)
    with here.database.read() as session:
        root = log.head(session).root
    questions: dict[str, Callable[[Any], object]] = {
        "head": lambda tree: tree.get_root(),
        "inclusion": lambda tree: tree.prove_inclusion(dice.randrange(1, size + 1)),
        "consistency": lambda tree: tree.prove_consistency(dice.randrange(1, size)),
    }
    for name, question in questions.items():
        with SqliteTree(str(work / "peer.sqlite")) as tree:
            seconds = []
            for _ in range(ASKED):
                began = time.perf_counter()
                question(tree)
                seconds.append(time.perf_counter() - began)
            assert tree.get_root() == root, "the two trees differ"
        print(f"pymerkle, {name}: cold {seconds[0] * 1000:.2f} ms, then {statistics.median(seconds) * 1000:.2f} ms")


def tell(what: str, seconds: float) -> None:
    print(f"{what}: {seconds * 1000:.3f} ms")


if __name__ == "__main__":
    main()
