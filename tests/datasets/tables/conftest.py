"""Tables for tests: written as canonical CSV, turned into Parquet, asked by a real engine."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from datasets.query.engine import TableEngine
from datasets.tables.columnar import write_parquet


@dataclass(frozen=True)
class Written:
    """A table on disk."""

    csv: Path
    parquet: Path
    schema: dict[str, Any]


Make = Callable[..., Written]


@pytest.fixture
def make_table(tmp_path: Path) -> Make:
    """Writes `rows` of texts (None and "" are missing) under `types`, e.g. `{"tahun": "year"}`; gives its files."""
    counter = iter(range(10**6))

    def make(types: dict[str, str], rows: Sequence[Sequence[str | None]], **fields: dict[str, Any]) -> Written:
        folder = tmp_path / f"table-{next(counter)}"
        folder.mkdir()
        with (folder / "table.csv").open("w", encoding="utf-8", newline="") as handle:
            quoting = csv.QUOTE_ALL if "\r" in str(rows).replace("\\r", "\r") else csv.QUOTE_MINIMAL
            writer = csv.writer(handle, lineterminator="\n", quoting=quoting)
            writer.writerow(types)
            writer.writerows(rows)
        schema = {"fields": [{"name": name, "type": kind} | fields.get(name, {}) for name, kind in types.items()]}
        write_parquet(folder / "table.csv", schema, folder / "table.parquet")
        return Written(folder / "table.csv", folder / "table.parquet", schema)

    return make


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TableEngine]:
    """A table engine with a folder of its own."""
    made = TableEngine(tmp_path / "tables")
    yield made
    made.close()


VILLAGES = {
    "kode": "string",
    "kecamatan": "string",
    "desa": "string",
    "tahun": "year",
    "penduduk": "integer",
    "luas": "number",
    "dicatat": "date",
    "berlistrik": "boolean",
}
VILLAGE_ROWS = [
    ("0101", "Kapas", "Kapas", "2019", "4210", "1.5", "2019-06-30", "true"),
    ("0102", "Kapas", "Bakalan", "2020", "3120", "2.25", "2020-06-30", "true"),
    ("0201", "Dander", "Ngumpakdalem", "2020", "9050", "6", "2020-07-01", "false"),
    ("0202", "Dander", "Sumberarum", "2021", "", "8.75", "2021-12-31", ""),
    ("0301", "Balen", "Balenrejo", "2021", "2870", "", "", "true"),
    ("0302", "Balen", 'jalan "lama", Pilang', "2022", "1999", "0.1", "2022-01-01", "false"),
]


@pytest.fixture
def villages(make_table: Make) -> Written:
    """Six villages with all the usual types, and something missing."""
    return make_table(VILLAGES, VILLAGE_ROWS)
