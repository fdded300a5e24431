"""Requests a second to package_search and datastore_search of a whole portal in gunicorn, with 1 and with 4 clients.

    python bench/api/throughput.py [--datasets 10000] [--rows 1000000] [--seconds 10] [--datasette] [--folder DIR]

Prints a Markdown table: requests a second, median and 95th percentile in milliseconds. Each client is a process with
one kept connection; no answer is asked for twice in a row, and no HTTP cache is in the way. `--datasette` installs
Datasette into an environment of its own below the folder, loads the same rows as `bench/tables/queries.py`, without and
with indexes, and asks it the same in the same run, in turns with ours. Datasette is one process; ours runs as it is
served: two.
"""

from __future__ import annotations

import argparse
import http.client
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tables")]

from catalogue_home import ROOT, catalogue_home  # noqa: E402
from large_table import KECAMATAN  # noqa: E402
from portal_home import SLUG, large_home  # noqa: E402
from queries import datasette  # noqa: E402
from running import free_port, started, timed  # noqa: E402

SUBJECTS = ("padi", "siswa", "guru", "jalan", "stunting", "harga pokok", "wisatawan", "sampah", "banjir", "puskesmas")
Path_ = Callable[[int], str]


def packages(turn: int) -> str:
    """Words, ten hits."""
    return f"/api/3/action/package_search?{urlencode({'q': SUBJECTS[turn % 10], 'start': turn // 10 % 20})}"


def faceted(turn: int) -> str:
    """An agency's datasets with counts by two fields."""
    asked = {"fq": f"organization:opd-{turn % 45}", "facet.field": '["groups","res_format"]', "rows": 20}
    return f"/api/3/action/package_search?{urlencode(asked)}"


def harvested(turn: int) -> str:
    """A harvester's page: a hundred datasets by id."""
    return f"/api/3/action/package_search?{urlencode({'rows': 100, 'start': turn * 100 % 10_000, 'sort': 'id asc'})}"


def rows_of(resource: str) -> Path_:
    """A hundred rows of a kecamatan and a year."""

    def path(turn: int) -> str:
        filters = f'{{"kecamatan":"{KECAMATAN[turn % 28]}","tahun":{2010 + turn // 28 % 16}}}'
        asked = {"resource_id": resource, "filters": filters, "limit": 100, "offset": turn % 5}
        return f"/api/3/action/datastore_search?{urlencode(asked)}"

    return path


def first_rows_of(resource: str) -> Path_:
    """A hundred rows from some place of the table."""
    return lambda turn: f"/api/3/action/datastore_search?resource_id={resource}&limit=100&offset={turn * 100}"


def their_rows(database: str) -> Path_:
    """The same of Datasette."""

    def path(turn: int) -> str:
        asked = {"kecamatan": KECAMATAN[turn % 28], "tahun": 2010 + turn // 28 % 16, "_size": 100 + turn % 5}
        return f"/{database}/t.json?{urlencode(asked)}&_shape=objects&_nosuggest=1"

    return path


def their_first_rows(database: str) -> Path_:
    """The same of Datasette, by its own way of paging."""
    return lambda turn: f"/{database}/t.json?_next={turn * 100}&_size=100&_shape=objects&_nosuggest=1"


def client(port: int, path: Path_, seconds: float, start: int, told: multiprocessing.Queue[list[float]]) -> None:
    """Ask for so long, beginning at another turn than the others."""
    kept = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    timed(kept, path(start))
    times, end, turn = [], time.perf_counter() + seconds, start
    while time.perf_counter() < end:
        turn += 1
        times.append(timed(kept, path(turn)))
    told.put(times)


def ask(port: int, path: Path_, clients: int, seconds: float) -> tuple[float, float, float]:
    """Requests a second of all clients together, median and 95th percentile in milliseconds."""
    context = multiprocessing.get_context("fork")
    told: multiprocessing.Queue[list[float]] = context.Queue()
    asking = [
        context.Process(target=client, args=(port, path, seconds, number * 37, told)) for number in range(clients)
    ]
    for process in asking:
        process.start()
    times = sorted(value for _ in asking for value in told.get(timeout=seconds + 120))
    for process in asking:
        process.join()
    return len(times) / seconds, statistics.median(times), times[int(len(times) * 0.95)]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--datasets", type=int, default=10_000)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--seconds", type=float, default=10)
    options.add_argument("--datasette", action="store_true")
    options.add_argument("--folder", type=Path)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-api-") as temporary:
        run(chosen, chosen.folder or Path(temporary))


def run(chosen: argparse.Namespace, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    homes = [catalogue_home(folder, chosen.datasets), large_home(folder, chosen.rows)]
    with ExitStack() as stack:
        ports = [serve(stack, home) for home in homes]
        table = resource_of(ports[1])
        questions: list[tuple[str, list[tuple[str, int, Path_]]]] = [
            ("package_search, words, 10 hits", [("Lumbung", ports[0], packages)]),
            ("package_search, an agency, two facets, 20 hits", [("Lumbung", ports[0], faceted)]),
            ("package_search, a harvester's 100 datasets", [("Lumbung", ports[0], harvested)]),
            ("datastore_search, 100 rows from anywhere", [("Lumbung", ports[1], first_rows_of(table))]),
            ("datastore_search, 100 of a kecamatan and year", [("Lumbung", ports[1], rows_of(table))]),
        ]
        if chosen.datasette:
            source = folder / f"rows-{chosen.rows}.csv"
            for indexes in (False, True):
                port, _pid, database = stack.enter_context(datasette(folder, source, indexes=indexes))
                label = "Datasette, indexed" if indexes else "Datasette"
                questions[3][1].append((label, port, their_first_rows(database)))
                questions[4][1].append((label, port, their_rows(database)))
        load = os.getloadavg()[0]
        print(f"{chosen.datasets:,} datasets, {chosen.rows:,} rows, {chosen.seconds:g} s each; load {load:.1f}\n")
        print("| question | who | clients | requests/s | p50, ms | p95, ms |\n| --- | --- | --- | --- | --- | --- |")
        for words, servers in questions:
            for clients in (1, 4):
                for label, port, path in servers:
                    rate, median, high = ask(port, path, clients, chosen.seconds)
                    print(f"| {words} | {label} | {clients} | {rate:.0f} | {median:.1f} | {high:.1f} |", flush=True)


def serve(stack: ExitStack, home: Path) -> int:
    """The portal over a home, as `lumbung serve` runs it; gives its port."""
    port = free_port()
    environment = os.environ | {"LUMBUNG_HOME": str(home), "LUMBUNG_ASKED_PER_MINUTE": "100000000"}
    os.environ.update(environment)
    command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py")]
    stack.enter_context(started([*command, "--bind", f"127.0.0.1:{port}", "wsgi:app"], port, cwd=ROOT))
    return port


def resource_of(port: int) -> str:
    """The id of the large table."""
    import json

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", f"/api/3/action/package_show?id={SLUG}")
    found: str = json.loads(connection.getresponse().read())["result"]["resources"][0]["id"]
    return found


if __name__ == "__main__":
    main()
