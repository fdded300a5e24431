"""One drawing child per process: started when first needed, given a time limit, replaced when it dies."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from metadata.errors import LumbungError
from metadata.terms import Bilingual

_CHILD = Path(__file__).with_name("chart_child.py")
_WAIT_SECONDS = 10.0
_MAX_PICTURE = 20 * 2**20

_UNDRAWABLE = re.compile(
    r"(?<!\\)((?:\\\\)*)\\(?:[bf]|u00[01][0-9a-f]|u007f|ufff[ef]"
    r"|ud[89ab][0-9a-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab][0-9a-f]{2}\\)ud[c-f][0-9a-f]{2})"
)
"""Characters in a job's JSON that no picture can hold and that end the child: controls, halves of a character."""
_REPLACED = r"\1\\ufffd"


class ChartFailed(LumbungError):
    """The picture cannot be drawn; the table beneath it is whole."""

    code = "chart.failed"
    status = 503
    text = Bilingual(
        id="Grafik tidak dapat digambar saat ini. Angkanya ada di tabel.",
        en="The chart cannot be drawn now. Its figures are in the table.",
    )


class ChartProcess:
    """Draws Vega-Lite specifications in a child process. Safe under threads: one picture at a time."""

    seconds: ClassVar[float] = 15.0

    def __init__(self, fonts: Path | None = None) -> None:
        self._fonts = str(fonts) if fonts else ""
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._owner = 0

    @property
    def pid(self) -> int | None:
        """The child's process id, None when none is running."""
        return self._child.pid if self._child and self._child.poll() is None else None

    def draw(self, spec: Mapping[str, Any], config: Mapping[str, Any], kind: str, *, scale: float = 1.0) -> bytes:
        """The picture of `spec` under `config` as `svg` or `png`, or what a browser draws it from (`vega`).

        `spec` carries its values; a specification that names an address is refused. Raises `ChartFailed` when it
        cannot be drawn, when drawing takes longer than `seconds` or when others have kept the child busy for long.
        """
        if _names_an_address(spec):
            raise ChartFailed
        job = json.dumps({"spec": spec, "config": config, "format": kind, "scale": scale}, allow_nan=False, default=str)
        job = _UNDRAWABLE.sub(_REPLACED, job)
        if not self._lock.acquire(timeout=_WAIT_SECONDS):
            raise ChartFailed
        try:
            return self._ask(job.encode() + b"\n")
        finally:
            self._lock.release()

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._end()

    def _ask(self, job: bytes) -> bytes:
        """A child that is found dead (killed, or gone after its share of work) costs one new start, not the picture."""
        for attempt in (1, 2):
            line = self._running()
            line.settimeout(self.seconds)
            try:
                line.sendall(job)
                return _receive(line, time.monotonic() + self.seconds)
            except TimeoutError as error:
                self._end()
                raise ChartFailed from error
            except (OSError, ValueError) as error:
                self._end()
                if attempt == 2:
                    raise ChartFailed from error
        raise ChartFailed

    def _running(self) -> socket.socket:
        if self._line and self.pid and self._owner == os.getpid():
            return self._line
        self._end()
        mine, theirs = socket.socketpair()
        with theirs:
            self._child = subprocess.Popen(  # noqa: S603 - our own file, our own interpreter
                [sys.executable, "-I", str(_CHILD), str(theirs.fileno()), self._fonts],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
            )
        self._line, self._owner = mine, os.getpid()
        return mine

    def _end(self) -> None:
        if self._line:
            self._line.close()
        if self._child and self._owner == os.getpid():
            self._child.kill()
            self._child.wait()
        self._line = self._child = None


def _receive(line: socket.socket, deadline: float) -> bytes:
    head, _, rest = _read_until(line, deadline).partition(b"\n")
    answer = json.loads(head)
    if "error" in answer:
        raise ChartFailed
    size = int(answer["size"])
    if size > _MAX_PICTURE:
        raise ChartFailed
    parts, have = [rest], len(rest)
    while have < size:
        part = _some(line, deadline)
        parts.append(part)
        have += len(part)
    return b"".join(parts)


def _read_until(line: socket.socket, deadline: float) -> bytes:
    text = b""
    while b"\n" not in text:
        text += _some(line, deadline)
    return text


def _some(line: socket.socket, deadline: float) -> bytes:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    line.settimeout(left)
    part = line.recv(1 << 16)
    if not part:
        raise ConnectionResetError("the drawing child has gone")
    return part


def _names_an_address(value: Any) -> bool:
    if isinstance(value, Mapping):
        return "url" in value or any(_names_an_address(item) for item in value.values())
    return isinstance(value, list | tuple) and any(_names_an_address(item) for item in value)
