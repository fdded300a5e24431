"""The process in which SQL of strangers runs: it takes one order on its standard input, answers, and ends."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from pathlib import Path
from typing import Any

import duckdb

from datasets.query.cells import json_cell
from datasets.sql.check import check
from datasets.sql.confine import confine
from datasets.sql.errors import SqlRefused
from datasets.tables.columnar import literal
from datasets.tables.columnar_types import quoted

LONGEST_CELL = 50_000  # characters
MOST_CHARACTERS = 8_000_000  # of all cells together
BATCH = 200
PLAIN = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "DOUBLE", "FLOAT", "BOOLEAN"}  # the rest as text
SYSTEM = (
    "/proc/self/cgroup",
    "/proc/meminfo",
    "/proc/cpuinfo",
    "/sys/fs/cgroup",
)  # what DuckDB looks up when it starts
ADDRESSES = 1_536  # megabytes of address space beyond what DuckDB may use: libraries and stacks


def main() -> None:
    """Read the order, give up all rights, run, write the answer."""
    order = json.load(sys.stdin)
    tables = {name: Path(path) for name, path in order["tables"].items()}
    layers = confine(
        readable=[*tables.values(), *(Path(path) for path in SYSTEM if Path(path).exists())],
        writable=Path(order["folder"]),
        seconds=int(order["seconds"] * order["threads"]) + 2,
        megabytes=order["megabytes"] + ADDRESSES,
        disk_megabytes=order["disk_megabytes"],
    )
    answer: dict[str, Any]
    try:
        answer = _run(order, tables)
    except SqlRefused as error:
        answer = {"refused": type(error).__name__, "params": error.notice.params}
    except (duckdb.OutOfMemoryException, MemoryError):
        answer = {"stopped": "memory"}
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        answer = {"refused": "SqlRefused", "params": {"reason": _said(error, tables)}}
    except duckdb.IOException as error:
        answer = {"stopped": "disk" if "temp" in str(error) else "table"}
    except duckdb.Error as error:
        answer = {"refused": "SqlRefused", "params": {"reason": _said(error, tables)}}
    answer["layers"] = layers
    sys.stdout.write(json.dumps(answer, ensure_ascii=False))


def _run(order: dict[str, Any], tables: dict[str, Path]) -> dict[str, Any]:
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{order['megabytes']}MB",
        "threads": order["threads"],
        "temp_directory": str(Path(order["folder"]) / "spill"),
        "max_temp_directory_size": f"{order['disk_megabytes']}MB",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(config=config) as connection:
        for name, path in tables.items():
            file = f"read_parquet([{literal(str(path))}])"
            connection.execute(f"CREATE VIEW {quoted(name)} AS SELECT * FROM {file}")  # noqa: S608 - quoted
        paths = ", ".join(literal(str(path)) for path in tables.values())
        for setting in (
            f"allowed_paths = [{paths}]",
            "TimeZone = 'UTC'",
            "python_enable_replacements = false",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            connection.execute(f"SET {setting}")
        statement = check(connection, order["sql"], tables)
        begun = time.monotonic()
        described = connection.execute(f"DESCRIBE ({statement}\n)").fetchall()
        columns = [{"name": column[0], "type": str(column[1])} for column in described]
        rows, cut = _rows(connection.execute(_short(statement, columns)), order["rows"])
    return {"columns": columns, "rows": rows, "cut": cut, "seconds": round(time.monotonic() - begun, 3)}


def _short(statement: str, columns: list[dict[str, str]]) -> str:
    """The statement with its long cells cut while they are still DuckDB's, whose memory has a limit."""
    places = [f"v{number}" for number in range(len(columns))]
    cells = [
        place if column["type"] in PLAIN else f"left(CAST({place} AS VARCHAR), {LONGEST_CELL})"
        for place, column in zip(places, columns, strict=True)
    ]
    return f"SELECT {', '.join(cells)} FROM ({statement}\n) AS answer ({', '.join(places)})"  # noqa: S608 - checked


def _rows(found: Any, most: int) -> tuple[list[list[Any]], bool]:
    rows: list[list[Any]] = []
    characters = 0
    while batch := found.fetchmany(BATCH):
        for row in batch:
            cells = [json_cell(value) for value in row]
            characters += sum(len(cell) for cell in cells if isinstance(cell, str))
            if len(rows) == most or characters > MOST_CHARACTERS:
                return rows, True
            rows.append(cells)
    return rows, False


def _said(error: Exception, tables: dict[str, Path]) -> str:
    """DuckDB's first words, without any path."""
    said = str(error).split("\n\n")[0][:500]
    for name, path in tables.items():
        said = said.replace(str(path), name)
    return said


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main()
