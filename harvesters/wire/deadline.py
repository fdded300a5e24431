"""A deadline for a whole exchange: a server that drips one byte at a time is cut off all the same.

Time-outs of sockets begin anew with each byte. A timer that shuts the socket down ends headers, chunks and bodies.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse


class Deadline:
    """Within its block, the connections of this thread are shut down once `seconds` have passed."""

    _current = threading.local()

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True

    @classmethod
    def watch(cls, sock: socket.socket | None) -> None:
        """Put a connection of this thread under the innermost deadline, if there is one."""
        deadline: Deadline | None = getattr(cls._current, "deadline", None)
        if deadline is None or sock is None:
            return
        with deadline._lock:
            deadline._sockets.append(sock)
        if deadline.expired:
            deadline._expire()

    @classmethod
    def is_over(cls) -> bool:
        """Whether the innermost deadline of this thread has passed; a body cut short by it looks like a whole one."""
        deadline: Deadline | None = getattr(cls._current, "deadline", None)
        return deadline is not None and deadline.expired

    def __enter__(self) -> Self:
        self._outer = getattr(self._current, "deadline", None)
        self._current.deadline = self
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._current.deadline = self._outer
        with self._lock:
            self._sockets.clear()

    def _expire(self) -> None:
        self.expired = True
        with self._lock:
            for sock in self._sockets:
                with contextlib.suppress(OSError):  # it may have been closed in the meantime
                    sock.shutdown(socket.SHUT_RDWR)


class _WatchedHTTPConnection(HTTPConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        Deadline.watch(self.sock)
        return super().getresponse()


class _WatchedHTTPSConnection(HTTPSConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        Deadline.watch(self.sock)
        return super().getresponse()


class _WatchedHTTPPool(HTTPConnectionPool):
    ConnectionCls = _WatchedHTTPConnection


class _WatchedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedHTTPSConnection


def pool_classes() -> dict[str, type[HTTPConnectionPool]]:
    """What a urllib3 pool manager needs so that its connections stand under the deadline."""
    return {"http": _WatchedHTTPPool, "https": _WatchedHTTPSPool}
