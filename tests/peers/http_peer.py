"""A real HTTP server on the loopback whose every answer, good or bad, is written by the test."""

from __future__ import annotations

import ssl
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes = b""


class Exchange:
    """What a route is given: the request, and the wire to write on."""

    def __init__(self, handler: BaseHTTPRequestHandler, seen: Seen, number: int, stopped: threading.Event) -> None:
        self._handler, self.seen, self.number, self._stopped = handler, seen, number, stopped

    def reply(self, body: bytes = b"", *, status: int = 200, **headers: str) -> None:
        """A complete answer with the right length; underscores in header names become hyphens."""
        self.head(status, **{"Content_Length": str(len(body)), **headers})
        self.write(body)

    def head(self, status: int, **headers: str) -> None:
        self._handler.send_response(status)
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()

    def write(self, data: bytes) -> None:
        if self.seen.method == "HEAD":
            return
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def hang_up(self) -> None:
        self._handler.close_connection = True

    def pause(self, seconds: float) -> bool:
        """Wait, at most until the server stops; whether there is still somebody to talk to."""
        return not self._stopped.wait(seconds)


Route = Callable[[Exchange], None]


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what many tests are about; anything else is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError | ssl.SSLError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class HttpPeer:
    """`with HttpPeer() as peer: url = peer.on("/d.csv", lambda x: x.reply(b"a,b\\n"))`, then ask `url`."""

    def __init__(self, *, tls: Path | None = None) -> None:
        """`tls` is a PEM file with key and certificate: then it speaks HTTPS, as `localhost`."""
        self.routes: dict[str, Route] = {}
        self.fallback: Route = lambda exchange: exchange.reply(b"not here", status=404)
        self.seen: list[Seen] = []
        self._stopped = threading.Event()
        peer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._answer()

            def do_HEAD(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

            do_PROPFIND = do_POST

            def _answer(self, body: bytes = b"") -> None:
                parts = urlsplit(self.path)
                seen = Seen(self.command, parts.path, parse_qsl(parts.query), dict(self.headers.items()), body)
                peer.seen.append(seen)
                number = sum(one.path == seen.path for one in peer.seen)
                try:
                    route = peer.routes.get(parts.path, peer.fallback)
                    route(Exchange(self, seen, number, peer._stopped))
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *args: object) -> None:
                """Silent: pytest shows what matters."""

        self._server = _QuietServer(("127.0.0.1", 0), Handler)
        self._origin = f"http://127.0.0.1:{self._server.server_port}"
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            self._origin = f"https://localhost:{self._server.server_port}"
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        return self._origin

    def on(self, path: str, route: Route) -> str:
        self.routes[path] = route
        return self.url + path

    def count(self, path: str) -> int:
        return sum(one.path == path for one in self.seen)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)


def drip(exchange: Exchange, data: bytes, every: float) -> None:
    """Write `data` byte by byte, slower than anybody wants to wait, but never silent."""
    for byte in data:
        if not exchange.pause(every):
            return
        exchange.write(bytes([byte]))


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether `condition` came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()
