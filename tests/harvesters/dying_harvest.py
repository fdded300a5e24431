"""Run as a program: harvests, and kills itself with SIGKILL at a chosen moment of the order blob, database, index."""

from __future__ import annotations

import functools
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from datasets.blobs import LocalBlobs
from datasets.db import Database
from datasets.installation import Installation
from datasets.search import feed
from datasets.settings import Settings
from harvesters.runs.runner import harvest

STEPS = iter(range(int(sys.argv[2]) - 1))


def step() -> None:
    if next(STEPS, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)


def stepping(action: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(action)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        step()
        result = action(*args, **kwargs)
        step()
        return result

    return wrapped


def arm() -> None:
    LocalBlobs.put_file = stepping(LocalBlobs.put_file)  # type: ignore[method-assign]
    LocalBlobs.put_bytes = stepping(LocalBlobs.put_bytes)  # type: ignore[method-assign]
    feed.drain = stepping(feed.drain)
    write = Database.write

    @contextmanager
    def dying_write(self: Database) -> Iterator[Session]:
        with write(self) as session:
            step()
            yield session
            step()
        step()

    Database.write = dying_write  # type: ignore[method-assign]


if __name__ == "__main__":
    home, last = Path(sys.argv[1]), int(sys.argv[2])
    if last:
        arm()
    else:
        sys.stdin.readline()  # begin when told to
    reports = harvest(Installation(Settings(home=home)))
    sys.stdout.write(f"{reports[0].notice.code if reports[0].notice else 'done'} {reports[0].counts['published']}")
