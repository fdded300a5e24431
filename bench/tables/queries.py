"""Questions to a large table, over HTTP, against Datasette on the same rows in the same run.

    python bench/tables/queries.py [--rows 1000000] [--repeat 15] [--datasette] [--indexes] [--folder DIR]

Prints a Markdown table: median and 95th percentile in milliseconds of 100 rows as JSON over one kept connection, one
client; with the ratios to the peer and whether the goals are met. All servers run at the same time and are asked in
turns, so that other work on the machine slows each of them alike. Ours runs three times: the table engine without and
with its memory of answers behind the plainest application, and the whole portal (`/api/1/dataset/…`). `--datasette`
installs Datasette into an environment of its own below the folder, loads the same CSV into SQLite and asks it the same;
`--indexes` gives it an index on each column that is filtered or sorted. Each turn asks for other values, so that
neither side remembers a count; no HTTP cache is in the way: every request reaches the server.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote, quote_plus

from large_table import KECAMATAN, SCHEMA, WORDS, write_csv
from peer import datasette
from portal_home import ROOT, SLUG, TABLE, large_home
from running import free_port, peak, started, timed

HERE = Path(__file__).parent
# name: (our query, Datasette's); {k}, {year}, {id}, … are others on each turn
QUESTIONS = {
    "first page": ("", ""),
    "filter, 2 columns": ("kecamatan={place}&tahun__ge={year}", "kecamatan={place}&tahun__gte={year}"),
    "filter, one id": ("id={id}", "id={id}"),
    "sort by a number": ("_sort=-nilai", "_sort_desc=nilai"),
    "deep page (row 900,000)": ("_page={deep}", "_next={deep_row}"),
    "deep page, sorted": ("_sort=-nilai&_page={middle}", "_sort_desc=nilai&_next=500000.0%2C{deep_row}"),
    "text contains": ("catatan__contains={words}", "catatan__contains={words}"),
    "words anywhere": ("_q={word}+{year}", None),
    "group by, 3 figures": (
        "_group=kecamatan&_measure=count,sum:nilai,mean:nilai&id__gt={turn}",
        "SQL select kecamatan, count(*), sum(nilai), avg(nilai) from t where id > {turn} group by kecamatan",
    ),
    "choices of a column": (
        "_group=indikator&_sort=-count&tahun__ge={year}",
        "_facet=indikator&_size=0&tahun__gte={year}",
    ),
}
# of design: (milliseconds at most, times faster than Datasette, not slower than Datasette with indexes)
GOALS: dict[str, tuple[float, float, bool]] = {
    "first page": (5, 2, True),
    "filter, 2 columns": (10, 15, True),
    "sort by a number": (30, 7, False),
    "deep page (row 900,000)": (6, 20, False),
    "text contains": (90, 2.5, False),
    "group by, 3 figures": (40, 20, False),
    "choices of a column": (40, 20, False),
}
PORTAL = "Lumbung, whole portal"
STEADY = ("first page", "sort by a number")  # the same on each turn: the portal is asked for other pages of them
SETTLE = 180  # seconds at most until ours has made what it makes behind the first questions
Figures = dict[str, tuple[float, float]]
Paths = Callable[[str, int], str | None]


def serve(parquet: Path, folder: Path, port: int, cached: int) -> None:
    """Our side: the table engine behind the plainest WSGI application, in gunicorn as the portal runs."""
    from urllib.parse import parse_qsl

    from gunicorn.app.base import BaseApplication

    from datasets.query.cells import json_cell
    from datasets.query.engine import TableEngine
    from datasets.query.url import parse

    engine = TableEngine(folder, cached_megabytes=cached, seconds=60)
    engine.prepare(parquet)
    engine.close()  # the server forks: each process opens its own

    def application(environ, start_response):  # type: ignore[no-untyped-def]
        pairs = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        page = engine.page(parquet, SCHEMA, parse(pairs, engine.shape(parquet, SCHEMA)))
        names = [column.name for column in page.columns]
        rows = [dict(zip(names, map(json_cell, row), strict=True)) for row in page.rows]
        body = json.dumps({"total": page.total, "rows": rows}).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            settings = {"bind": f"127.0.0.1:{port}", "workers": 1, "worker_class": "gthread", "threads": 4}
            for key, value in (settings | {"loglevel": "error", "keepalive": 60, "timeout": 300}).items():
                self.cfg.set(key, value)

        def load(self):  # type: ignore[no-untyped-def]
            return application

    Server().run()


def ask(servers: dict[str, tuple[int, Paths]], names: list[str], repeat: int) -> dict[str, Figures]:
    """Median and 95th percentile in milliseconds for each server, all asked in turns; a first turn warms up."""
    kept = {label: http.client.HTTPConnection("127.0.0.1", port, timeout=300) for label, (port, _) in servers.items()}
    taken: dict[str, dict[str, list[float]]] = {label: {name: [] for name in names} for label in servers}
    for name in names:
        for turn in range(repeat + 1):
            for label, (_, paths) in servers.items():
                path = paths(name, turn)
                if path is not None:
                    spent = timed(kept[label], path)
                    taken[label][name] += [spent] if turn else []
    return {
        label: {
            name: (statistics.median(times), sorted(times)[int(len(times) * 0.95)])
            for name, times in f.items()
            if times
        }
        for label, f in taken.items()
    }


def asked(name: str, turn: int, rows: int, *, theirs: bool) -> str | None:
    """The question as ours or Datasette's address has it, with the values of this turn."""
    text = QUESTIONS[name][theirs]
    deep = rows * 9 // 10 + 100 * turn
    values = {
        "turn": turn + 1,
        "place": quote_plus(KECAMATAN[turn % 28]),
        "year": 2012 + turn % 9,
        "id": rows // 3 + 7 * turn,
        "word": WORDS[turn % len(WORDS)],
        "words": f"{WORDS[turn % len(WORDS)]}+{WORDS[turn // len(WORDS) + 5]}",
        "deep": deep // 100 + 1,
        "deep_row": deep,
        "middle": rows // 200 + turn,
    }
    return None if text is None else text.format(**values)


def portal_paths(rows: int) -> Paths:
    """The portal's address for each question; it remembers answers, so no question is asked twice."""

    def path(name: str, turn: int) -> str | None:
        text = asked(name, turn, rows, theirs=False)
        return f"/api/1/dataset/{SLUG}/v/1/{TABLE}?{text}" + (f"&_page={turn + 2}" if name in STEADY else "")

    return path


def their_paths(database: str, rows: int) -> Paths:
    """Datasette's address for each question."""

    def path(name: str, turn: int) -> str | None:
        text = asked(name, turn, rows, theirs=True)
        if text is None or not text.startswith("SQL "):
            size = "" if text is None or "_size" in text else "&_size=100"
            return None if text is None else f"/{database}/t.json?{text}&_shape=objects&_nosuggest=1{size}"
        return f"/{database}.json?sql={quote(text[4:])}&_shape=objects"

    return path


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--repeat", type=int, default=15)
    options.add_argument("--datasette", action="store_true")
    options.add_argument("--indexes", action="store_true")
    options.add_argument("--folder", type=Path)
    options.add_argument("--serve", nargs=4, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.serve:
        parquet, folder, port, cached = chosen.serve
        serve(Path(parquet), Path(folder), int(port), int(cached))
        return
    with tempfile.TemporaryDirectory(prefix="bench-tables-") as temporary:
        run(chosen, chosen.folder or Path(temporary))


def run(chosen: argparse.Namespace, folder: Path) -> None:
    from datasets.tables.columnar import write_parquet

    folder.mkdir(parents=True, exist_ok=True)
    source, parquet = folder / f"rows-{chosen.rows}.csv", folder / f"rows-{chosen.rows}.parquet"
    if not source.exists():
        write_csv(source, chosen.rows)
    if not parquet.exists():
        write_parquet(source, SCHEMA, parquet)

    def ours(name: str, turn: int) -> str | None:
        return f"/?{asked(name, turn, chosen.rows, theirs=False)}"

    def remembered(name: str, _turn: int) -> str | None:
        return ours(name, 0)

    servers: dict[str, tuple[int, Paths]] = {}
    processes: dict[str, int] = {}
    with ExitStack() as stack:
        for label, cached, paths in (("Lumbung", 0, ours), ("Lumbung, asked before", 32, remembered)):
            port = free_port()
            command = [
                sys.executable,
                __file__,
                "--serve",
                str(parquet),
                str(folder / "serving"),
                str(port),
                str(cached),
            ]
            processes[label] = stack.enter_context(started(command, port))
            servers[label] = (port, paths)
        port, home = free_port(), ready_home(folder, chosen.rows, parquet)
        os.environ |= {"LUMBUNG_HOME": str(home), "WEB_CONCURRENCY": "1", "LUMBUNG_ASKED_PER_MINUTE": "100000000"}
        command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "-b", f"127.0.0.1:{port}", "wsgi:app"]
        processes[PORTAL] = stack.enter_context(started(command, port, cwd=ROOT))
        servers[PORTAL] = (port, portal_paths(chosen.rows))
        for label, kept in (("Lumbung", folder / "serving"), (PORTAL, home / "cache" / "tables")):
            settle(*servers[label], chosen.rows, kept)
        for indexes in [False, True][: int(chosen.datasette) + int(chosen.datasette and chosen.indexes)]:
            label = "Datasette, indexed" if indexes else "Datasette"
            port, processes[label], database = stack.enter_context(datasette(folder, source, indexes=indexes))
            servers[label] = (port, their_paths(database, chosen.rows))
        figures = ask(servers, list(QUESTIONS), chosen.repeat)
        memory = {label: peak(pid) for label, pid in processes.items()}
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    print(f"{chosen.rows:,} rows; {chosen.repeat} turns; p50 (p95) in ms; load {load}\n")
    print_table(figures, memory, goals=chosen.rows == 1_000_000)


def ready_home(folder: Path, rows: int, parquet: Path) -> Path:
    """An installation with the table, whose serving file is made: no worker answers from the Parquet meanwhile."""
    from datasets.blobs import LocalBlobs
    from datasets.query.engine import TableEngine

    home = large_home(folder, rows)
    with parquet.open("rb") as handle:
        blob = LocalBlobs(home / "blobs").path(hashlib.file_digest(handle, "sha256").hexdigest())
    engine = TableEngine(home / "cache" / "tables")
    engine.prepare(blob)
    engine.close()
    return home


def settle(port: int, paths: Paths, rows: int, folder: Path) -> None:
    """Ask each question once, and wait until the order of the sorted one is there, as it is for the second reader."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    for name in QUESTIONS:
        timed(connection, paths(name, 0) or "/")
    for _ in range(SETTLE if rows >= 200_000 else 0):
        if list(folder.rglob("*.order")):
            return
        time.sleep(1)


def print_table(figures: dict[str, Figures], memory: dict[str, float], *, goals: bool) -> None:
    """The figures side by side; the goals are those of a million rows."""
    ratios = [label for label in figures if label.startswith("Datasette")]
    heads = ["question", *figures, *(f"{label}: times" for label in ratios), *(["goal", "met"] if goals else [])]
    print("| " + " | ".join(heads) + " |")
    print("| --- |" + " --- |" * (len(heads) - 1))
    for name in QUESTIONS:
        mine = figures["Lumbung"][name][0]
        cells = [f"{f[name][0]:.1f} ({f[name][1]:.1f})" if name in f else "" for f in figures.values()]
        times = {label: figures[label][name][0] / mine for label in ratios if name in figures[label]}
        cells += [f"{times[label]:.1f}" if label in times else "" for label in ratios]
        cells += judged(name, mine, times) if goals else []
        print(f"| {name} | " + " | ".join(cells) + " |")
    print("| worker at most, MB | " + " | ".join(f"{memory[label]:.0f}" for label in figures) + " |")


def judged(name: str, mine: float, times: dict[str, float]) -> list[str]:
    """The goal in words, and whether it is met."""
    if name not in GOALS:
        return ["", ""]
    most, faster, indexed = GOALS[name]
    goal = f"≤ {most:g} ms, ≥ {faster:g}×{', ≥ 1× indexed' if indexed else ''}"
    met = mine <= most and times.get("Datasette", faster) >= faster
    met = met and (not indexed or times.get("Datasette, indexed", 1) >= 1)
    return [goal, "yes" if met else "no"]


if __name__ == "__main__":
    main()
