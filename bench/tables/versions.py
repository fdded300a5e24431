"""Two versions of a large table compared by key, as the page of their differences does it.

    python bench/tables/versions.py [--rows 1000000] [--repeat 3] [--folder DIR]

The later version has 1 % of its figures revised, 1,000 rows gone and 1,000 new ones. Prints the least wall and
processor time of a whole comparison in its own process and the memory that it takes; the goal is 5 s and 1 GB.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

from large_table import SCHEMA, write_csv

KEYED = SCHEMA | {"primaryKey": ["id"]}


def write_later(parquet: Path, later: Path, rows: int) -> None:
    """The other version."""
    import duckdb

    with duckdb.connect(config={"memory_limit": "300MB", "threads": 2}) as connection:
        connection.execute(
            f"COPY (SELECT * REPLACE (CASE WHEN id % 100 = 7 THEN nilai + 1 ELSE nilai END AS nilai) "
            f"FROM read_parquet('{parquet}') WHERE id > 1000 UNION ALL "
            f"SELECT * REPLACE (id + {rows} AS id) FROM read_parquet('{parquet}') WHERE id <= 1000) "
            f"TO '{later}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 40960)"
        )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--folder", type=Path)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-versions-") as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        run(folder, chosen.rows, chosen.repeat)


def run(folder: Path, rows: int, repeat: int) -> None:
    from datasets.diff.compare import Side
    from datasets.diff.job import compared
    from datasets.tables.columnar import write_parquet

    source, parquet, later = (folder / f"rows-{rows}{ending}" for ending in (".csv", ".parquet", "-later.parquet"))
    if not source.exists():
        write_csv(source, rows)
    if not parquet.exists():
        write_parquet(source, SCHEMA, parquet)
    if not later.exists():
        write_later(parquet, later, rows)
    print(f"{rows:,} × {rows:,} rows; load {os.getloadavg()[0]:.1f}\n\n| key | wall, s | processor, s | goal | met |")
    print("| --- | --- | --- | --- | --- |")
    for name, schema in (("declared", KEYED), ("to be found", SCHEMA)):
        walls, processors = [], []
        for _ in range(repeat):
            begin, spent = time.perf_counter(), children()
            found = compared(Side(parquet, schema), Side(later, schema), seconds=120)
            walls.append(time.perf_counter() - begin)
            processors.append(children() - spent)
        expected = (rows // 100 - 10, 1_000, 1_000)
        if (found["changed"], found["added"], found["removed"]) != expected:
            raise SystemExit(f"{found['changed']}, {found['added']}, {found['removed']} instead of {expected}")
        met = "yes" if min(walls) <= 5 else "no"
        print(f"| {name} | {min(walls):.1f} | {min(processors):.1f} | ≤ 5 s | {met} |", flush=True)
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"| memory | {megabytes:.0f} MB | | < 1,000 MB | {'yes' if megabytes < 1000 else 'no'} |")


def children() -> float:
    """Processor seconds of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
