"""Making serving files and orders of rows: here for small tables, for large ones in a process of its own.

Run as `python -m datasets.tables.building` it takes one job as JSON and ends with 0, or with 1 and the reason on its
error output. Its memory comes back when it ends, and a worker that answers readers never pays for it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from datasets.tables.columnar import literal
from datasets.tables.columnar_types import quoted

SMALL_ROWS = 50_000
SMALL_BLOCK = 16_384  # bytes; the usual 256 kB for each column would make a small table large
BLOCK = 32_768  # of a large one: 100 scattered rows of a million cost 5 ms, with the usual 256 kB 30 to 60
CLUSTERED_ROWS = 200_000  # below it a look at every row takes a millisecond
MOST_CLUSTERED = 8
MOST_LOOKED_AT = 200  # columns
FEW_VALUES = 1_000
SECONDS = 900
GENTLY = 5  # below the workers that answer readers
WIDTH = 9  # bytes for each row of an order: eight hexadecimal digits and the end of the line


def build_table(parquet: Path, target: Path, *, memory: str, threads: int) -> None:
    """Write the serving file of a Parquet. Raises DuckDB's errors.

    `t` has `_row` (from 1) and `c0`, `c1`, … in the order of the source, so that `rowid` is `_row` less one; `n` the
    names of the columns and which of them stand in `k` too. `k`, of large tables, has `_row` and the columns of few
    values, sorted by them: conditions on these read only the row groups that can fulfil them.
    """
    with _opened(target.parent / "spill", memory, threads) as connection:
        source = f"read_parquet([{literal(str(parquet))}], file_row_number = true)"
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()[:-1]  # noqa: S608
        names = [row[0] for row in described]
        rows = connection.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0]  # noqa: S608
        block = SMALL_BLOCK if rows <= SMALL_ROWS else BLOCK
        connection.execute(f"ATTACH {literal(str(target))} AS built (BLOCK_SIZE {block})")
        listed = ", ".join(["file_row_number + 1 AS _row", *places(names)])
        connection.execute(f"CREATE TABLE built.t AS SELECT {listed} FROM {source}")  # noqa: S608
        if connection.execute("SELECT count(*) FROM built.t WHERE rowid <> _row - 1").fetchall()[0][0]:
            raise OSError("the rows did not come in the order of the source")
        narrow = _few_valued(connection, [str(row[1]) for row in described]) if rows >= CLUSTERED_ROWS else []
        if narrow:
            keys = ", ".join(narrow)
            connection.execute(
                f"CREATE TABLE built.k AS SELECT _row, {keys} FROM built.t ORDER BY {keys}, _row"  # noqa: S608
            )
        told = [f"c{position}" in narrow for position in range(len(names))]
        connection.execute(
            "CREATE TABLE built.n AS "
            "SELECT unnest(CAST(? AS VARCHAR[])) AS name, unnest(CAST(? AS BOOLEAN[])) AS narrow",
            (names, told),
        )
        connection.execute("DETACH built")


def build_order(serving: Path, keys: str, target: Path, *, memory: str, threads: int) -> None:
    """Write the numbers of a table's rows in the order of `keys` (SQL over places), `WIDTH` bytes for each."""
    with _opened(target.parent / "spill", memory, threads) as connection:
        connection.execute(f"ATTACH {literal(str(serving))} AS s (READ_ONLY)")
        connection.execute(
            f"COPY (SELECT format('{{:08x}}', _row) FROM s.t ORDER BY {keys}) "  # noqa: S608 - places, never names
            f"TO {literal(str(target))} (FORMAT csv, HEADER false)"
        )


def in_child(job: dict[str, Any]) -> None:
    """Do a job in a process of its own. Raises OSError when it fails."""
    try:
        told = subprocess.run(
            [sys.executable, "-m", "datasets.tables.building"],
            input=json.dumps(job).encode(),
            capture_output=True,
            check=False,
            timeout=SECONDS,
            cwd=Path(__file__).parents[2],
            env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired as error:
        raise OSError(f"not made within {SECONDS} s") from error
    if told.returncode:
        raise OSError(told.stderr.decode(errors="replace").strip()[-300:])


def places(names: list[str]) -> list[str]:
    """`"kecamatan" AS c0` and so on: behind this line no SQL holds a name that came from outside."""
    return [f"{quoted(name)} AS c{position}" for position, name in enumerate(names)]


def main(text: str) -> None:
    """Do the job told."""
    job = json.loads(text)
    os.nice(GENTLY)
    limits = {"memory": job["memory"], "threads": job["threads"]}
    if "keys" in job:
        build_order(Path(job["source"]), job["keys"], Path(job["target"]), **limits)
    else:
        build_table(Path(job["source"]), Path(job["target"]), **limits)


def _opened(spill: Path, memory: str, threads: int) -> Any:
    import duckdb

    connection = duckdb.connect(config={"memory_limit": memory, "threads": threads, "temp_directory": str(spill)})
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def _few_valued(connection: Any, types: list[str]) -> list[str]:
    """The columns that people filter by: those of few values, the fewest first."""
    able = [f"c{n}" for n, kind in enumerate(types[:MOST_LOOKED_AT]) if kind not in {"DOUBLE", "FLOAT", "BLOB"}]
    if not able:
        return []
    counts = connection.execute(
        f"SELECT {', '.join(f'approx_count_distinct({place})' for place in able)} FROM built.t"  # noqa: S608 - places
    ).fetchall()[0]
    few = sorted((count, place) for count, place in zip(counts, able, strict=True) if 2 <= count <= FEW_VALUES)
    return [place for _, place in few[:MOST_CLUSTERED]]


if __name__ == "__main__":
    try:
        main(sys.stdin.read())
    except Exception as error:
        sys.stderr.write(f"{type(error).__name__}: {error}")
        sys.exit(1)
