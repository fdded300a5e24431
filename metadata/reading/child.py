"""Reading in a process of its own, held to little memory and time and no network: files come from strangers."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from metadata.notices import Place
from metadata.reading.errors import ReaderKilled, Unreadable
from metadata.reading.table import ReadHints, Reading
from metadata.reading.wire import (
    error_from_json,
    error_to_json,
    hints_from_json,
    hints_to_json,
    reading_from_json,
    reading_to_json,
)

LARGEST_OUTPUT = 4 * 1024**3
"""Bytes of a single file that the reading process may write."""
MOST_FILES = 128
MOST_SAID = 64 * 1024 * 1024
"""Bytes of the answer; a reading with more repairs than that is no reading."""
_GRACE = 5


def read_safely(
    path: Path,
    *,
    filename: str,
    into: Path,
    hints: ReadHints = ReadHints(),  # noqa: B008 - frozen
    seconds: int = 300,
    megabytes: int = 2000,
) -> Reading:
    """As `reader.read`, in a child process held to `seconds` of processor and clock and to `megabytes` of memory.

    Raises what `read` raises, and `ReaderKilled` when the process ends in any other way.
    """
    into.mkdir(parents=True, exist_ok=True)
    order = {
        "path": str(path.resolve()),
        "filename": filename,
        "into": str(into.resolve()),
        "hints": hints_to_json(hints),
        "seconds": seconds,
        "megabytes": megabytes,
    }
    with tempfile.TemporaryDirectory(prefix="lumbung-read-") as scratch:
        answer = Path(scratch) / "answer.json"
        ended, words = _run(order | {"answer": str(answer)}, Path(scratch), seconds)
        said = _answer(answer)
    if said is None:
        raise ReaderKilled(place=Place(file=filename), reason=_reason(ended, words, seconds, megabytes))
    if "error" in said:
        raise error_from_json(said["error"])
    return reading_from_json(said["reading"])


def _run(order: dict[str, Any], scratch: Path, seconds: int) -> tuple[int | None, str]:
    """The child's exit code (None: stopped by the clock) and its last words."""
    root = Path(__file__).parents[2]
    environment = {
        "PATH": os.defpath,
        "PYTHONPATH": str(root),
        "PYTHONUTF8": "1",
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "LANG": "C.UTF-8",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "metadata.reading.child"],
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
        _, words = process.communicate(json.dumps(order), timeout=seconds + _GRACE)
    except subprocess.TimeoutExpired:
        _end(process)
        return None, ""
    except BaseException:
        _end(process)
        raise
    return process.returncode, words[-2000:]


def _end(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _answer(path: Path) -> dict[str, Any] | None:
    try:
        if path.stat().st_size > MOST_SAID:
            return None
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) and ("reading" in said or "error" in said) else None


def _reason(ended: int | None, words: str, seconds: int, megabytes: int) -> str:
    last = words.strip().rpartition("\n")[2]
    if ended is None or ended == -signal.SIGXCPU:
        return f"lebih dari {seconds} detik / more than {seconds} seconds"
    if ended == -signal.SIGKILL:
        return "dihentikan oleh sistem / killed by the system"
    if "memory" in words.lower() or "MemoryError" in words or ended == -signal.SIGABRT:
        return f"lebih dari {megabytes} MB memori / more than {megabytes} MB of memory"
    if ended is not None and ended < 0:
        return f"sinyal / signal {signal.Signals(-ended).name}"
    return last[:200] or f"kode / code {ended}"


def _confine(seconds: int, megabytes: int) -> None:
    """Give up what reading does not need. From here on there is no way back."""
    memory = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + _GRACE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_OUTPUT, LARGEST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES, MOST_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse)


def _refuse(event: str, _: tuple[Any, ...]) -> None:
    """No socket, no other program, no escape to foreign code."""
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn")):
        raise PermissionError(f"{event} is not allowed while reading")


def _main() -> None:
    order = json.load(sys.stdin)
    from metadata.reading.reader import read  # before the limits: loading libraries takes address space

    _confine(order["seconds"], order["megabytes"])
    answer: dict[str, Any]
    try:
        reading = read(
            Path(order["path"]),
            filename=order["filename"],
            into=Path(order["into"]),
            hints=hints_from_json(order["hints"]),
        )
        answer = {"reading": reading_to_json(reading)}
    except Unreadable as error:
        answer = {"error": error_to_json(error)}
    Path(order["answer"]).write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    _main()
