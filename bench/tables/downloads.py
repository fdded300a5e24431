"""Downloads and remembered answers through the real nginx, against nginx serving the same file alone, in the same run.

    python bench/tables/downloads.py [--rows 1000000] [--folder DIR] [--seconds 4]

The portal runs in gunicorn with two workers behind nginx, set up as docs/front-server.md says. Prints a Markdown table
with the goals. The load comes from two processes of eight kept connections each, on the same two cores.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from portal_home import ROOT, SLUG, TABLE, large_home
from running import free_port, peak, started

PAGE = f"/dataset/{SLUG}/v/1"
CSV = f"{PAGE}/{TABLE}.csv"
TURNS = 7


def megabytes_per_second(port: int, path: str, **headers: str) -> tuple[float, int, dict[str, str]]:
    """Speed, bytes and headers of one download."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    begin = time.perf_counter()
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {answer.read()[:300]!r}")
    size, buffer = 0, bytearray(2**20)
    while got := answer.readinto(buffer):
        size += got
    taken = time.perf_counter() - begin
    connection.close()
    return size / 1e6 / taken, size, dict(answer.headers)


def load(port: int, path: str, headers: str, seconds: float) -> int:
    """Answers in that time over eight connections, each asked again as soon as it has answered.

    Each must be what was asked for, 304 to who holds the page and else 200: any other ends the bench.
    """
    expected = b"304" if headers.startswith("If-None-Match") else b"200"
    asked = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\r\n".encode()
    sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(8)]
    done, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        for place, one in enumerate(sockets):
            try:
                one.sendall(asked)
            except OSError:  # servers end a connection after some thousand questions
                sockets[place] = socket.create_connection(("127.0.0.1", port))
                sockets[place].sendall(asked)
        done += sum(received(one, expected) for one in sockets)
    for one in sockets:
        one.close()
    return done


def received(one: socket.socket, expected: bytes) -> bool:
    """Read one answer to its end; False when the connection has ended instead. Raises for another status."""
    try:
        head, _, body = one.recv(2**18).partition(b"\r\n\r\n")
        if head and head.split(maxsplit=2)[1:2] != [expected]:
            raise RuntimeError(f"{head[:60]!r} instead of {expected.decode()}")
        found = re.search(rb"content-length: *(\d+)", head.lower())
        missing = (int(found[1]) if found and expected != b"304" else 0) - len(body)
        while missing > 0 and (more := one.recv(2**18)):
            missing -= len(more)
    except OSError:
        return False
    return bool(head) and missing <= 0


def per_second(port: int, path: str, headers: str, seconds: float) -> float:
    """Answers per second to two such clients."""
    with ProcessPoolExecutor(2) as pool:
        found = list(pool.map(load, [port] * 2, [path] * 2, [headers] * 2, [seconds] * 2))
    return sum(found) / seconds


def milliseconds(port: int, path: Callable[[int], str]) -> float:
    """Median of pages that nobody remembers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    taken = []
    for turn in range(3 * TURNS):
        begin = time.perf_counter()
        connection.request("GET", path(turn))
        answer = connection.getresponse()
        answer.read()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--folder", type=Path)
    options.add_argument("--seconds", type=float, default=4)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-downloads-") as temporary:
        run(chosen.rows, chosen.folder or Path(temporary), Path(temporary), chosen.seconds)


def run(rows: int, folder: Path, work: Path, seconds: float) -> None:
    from front_server import configured  # the tests' own, found by portal_home
    from services import program

    home, port, front = large_home(folder, rows), free_port(), free_port()
    blob = max((home / "blobs").rglob("*"), key=lambda path: path.stat().st_size if path.is_file() else 0)
    more = f"location = /plain.csv {{ alias {blob}; sendfile on; tcp_nopush on; }} keepalive_requests 1000000;"
    (work / "nginx.conf").write_text(configured(home, work, front, port, more=more))
    os.environ |= {"LUMBUNG_HOME": str(home), "WEB_CONCURRENCY": "2", "LUMBUNG_ACCEL_PREFIX": "/kept"}
    os.environ |= {"LUMBUNG_ASKED_PER_MINUTE": "100000000"}
    portal = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "-b", f"127.0.0.1:{port}", "wsgi:app"]
    nginx = [program("nginx"), "-p", str(work), "-c", str(work / "nginx.conf"), "-e", str(work / "log")]
    with ExitStack() as stack:
        process = stack.enter_context(started(portal, port, cwd=ROOT))
        stack.enter_context(started(nginx, front))
        print(
            f"{rows:,} rows; load {os.getloadavg()[0]:.1f}\n\n| what | figure | goal | met |\n| --- | --- | --- | --- |"
        )
        plain, kept = [], []
        for _ in range(TURNS):
            plain.append(megabytes_per_second(front, "/plain.csv")[0])
            kept.append(megabytes_per_second(front, CSV)[0])
        speed = statistics.median(kept)
        ratio = speed / statistics.median(plain)
        told(
            "whole CSV, of nginx' own speed",
            f"{ratio:.2f} ({speed:,.0f} MB/s)",
            "≥ 0.8",
            ratio >= 0.8,
        )
        packed(front)
        made = [megabytes_per_second(front, f"{CSV}?id__gt={turn}&tahun__ge=2012")[0] for turn in range(3)]
        told("filtered CSV, made anew", f"{statistics.median(made):.0f} MB/s", "≥ 60", statistics.median(made) >= 60)
        told(
            "largest process meanwhile",
            f"{peak(process, module='gunicorn'):.0f} MB",
            "< 250",
            peak(process, module="gunicorn") < 250,
        )
        uncached = milliseconds(port, lambda turn: f"/dataset/{SLUG}?_size=20&id__gt={turn}")
        told("dataset page, nothing remembered", f"{uncached:.0f} ms", "≤ 30", uncached <= 30)
        tag = megabytes_per_second(front, PAGE)[2]["ETag"]
        for what, path, headers in (
            ("page of a version, in nginx' cache", PAGE, ""),
            ("the same, 304", PAGE, f"If-None-Match: {tag}\r\n"),
            ("page of a dataset, a second in nginx' cache", f"/dataset/{SLUG}", ""),
        ):
            speed = per_second(front, path, headers, seconds)
            told(what, f"{speed:,.0f}/s", "≥ 1,500", speed >= 1500)
        direct = per_second(port, PAGE, f"If-None-Match: {tag}\r\n", seconds)
        told("304 from the application alone", f"{direct:,.0f}/s", "", None)


def packed(front: int) -> None:
    """Sizes of the packed forms, once they are there."""
    for encoding in ("gzip", "zstd"):
        for _ in range(120):
            speed, size, headers = megabytes_per_second(front, CSV, Accept_Encoding=encoding)
            if headers.get("Content-Encoding") == encoding:
                told(f"whole CSV in {encoding}", f"{size / 1e6:.0f} MB, {speed:,.0f} MB/s", "", None)
                break
            time.sleep(1)


def told(what: str, figure: str, goal: str, met: bool | None) -> None:
    """One line of the table."""
    print(f"| {what} | {figure} | {goal} | {'' if met is None else 'yes' if met else 'no'} |", flush=True)


if __name__ == "__main__":
    main()
