"""Work on what strangers send, in a process of its own: little memory, little time, no network, no other program.

Each process is forked from one that has the libraries loaded already (`metadata.forker`): it costs milliseconds, and
begins as clean as the one before.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from metadata.terms import Bilingual

MOST_SAID = 64 * 1024 * 1024
"""Bytes of the answer; one with more errors or repairs than that is no answer."""
GRACE = 5
"""Seconds by the clock beyond those allowed, and those that a killed process is waited for."""
_STARTING = 60
"""Seconds that loading the libraries may take."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much the process may use: seconds of processor and of clock, megabytes of memory and of a file written."""

    seconds: int = 300
    megabytes: int = 2_000
    written: int = 1_024


class Died(Exception):
    """The process ended without an answer; `words` say why, for a person. As a text it is the English ones."""

    def __init__(self, words: Bilingual) -> None:
        self.words = words
        super().__init__(words.en)


def ask(module: str, order: Mapping[str, Any], bounds: Bounds) -> dict[str, Any]:
    """What `work(order)` of `module` says, run in a confined process. Raises `Died` when it says nothing.

    The module is imported before the process gives up what it does not need; order and answer are plain JSON values.
    Several threads may ask at one time.
    """
    with tempfile.TemporaryDirectory(prefix="lumbung-confined-", ignore_cleanup_errors=True) as scratch:
        whole = {"module": module, "order": dict(order), "bounds": [bounds.seconds, bounds.megabytes, bounds.written]}
        Path(scratch, "order.json").write_text(json.dumps(whole), encoding="utf-8")
        ended = _run(module, scratch, bounds)
        said = Path(scratch, "answer.json")
        try:
            if said.stat().st_size > MOST_SAID:
                raise Died(_same(f"answer longer than {MOST_SAID} bytes"))
            found = json.loads(said.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            raise Died(_reason(ended, _last_words(scratch), bounds)) from None
    if not isinstance(found, dict):
        raise Died(_same("no answer"))
    return found


def warm(module: str) -> None:
    """Have the libraries of `module` loaded while this process does something else: soon it will be asked."""
    with _lock, contextlib.suppress(OSError):
        _running().control.send(json.dumps({"module": module, "also": True}).encode())


def close() -> None:
    """End the process from which the others are forked, and those. The next question starts a new one."""
    global _forker  # noqa: PLW0603 - one for each process
    with _lock:
        if _forker is not None:
            _forker.end()
        _forker = None


class _Forker:
    """The running `metadata.forker` and the line on which it is given work."""

    def __init__(self) -> None:
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {
            "PATH": os.defpath,
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "PYTHONUTF8": "1",
            "HOME": "/",
            "LANG": "C.UTF-8",
        }
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - this interpreter, and a module of the house
                [sys.executable, "-m", "metadata.forker", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd="/",
                env=environment,
                start_new_session=True,
            )

    def end(self) -> None:
        """It ends by itself when its line closes."""
        self.control.close()
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def forget(self) -> None:
        """In a process forked from this one: the forker is somebody else's."""
        self.control.close()
        self.process.returncode = 0


_lock = threading.Lock()
_forker: _Forker | None = None


def _running() -> _Forker:
    global _forker  # noqa: PLW0603 - as above
    if _forker is not None and _forker.process.poll() is not None:
        _forker.end()
        _forker = None
    _forker = _forker or _Forker()
    return _forker


def _forget() -> None:
    global _forker, _lock
    if _forker is not None:
        _forker.forget()
    _forker, _lock = None, threading.Lock()


atexit.register(close)
os.register_at_fork(after_in_child=_forget)


def _run(module: str, scratch: str, bounds: Bounds) -> int | None:
    """The exit code of a confined process for the order in `scratch`; None when it was stopped by the clock.

    A forker that was found dead, or died before it began, costs one new start.
    """
    message = json.dumps({"module": module, "scratch": scratch}).encode()
    for _ in range(2):
        line, theirs = socket.socketpair()
        with line:
            try:
                with theirs, _lock:
                    socket.send_fds(_running().control, [message], [theirs.fileno()])
                line.settimeout(_STARTING)
                begun = line.recv(1)
            except OSError:
                begun = b""
            if begun:
                return _wait(line, bounds.seconds + GRACE)
        close()
    raise Died(Bilingual(id="proses terpisah tidak dapat dimulai", en="its process cannot be started"))


def _wait(line: socket.socket, seconds: float) -> int | None:
    """What the forker tells of the end. When the time is over the line is shut, upon which it kills the process."""
    line.settimeout(seconds)
    try:
        return int(line.recv(16) or -signal.SIGKILL)
    except TimeoutError:
        line.shutdown(socket.SHUT_WR)
        line.settimeout(GRACE)
        with contextlib.suppress(OSError):
            line.recv(16)
        return None
    except ConnectionError:
        return -signal.SIGKILL


def _last_words(scratch: str) -> str:
    try:
        return Path(scratch, "words").read_bytes()[-2_000:].decode("utf-8", "replace")
    except OSError:
        return ""


def _reason(ended: int | None, words: str, bounds: Bounds) -> Bilingual:
    if ended is None or ended == -signal.SIGXCPU:
        return Bilingual(
            id=f"perlu lebih dari {bounds.seconds} detik", en=f"it needs more than {bounds.seconds} seconds"
        )
    if "memory" in words.lower() or ended == -signal.SIGABRT:
        return Bilingual(
            id=f"perlu lebih dari {bounds.megabytes} MB memori",
            en=f"it needs more than {bounds.megabytes} MB of memory",
        )
    if ended == -signal.SIGXFSZ or "File too large" in words:
        return Bilingual(
            id=f"menjadi lebih dari {bounds.written} MB", en=f"it unpacks to more than {bounds.written} MB"
        )
    if ended == -signal.SIGKILL:
        return Bilingual(id="dihentikan oleh sistem", en="it was killed by the system")
    if ended < 0:
        return _same(f"sinyal / signal {signal.Signals(-ended).name}")
    return _same(words.strip().rpartition("\n")[2][:200] or f"kode / code {ended}")


def _same(text: str) -> Bilingual:
    return Bilingual(id=text, en=text)
