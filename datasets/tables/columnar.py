"""A canonical CSV becomes Parquet: typed by its Table Schema, nothing lost, rows in the order of the source."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from datasets.tables.columnar_types import Facts, examine, physical, quoted
from datasets.tables.kept_engine import engine_for
from metadata.errors import LumbungError
from metadata.notices import Place
from metadata.terms import Bilingual

CELLS_PER_GROUP = 1_500_000
ROWS_PER_GROUP = (
    40_960  # first page 30 ms at DuckDB's own 122,880, 7 ms at 20,480; smaller groups slow scans (tables.md)
)
VECTOR = 2_048


class CellsDoNotFit(LumbungError):
    """A cell is not of the type that the schema gives its column."""

    code = "columnar.cells_do_not_fit"
    status = 422
    text = Bilingual(
        id="{count} sel tidak bertipe {type}, yang pertama berisi “{value}”. Perbaiki sel itu atau ubah tipe kolomnya.",
        en="{count} cells are not of type {type}; the first says “{value}”. Mend the cell or change the column's type.",
    )


class NotCanonical(LumbungError):
    """The CSV is not what its schema describes: other columns, or a line that cannot be parsed."""

    code = "columnar.not_canonical"
    status = 422
    text = Bilingual(
        id="CSV baku tidak cocok dengan skemanya: {reason}.",
        en="The canonical CSV does not match its schema: {reason}.",
    )


@dataclass(frozen=True, slots=True)
class Columnar:
    """What was written: how many rows, each column's SQL type, and the columns kept as text because cells misfit."""

    rows: int
    types: Mapping[str, str]
    kept_as_text: tuple[str, ...] = ()


def write_parquet(
    csv: Path,
    schema: Mapping[str, Any],
    target: Path,
    *,
    misfit: Literal["raise", "text"] = "raise",
    proven: Mapping[str, tuple[str, int]] | None = None,
) -> Columnar:
    """Write `csv` (canonical: see `metadata.reading.table.Table`) as Parquet to `target`, replacing it at once.

    Integers become BIGINT, or DECIMAL(38,0) and then text when they are longer; numbers become DOUBLE, or DECIMAL when
    a double would lose digits; codes stay text. A cell that does not fit raises `CellsDoNotFit` with its row and
    column; with `misfit="text"` its whole column is kept as text instead. Another CSV than described raises
    `NotCanonical`. What is `proven` of columns (see `examine`) need not be looked at again.
    """
    import duckdb

    names = [field["name"] for field in schema["fields"]]
    _check_header(csv, names)
    with _workspace(target) as work, engine_for(csv, work / "spill") as connection:
        source = _source(_plain(csv, work), names)
        try:
            facts = examine(connection, source, schema, proven)
            kept = [fact for fact in facts.values() if fact.misfits]
            if kept and misfit == "raise":
                raise _misfit(connection, source, kept[0], csv)
            types = {name: physical(facts[name], as_text=facts[name] in kept) for name in names}
            written = work / "written.parquet"
            ((rows,),) = connection.execute(_copy(source, types, written)).fetchall()
        except duckdb.Error as error:
            raise _broken(error, csv) from error
        written.replace(target)
    return Columnar(rows=rows, types=types, kept_as_text=tuple(fact.name for fact in kept))


def literal(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"


def _check_header(csv: Path, names: list[str]) -> None:
    import csv as reader

    if not names or len(set(names)) != len(names):
        raise NotCanonical(reason="the schema has no fields, or two of one name", place=Place(file=csv.name))
    with csv.open(encoding="utf-8", errors="replace", newline="") as lines:
        first = next(lines, "")
    if first.endswith("\r\n"):  # DuckDB, told that lines end with LF, would find no row and say nothing
        raise NotCanonical(reason="lines end with CR LF", place=Place(file=csv.name, row=1))
    header = next(reader.reader([first]), [])
    if header != names:
        extra = [*(f"+{name}" for name in header if name not in names), *(f"-{n}" for n in names if n not in header)]
        raise NotCanonical(reason=f"header {', '.join(extra[:8]) or 'order'}", place=Place(file=csv.name, row=1))


@contextmanager
def _workspace(target: Path) -> Iterator[Path]:
    """A folder beside the target, on its file system, for spills and for the file until it is whole."""
    work = Path(tempfile.mkdtemp(prefix=".columnar-", dir=target.parent))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _plain(csv: Path, work: Path) -> Path:
    """DuckDB reads `*`, `?` and `[` in a path as patterns: a link with a plain name stands for such a file."""
    link = work / "source.csv"
    link.symlink_to(csv.absolute())
    return link


def _source(csv: Path, names: list[str]) -> str:
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    return (
        f"read_csv({literal(str(csv))}, auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', "
        f"new_line = '\\n', nullstr = '', columns = {{{columns}}})"
    )


def _misfit(connection: Any, source: str, fact: Facts, csv: Path) -> CellsDoNotFit:
    column = quoted(fact.name)
    row, value = connection.execute(
        f"SELECT n, left({column}, 60) FROM (SELECT row_number() OVER () AS n, {column} FROM {source}) "  # noqa: S608
        f"WHERE {column} IS NOT NULL AND NOT ({fact.test}) ORDER BY n LIMIT 1"
    ).fetchone()
    place = Place(file=csv.name, row=row + 1, column=fact.name)
    return CellsDoNotFit(place=place, count=fact.misfits, type=fact.type, value=value)


def _copy(source: str, types: Mapping[str, str], target: Path) -> str:
    columns = ", ".join(
        quoted(name) if kind == "VARCHAR" else f"CAST({quoted(name)} AS {kind}) AS {quoted(name)}"
        for name, kind in types.items()
    )
    rows = min(ROWS_PER_GROUP, max(VECTOR, CELLS_PER_GROUP // len(types) // VECTOR * VECTOR))
    return (
        f"COPY (SELECT {columns} FROM {source}) TO {literal(str(target))} "  # noqa: S608 - names quoted, no values
        f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {rows})"
    )


def _broken(error: Exception, csv: Path) -> NotCanonical:
    said = str(error)
    line = re.search(r"Line: (\d+)", said)
    why = re.search(
        r"^(?:Expected Number of Columns.*|Value with unterminated quote.*|Invalid unicode.*|Maximum line size.*)",
        said,
        re.M,
    )
    place = Place(file=csv.name, row=int(line.group(1)) if line else None)
    return NotCanonical(reason=(why.group(0) if why else said.split("\n", 1)[0])[:200], place=place)
