"""A CSV file as columns: DuckDB cuts it into texts, and SQL asks of a whole column what Python would of each cell."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from metadata.survey import Survey

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

THREADS = 2
MEGABYTES = 600


class ScanFailed(Exception):
    """DuckDB does not read the file, or not within its memory; the text is its own. Another reader must be asked."""


class Scan:
    """An open file; its records are the view `cells`, with the columns `c0`, `c1`, … of texts.

    An empty cell is `''`; NULL is a cell that its record does not have.
    """

    def __init__(self, connection: DuckDBPyConnection, width: int, spare: int, skip: int) -> None:
        self._connection = connection
        self._width, self._spare = width, spare
        self._cells = [f"c{at}" for at in range(width + spare)]
        self._skip = skip

    def ask(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of an answer. Raises `ScanFailed`."""
        return [row for rows in self.stream(sql, values) for row in rows]

    def stream(self, sql: str, values: Sequence[Any] = (), *, rows: int = 10_000) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of an answer, so many at a time. Raises `ScanFailed`."""
        import duckdb  # late: 0.1 s

        try:
            answer = self._connection.execute(sql, list(values))
            while found := answer.fetchmany(rows):
                yield found
        except duckdb.Error as reason:
            raise ScanFailed(str(reason).partition("\n")[0]) from reason

    @property
    def sizes(self) -> str:
        """What to ask of the records for `is_whole`: how many there are, their cells, the bytes in these."""
        counted = " + ".join(f"count({cell})" for cell in self._cells)
        filled = " + ".join(f"coalesce(sum(strlen({cell})), 0)" for cell in self._cells)
        return f"count(*), {counted}, {filled}"

    def marks(self, cells: Sequence[str], doubt: str) -> str:
        """What to ask of the records for `is_whole`: how many quotation marks are in their cells.

        Only `cells` may have any, but for records that fulfil the condition `doubt`.
        """
        marked = " OR ".join([doubt, *(f"contains({cell}, '\"')" for cell in cells)])
        return f"coalesce(sum(CASE WHEN {marked} THEN {' + '.join(map(marks_in, self._cells))} END), 0)"

    def is_whole(self, sizes: Sequence[int], marks: int, seen: Survey) -> bool:
        """Whether a file that is even holds nothing but the records of these `sizes` and `marks`, to the last byte.

        DuckDB passes over what it takes for no record (blank lines, a last cell whose quote is never closed) and over
        blanks beside quotation marks.
        """
        records, cells, filled = map(int, sizes)
        head, head_quotes = (seen.head, seen.head_quotes) if self._skip else (0, 0)
        if not records:
            return seen.bytes == head
        ends = records * len(seen.newline) if seen.ended else (records - 1) * len(seen.newline)
        around = seen.quotes - head_quotes - int(marks)
        return head + filled + (cells - records) + ends + around == seen.bytes


def marks_in(cell: str) -> str:
    """SQL for how many quotation marks are in a cell."""
    return f"coalesce(length({cell}) - length(replace({cell}, '\"', '')), 0)"


@contextmanager
def scan(
    path: Path,
    width: int,
    *,
    delimiter: str = ",",
    skip: int = 0,
    spare: int = 0,
    parallel: bool = True,
    megabytes: int = MEGABYTES,
) -> Iterator[Scan]:
    """Open the CSV file at `path`, `width` columns wide, UTF-8, in double quotes, as `survey` has found it even.

    The first `skip` lines are left out. Records shorter than `width` are filled up; longer ones may have up to `spare`
    cells more, in columns of their own. `parallel` is false for a file with line breaks in its cells. DuckDB reaches
    this file and nothing else, and takes no more than `megabytes`. Raises `ScanFailed` when it cannot be started;
    what is wrong with the file shows when it is asked.

    DuckDB agrees with Python's reader on files that `survey` calls even, if the scan `is_whole`.
    """
    import duckdb  # late: 0.1 s

    place = str(path.resolve())
    columns = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(width + spare))
    options = {
        "auto_detect": "false",
        "columns": f"{{{columns}}}",
        "header": "false",
        "skip": str(skip),
        "delim": _quoted(delimiter),
        "quote": _quoted('"'),
        "escape": _quoted('"'),
        "compression": "'none'",
        # DuckDB must take some text for "no such cell"; nobody can have written this one.
        "nullstr": _quoted(secrets.token_hex(16)),
        "strict_mode": "true",
        "null_padding": "true",
        "parallel": str(parallel).lower(),
    }
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{megabytes}MB",
        "threads": THREADS if parallel else 1,
        "temp_directory": "",
        "preserve_insertion_order": True,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    source = f"read_csv({_quoted(place)}, {', '.join(f'{name} = {value}' for name, value in options.items())})"
    with duckdb.connect(config=config) as connection:
        try:
            for setting in (
                f"allowed_paths = [{_quoted(place)}]",
                "TimeZone = 'UTC'",
                "python_enable_replacements = false",
                "enable_progress_bar = false",
                "enable_external_access = false",
                "lock_configuration = true",
            ):
                connection.execute(f"SET {setting}")
            connection.execute(f"CREATE TEMP VIEW cells AS FROM {source}")
        except duckdb.Error as reason:
            raise ScanFailed(str(reason).partition("\n")[0]) from reason
        yield Scan(connection, width, spare, skip)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
