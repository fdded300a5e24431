"""Work on what strangers send, in a process of its own: little memory, little time, no network, no other program."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LARGEST_FILE = 1024**3
"""Bytes of a single file that the process may write."""
MOST_FILES = 128
MOST_SAID = 64 * 1024 * 1024
"""Bytes of the answer."""
_GRACE = 5


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much the process may use: seconds of processor and of clock, megabytes of memory."""

    seconds: int = 300
    megabytes: int = 2_000


class Died(Exception):
    """The process ended without an answer; the text says why, for a person."""


def ask(module: str, order: Mapping[str, Any], bounds: Bounds) -> dict[str, Any]:
    """Run `python -m module`, which calls `answer`, and give back what it says. Raises `Died` when it says nothing."""
    with tempfile.TemporaryDirectory(prefix="lumbung-confined-") as scratch:
        said = Path(scratch) / "answer.json"
        whole = {"order": dict(order), "answer": str(said), "seconds": bounds.seconds, "megabytes": bounds.megabytes}
        ended, words = _run(module, json.dumps(whole), scratch, bounds)
        try:
            if said.stat().st_size > MOST_SAID:
                raise Died(f"answer longer than {MOST_SAID} bytes")
            found = json.loads(said.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            raise Died(_reason(ended, words, bounds)) from None
    if not isinstance(found, dict):
        raise Died("no answer")
    return found


def answer(work: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """In the process: read the order, give up what is not needed, do the work, say the answer."""
    whole = json.load(sys.stdin)
    _give_up(whole["seconds"], whole["megabytes"])
    said = json.dumps(work(whole["order"]), ensure_ascii=False, default=str)
    Path(whole["answer"]).write_text(said, encoding="utf-8")


def _run(module: str, order: str, scratch: str, bounds: Bounds) -> tuple[int | None, str]:
    """The exit code (None: stopped by the clock) and the last words."""
    environment = {
        "PATH": os.defpath,
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "PYTHONUTF8": "1",
        "HOME": scratch,
        "TMPDIR": scratch,
        "LANG": "C.UTF-8",
    }
    process = subprocess.Popen(  # noqa: S603 - this interpreter, and a module of the house
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=scratch,
        env=environment,
        start_new_session=True,
        text=True,
        errors="replace",
    )
    try:
        _, words = process.communicate(order, timeout=bounds.seconds + _GRACE)
    except BaseException as reason:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        if isinstance(reason, subprocess.TimeoutExpired):
            return None, ""
        raise
    return process.returncode, words[-2_000:]


def _reason(ended: int | None, words: str, bounds: Bounds) -> str:
    if ended is None or ended == -signal.SIGXCPU:
        return f"it needs more than {bounds.seconds} seconds"
    if "MemoryError" in words or "memory" in words.lower() or ended in (-signal.SIGABRT, -signal.SIGKILL):
        return f"it needs more than {bounds.megabytes} MB of memory"
    if ended == -signal.SIGXFSZ or "File too large" in words:
        return f"it unpacks to more than {LARGEST_FILE} bytes"
    return words.strip().rpartition("\n")[2][:200] or f"it ended with code {ended}"


def _give_up(seconds: int, megabytes: int) -> None:
    """From here on there is no way back."""
    memory = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + _GRACE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES, MOST_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse)


def _refuse(event: str, _: tuple[Any, ...]) -> None:
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn")):
        raise PermissionError(f"{event} is not allowed here")
