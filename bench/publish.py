"""A million rows from a CSV to a published version, against DuckDB's own CSV to Parquet in the same run.

    python bench/publish.py [--rows 1000000] [--runs 3] [--sqlite-utils PROGRAM]

Prints wall and processor seconds and the largest resident memory of any single process, medians over the runs. Our side
is the whole of `lumbung publish`: read, describe, validate, Parquet, statistics, package, database, index.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

KECAMATAN = [f"Kecamatan {number:02d}" for number in range(28)]
DESA = [f"Desa {number:03d}" for number in range(430)]
INDIKATOR = [f"Indikator {number:03d}, menurut jenis" for number in range(300)]
CONVERT = """
import duckdb, sys
duckdb.sql("set threads = 2")
duckdb.sql("copy (from read_csv('%s')) to '%s' (compression zstd)" % tuple(sys.argv[1:]))
"""


@dataclass(frozen=True)
class Figures:
    """Seconds and megabytes of one command; a share of the largest process, not of all together."""

    wall: float
    cpu: float
    megabytes: float


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--sqlite-utils", help="the program, in an environment of its own; also in the same run")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="lumbung-bench-") as folder:
        table = Path(folder) / "indikator.csv"
        write_table(table, given.rows)
        print(f"{given.rows:,} rows, {table.stat().st_size / 1e6:.0f} MB, {os.cpu_count()} cores, {given.runs} runs\n")
        ours, theirs, others = [], [], []
        for number in range(given.runs):
            home = Path(folder) / f"home-{number}"
            environment = os.environ | {"LUMBUNG_HOME": str(home)}
            lumbung = [sys.executable, "-m", "portal.cli"]
            subprocess.run([*lumbung, "init"], env=environment, check=True, capture_output=True)
            ours.append(measured([*lumbung, "publish", str(table), "--organization", "bench"], environment))
            theirs.append(
                measured([sys.executable, "-c", CONVERT, str(table), str(Path(folder) / "t.parquet")], environment)
            )
            shutil.rmtree(home)
            if given.sqlite_utils:
                command = [given.sqlite_utils, "insert", str(Path(folder) / f"{number}.db"), "t", str(table), "--csv"]
                others.append(measured(command, dict(os.environ)))
        show("lumbung publish", ours)
        show("DuckDB CSV to Parquet", theirs)
        compare("publish by DuckDB", ours, theirs)
        if others:
            show("sqlite-utils insert", others)
            compare("sqlite-utils by publish", others, ours)


def write_table(path: Path, rows: int) -> None:
    """The test table of docs/benchmarks.md: id, kecamatan, desa, tahun, indikator, nilai, catatan."""
    pick = random.Random(3522)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "kecamatan", "desa", "tahun", "indikator", "nilai", "catatan"])
        for number in range(1, rows + 1):
            note = f"catatan petugas nomor {pick.randrange(10**6)} diperiksa" if number % 3 else ""
            row = [number, pick.choice(KECAMATAN), pick.choice(DESA), 2010 + number % 16, pick.choice(INDIKATOR)]
            writer.writerow([*row, round(pick.uniform(0, 1e5), 4), note])


def measured(command: list[str], environment: dict[str, str]) -> Figures:
    """Run a command to its end, in a process that tells of its own children alone."""
    read, write = os.pipe()
    if os.fork() == 0:
        started = time.perf_counter()
        code = subprocess.run(command, env=environment, capture_output=True, check=False).returncode
        wall, used = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        os.write(write, f"{code} {wall} {used.ru_utime + used.ru_stime} {used.ru_maxrss / 1024}".encode())
        os._exit(0)
    os.wait()
    code, wall, cpu, megabytes = os.read(read, 200).decode().split()
    os.close(read)
    os.close(write)
    if code != "0":
        raise SystemExit(f"failed with {code}: {' '.join(command)}")
    return Figures(float(wall), float(cpu), float(megabytes))


def show(name: str, figures: list[Figures]) -> None:
    wall, cpu, memory = (median(getattr(one, part) for one in figures) for part in ("wall", "cpu", "megabytes"))
    print(f"{name:<24} {wall:7.1f} s wall {cpu:7.1f} s cpu {memory:7.0f} MB")


def compare(name: str, first: list[Figures], second: list[Figures]) -> None:
    """How many times as much the first took, pair by pair."""
    wall, cpu = (
        median(getattr(a, part) / getattr(b, part) for a, b in zip(first, second, strict=True))
        for part in ("wall", "cpu")
    )
    print(f"{name:<24} {wall:7.1f} times wall {cpu:5.1f} times cpu")


def median(values: object) -> float:
    return statistics.median(values)  # type: ignore[call-overload,no-any-return]


if __name__ == "__main__":
    main()
