"""A server each of whose files was good once and then turns bad in its own way; names tell what is done to them."""

from __future__ import annotations

import gzip
import json
import socket
import struct

from peers import zips
from peers.http_peer import Exchange, HttpPeer, Route, drip

HEADER = "kecamatan,tahun,jumlah\n"


def rows(many: int = 28, factor: int = 10) -> str:
    return "".join(f"Kecamatan {number},2023,{number * factor}\n" for number in range(1, many + 1))


GOOD = (HEADER + rows()).encode()
NEWER = GOOD.replace(b",10\n", b",11\n")
PAGE = b"<!DOCTYPE html><html><head><title>Masuk</title></head><body><form>%s</form></body></html>"


def _last_cells(other: str) -> bytes:
    """The good table with something else in the place of its last column."""
    return "".join(f"{line.rpartition(',')[0]}{other}\n" for line in GOOD.decode().splitlines()).encode()


def _reset(x: Exchange) -> None:
    """The connection is torn down in the middle of the body, without a word."""
    x.head(200, Content_Length=str(len(GOOD)))
    x.write(GOOD[:100])
    wire: socket.socket = x._handler.connection
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    x.hang_up()


def _silent(x: Exchange) -> None:
    x.hang_up()


def _hang(x: Exchange) -> None:
    x.pause(20)


def _drip(x: Exchange) -> None:
    x.head(200, Content_Length="100000")
    drip(x, b"a,b\n" * 10_000, every=0.02)


def _wire(data: bytes) -> Route:
    """Whatever is written, as it is."""

    def serve(x: Exchange) -> None:
        x.hang_up()
        x.write(data)

    return serve


def _body(content: bytes, **headers: str) -> Route:
    return lambda x: x.reply(content, **headers)


def _status(status: int, body: bytes = b"", **headers: str) -> Route:
    return lambda x: x.reply(body, status=status, **headers)


def _truncated(x: Exchange) -> None:
    x.hang_up()
    x.head(200, Content_Length=str(len(GOOD)))
    x.write(GOOD[: len(GOOD) // 2])


def _longer_than_said(x: Exchange) -> None:
    """Only part is announced; the rest lies in wait for the next answer on the same connection."""
    x.head(200, Content_Length=str(len(HEADER)))
    x.write(GOOD)


def _busy_once(x: Exchange) -> None:
    x.reply(b"sibuk", status=500) if x.number % 2 else x.reply(GOOD)


def _cookie_gate(x: Exchange) -> None:
    x.reply(status=302, Location=x.seen.path, Set_Cookie="sudah=1")


BEHAVIOURS: dict[str, Route] = {
    "hang": _hang,
    "drip": _drip,
    "truncated": _truncated,
    "longer-than-said": _longer_than_said,
    "reset": _reset,
    "no-answer": _silent,
    "no-http": _wire(b"220 ftp.contoh.test ready\r\n"),
    "endless-headers": _wire(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 5_000 + b"\r\n"),
    "huge-header": _wire(b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 200_000 + b"\r\n\r\n"),
    "bad-length": _wire(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n" + GOOD[:50]),
    "bad-chunk": _wire(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + GOOD),
    "unknown-encoding": _body(gzip.compress(GOOD), Content_Encoding="gzip, gzip"),
    "gzip-bomb": _body(gzip.compress(b"0" * 60_000_000), Content_Encoding="gzip"),
    "zip-bomb": _body(zips.bomb(40)),
    "too-large": _wire(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"),
    "redirect-loop": _status(302, Location="/redirect-loop.csv"),
    "redirect-chain": lambda x: x.reply(status=302, Location=f"/redirect-chain.csv?ke={x.number}"),
    "redirect-metadata": _status(302, Location="http://169.254.169.254/latest/meta-data/"),
    "redirect-inner": _status(301, Location="http://10.0.0.1/data.csv"),
    "redirect-mapped": _status(307, Location="http://[::ffff:169.254.169.254]/"),
    "redirect-home": _status(302, Location="http://localhost:1/data.csv"),
    "redirect-file": _status(302, Location="file:///etc/passwd"),
    "redirect-broken": _status(302, Location="http://[::1"),
    "redirect-nowhere": _status(302),
    "cookie-gate": _cookie_gate,
    "login-page": _body(PAGE % b'<input type="password">', Content_Type="text/csv"),
    "login-with-table": _body(PAGE % b"<table><tr><td>Sandi</td></tr></table>"),
    "waf-403": _status(403, PAGE % b"Request blocked"),
    "gone-410": _status(410),
    "no-content-204": _status(204),
    "not-modified-304": _status(304),
    "partial-206": _status(206, GOOD[:200], Content_Range="bytes 0-199/900"),
    "busy-429": _status(429, Retry_After="86400"),
    "busy-garbled-retry": _status(503, Retry_After="besok pagi"),
    "broken-500": _status(500, b"Fatal error: Uncaught PDOException in /var/www/html/db.php"),
    "busy-once-500": _busy_once,
    "php-error-200": _body(b"<br />\n<b>Warning</b>: mysqli_connect() in <b>/var/www/db.php</b>\n" + GOOD),
    "json-error-200": _body(json.dumps({"status": "error", "message": "Too many connections"}).encode()),
    "empty": _body(b""),
    "empty-zip": _body(b"PK\x05\x06" + bytes(18)),
    "blanks": _body(b" \r\n" * 500),
    "full-to-empty": _body(HEADER.encode()),
    "shrunk": _body((HEADER + rows(5)).encode()),
    "exploded": _body((HEADER + rows(2_000)).encode()),
    "column-gone": _body(_last_cells("")),
    "column-renamed": _body(GOOD.replace(b"jumlah", b"total_jiwa")),
    "numbers-to-words": _body(HEADER.encode() + _last_cells(",rahasia").split(b"\n", 1)[1]),
    "nul-bytes": _body(GOOD[:200] + b"\0" * 5_000 + GOOD[200:]),
    "binary": _body(bytes(range(256)) * 200),
    "duplicate-columns": _body(GOOD.replace(b"tahun", b"jumlah", 1)),
    "persons": _body(HEADER.replace("kecamatan", "nik").encode() + b"3522014107900001,2023,1\n" * 28),
    "wrong-type": _body(NEWER, Content_Type="image/png", Content_Disposition='inline; filename="../../x.exe"'),
    "crlf-again": _body(GOOD.replace(b"\n", b"\r\n")),
    "utf-16": _body(GOOD.decode().encode("utf-16")),
}  # fmt: skip


class HostilePeer(HttpPeer):
    """`/` lists a file for each behaviour, all good until `turn()`; `mend()` makes them good again."""

    def __init__(self) -> None:
        super().__init__()
        links = "".join(f'<a href="/{name}.csv">Data {name.replace("-", " ")}</a> ' for name in BEHAVIOURS)
        self.on("/", lambda x: x.reply(f"<html><body>{links}</body></html>".encode()))
        self.mend()

    def mend(self) -> None:
        for name in BEHAVIOURS:
            self.on(f"/{name}.csv", lambda x: x.reply(GOOD))

    def turn(self) -> None:
        for name, route in BEHAVIOURS.items():
            self.on(f"/{name}.csv", route)
