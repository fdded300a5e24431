"""Ugly questions to a large table, and the memory that the worker takes for them.

    python bench/tables/memory.py [--rows 10000000] [--folder DIR]

Publishes the test table in an installation of its own, starts the portal in gunicorn as it runs (one worker, eight
threads) and asks what nobody should: sorts and groups over unique columns, distinct values of a million, the largest
pages, words in every row, workbooks and other files of all rows, alone and eight at a time. Each may be answered or
refused with words (4xx, 503); a 5xx other than that, a dead worker or 400 MB end it with 1. Processes of their own that
make files are not counted: they end.
"""

from __future__ import annotations

import argparse
import http.client
import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from portal_home import SLUG, TABLE, large_home
from running import free_port, peak, started

MOST = 400  # megabytes
API = f"/api/1/dataset/{SLUG}/v/1/{TABLE}"
FILE = f"/dataset/{SLUG}/v/1/{TABLE}"
PAGE = f"/dataset/{SLUG}/v/1"
UGLY = (
    f"{API}?_size=10000",
    f"{API}?_sort=catatan,-nilai,desa&_size=10000",
    f"{API}?_sort=-catatan&_page=4000",
    f"{API}?_group=id",
    f"{API}?_group=catatan,nilai&_measure=median:nilai,sum:nilai&_sort=-sum_nilai",
    f"{API}?_group=nilai&_page=90000",
    f"{API}/distinct/id",
    f"{API}/distinct/catatan?catatan__contains=a",
    f"{API}?_q=jalan+rusak+berat+2019&_size=10000",
    f"{API}?catatan__contains=a&_sort=-nilai,catatan&_page=50000",
    f"{API}?catatan__contains=padi&_after=9000000&_sort=catatan",
    f"{PAGE}?_sort=-catatan&_q=padi",
    f"{PAGE}?_group=desa,indikator,tahun&_measure=median:nilai",
    f"{FILE}.csv?tahun__ge=2012&_sort=-nilai",
    f"{FILE}.json?kecamatan=Kecamatan+07",
    f"{FILE}.parquet?_sort=catatan",
    f"{FILE}.xlsx?tahun=2015",
    f"{FILE}.xlsx",
    f"{FILE}.csv",
)


def ask(port: int, path: str) -> tuple[int, float, int]:
    """Status, seconds and bytes of an answer, which is thrown away while it comes."""
    begin = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=900)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        size = 0
        while block := answer.read(2**18):
            size += len(block)
        return answer.status, time.perf_counter() - begin, size
    except (http.client.HTTPException, OSError):
        return 599, time.perf_counter() - begin, 0
    finally:
        connection.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--folder", type=Path)
    options.add_argument("--seconds", type=float, default=600, help="after which no further question is begun")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-memory-") as temporary:
        sys.exit(run(chosen.rows, chosen.folder or Path(temporary), chosen.seconds))


def run(rows: int, folder: Path, seconds: float) -> int:
    """Ask all, each alone and then eight at a time; how many promises were broken."""
    home, port = large_home(folder, rows), free_port()
    os.environ |= {"LUMBUNG_HOME": str(home), "WEB_CONCURRENCY": "1", "LUMBUNG_ASKED_PER_MINUTE": "100000"}
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "-b", f"127.0.0.1:{port}", "wsgi:app"]
    faults = 0
    begin = time.monotonic()
    print(f"{rows:,} rows; load {os.getloadavg()[0]:.1f}\n\n| question | answer | s | MB sent | worker so far, MB |")
    print("| --- | --- | --- | --- | --- |")
    with started(command, port, cwd=Path(__file__).parents[2]) as pid:
        for path in UGLY:
            if time.monotonic() - begin > seconds:
                break
            status, taken, size = ask(port, path)
            faults += status >= 500 and status != 503
            most = peak(pid, module="gunicorn")
            print(
                f"| `{path}` | {status} | {taken:.1f} | {size / 1e6:.1f} | {peak(pid, module='gunicorn'):.0f} |",
                flush=True,
            )
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda path: ask(port, path), [path for path in UGLY if ".xlsx" not in path]))
        faults += sum(status >= 500 and status != 503 for status, _, _ in found)
        most = peak(pid, module="gunicorn")
        told = ", ".join(f"{number} × {status}" for status, number in sorted(Counter(f[0] for f in found).items()))
        print(f"| all but workbooks, 8 at a time | {told} | {max(one[1] for one in found):.1f} | | {most:.0f} |")
    print(f"\nworker at most {most:.0f} MB of {MOST}")
    return int(faults > 0 or most >= MOST)


if __name__ == "__main__":
    main()
