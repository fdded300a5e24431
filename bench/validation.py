"""Validation beside frictionless: one table of 1,000,000 rows, clean and with 1 % of its rows dirty, reports compared.

    python bench/validation.py [--rows 1000000] [--runs 3] [--folder FOLDER]

Each measurement is a process of its own that first validates a small table, so that imports are in neither; the runs
of both are taken in turn. Prints the best run of each: processor seconds (all threads) and seconds by the clock.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SCHEMA: dict[str, Any] = {
    "fields": [
        {"name": "id", "type": "integer", "constraints": {"required": True}},
        {"name": "kecamatan", "type": "string", "constraints": {"required": True}},
        {"name": "desa", "type": "string", "constraints": {"pattern": "Desa [0-9]{3}"}},
        {"name": "tahun", "type": "year", "constraints": {"minimum": 2010, "maximum": 2030}},
        {"name": "indikator", "type": "string"},
        {"name": "nilai", "type": "number", "constraints": {"minimum": 0}},
        {"name": "catatan", "type": "string"},
    ],
    "primaryKey": ["id"],
}
ALL = 10**9


def write(path: Path, rows: int, dirty: bool) -> None:
    """The table; each hundredth row has an error when it is dirty."""
    chance = random.Random(22)
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write("id,kecamatan,desa,tahun,indikator,nilai,catatan\n")
        for number in range(1, rows + 1):
            kind = number // 100 % 4 if dirty and number % 100 == 50 else 4
            indicator = f"Indikator {chance.randrange(300)}"
            stream.write(
                f"{number - 100 if kind == 0 and number > 100 else number},Kecamatan {chance.randrange(28):02},"
                f"{'desa' if kind == 1 else f'Desa {chance.randrange(430):03}'},{2011 + number % 14},"
                f"{f'{chr(34)}{indicator}, menurut jenis{chr(34)}' if number % 3 == 0 else indicator},"
                f"{'x' if kind == 2 else '-1' if kind == 3 else chance.randrange(10**9) / 10**4},"
                f"catatan petugas nomor {chance.randrange(10**6)} diperiksa\n"
            )


def measure(who: str, path: Path) -> dict[str, Any]:
    """In a process of its own: validate, and say what it took and what was said."""
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "kecil.csv"
        write(small, 3_000, dirty=True)
        validate(who, small)
    processor, clock = time.process_time(), time.perf_counter()
    report = validate(who, path)
    taken = time.process_time() - processor, time.perf_counter() - clock
    said = report.to_descriptor()
    for stats in (said["stats"], *(task["stats"] for task in said["tasks"])):
        stats.pop("seconds")
    text = json.dumps(said, ensure_ascii=False)
    return {
        "processor": taken[0],
        "clock": taken[1],
        "errors": said["stats"]["errors"],
        "report": hashlib.sha256(text.encode()).hexdigest(),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def validate(who: str, path: Path) -> Any:
    """The whole report, with all errors."""
    if who == "lumbung":
        from metadata.validate import validate_table

        return validate_table(path, SCHEMA, limit_errors=ALL)
    from frictionless import Dialect, Resource, Schema

    from metadata.package.descriptor import DIALECT

    resource = Resource(
        path=path.name,
        basepath=str(path.parent),
        encoding="utf-8",
        format="csv",
        schema=Schema.from_descriptor(json.loads(json.dumps(SCHEMA))),
        dialect=Dialect.from_descriptor(dict(DIALECT)),
    )
    return resource.validate(limit_errors=ALL)


def main() -> None:
    """Measure, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--measure", nargs=2)
    chosen = parser.parse_args()
    if chosen.measure:
        print(json.dumps(measure(chosen.measure[0], Path(chosen.measure[1]))))
        return
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for kind in ("clean", "dirty"):
        path = chosen.folder / f"{kind}.csv"
        write(path, chosen.rows, kind == "dirty")
        runs: dict[str, list[dict[str, Any]]] = {"lumbung": [], "frictionless": []}
        for _ in range(chosen.runs):
            for who, found in runs.items():
                command = [sys.executable, __file__, "--measure", who, str(path)]
                environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
                done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
                found.append(json.loads(done.stdout))
                print(kind, who, {**found[-1], "report": found[-1]["report"][:8]}, f"load {os.getloadavg()[0]:.1f}")
        reports = {run["report"] for found in runs.values() for run in found}
        print(kind, "reports are", "identical" if len(reports) == 1 else "DIFFERENT")
        for measured in ("processor", "clock"):
            ours, theirs = (min(run[measured] for run in runs[who]) for who in ("lumbung", "frictionless"))
            print(f"{kind} {measured}: {ours:.2f} s against {theirs:.2f} s, {theirs / ours:.1f} times")
        path.unlink()


if __name__ == "__main__":
    main()
