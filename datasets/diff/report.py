"""What changed between two versions of a table, as values that pages put into words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from datasets.query.cells import Cell, json_cell

Described = Literal["type", "title", "unit", "description"]
KeyOrigin = Literal["declared", "found", "none"]


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """A column of both versions described otherwise, e.g. `what` "type", `before` "string", `after` "integer"."""

    column: str
    what: Described
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SchemaDiff:
    """Columns added, removed and renamed (old, new), described otherwise, and whether the common ones changed order.

    A column is renamed when one is lost and one is new with the same cell in every row that both versions have.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    changed: tuple[ColumnChange, ...] = ()
    reordered: bool = False

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.renamed or self.changed or self.reordered)


@dataclass(frozen=True, slots=True)
class CellChange:
    """One figure or text revised: in the row of that key, and of those numbers (from 1) in either version."""

    key: tuple[Cell, ...]
    column: str
    before: Cell
    after: Cell
    row_before: int
    row_after: int


@dataclass(frozen=True, slots=True)
class RowExample:
    """A row that only one version has; `number` is its address there, `cells` follow `TableDiff.columns`."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ColumnCells:
    """How many cells of a column changed, and for numbers the one that changed most."""

    column: str
    cells: int
    largest: CellChange | None = None


@dataclass(frozen=True, slots=True)
class TableDiff:
    """The whole comparison.

    Rows are the same row when they agree in `key` (`key_origin` tells whether the schema declared it or it was found).
    Without a key there are no changed rows, only added and removed ones. `columns` are those in common, which alone are
    compared. `periods` counts changed cells by the value of the year column, when there is one. Lists of examples are
    cut at the number asked for, counts never.
    """

    key: tuple[str, ...]
    key_origin: KeyOrigin
    rows_before: int
    rows_after: int
    added: int
    removed: int
    changed: int
    cells: int
    columns: tuple[str, ...]
    schema: SchemaDiff
    by_column: tuple[ColumnCells, ...] = ()
    periods: tuple[tuple[int, int], ...] = ()
    changes: tuple[CellChange, ...] = ()
    added_rows: tuple[RowExample, ...] = ()
    removed_rows: tuple[RowExample, ...] = ()

    @property
    def unchanged(self) -> int:
        """Rows that both versions have, cell for cell."""
        return self.rows_after - self.added - self.changed

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.schema)

    def as_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain | {"unchanged": self.unchanged}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return json_cell(value)
