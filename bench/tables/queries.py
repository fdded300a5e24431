"""Questions to a large table, over HTTP, against Datasette on the same rows in the same run.

    python bench/tables/queries.py [--rows 1000000] [--repeat 15] [--datasette] [--indexes] [--folder DIR]

Prints a Markdown table: median and 95th percentile in milliseconds of 100 rows as JSON over one kept connection, one
client. Ours runs twice, without and with its memory of answers. `--datasette` installs Datasette into an environment of
its own below the folder, loads the same CSV into SQLite and asks it the same; `--indexes` gives it an index on each
column that is filtered or sorted. Neither side's HTTP cache is in the way: every request reaches the server's code.
"""

from __future__ import annotations

import argparse
import csv
import http.client
import json
import os
import random
import resource
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

HERE = Path(__file__).parent
TYPES = {
    "id": "integer",
    "kecamatan": "string",
    "desa": "string",
    "tahun": "year",
    "indikator": "string",
    "nilai": "number",
    "catatan": "string",
}
SCHEMA = {"fields": [{"name": name, "type": kind} for name, kind in TYPES.items()]}
WORDS = ["jalan", "rusak", "berat", "sedang", "ringan", "jembatan", "irigasi", "sawah", "panen", "padi", "warga"]
KECAMATAN = [f"Kecamatan {n:02d}" for n in range(28)]

# name: (our query, Datasette's)
QUESTIONS = {
    "first page": ("", ""),
    "filter, 2 columns": ("kecamatan=Kecamatan+07&tahun__ge=2015", "kecamatan=Kecamatan+07&tahun__gte=2015"),
    "filter, one id": ("id={id}", "id={id}"),
    "sort by a number": ("_sort=-nilai", "_sort_desc=nilai"),
    "deep page (row 900,000)": ("_page={deep}", "_next={deep_row}"),
    "deep page, sorted": ("_sort=-nilai&_page={middle}", "_sort_desc=nilai&_next=500000.0%2C{deep_row}"),
    "text contains": ("catatan__contains=jembatan+irigasi", "catatan__contains=jembatan+irigasi"),
    "words anywhere": ("_q=jembatan+2019", None),
    "group by, 3 figures": (
        "_group=kecamatan&_measure=count,sum:nilai,mean:nilai",
        "SQL select kecamatan, count(*), sum(nilai), avg(nilai) from t group by kecamatan",
    ),
    "choices of a column": ("_group=indikator&_sort=-count", "_facet=indikator&_size=0"),
}


def write_csv(path: Path, rows: int) -> None:
    """The test table of the design notes: 28 kecamatan, 430 desa, 16 years, 300 indicators, a number, a remark."""
    chance = random.Random(1)
    places = [(KECAMATAN[n % 28], f"Desa {n:03d}") for n in range(430)]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(TYPES)
        for number in range(1, rows + 1):
            kecamatan, desa = places[chance.randrange(430)]
            writer.writerow(
                (
                    number,
                    kecamatan,
                    desa,
                    2010 + chance.randrange(16),
                    f"Indikator {chance.randrange(300):03d}, menurut jenis",
                    f"{chance.random() * 1e6:.3f}",
                    " ".join(chance.choices(WORDS, k=6)),
                )
            )


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


@contextmanager
def started(command: list[str], port: int) -> Iterator[int]:
    """A server in a process group of its own; gives the pid of its largest process when it answers, stops it after."""
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            if process.poll() is not None:
                raise SystemExit(f"{command[0]} ended with {process.returncode}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ask(port: int, paths: dict[str, str | None], repeat: int) -> dict[str, tuple[float, float]]:
    """Median and 95th percentile in milliseconds, after one request that warms up."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    found = {}
    for name, path in paths.items():
        if path is None:
            continue
        taken = []
        for turn in range(repeat + 1):
            begin = time.perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise SystemExit(f"{path}: {answer.status} {body[:300]!r}")
            if turn:
                taken.append((time.perf_counter() - begin) * 1000)
        taken.sort()
        found[name] = (statistics.median(taken), taken[min(len(taken) - 1, int(len(taken) * 0.95))])
    return found


def peak(pid: int) -> float:
    """Megabytes of the largest process of a group."""
    sizes = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getpgid(int(entry.name)) == pid:
                    lines = (entry / "status").read_text().splitlines()
                    sizes += [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")]
            except (OSError, ProcessLookupError):
                continue
    return max(sizes, default=0.0)


def load_sqlite(source: Path, target: Path, *, indexes: bool) -> None:
    """The same rows, typed, as Datasette's own tools would load them, only faster."""
    with sqlite3.connect(target) as database, source.open(encoding="utf-8", newline="") as handle:
        database.execute(
            "CREATE TABLE t (id INTEGER, kecamatan TEXT, desa TEXT, tahun INTEGER, "
            "indikator TEXT, nilai REAL, catatan TEXT)"
        )
        reader = csv.reader(handle)
        next(reader)
        database.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)", reader)
        for column in ("id", "kecamatan", "tahun", "nilai", "indikator") if indexes else ():
            database.execute(f"CREATE INDEX by_{column} ON t ({column})")
        database.execute("ANALYZE")
    database.close()


def datasette(folder: Path, source: Path, port: int, repeat: int, values: dict[str, int], *, indexes: bool):  # type: ignore[no-untyped-def]
    """Datasette's figures and memory, with its limits out of the way."""
    python = folder / "peer" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder / "peer")], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", "datasette==0.65.*", "setuptools<81"], check=True)
    target = folder / f"peer-{'indexed' if indexes else 'plain'}-{source.stem}.db"
    if not target.exists():
        load_sqlite(source, target, indexes=indexes)
    settings = {
        "sql_time_limit_ms": 60000,
        "facet_time_limit_ms": 60000,
        "default_cache_ttl": 0,
        "max_returned_rows": 1000,
    }
    command = [str(python), "-m", "datasette", "serve", "-i", str(target), "--port", str(port)]
    for key, value in settings.items():
        command += ["--setting", key, str(value)]
    paths: dict[str, str | None] = {}
    for name, (_, theirs) in QUESTIONS.items():
        if theirs is None:
            paths[name] = None
        elif theirs.startswith("SQL "):
            paths[name] = f"/{target.stem}.json?sql={quote(theirs[4:])}&_shape=objects"
        else:
            asked = theirs.format(**values)
            paths[name] = f"/{target.stem}/t.json?{asked}&_shape=objects&_nosuggest=1" + (
                "" if "_size" in asked else "&_size=100"
            )
    with started(command, port) as pid:
        return ask(port, paths, repeat), peak(pid)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--repeat", type=int, default=15)
    options.add_argument("--datasette", action="store_true")
    options.add_argument("--indexes", action="store_true")
    options.add_argument("--folder", type=Path)
    options.add_argument("--port", type=int, default=free_port())
    options.add_argument("--serve", nargs=3, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.serve:
        parquet, folder, cached = chosen.serve
        serve(Path(parquet), Path(folder), chosen.port, int(cached))
        return
    with tempfile.TemporaryDirectory(prefix="bench-tables-") as temporary:
        run(chosen, chosen.folder or Path(temporary))


def run(chosen: argparse.Namespace, folder: Path) -> None:
    from datasets.tables.columnar import write_parquet

    folder.mkdir(parents=True, exist_ok=True)
    source, parquet = folder / f"rows-{chosen.rows}.csv", folder / f"rows-{chosen.rows}.parquet"
    if not source.exists():
        write_csv(source, chosen.rows)
    begin = time.perf_counter()
    write_parquet(source, SCHEMA, parquet)
    written = time.perf_counter() - begin
    values = {"id": chosen.rows // 3, "deep_row": chosen.rows * 9 // 10}
    values |= {"deep": values["deep_row"] // 100 + 1, "middle": chosen.rows // 200}
    paths: dict[str, str | None] = {name: "/?" + ours.format(**values) for name, (ours, _) in QUESTIONS.items()}
    columns: dict[str, dict[str, tuple[float, float]]] = {}
    memory: dict[str, float] = {}
    for label, cached in (("Lumbung", 0), ("Lumbung, asked before", 32)):
        command = [sys.executable, __file__, "--port", str(chosen.port)]
        command += ["--serve", str(parquet), str(folder / "serving"), str(cached)]
        with started(command, chosen.port) as pid:
            columns[label] = ask(chosen.port, paths, chosen.repeat)
            memory[label] = peak(pid)
    for indexes in [False, True][: int(chosen.datasette) + int(chosen.datasette and chosen.indexes)]:
        label = "Datasette, indexed" if indexes else "Datasette"
        found = datasette(folder, source, chosen.port, chosen.repeat, values, indexes=indexes)
        columns[label], memory[label] = found
    print(
        f"{chosen.rows:,} rows; CSV to Parquet {written:.2f} s; this process at most "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB; p50 (p95) in ms\n"
    )
    print("| question | " + " | ".join(columns) + " |")
    print("| --- |" + " --- |" * len(columns))
    for name in QUESTIONS:
        cells = [f"{f[name][0]:.1f} ({f[name][1]:.1f})" if name in f else "" for f in columns.values()]
        print(f"| {name} | " + " | ".join(cells) + " |")
    print("| worker at most, MB | " + " | ".join(f"{memory[label]:.0f}" for label in columns) + " |")


if __name__ == "__main__":
    main()
