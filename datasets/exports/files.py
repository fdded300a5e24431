"""Files of questions: made once by DuckDB or xlsxwriter, kept on disk, sent like any other file."""

from __future__ import annotations

import enum
import hashlib
import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from datasets.exports.about import ExportAbout
from datasets.exports.content import Content, content_of, csv_cell, guarded_csv_cell, json_cell, parquet_cell
from datasets.query.check import checked
from datasets.query.engine import Schema, TableEngine
from datasets.query.instance import Instance
from datasets.query.question import TableQuery
from datasets.query.relation import Relation
from datasets.query.shape import shape_of
from datasets.query.url import canonical
from datasets.tables.columnar import literal
from datasets.tables.disk_cache import DiskCache

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LAYOUT = 1  # of the files; raise it when the same question gives other bytes
SECONDS = 120
AT_ONCE = 2
BLOCK = 2**18
MANY = 100_000  # rows of a table
MEGABYTES = 96  # for writing a file of such a table


class Format(enum.Enum):
    """A kind of file, named by its extension."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    NDJSON = "ndjson"
    PARQUET = "parquet"


MEDIATYPES = {
    Format.CSV: "text/csv; charset=utf-8; header=present",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON: "application/json",
    Format.NDJSON: "application/x-ndjson",
    Format.PARQUET: "application/vnd.apache.parquet",
}


@dataclass(frozen=True, slots=True)
class Export:
    """A file ready to be sent. It may be thrown away at any time: open it at once. `tag` changes when its bytes do."""

    path: Path
    mediatype: str
    extension: str
    size: int
    tag: str

    def chunks(self) -> Iterator[bytes]:
        """The bytes, a block at a time; the file is opened before the first is asked for."""
        return _blocks(self.path.open("rb"))


class TableExports:
    """Makes files of an engine's tables and keeps the last asked for, up to `megabytes`, in the engine's folder."""

    def __init__(self, engine: TableEngine, *, megabytes: int = 1_024) -> None:
        self._engine = engine
        self._files = DiskCache(engine.tables.folder / "exports", megabytes=megabytes)
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def export(
        self,
        parquet: Path,
        schema: Schema,
        query: TableQuery,
        format: Format,  # noqa: A002 - what everybody calls it
        about: ExportAbout,
        *,
        exact: bool = False,
    ) -> Export:
        """All rows of `query`, whatever its page, as a file.

        CSV cells that a spreadsheet would take for formulas get an apostrophe unless `exact`. Raises what
        `TableEngine.page` raises, and `TooManyRows` (422) for more rows than an XLSX sheet has.
        """
        with self._engine.tables.table(parquet) as table:
            shape = shape_of(schema, table.types)
            query = checked(query.whole(), shape)
            described = asdict(about) if format in {Format.XLSX, Format.JSON} else {}
            columns = [(c.name, c.title, c.unit, c.description) for c in shape.columns] if described else []
            asked = [LAYOUT, table.key, canonical(query, shape), format.value, exact, described, columns]
            tag = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
            content = content_of(table, shape, query)

            def make(work: Path) -> Path:
                with self._turns:
                    return _make(table, content, format, about, work / f"table.{format.value}", exact=exact)

            path = self._files.ready(f"{tag}.{format.value}", make)
            return Export(path, MEDIATYPES[format], format.value, path.stat().st_size, tag)


def _make(
    table: Relation,
    content: Content,
    format: Format,  # noqa: A002
    about: ExportAbout,
    target: Path,
    *,
    exact: bool,
) -> Path:
    match format:
        case Format.CSV:
            _copy(
                table, content.written(csv_cell if exact else guarded_csv_cell), content, target, "FORMAT csv, HEADER"
            )
        case Format.NDJSON:
            _copy(table, content.written(json_cell), content, target, "FORMAT json")
        case Format.PARQUET:
            _copy(table, content.written(parquet_cell), content, target, "FORMAT parquet, COMPRESSION zstd")
        case Format.JSON:
            rows = target.with_suffix(".rows")
            _copy(table, content.written(json_cell), content, rows, "FORMAT json, ARRAY true")
            _wrap(rows, target, content, about)
        case Format.XLSX:
            from datasets.exports.workbook import write_workbook

            write_workbook(table, content, about, target)
    return target


def _copy(table: Relation, select: str, content: Content, target: Path, options: str) -> None:
    with _writing(table, target) as cursor:
        cursor.execute(f"COPY ({select}) TO {literal(str(target))} ({options})", content.rows.values)


@contextmanager
def _writing(table: Relation, target: Path) -> Iterator[DuckDBPyConnection]:
    """What a file is written with: for many rows a DuckDB with one thread.

    Several threads hold back what the slower ones of them have not written yet, to keep the order: they take more than
    100 MB more, and more processor time.
    """
    if table.file is None or table.rows < MANY:
        with table.instance.cursor(SECONDS) as cursor:
            yield cursor
        return
    folders = [target.parent, table.file.parent]
    instance = Instance(megabytes=MEGABYTES, threads=1, spill=target.parent / "spill", folders=folders)
    try:
        with instance.admin() as connection:
            name = table.source.removesuffix(".t")
            connection.execute(f"ATTACH {literal(str(table.file))} AS {name} (READ_ONLY)")
        with instance.cursor(SECONDS) as cursor:
            yield cursor
    finally:
        instance.close()


def _wrap(rows: Path, target: Path, content: Content, about: ExportAbout) -> None:
    """One document: what it is, its columns, its rows."""
    columns = [
        {
            key: value
            for key, value in (
                ("name", c.name),
                ("title", c.heading(about.language)),
                ("type", c.type),
                ("unit", c.unit),
            )
            if value
        }
        for c in content.columns
    ]
    head = {"meta": about.as_dict(), "columns": columns}
    with target.open("wb") as written, rows.open("rb") as read:
        written.write(json.dumps(head, ensure_ascii=False)[:-1].encode() + b', "rows": ')
        shutil.copyfileobj(read, written, BLOCK)
        written.write(b"}\n")
    rows.unlink()


def _blocks(handle: BinaryIO) -> Iterator[bytes]:
    with handle:
        while block := handle.read(BLOCK):
            yield block
