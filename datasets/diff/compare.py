"""Two versions of a table compared: their columns, rows and cells, by key, in bounded memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasets.diff.report import SchemaDiff, TableDiff
from datasets.diff.rows import Comparison
from datasets.diff.schema import Common, common_columns, schema_diff
from datasets.query.errors import TableBroken
from datasets.query.instance import Instance
from datasets.tables.columnar import literal

MEGABYTES = 400
THREADS = 2
SECONDS = 120
EXAMPLES = 100

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Side:
    """One version of a table: its Parquet and its Table Schema."""

    parquet: Path
    schema: Schema


def compare(before: Side, after: Side, *, examples: int = EXAMPLES, seconds: float = SECONDS) -> TableDiff:
    """What changed from `before` to `after`; examples are the first of each kind in the order of the source.

    Raises `TableBroken` when a file cannot be read, `TooSlow` and `TooLarge` when a limit is met.
    """
    with _opened(before, after, seconds, folder=None) as (comparison, common):
        return comparison.told(schema_diff(before.schema, after.schema, common, comparison.renamed()), examples)


def write_changes(before: Side, after: Side, target: Path, *, seconds: float = SECONDS) -> SchemaDiff:
    """All changed cells as CSV: `key_…` (its columns), `column`, `before`, `after`, `row_before`, `row_after`.

    Added rows have `after` only and removed ones `before` only, a line for each of their cells. Texts that a
    spreadsheet would run as formulas get an apostrophe.
    """
    with _opened(before, after, seconds, folder=target.parent) as (comparison, common):
        comparison.write(target)
        return schema_diff(before.schema, after.schema, common, comparison.renamed())


@contextmanager
def _opened(before: Side, after: Side, seconds: float, *, folder: Path | None) -> Iterator[tuple[Comparison, Common]]:
    """A closed-in DuckDB that reaches the two files, with the views `a` and `b` over them."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="lumbung-diff-") as spill:
        instance = Instance(
            megabytes=MEGABYTES,
            threads=THREADS,
            spill=Path(spill) / "spill",
            files=[before.parquet.absolute(), after.parquet.absolute()],
            folders=[folder.absolute()] if folder else (),
        )
        try:
            with instance.cursor(seconds) as cursor:
                try:
                    types = [_types(cursor, side.parquet) for side in (before, after)]
                except duckdb.InterruptException:
                    raise
                except duckdb.Error as error:
                    raise TableBroken(reason=type(error).__name__) from error
                common = common_columns((before.schema, after.schema), types)
                for name, side, listed in zip("ab", (before, after), common.listed, strict=True):
                    select = f"SELECT {', '.join(listed)} FROM {_file(side.parquet)}"  # noqa: S608
                    cursor.execute(f"CREATE TEMP VIEW {name} AS {select}")
                yield Comparison(cursor, common, (before.schema, after.schema)), common
        finally:
            instance.close()


def _types(cursor: Any, parquet: Path) -> dict[str, str]:
    described: Sequence[Any] = cursor.execute(f"DESCRIBE SELECT * FROM {_file(parquet)}").fetchall()[:-1]  # noqa: S608
    return {row[0]: str(row[1]) for row in described}


def _file(parquet: Path) -> str:
    return f"read_parquet([{literal(str(parquet.absolute()))}], file_row_number = true)"
