"""A base-data survey of 300 yes/no columns and 100,000 households made into tables, and an attack on the result.

    python bench/disclosure.py [--households 100000] [--indicators 300]

Prints the seconds of reading in the confined child, of counting and protecting, and of the attack; the largest resident
memory; how many figures there are, how many are hidden, and the narrowest interval that the attacker is left with.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

from attacker import intervals, read_published  # noqa: E402 - the tests' own attacker
from base_data import write_survey  # noqa: E402

from metadata import confined  # noqa: E402
from metadata.disclosure import Microdata, release  # noqa: E402
from metadata.reading.child import read_safely  # noqa: E402

RULE = {
    "kecamatan": "kecamatan",
    "desa": "desa",
    "period": "tahun",
    "specific": ["sakit_*", "pendapatan"],
    "aggregates": [
        {"name": "desa", "level": "desa", "indicators": ["ind_*", "sakit_*"]},
        {"name": "kecamatan", "indicators": ["ind_*", "sakit_*"], "sums": ["pendapatan"], "means": ["pendapatan"]},
        {"name": "lantai", "level": "desa", "by": ["lantai", "jk"]},
    ],
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--households", type=int, default=100_000)
    arguments.add_argument("--indicators", type=int, default=300)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="lumbung-bench-") as folder:
        path, into = Path(folder) / "dasar.csv", Path(folder) / "tables"
        into.mkdir()
        write_survey(path, given.households, given.indicators, kecamatan=28, desa=15)
        print(f"{given.households:,} households x {given.indicators} indicators, {path.stat().st_size / 1e6:.0f} MB")
        started = time.perf_counter(), time.process_time()
        reading = read_safely(path, filename=path.name, into=Path(folder) / "read")
        told("read in the child (wall)", started)
        started = time.perf_counter(), time.process_time()
        made = release(Microdata.model_validate(RULE), reading.tables, into)
        told("counted and protected", started)
        started = time.perf_counter(), time.process_time()
        for one, applied in zip(made.tables, made.applied["tables"], strict=True):
            print(f"  {one.name}: {applied['cells']:,} figures, {applied['hidden']:,} hidden; {attacked(one.path)}")
        told("attacked", started)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        confined.close()  # only then are its children counted
        child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"largest resident memory: {peak:.0f} MB here, {child:.0f} MB in the child")


def attacked(path: Path) -> str:
    """What the sums over regions and categories leave of the hidden counts: how many small or narrow ones there are."""
    table = read_published(path)
    depth = 2 if "desa" in path.read_text(encoding="utf-8").partition("\n")[0].split(",") else 1
    people = {key: value for key, value in table.figures["Rumah tangga"].items() if value is not None}
    small = narrow = tried = 0
    tightest = float("inf")
    for measure, figures in table.figures.items():
        if "pendapatan" in measure:
            continue
        k = 10 if measure.startswith("sakit") else 5
        small += sum(0 < value < (5 if measure == "Rumah tangga" else k) for value in figures.values() if value)
        for low, high in intervals(table, measure, depth=depth, most=people).values():
            tried += 1
            narrow += high - low < k - 1
            tightest = min(tightest, high - low + 1)
    return f"{small} below the threshold, {narrow} of {tried} narrowed; the narrowest can be {tightest:g} values"


def told(what: str, started: tuple[float, float]) -> None:
    wall, cpu = time.perf_counter() - started[0], time.process_time() - started[1]
    print(f"{what}: {wall:.1f} s wall, {cpu:.1f} s processor", flush=True)


if __name__ == "__main__":
    main()
