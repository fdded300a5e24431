"""Every question, on every type, answered as plain Python would answer it."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naive_table import NaiveTable

from datasets.query.check import checked
from datasets.query.engine import TableEngine
from datasets.query.question import Filter, Function, Group, Measure, Operator, Period, Sort, TableQuery
from datasets.query.shape import FUNCTIONS, OPERATORS, TableShape
from datasets.query.url import canonical, parse
from datasets.tables.columnar import write_parquet

TYPES = {
    "teks": "string",
    "kode": "string",
    "bulat": "integer",
    "besar": "integer",
    "pecahan": "number",
    "uang": "number",
    "tahun": "year",
    "hari": "date",
    "saat": "datetime",
    "jam": "time",
    "ya": "boolean",
}
LETTERS = "aAbBzZé0%_'\";,= -"
CELLS: dict[str, st.SearchStrategy[str]] = {
    "teks": st.text(LETTERS, max_size=4),
    "kode": st.sampled_from(["01", "1", "001", "A", "a", "AB"]),
    "bulat": st.integers(-5, 5).map(str),
    "besar": st.sampled_from(["9223372036854775808", "-9223372036854775809", "0", "7", "9223372036854775807"]),
    "pecahan": st.sampled_from(["0.1", "0.2", "0.3", "-1.5", "2", "1000000", "0.30000000000000004"]),
    "uang": st.sampled_from(["123456789012345678.25", "123456789012345678.26", "0.5", "-1", "2"]),
    "tahun": st.sampled_from(["1999", "2020", "2021"]),
    "hari": st.sampled_from(["2020-12-31", "2021-01-01", "2021-01-31", "2021-02-01", "1945-08-17", "9999-12-31"]),
    "saat": st.sampled_from(["2021-01-01T00:00:00", "2021-01-01T23:59:59", "2021-01-31T12:00:00.500000"]),
    "jam": st.sampled_from(["00:00:00", "07:30:00", "23:59:59.250000"]),
    "ya": st.sampled_from(["true", "false"]),
}
ASKED: dict[str, st.SearchStrategy[str]] = CELLS | {
    "bulat": st.one_of(CELLS["bulat"], st.sampled_from(["2.5", "-2.5", "1e2", "99999999999999999999"])),
    "besar": st.one_of(CELLS["besar"], st.sampled_from(["0.5", "9" * 40, "-" + "9" * 40, "1e999", "-1e999"])),
    "uang": st.one_of(CELLS["uang"], st.sampled_from(["123456789012345678.251", "1e30", "-1e30", "0.001", "1e-999"])),
    "tahun": st.one_of(CELLS["tahun"], st.sampled_from(["2020.5", "99999999999"])),
    "hari": st.one_of(CELLS["hari"], st.sampled_from(["2021", "2021-01", "2020-12"])),
    "saat": st.one_of(CELLS["saat"], st.sampled_from(["2021", "2021-01", "2021-01-01"])),
}
ROWS = st.lists(st.tuples(*(st.one_of(st.just(""), cells, cells, cells) for cells in CELLS.values())), max_size=14)


@st.composite
def filters(draw: st.DrawFn) -> Filter:
    name = draw(st.sampled_from(list(TYPES)))
    operator = draw(st.sampled_from(OPERATORS[TYPES[name]]))
    if operator in {Operator.MISSING, Operator.NOTMISSING}:
        return Filter(name, operator)
    values = draw(st.lists(ASKED[name].filter(lambda text: bool(text.strip())), min_size=1, max_size=3))
    return Filter(name, operator, tuple(values))


SORTS = st.lists(st.builds(Sort, st.sampled_from(list(TYPES)), st.booleans()), max_size=3).map(tuple)
WORDS = st.lists(st.sampled_from(["a", "B", "2020", '"a b"', "é", "-5", "%"]), max_size=2).map(" ".join)
WHERE = st.lists(filters(), max_size=2).map(tuple)
PLAIN = st.builds(
    TableQuery,
    where=WHERE,
    text=WORDS,
    sort=SORTS,
    columns=st.lists(st.sampled_from(list(TYPES)), max_size=3).map(tuple),
    page=st.integers(1, 4),
    size=st.integers(1, 6),
)
MEASURES = st.one_of(
    st.just(Measure(Function.COUNT)),
    st.sampled_from([Measure(f, name) for name, kind in TYPES.items() for f in FUNCTIONS[kind]]),
)
GROUPS = st.one_of(
    st.builds(Group, st.sampled_from(list(TYPES))),
    st.builds(Group, st.sampled_from(["hari", "saat"]), st.sampled_from(list(Period))),
)
GROUPED = st.builds(
    TableQuery,
    where=WHERE,
    text=WORDS,
    group=st.lists(GROUPS, max_size=2, unique_by=lambda group: group.column).map(tuple),
    measures=st.lists(MEASURES, min_size=1, max_size=3).map(tuple),
    size=st.just(10_000),
)


@dataclass
class Bench:
    """A folder and an engine for all examples of a test."""

    folder: Path
    engine: TableEngine
    count: int = 0

    def table(self, rows: list[tuple[str, ...]]) -> tuple[Path, dict[str, Any], NaiveTable]:
        self.count += 1
        source, target = self.folder / "t.csv", self.folder / f"t{self.count}.parquet"
        with source.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(TYPES)
            writer.writerows(rows)
        schema = {"fields": [{"name": name, "type": kind} for name, kind in TYPES.items()]}
        stored = write_parquet(source, schema, target).types
        types = dict(TYPES)
        types["uang"] = "decimal" if stored["uang"].startswith("DECIMAL") else "number"
        return target, schema, NaiveTable.of(types, rows)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("model")
    engine = TableEngine(folder / "tables", disk_megabytes=20)
    yield Bench(folder, engine)
    engine.close()


many = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(rows=ROWS, queries=st.lists(PLAIN, min_size=1, max_size=4))
@many
def test_rows_are_those_that_plain_python_finds(bench: Bench, rows: Any, queries: list[TableQuery]) -> None:
    parquet, schema, naive = bench.table(rows)
    shape = bench.engine.shape(parquet, schema)
    for query in queries:
        page = bench.engine.page(parquet, schema, query)
        asked = checked(query, shape)
        assert list(page.numbers) == naive.page(asked)
        assert page.total == len(naive.numbers(asked))
        assert page.more == (asked.offset + asked.size < page.total)
        names = [column.name for column in page.columns]
        for number, row in zip(page.numbers, page.rows, strict=True):
            assert dict(zip(names, row, strict=True)) == {n: naive.rows[number - 1][n] for n in names}


@given(rows=ROWS.filter(lambda rows: len(rows) > 1), query=PLAIN, place=st.integers(0, 100))
@many
def test_what_comes_behind_a_row_is_what_comes_behind_it(
    bench: Bench, rows: Any, query: TableQuery, place: int
) -> None:
    parquet, schema, naive = bench.table(rows)
    query = replace(query, page=1, after=place % len(rows) + 1)
    page = bench.engine.page(parquet, schema, query)
    asked = checked(query, bench.engine.shape(parquet, schema))
    assert list(page.numbers) == naive.page(asked)
    assert page.more == (len(naive.page(replace(asked, size=10_000))) > len(page.rows))


@given(rows=ROWS, query=GROUPED)
@many
def test_groups_have_the_figures_that_plain_python_computes(bench: Bench, rows: Any, query: TableQuery) -> None:
    parquet, schema, naive = bench.table(rows)
    page = bench.engine.page(parquet, schema, query)
    asked = checked(query, bench.engine.shape(parquet, schema))
    expected = naive.groups(asked)
    width = len(asked.group)
    found = {row[:width]: row[width:] for row in page.rows}
    assert found.keys() == expected.keys()
    assert page.total == len(expected)
    for key, figures in expected.items():
        for one, other in zip(found[key], figures, strict=True):
            if isinstance(one, float) and isinstance(other, int | float | Decimal):
                assert math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12)
            else:
                assert one == other


ONE_ROW = ("a", "1", "1", "9223372036854775808", "0.1", "123456789012345678.25", "2020", "2021-01-01", "", "", "true")


@pytest.fixture(scope="module")
def shape(bench: Bench) -> TableShape:
    parquet, schema, _ = bench.table([ONE_ROW])
    return bench.engine.shape(parquet, schema)


@given(query=st.one_of(PLAIN, GROUPED))
@many
def test_a_question_survives_its_url(shape: TableShape, query: TableQuery) -> None:
    normal = checked(query, shape)
    assert checked(normal, shape) == normal
    url = canonical(query, shape)
    assert parse(parse_qsl(url, keep_blank_values=True), shape) == normal
    assert canonical(normal, shape) == url


def test_the_model_itself_knows_that_missing_comes_last() -> None:
    table = NaiveTable.of({"a": "integer"}, [("",), ("2",), ("1",)])
    assert table.numbers(TableQuery(sort=(Sort("a"),))) == [3, 2, 1]
    assert table.numbers(TableQuery(sort=(Sort("a", descending=True),))) == [2, 3, 1]
