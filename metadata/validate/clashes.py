"""Keys: which rows may clash with another or refer to nothing, and frictionless' verdict on each of them."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from frictionless.resources import TableResource

    from metadata.validate.faults import Reader, Suspect

_Values = Callable[[str], Sequence[Any]]
_KEY = "\0"
"""Stands for the primary key among the names of unique fields."""


class Keys:
    """The unique fields, the primary key and the foreign keys of an open resource, as far as its header has them.

    A value that comes once in the whole table cannot clash. So a first pass notes hashes (8 bytes a row), and only rows
    whose hash comes again are looked at; among those the rules are frictionless' own, in its order.
    """

    def __init__(self, resource: TableResource, reader: Reader, unique: Sequence[str]) -> None:
        names = reader.names
        self._reader = reader
        self._lookup = resource.lookup
        self.unique = list(unique)
        key = list(resource.schema.primary_key)
        self.primary = key if key and set(key) <= set(names) else []
        self._foreign = [
            group
            for group in (resource.schema.foreign_keys if resource.lookup else ())
            if resource.lookup.get(group["reference"]["resource"]) and set(group["fields"]) <= set(names)
        ]
        noted = [*self.unique, *([_KEY] if self.primary else [])]
        self._repeats = {name: _Repeats() for name in noted}
        self._rows: dict[str, dict[Any, int]] = {name: {} for name in noted}

    def references(self) -> Iterator[tuple[Sequence[str], set[Any]]]:
        """The names of each foreign key and the values that it may have."""
        for group in self._foreign:
            yield group["fields"], self._allowed(group)

    @property
    def need_a_first_pass(self) -> bool:
        """Whether rows are compared with one another."""
        return bool(self._repeats)

    def settle(self) -> bool:
        """End of the first pass: whether any value came again."""
        for repeats in self._repeats.values():
            repeats.settle()
        return any(repeats.values for repeats in self._repeats.values())

    def note(self, values: _Values) -> None:
        """The keys of a block, in the first pass; `values` gives what was read from a column."""
        for name, repeats in self._repeats.items():
            repeats.note(self._key_values(values) if name == _KEY else values(name))

    def note_row(self, row: Suspect) -> None:
        """The keys of a row that is not as wide as the others, in the first pass."""
        self.note(lambda name: [row[name]])

    def again(self, values: _Values) -> Iterator[int]:
        """The positions in a block of the rows whose keys come again, in the second pass."""
        for name, repeats in self._repeats.items():
            if repeats.values:
                yield from repeats.again(self._key_values(values) if name == _KEY else values(name))

    def lacking(self, values: _Values) -> Iterator[int]:
        """The positions in a block of the rows that have no primary key, or refer to nothing."""
        columns = [values(name) for name in self.primary]
        if columns and all(None in column for column in columns):
            yield from (at for at, cells in enumerate(zip(*columns, strict=True)) if set(cells) == {None})
        for group in self._foreign:
            keys = list(zip(*map(values, group["fields"]), strict=True))
            lost = {key for key in set(keys) - self._allowed(group) if set(key) != {None}}
            if lost:
                yield from (at for at, key in enumerate(keys) if key in lost)

    def check(self, row: Suspect) -> None:
        """Add to the row the errors that frictionless would find in its keys."""
        for name in self.unique:
            cell = row[name]
            if cell is not None and (note := self._clash(name, cell, row)):
                where = {"cell": str(cell), "field_name": name, "field_number": self._reader.places[name] + 1}
                # All cells are judged before: frictionless adds to errors that are complete.
                row.errors.append(self._reader.unique.strike(note, row.cells, row.row_number, **where))
        if self.primary:
            key = tuple(row[name] for name in self.primary)
            nothing = 'cells composing the primary keys are all "None"'
            note = nothing if set(key) == {None} else self._clash(_KEY, key, row)
            if note:
                row.errors.append(self._reader.key.strike(note, row.cells, row.row_number))
        for group in self._foreign:
            key = tuple(row[name] for name in group["fields"])
            if set(key) != {None} and key not in self._allowed(group):
                row.errors.append(_foreign_error(row, key, group))

    def _key_values(self, values: _Values) -> Sequence[Any]:
        columns = [values(name) for name in self.primary]
        return columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))

    def _clash(self, name: str, value: Any, row: Suspect) -> str:
        if any(part != part for part in (value if name == _KEY else (value,))):  # noqa: PLR0124 - NaN
            return ""  # The reader gives the same NaN for the same text, frictionless a new one: it equals no other.
        earlier = self._rows[name].get(value)
        self._rows[name][value] = row.row_number
        return f"the same as in the row at position {earlier}" if earlier else ""

    def _allowed(self, group: dict[str, Any]) -> set[Any]:
        found: set[Any] = self._lookup[group["reference"]["resource"]].get(tuple(group["reference"]["fields"]), set())
        return found


class _Repeats:
    """Which values come more than once, by their hashes: equal values have equal ones, so none is overlooked.

    None is no value and clashes with nothing.
    """

    def __init__(self) -> None:
        self.values: set[int] = set()
        self._buckets = [array("q") for _ in range(64)]

    def note(self, values: Sequence[Any]) -> None:
        """Take over the values of a block."""
        buckets = self._buckets
        for number in map(hash, [value for value in values if value is not None]):
            buckets[number & 63].append(number)

    def again(self, values: Sequence[Any]) -> Iterator[int]:
        """The positions of the values that come more than once."""
        return (at for at, value in enumerate(values) if value is not None and hash(value) in self.values)

    def settle(self) -> None:
        """Find what came more than once and forget the rest."""
        for bucket in self._buckets:
            if len(set(bucket)) < len(bucket):
                self.values.update(number for number, count in Counter(bucket).items() if count > 1)
        self._buckets = []


def _foreign_error(row: Suspect, key: tuple[Any, ...], group: dict[str, Any]) -> Any:
    from frictionless import errors

    names, reference = list(group["fields"]), group["reference"]
    note = 'for "{}": values "{}" not found in the lookup table "{}" as "{}"'.format(
        ", ".join(names), ", ".join(map(str, key)), reference["resource"], ", ".join(reference["fields"])
    )
    return errors.ForeignKeyError(
        note=note,
        cells=list(row.cells),
        row_number=row.row_number,
        field_names=names,
        field_cells=["" if value is None else str(value) for value in key],
        reference_name=reference["resource"],
        reference_field_names=list(reference["fields"]),
    )
