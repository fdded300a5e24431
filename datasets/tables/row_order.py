"""The rows of a table in a sorted order, as a file of row numbers: any page of it is one small read."""

from __future__ import annotations

from pathlib import Path

from datasets.tables.building import WIDTH

_BLOCK = WIDTH * 65_536


class RowOrder:
    """A file as `build_order` writes it. It may vanish at any time: each method raises OSError then."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def numbers(self, offset: int, count: int) -> list[int]:
        """The numbers of `count` rows behind the first `offset`, fewer at the end."""
        with self._path.open("rb") as handle:
            handle.seek(offset * WIDTH)
            return [int(line, 16) for line in handle.read(count * WIDTH).split()]

    def place(self, row: int) -> int | None:
        """How many rows stand before the row of this number; None when there is no such row."""
        wanted = f"{row:08x}\n".encode()
        with self._path.open("rb") as handle:
            begin = 0
            while block := handle.read(_BLOCK):
                found = block.find(wanted)
                if found >= 0:
                    return (begin + found) // WIDTH
                begin += len(block)
        return None
