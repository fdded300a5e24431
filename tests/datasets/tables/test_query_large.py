"""A large table is answered from columns sorted for filters and from orders made once: the same as a small one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from datasets.query.engine import TableEngine
from datasets.query.errors import AnswerTooLarge, TooMuchAsked
from datasets.query.question import TableQuery
from datasets.query.url import parse

Make = Callable[..., Any]
TYPES = {"id": "integer", "kecamatan": "string", "tahun": "year", "nilai": "number", "catatan": "string"}
SORTED = ("_sort=-nilai", "_sort=nilai", "_sort=kecamatan,-tahun", "_sort=-catatan")
QUESTIONS = (
    "kecamatan=Kapas",
    "kecamatan=Kapas&tahun__ge=2020&_page=2&_size=7",
    "kecamatan__missing=1&_size=5",
    "kecamatan=Kapas,Balen&tahun__ne=2019&_sort=-tahun,kecamatan&_size=9&_page=3",
    "kecamatan__contains=a&_after=40&_size=6",
    "kecamatan=Dander&nilai__gt=50&_sort=nilai",
    "tahun=2021&_q=jalan",
    "_group=kecamatan,tahun&_measure=count",
    "_group=kecamatan&tahun__ge=2021&_measure=count,min:tahun",
    "_group=kecamatan&_measure=sum:nilai,median:nilai&tahun=2020",
    "_group=tahun&_size=2&_page=9",
    *(f"{sort}&_size=10&_page={page}" for sort in SORTED for page in (1, 2, 9, 30, 31, 99)),
    *(f"{sort}&_size=10&_after={row}" for sort in SORTED for row in (1, 17, 300)),
)


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TableEngine, TableEngine]]:
    folder = tmp_path_factory.mktemp("large")
    found = TableEngine(folder / "small"), TableEngine(folder / "large")
    yield found
    for engine in found:
        engine.close()


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables of any size are treated as large ones."""
    monkeypatch.setattr("datasets.tables.building.CLUSTERED_ROWS", 1)
    monkeypatch.setattr("datasets.query.tables.CLUSTERED_ROWS", 1)


@pytest.fixture
def table(make_table: Make) -> Any:
    names = ("Kapas", "Dander", "Balen", None)
    rows = [
        (str(n), names[n * 7 % 4], str(2019 + n * 5 % 4), "" if n % 11 == 0 else str(n * 37 % 101), f"jalan {n % 13}")
        for n in range(1, 301)
    ]
    return make_table(TYPES, rows)


def _ask(engine: TableEngine, table: Any, url: str) -> Any:
    page = engine.page(table.parquet, table.schema, parse(parse_qsl(url), engine.shape(table.parquet, table.schema)))
    return page.rows, page.numbers, page.total, page.more


def test_it_answers_what_a_small_one_answers(engines: Any, table: Any, request: pytest.FixtureRequest) -> None:
    small, fast = engines
    expected = [_ask(small, table, url) for url in QUESTIONS]
    request.getfixturevalue("large")
    assert [_ask(fast, table, url) for url in QUESTIONS] == expected
    with fast.tables.table(table.parquet) as found:
        assert found.narrow >= {"c1", "c2"}
        for _ in range(600):
            if all(fast.tables.order(found, keys) for keys in ("c3 DESC NULLS LAST, _row", "c3 ASC NULLS LAST, _row")):
                break
            time.sleep(0.05)
        for keys in ("c1 ASC NULLS LAST, c2 DESC NULLS LAST, _row", "c4 DESC NULLS LAST, _row"):
            fast.tables.files.make_order(found.key, keys)
    fast._answers._kept.clear()
    assert [_ask(fast, table, url) for url in QUESTIONS] == expected


def test_a_page_of_many_columns_has_fewer_rows_at_most(engines: Any, make_table: Make) -> None:
    wide = make_table({f"k{n}": "integer" for n in range(300)}, [["1"] * 300] * 3)
    assert engines[0].page(wide.parquet, wide.schema, TableQuery()).total == 3
    with pytest.raises(TooMuchAsked) as caught:
        engines[0].page(wide.parquet, wide.schema, TableQuery(size=1_000))
    assert "833" in caught.value.say("id")
    assert engines[0].page(wide.parquet, wide.schema, TableQuery(size=1_000, columns=("k1",))).total == 3


def test_an_answer_of_long_texts_is_refused_before_it_fills_the_memory(
    engines: Any, make_table: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("datasets.query.relation.MOST_WEIGHT", 2**20)
    monkeypatch.setattr("datasets.query.relation.ROWS_AT_ONCE", 10)
    texts = make_table({"isi": "string"}, [(f"{n}" * 10_000,) for n in range(9)] * 40)
    with pytest.raises(AnswerTooLarge) as caught:
        engines[0].page(texts.parquet, texts.schema, TableQuery(size=360))
    assert caught.value.status == 422
    assert "_size" in caught.value.say("id")
