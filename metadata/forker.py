"""The process from which confined ones are forked: it has the libraries, reads nothing of strangers, and waits.

`metadata.confined` starts it with the descriptor of a line. A message on it names a module to load and, with a
descriptor of its own, the folder of an order: then a process is forked that does the work. On that descriptor "+" says
that it has begun and a number how it ended; shutting it kills the process. When the line closes, all end.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
from typing import NoReturn

from metadata.cell import serve

IDLE = 120.0
"""Seconds without work after which it ends; the next question starts another."""


class Forker:
    """Forks a process for each order, tells how it ended, kills it when nobody waits any more."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._lines: dict[int, socket.socket] = {}
        self._asked: set[str] = set()
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(control, selectors.EVENT_READ)
        ended, woken = socket.socketpair()
        ended.setblocking(False)
        woken.setblocking(False)
        self._ended = ended
        self._woken = woken  # kept open
        self._waiting.register(ended, selectors.EVENT_READ)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(woken.fileno(), warn_on_full_buffer=False)

    def serve(self) -> None:
        """Until the line closes, or nothing was asked for `IDLE` seconds."""
        while True:
            ready = self._waiting.select(IDLE)
            if not ready and not self._lines:
                return
            for key, _ in ready:
                if key.fileobj is self._control:
                    if not self._take():
                        return
                elif key.fileobj is self._ended:
                    with contextlib.suppress(BlockingIOError):
                        self._ended.recv(4096)
                    self._reap()
                else:
                    self._kill(key.data)

    def end(self) -> None:
        """Kill what is still at work; no end of a process is noticed any more."""
        signal.set_wakeup_fd(-1)
        for pid in self._lines:
            _end(pid)

    def _take(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self._control, 8192, 1)
        if not message:
            return False
        told = json.loads(message)
        self._load(told["module"], also=told.get("also", False))
        if descriptors:
            self._fork(socket.socket(fileno=descriptors[0]), told["scratch"])
        return True

    def _load(self, module: str, *, also: bool) -> None:
        """A module at its first question; at its second, or told so, what it names in `ALSO`: more will follow.

        What cannot be imported is left to the forked process, which tells.
        """
        with contextlib.suppress(Exception):
            found = importlib.import_module(module)
            if also or module in self._asked:
                for name in getattr(found, "ALSO", ()):
                    importlib.import_module(name)
        self._asked.add(module)
        gc.collect()
        gc.freeze()

    def _fork(self, line: socket.socket, scratch: str) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            _be_confined(scratch, parent)
        line.setblocking(False)
        self._lines[pid] = line
        self._waiting.register(line, selectors.EVENT_READ, pid)
        with contextlib.suppress(OSError):
            line.send(b"+")

    def _reap(self) -> None:
        for pid in list(self._lines):
            found, status = os.waitpid(pid, os.WNOHANG)
            if not found:
                continue
            line = self._lines.pop(pid)
            with contextlib.suppress(KeyError):
                self._waiting.unregister(line)
            with line, contextlib.suppress(OSError):
                line.send(str(os.waitstatus_to_exitcode(status)).encode())

    def _kill(self, pid: int) -> None:
        """Nobody waits for it. It is not reaped before its end was noticed, so that the number is still its own."""
        if pid in self._lines:
            self._waiting.unregister(self._lines[pid])
            _end(pid)


def _end(pid: int) -> None:
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)


def _be_confined(scratch: str, parent: int) -> NoReturn:
    """In the forked process: none of the lines is its own."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        code = serve(scratch, parent)
    finally:
        os._exit(code)


def main(descriptor: int) -> None:
    """Serve on the line with that descriptor."""
    forker = Forker(socket.socket(fileno=descriptor))
    try:
        forker.serve()
    finally:
        forker.end()


if __name__ == "__main__":
    main(int(sys.argv[1]))
