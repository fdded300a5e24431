"""A whole catalogue taken in DCAT by following Hydra's pages, and the list of packages: time, and memory of the portal.

    python bench/api/dump.py [--datasets 100000] [--form ttl] [--pages N] [--folder DIR]

Prints pages, datasets, megabytes, seconds, and the largest resident memory of a process of the portal before the first
page and after the last one; the same for `/catalog.datapackages.json` and for OAI-PMH's ListRecords. The home is made
first, and kept where `--folder` names a place. `--pages` takes so many pages of DCAT and of OAI-PMH alone: for DCAT
from the whole length of the catalogue, so that the deepest are among them.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tables")]

from catalogue_home import catalogue_home  # noqa: E402
from running import free_port, peak, started  # noqa: E402

ROOT = HERE.parents[1]
Follow = Callable[[int, bytes], tuple[int, int, int]]
NEXT = re.compile(r'<https?://[^/]+(/[^>]*)>; rel="next"')
LAST = re.compile(r'page=(\d+)>; rel="last"')
TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]+)</resumptionToken>")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--datasets", type=int, default=100_000)
    options.add_argument("--form", choices=("ttl", "jsonld", "rdf"), default="ttl")
    options.add_argument("--pages", type=int, default=0)
    options.add_argument("--folder", type=Path)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-dump-") as temporary, ExitStack() as stack:
        begin = time.perf_counter()
        home = catalogue_home(chosen.folder or Path(temporary), chosen.datasets, indexed=False)
        print(f"home of {chosen.datasets:,} datasets after {time.perf_counter() - begin:.0f} s", flush=True)
        port = free_port()
        os.environ |= {"LUMBUNG_HOME": str(home), "WEB_CONCURRENCY": "1", "LUMBUNG_ASKED_PER_MINUTE": "100000000"}
        command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py")]
        pid = stack.enter_context(started([*command, "--bind", f"127.0.0.1:{port}", "wsgi:app"], port, cwd=ROOT))
        ask(port, f"/catalog.{chosen.form}?page=2")  # rdflib is imported by the first page
        print("| what | answers | datasets | MB | seconds | portal before, MB | after, MB | load |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- |")
        for words, follow, mark in (
            (f"DCAT, {chosen.form}, by Hydra's pages", pages(chosen.form, chosen.pages), b""),
            ("list of packages", listing, b'"package":'),
            ("OAI-PMH, oai_dc", records(chosen.pages), b"<record>"),
        ):
            before, begin = peak(pid), time.perf_counter()
            answers, size, marks = follow(port, mark)
            spent = time.perf_counter() - begin
            load = os.getloadavg()[0]
            print(
                f"| {words} | {answers:,} | {marks:,} | {size / 1e6:.0f} | {spent:.0f} | {before:.0f} | {peak(pid):.0f}"
                f" | {load:.1f} |",
                flush=True,
            )


def ask(port: int, path: str) -> tuple[http.client.HTTPResponse, bytes]:
    """The answer and its body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {body[:300]!r}")
    return answer, body


def pages(form: str, most: int) -> Follow:
    """Follow the `Link` headers from the first page; or take so many from the first to the last."""

    def follow(port: int, _mark: bytes) -> tuple[int, int, int]:
        path, answers, size, datasets = f"/catalog.{form}", 0, 0, 0
        chosen: list[str] = []
        while path:
            answer, body = ask(port, path)
            answers, size = answers + 1, size + len(body)
            datasets += body.count(b"hasCurrentVersion")
            links = ", ".join(answer.headers.get_all("Link") or [])
            if most and answers == 1 and (last := LAST.search(links)):
                chosen = [f"/catalog.{form}?page={1 + number * int(last[1]) // most}" for number in range(1, most)]
                chosen[-1:] = [f"/catalog.{form}?page={last[1]}"]
            found = NEXT.search(links)
            path = (chosen.pop(0) if chosen else "") if most else found[1] if found else ""
        return answers, size, datasets

    return follow


def listing(port: int, mark: bytes) -> tuple[int, int, int]:
    """The list in one answer, read as it comes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request("GET", "/catalog.datapackages.json")
    answer = connection.getresponse()
    size = marks = 0
    rest = b""
    while piece := answer.read(1 << 20):
        size, marks = size + len(piece), marks + (rest + piece).count(mark) - rest.count(mark)
        rest = piece[-len(mark) + 1 :]
    return 1, size, marks


def records(most: int) -> Follow:
    """Follow the resumption tokens, so many times at most."""

    def follow(port: int, mark: bytes) -> tuple[int, int, int]:
        path, answers, size, marks = "/oai?verb=ListRecords&metadataPrefix=oai_dc", 0, 0, 0
        while path and (not most or answers < most):
            _answer, body = ask(port, path)
            answers, size, marks = answers + 1, size + len(body), marks + body.count(mark)
            found = TOKEN.search(body)
            path = f"/oai?verb=ListRecords&resumptionToken={found[1].decode()}" if found else ""
        return answers, size, marks

    return follow


if __name__ == "__main__":
    main()
