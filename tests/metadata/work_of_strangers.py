"""What a confined process may be made to do by what it reads: run by the tests of confinement, in such a process."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SEEN: list[str] = []


def work(order: dict[str, Any]) -> dict[str, Any]:
    """Do as the order says."""
    return {"said": _DEEDS[order["deed"]](order)}


def _try_all(_: dict[str, Any]) -> list[str]:
    """The names of what went through that must not."""
    through = []
    attempts: dict[str, Callable[[], object]] = {
        "connect": lambda: socket.create_connection(("127.0.0.1", 9)),
        "program": lambda: subprocess.run(["true"], check=False),
        "shell": lambda: os.system("true"),
        "fork": os.fork,
        "signal": lambda: os.kill(os.getppid(), 0),
    }
    for name, attempt in attempts.items():
        with contextlib.suppress(PermissionError):
            attempt()
            through.append(name)
    return through


def _remember(order: dict[str, Any]) -> list[str]:
    """What earlier orders left behind in memory, and a trace of this one."""
    before = list(SEEN)
    SEEN.append(order["deed"])
    os.environ["SEEN"] = "yes"
    return before


def _look(_: dict[str, Any]) -> dict[str, Any]:
    files = sorted(int(link.name) for link in list(Path("/proc/self/fd").iterdir()) if _is_open(link))
    return {"environment": dict(os.environ), "files": files, "folder": str(Path.cwd())}


def _is_open(link: Path) -> bool:
    try:
        return bool(link.readlink())
    except OSError:
        return False


def _write(_: dict[str, Any]) -> None:
    with Path("large").open("wb") as file:
        while True:
            file.write(bytes(1 << 20))


def _sleep(order: dict[str, Any]) -> None:
    Path(order["pid"]).write_text(str(os.getpid()))
    time.sleep(60)


def _fill(_: dict[str, Any]) -> int:
    return len(bytes(1 << 30))


def _die(_: dict[str, Any]) -> None:
    signal.raise_signal(signal.SIGSEGV)


def _recurse(_: dict[str, Any]) -> None:
    sys.setrecursionlimit(100_000_000)
    _recurse(_)


_DEEDS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "try all": _try_all,
    "remember": _remember,
    "look": _look,
    "write": _write,
    "sleep": _sleep,
    "fill": _fill,
    "die": _die,
    "recurse": _recurse,
    "pid": lambda _: [os.getpid(), os.getppid()],
}
