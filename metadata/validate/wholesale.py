"""The rows of a large table that may have errors, found by asking whole columns; none of the others is ever built."""

# ruff: noqa: S608 - every text of a schema is quoted, the rest is written here
from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from metadata.scan import Scan, ScanFailed, scan
from metadata.survey import Surveying
from metadata.validate.clashes import Keys
from metadata.validate.faults import Reader, Suspect
from metadata.validate.proofs import Proof, among, prove, quoted
from metadata.validate.verdicts import missing_values

if TYPE_CHECKING:
    from frictionless import Field
    from frictionless.resources import TableResource

SMALLEST = 1 << 18
"""Bytes from which the start of DuckDB (some 20 ms) is worth it."""
MOST_TEXTS = 20_000
"""Distinct texts of a column that are judged one by one because SQL cannot say what its field asks."""
MOST_MARKED = 10_000_000
"""Rows that are marked in memory, 17 bytes each."""
MOST_BITS = 1 << 24
"""Whole numbers on either side of the first one that are told apart by bits, 2 MB for each thread and side."""
AGAIN_BITS = 1 << 24
"""Among which keys that come again have theirs."""
_GREATEST = 1 << 60
_KEEPS_ORDER = "Batch Create Table As"
"""How DuckDB calls the way of filling a table in which rows stay in their order."""
SPARE = 8
"""Cells that a row may have too many."""


class Unsupported(Exception):
    """The table is left to the next way of reading it."""


class Wholesale:
    """Yields each row that has an error, in order, with its errors in it; the first row in any case (see `Suspects`).

    `resource` is open, its bytes are surveyed meanwhile. Raises `Unsupported` or `ScanFailed`, before or between rows,
    where it cannot vouch for the report.
    """

    def __init__(self, resource: TableResource, surveying: Surveying) -> None:
        self._resource = resource
        self._path = Path(str(resource.normpath))
        self._delimiter, self._skip = _form(resource)
        fields = resource.header.get_expected_fields()
        self._reader = Reader(fields)
        self._fields = fields
        if not fields or len(self._reader.places) != len(fields):
            raise Unsupported
        unique = [field.name for field in fields if field.constraints.get("unique")]
        self._keys = Keys(resource, self._reader, unique)
        self.rows = 0
        self._surveying = surveying

    def __iter__(self) -> Iterator[Suspect]:
        try:
            yield from self._among(parallel=True)
        except ScanFailed:
            # Line breaks within cells: DuckDB cannot part such a file among threads.
            if self.rows or not self._surveying.seen().quotes:
                raise
            yield from self._among(parallel=False)

    def _among(self, *, parallel: bool) -> Iterator[Suspect]:
        width = len(self._fields)
        with scan(
            self._path, width, delimiter=self._delimiter, skip=self._skip, spare=SPARE, parallel=parallel
        ) as table:
            proofs = [self._proof(table, field, f"c{at}") for at, field in enumerate(self._fields)]
            fine = self._fine(proofs)
            keys = self._key_texts(proofs)
            counts = "".join(f", count({key}), {different}" for key, different in keys.items())
            marked = [f"c{at}" for at, proof in enumerate(proofs) if not proof.unmarked]
            ((doubtful, *told),) = table.ask(
                f"SELECT count(CASE WHEN doubt THEN 1 END){counts}, {table.sizes}, {table.marks(marked, 'doubt')} "
                f"FROM (SELECT *, CASE WHEN {fine} THEN false ELSE true END AS doubt FROM cells)"
            )
            *sizes, marks = told[2 * len(keys) :]
            rows = sizes[0]
            seen = self._surveying.seen()
            if not seen.is_even(self._delimiter) or not table.is_whole(sizes, marks, seen):
                raise Unsupported
            if self._resource.format == "tsv" and seen.newline != "\n":
                raise Unsupported  # Frictionless reads a tsv with its line ends translated, also within cells.
            repeated = [key for at, key in enumerate(keys) if self._comes_again(table, key, *told[2 * at : 2 * at + 2])]
            if not rows:
                return
            if doubtful or repeated:
                suspects = self._suspects(table, proofs, fine, repeated, rows)
            else:
                suspects = iter([(1, self._first())])
            start = self._skip + 1
            for number, cells in suspects:
                row = Suspect(self._reader, cells, start + number - 1)
                self._keys.check(row)
                self._resource.stats.rows = number
                self.rows = number
                yield row
            self.rows = rows

    def _first(self) -> list[str]:
        """The cells of the first row, which frictionless has read; none where there is no row."""
        rows: list[list[str]] = self._resource.fragment
        return rows[0] if rows else []

    def _suspects(
        self, table: Scan, proofs: Sequence[Proof], fine: str, repeated: Sequence[str], rows: int
    ) -> Iterator[tuple[int, list[str]]]:
        """The number of each row, counted from 1, and its cells."""
        once = "".join(f" AND {self._not_again(table, key, at)}" for at, key in enumerate(repeated))
        whole = ", ".join(f"c{at}" for at in range(len(self._fields) + SPARE))
        kept = f"CASE WHEN {fine}{once} THEN NULL ELSE [{whole}] END AS cells"
        marking = f"CREATE TEMP TABLE marked AS SELECT {kept} FROM cells"
        if rows <= MOST_MARKED and _KEEPS_ORDER in table.ask(f"EXPLAIN {marking}")[0][1]:
            # A table numbers its rows by itself, while several threads fill it; a window would be one thread's work.
            table.ask(marking)
            source = "SELECT rowid + 1 AS n, cells FROM marked WHERE cells IS NOT NULL OR rowid = 0"
        else:
            numbered = "SELECT row_number() OVER () AS n, * FROM cells"
            source = f"SELECT n, cells FROM (SELECT n, {kept} FROM ({numbered})) WHERE cells IS NOT NULL OR n = 1"
        unread = "".join(
            f", coalesce(NOT ({p.missing}) AND NOT ({_read(p)}), false)" for _, p in self._key_columns(proofs)
        )
        key_places = [at for at, _ in self._key_columns(proofs)]
        columns = ", ".join(f"cells[{at + 1}] AS c{at}" for at in key_places)
        shown = f"SELECT n, cells{unread} FROM (SELECT n, cells{', ' if columns else ''}{columns} FROM ({source}))"
        for found in table.stream(f"{shown} ORDER BY n"):
            for number, texts, *unclear in found:
                cells = [text for text in texts if text is not None] if texts else self._first()
                for at, doubtful in zip(key_places, unclear, strict=True):
                    # A key that SQL could not read may still be equal to one that it could.
                    if doubtful and texts and self._reader.read(at, cells[at])[0] is not None:
                        raise Unsupported
                yield number, cells

    @staticmethod
    def _not_again(table: Scan, key: str, at: int) -> str:
        """The condition that a key comes once. A few that do may not fulfil it: keys that fall together share a bit.

        It is told by bits and not by a join, for joined rows come in no order.
        """
        bit = f"CAST(hash({{}}) % {AGAIN_BITS} AS BIGINT)"
        again = f"SELECT {key} AS k FROM cells GROUP BY 1 HAVING count(*) > 1"
        bits = f"bitstring_agg({bit.format('k')}, 0::BIGINT, {AGAIN_BITS - 1}::BIGINT)"
        table.ask(f"SET VARIABLE again{at} = (SELECT {bits} FROM ({again}) WHERE k IS NOT NULL)")
        return f"(({key}) IS NULL OR get_bit(getvariable('again{at}'), {bit.format(key)}::INTEGER) = 0)"

    def _proof(self, table: Scan, field: Field, column: str) -> Proof:
        """What is asked of a column; where SQL cannot say it, the field's own reader says it of each distinct text."""
        at = int(column[1:])
        marks = missing_values(field)
        proof = prove(field, column, marks, [mark for mark in marks if self._reader.read(at, mark)[1:] == (None, ())])
        if proof is not None:
            return proof
        texts = [row[0] for row in table.ask(f"SELECT DISTINCT {column} FROM cells LIMIT {MOST_TEXTS + 1}")]
        if len(texts) > MOST_TEXTS:
            raise Unsupported
        read = {text: self._reader.read(at, text) for text in texts if text is not None}
        return Proof(
            missing=among(column, [text for text, (value, wrong, _) in read.items() if value is None and not wrong]),
            typed="true",
            sound=among(column, [text for text, (_, wrong, broken) in read.items() if not wrong and not broken]),
            value=column if field.type == "string" and field.format == "default" else None,
        )

    def _fine(self, proofs: Sequence[Proof]) -> str:
        """The condition that a row has no error by itself; NULL says no, as false does."""
        said = [f"c{len(proofs)} IS NULL", f"c{len(proofs) - 1} IS NOT NULL"]
        said += [f"({proof.sound})" for proof in proofs if proof.sound != "true"]
        if not any(proof.filled for proof in proofs):
            said.append(f"NOT ({' AND '.join(f'({proof.missing})' for proof in proofs)})")
        keys = [self._by_name(proofs, name) for name in self._keys.primary]
        if keys and not any(proof.filled for proof in keys):
            said.append(f"NOT ({' AND '.join(f'({proof.missing})' for proof in keys)})")
        said += [self._refers(proofs, names, allowed) for names, allowed in self._keys.references()]
        return " AND ".join(said)

    def _refers(self, proofs: Sequence[Proof], names: Sequence[str], allowed: set[Any]) -> str:
        """The condition that a foreign key, of one text or whole number, leads somewhere."""
        if len(names) != 1 or len(allowed) > MOST_TEXTS:
            raise Unsupported
        proof = self._by_name(proofs, names[0])
        kind = self._fields[self._reader.places[names[0]]].type
        if proof.value is None or kind not in ("string", "integer", "year"):
            raise Unsupported
        wanted = str if kind == "string" else int
        said = ", ".join(quoted(key) if isinstance(key, str) else str(key) for (key,) in allowed if type(key) is wanted)
        return f"(({proof.missing}) OR {proof.value} IN ({said or 'NULL'}))"

    def _by_name(self, proofs: Sequence[Proof], name: str) -> Proof:
        return proofs[self._reader.places[name]]

    def _key_columns(self, proofs: Sequence[Proof]) -> list[tuple[int, Proof]]:
        names = dict.fromkeys([*self._keys.unique, *self._keys.primary])
        return [(self._reader.places[name], self._by_name(proofs, name)) for name in names]

    def _key_texts(self, proofs: Sequence[Proof]) -> dict[str, str]:
        """What tells the keys apart, each with the SQL that counts how many are different.

        It is NULL for no key; two that are not equal may share one, which only costs time.
        """
        groups = [*([name] for name in self._keys.unique), *([list(self._keys.primary)] if self._keys.primary else [])]
        said: dict[str, str] = {}
        for names in groups:
            group = [self._by_name(proofs, name) for name in names]
            if any(proof.value is None for proof in group):
                raise Unsupported
            if len(group) == 1:
                # What is no value, or of another type, may look like one here: that makes suspects, and hides none.
                key = f"({group[0].value})"
                said[key] = self._different(key, self._reader.places[names[0]])
            else:
                values = [f"CASE WHEN NOT ({p.missing}) AND ({p.typed}) THEN {p.value} END" for p in group]
                some = " OR ".join(f"({value}) IS NOT NULL" for value in values)
                key = f"(CASE WHEN {some} THEN hash({', '.join(values)}) END)"
                said[key] = f"count(DISTINCT {key})"
        return said

    def _different(self, key: str, at: int) -> str:
        """SQL for how many values a key has. Whole numbers not far from the first one have a bit each, for speed.

        It gives NULL when there are others.
        """
        first = self._first()
        near = self._reader.read(at, first[at])[0] if at < len(first) else None
        if type(near) is not int or abs(near) > _GREATEST:
            return f"count(DISTINCT {key})"
        far = min(MOST_BITS, self._path.stat().st_size // 8)
        least, most = f"{near - far}::BIGINT", f"{near + far}::BIGINT"
        within = f"{key} BETWEEN {least} AND {most}"
        return (
            f"CASE WHEN count({key}) = count(CASE WHEN {within} THEN 1 END) "
            f"THEN coalesce(bit_count(bitstring_agg({key}, {least}, {most}) FILTER ({within})), 0) END"
        )

    @staticmethod
    def _comes_again(table: Scan, key: str, count: int, different: int | None) -> bool:
        """Whether any key comes more than once."""
        if different is None:
            ((different,),) = table.ask(f"SELECT count(DISTINCT {key}) FROM cells")
        return count != different


def _form(resource: TableResource) -> tuple[str, int]:
    """Delimiter and lines of the header. Raises `Unsupported` for a form that DuckDB may read in another way."""
    from frictionless.formats.csv import CsvControl

    dialect: Any = resource.dialect
    control = CsvControl.from_dialect(dialect).to_python()
    start = dialect.create_first_content_row()
    plain = (
        resource.encoding in ("utf-8", "utf-8-sig")
        and control.delimiter in (",", ";", "\t", "|")
        and (control.quotechar, control.doublequote, control.escapechar) == ('"', True, None)
        and control.quoting == csv.QUOTE_MINIMAL
        and not control.skipinitialspace
        and not dialect.create_comment_filter()
        and not dialect.create_blank_filter()
        and start in (1, 2)
        and not any("\n" in label for label in resource.labels)
    )
    if not plain:
        raise Unsupported
    return control.delimiter, start - 1


def _read(proof: Proof) -> str:
    return f"({proof.typed}) AND ({proof.value}) IS NOT NULL"
