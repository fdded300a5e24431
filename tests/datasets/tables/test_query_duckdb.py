"""Asking tables: pages, rows, groups, choices; and what happens at the limits."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from datasets.query.conditions import Sql
from datasets.query.engine import TableEngine
from datasets.query.errors import BadQuery, Incomputable, NoSuchRow, TableBroken
from datasets.query.page import Choice, TablePage
from datasets.query.question import Filter, Function, Group, Measure, Operator, Sort, TableQuery
from datasets.query.url import parse

Make = Callable[..., Any]


def _ask(engine: TableEngine, table: Any, url: str) -> TablePage:
    shape = engine.shape(table.parquet, table.schema)
    return engine.page(table.parquet, table.schema, parse(parse_qsl(url, keep_blank_values=True), shape))


def test_the_first_page_is_the_top_of_the_source(engine: TableEngine, villages: Any) -> None:
    page = _ask(engine, villages, "_size=2")
    assert [row[2] for row in page.rows] == ["Kapas", "Bakalan"]
    assert (page.numbers, page.total, page.pages, page.more, page.after) == ((1, 2), 6, 3, True, 2)


def test_pages_together_are_the_whole_table_once(engine: TableEngine, villages: Any) -> None:
    for url in ("", "&_sort=kecamatan", "&_sort=-penduduk", "&_q=a", "&luas__ge=1&_sort=-luas,tahun"):
        whole = _ask(engine, villages, f"_size=100{url}").numbers
        pages = [_ask(engine, villages, f"_size=2&_page={n}{url}").numbers for n in (1, 2, 3, 4)]
        assert sum(pages, ()) == whole
        walked, page = [], _ask(engine, villages, f"_size=2{url}")
        while True:
            walked += page.numbers
            if page.after is None:
                break
            page = _ask(engine, villages, f"_size=2&_after={page.after}{url}")
        assert tuple(walked) == whole


def test_a_row_has_an_address_of_its_own(engine: TableEngine, villages: Any) -> None:
    page = _ask(engine, villages, "_row=4&_columns=desa")
    assert (page.rows, page.numbers, page.total) == ((("Sumberarum",),), (4,), 1)
    with pytest.raises(NoSuchRow) as caught:
        _ask(engine, villages, "_row=7")
    assert caught.value.status == 404


def test_codes_keep_their_zeros_and_missing_stays_missing(engine: TableEngine, villages: Any) -> None:
    page = _ask(engine, villages, "_columns=kode,penduduk&penduduk__missing=1")
    assert page.rows == (("0202", None),)


def test_words_are_sought_in_the_whole_row(engine: TableEngine, villages: Any) -> None:
    assert _ask(engine, villages, "_q=KAPAS 2020").numbers == (2,)
    assert _ask(engine, villages, '_q="lama jalan"').total == 0
    assert _ask(engine, villages, '_q=lama "jalan').numbers == (6,)
    assert _ask(engine, villages, '_q=pilang "JALAN"').numbers == (6,)


def test_choices_come_with_counts_under_the_other_conditions(engine: TableEngine, villages: Any) -> None:
    ask = TableQuery(where=(Filter("tahun", Operator.GE, ("2020",)), Filter("kecamatan", Operator.EQ, ("Kapas",))))
    found, distinct = engine.choices(villages.parquet, villages.schema, "kecamatan", query=ask)
    assert found == (Choice("Balen", "Balen", 2), Choice("Dander", "Dander", 2), Choice("Kapas", "Kapas", 1))
    assert distinct == 3
    narrowed, _ = engine.choices(villages.parquet, villages.schema, "desa", containing="bal", limit=1)
    assert [choice.text for choice in narrowed] == ["Balenrejo"]


def test_a_group_named_like_its_figure_does_not_hide_it(engine: TableEngine, make_table: Make) -> None:
    table = make_table({"count": "string"}, [("b",), ("a",), ("b",)])
    page = _ask(engine, table, "_group=count&_sort=-count_")
    assert [column.name for column in page.columns] == ["count", "count_"]
    assert page.rows == (("b", 2), ("a", 1))
    assert engine.choices(table.parquet, table.schema, "count")[0][0] == Choice("b", "b", 2)


def test_figures_say_what_they_are(engine: TableEngine, villages: Any) -> None:
    page = _ask(engine, villages, "_group=dicatat:year&_measure=sum:penduduk,count")
    assert [column.heading("id") for column in page.columns] == [
        "dicatat (per tahun)",
        "penduduk (jumlah)",
        "Banyak baris",
    ]


def test_a_table_without_rows_answers(engine: TableEngine, make_table: Make) -> None:
    table = make_table({"a": "string", "b": "number"}, [])
    assert _ask(engine, table, "").rows == ()
    assert _ask(engine, table, "_group=a").total == 0
    assert _ask(engine, table, "_measure=sum:b,count").rows == ((None, 0),)
    assert _ask(engine, table, "b__ge=1&_sort=-b&_page=5").total == 0


def test_columns_that_are_all_missing_answer(engine: TableEngine, make_table: Make) -> None:
    table = make_table({"a": "string", "b": "number", "c": "date"}, [("", "", "")] * 3)
    assert _ask(engine, table, "_sort=-b,c").numbers == (1, 2, 3)
    assert _ask(engine, table, "b__missing=1&c__missing=1").total == 3
    assert _ask(engine, table, "_group=a&_measure=mean:b").rows == ((None, None),)
    assert engine.choices(table.parquet, table.schema, "a") == ((Choice(None, "", 3),), 1)


def test_long_numbers_are_compared_and_summed_to_the_last_digit(engine: TableEngine, make_table: Make) -> None:
    cells = ["12345678901234567890", "12345678901234567891", "1"]
    money = ["99999999999999999.01", "99999999999999999.02", "0.5"]
    table = make_table({"n": "integer", "uang": "number"}, list(zip(cells, money, strict=True)))
    assert _ask(engine, table, "n__gt=12345678901234567890").numbers == (2,)
    assert _ask(engine, table, "uang=99999999999999999.02").numbers == (2,)
    assert _ask(engine, table, "_measure=sum:n,sum:uang").rows == (
        (Decimal("24691357802469135782"), Decimal("199999999999999998.53")),
    )


def test_a_sum_beyond_every_type_is_refused_in_words(engine: TableEngine, make_table: Make) -> None:
    table = make_table({"n": "integer"}, [("9" * 38,)] * 3)
    with pytest.raises(Incomputable) as caught:
        _ask(engine, table, "_measure=sum:n")
    assert caught.value.status == 422


def test_a_thousand_columns_answer(engine: TableEngine, make_table: Make) -> None:
    names = [f"k{n}" for n in range(1_000)]
    table = make_table(dict.fromkeys(names, "string"), [[f"{n}-{row}" for n in range(1_000)] for row in range(5)])
    assert _ask(engine, table, "_q=999-3").numbers == (4,)
    assert len(_ask(engine, table, "_sort=-k999").rows[0]) == 1_000


NASTY = [
    "'; DROP TABLE t; --",
    '" OR "1"="1',
    "1 UNION SELECT * FROM read_csv('/etc/passwd')",
    "%",
    "_",
    "\\",
    "$1",
    "?",
    "{}",
    "{:.15g}",
]


def test_values_are_only_ever_values(engine: TableEngine, make_table: Make) -> None:
    table = make_table({"a": "string"}, [(value,) for value in NASTY])
    for number, value in enumerate(NASTY, 1):
        query = TableQuery(where=(Filter("a", Operator.EQ, (value,)),))
        assert engine.page(table.parquet, table.schema, query).numbers == (number,)
        for operator in (Operator.CONTAINS, Operator.STARTSWITH):
            query = TableQuery(where=(Filter("a", operator, (value,)),))
            expected = {n for n, other in enumerate(NASTY, 1) if value in other}
            found = set(engine.page(table.parquet, table.schema, query).numbers)
            assert found == (expected if operator is Operator.CONTAINS else {number})


def test_names_are_only_ever_names(engine: TableEngine, make_table: Make) -> None:
    table = make_table(dict.fromkeys(NASTY, "integer"), [[str(n) for n in range(len(NASTY))]])
    for number, name in enumerate(NASTY):
        query = TableQuery(
            columns=(name,), where=(Filter(name, Operator.EQ, (str(number),)),), sort=(Sort(name, descending=True),)
        )
        assert engine.page(table.parquet, table.schema, query).rows == ((number,),)
        grouped = TableQuery(group=(Group(name),), measures=(Measure(Function.SUM, name),))
        assert engine.page(table.parquet, table.schema, grouped).rows == ((number, number),)
    with pytest.raises(BadQuery):
        engine.page(table.parquet, table.schema, TableQuery(columns=("1; DROP TABLE t",)))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "COPY (SELECT 1) TO '/tmp/lumbung-must-not-be-written.csv'",
        "ATTACH '/tmp/lumbung-must-not-be-written.duckdb' AS other",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT * FROM read_csv('https://example.org/a.csv')",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "SET memory_limit = '10GB'",
        "SELECT getenv('HOME')",
        "DELETE FROM s1.t",
        "DROP TABLE s1.t",
    ],
)
def test_even_a_hole_in_our_own_sql_would_reach_nothing(engine: TableEngine, villages: Any, sql: str) -> None:
    import duckdb

    with engine.tables.table(villages.parquet) as table, pytest.raises((duckdb.Error, TableBroken, Incomputable)):
        table.ask(Sql(sql))
    assert _ask(engine, villages, "").total == 6
    assert not Path("/tmp/lumbung-must-not-be-written.csv").exists()
