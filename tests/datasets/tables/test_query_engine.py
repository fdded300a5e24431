"""What the engine does when a question, a file or the machine is at its end, and when many ask at once."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from datasets.query.conditions import Sql
from datasets.query.engine import TableEngine
from datasets.query.errors import TableBroken, TooLarge, TooSlow
from datasets.query.page import TablePage
from datasets.query.question import Filter, Operator, TableQuery
from datasets.query.url import parse

Make = Callable[..., Any]


def _ask(engine: TableEngine, table: Any, url: str) -> TablePage:
    shape = engine.shape(table.parquet, table.schema)
    return engine.page(table.parquet, table.schema, parse(parse_qsl(url, keep_blank_values=True), shape))


def test_an_endless_question_is_stopped_and_says_what_to_do(tmp_path: Path, villages: Any) -> None:
    engine = TableEngine(tmp_path / "slow", seconds=0.3)
    endless = Sql("SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = 7")
    with engine.tables.table(villages.parquet) as table, pytest.raises(TooSlow) as caught:
        table.ask(endless)
    assert caught.value.status == 422
    assert "saringan" in caught.value.say("id")
    assert _ask(engine, villages, "").total == 6
    engine.close()


def test_a_question_too_large_is_stopped_and_says_what_to_do(tmp_path: Path, villages: Any) -> None:
    engine = TableEngine(tmp_path / "small", megabytes=40)
    with engine.tables.table(villages.parquet) as table, pytest.raises(TooLarge) as caught:
        table.ask(Sql("SELECT list(range || repeat('x', 200)) FROM range(2000000)"))
    assert caught.value.status == 422
    assert "40 MB" in caught.value.say("en")
    assert _ask(engine, villages, "").total == 6
    engine.close()


def test_a_broken_parquet_is_said_to_be_broken(engine: TableEngine, villages: Any, tmp_path: Path) -> None:
    content = villages.parquet.read_bytes()
    for broken in (b"", b"PAR1", content[: len(content) // 2], content[:-8] + b"\xff\xff\xff\x7fPAR1", b"x" * 500):
        path = tmp_path / "broken.parquet"
        path.write_bytes(broken)
        with pytest.raises(TableBroken) as caught:
            engine.page(path, villages.schema, TableQuery())
        assert caught.value.status == 503
    with pytest.raises(TableBroken):
        engine.page(tmp_path / "absent.parquet", villages.schema, TableQuery())


def test_a_broken_serving_file_is_made_again(tmp_path: Path, villages: Any) -> None:
    folder = tmp_path / "tables"
    first = TableEngine(folder)
    assert _ask(first, villages, "").total == 6
    first.close()
    (kept,) = (folder / "serving").glob("*.duckdb")
    kept.chmod(0o600)
    kept.write_bytes(b"rubbish" * 1_000)
    second = TableEngine(folder)
    assert _ask(second, villages, "").total == 6
    second.close()


def test_a_folder_that_cannot_be_written_does_not_silence_tables(tmp_path: Path, villages: Any) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "serving").write_text("a file where the folder should be")
    engine = TableEngine(tmp_path / "tables")
    assert _ask(engine, villages, "kecamatan=Dander&_sort=-luas").numbers == (4, 3)
    assert _ask(engine, villages, "_group=kecamatan").total == 3
    engine.close()


def test_a_large_table_answers_while_its_serving_file_is_made(
    tmp_path: Path, villages: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("datasets.query.tables.LARGE", 0)
    engine = TableEngine(tmp_path / "tables")
    assert _ask(engine, villages, "kecamatan=Dander&_sort=-luas").numbers == (4, 3)
    for _ in range(600):
        if list((tmp_path / "tables" / "serving").glob("*.duckdb")):
            break
        time.sleep(0.05)
    assert _ask(engine, villages, "kecamatan=Kapas&_sort=-luas").numbers == (2, 1)
    with engine.tables.table(villages.parquet) as table:
        assert table.source.endswith(".t")
    engine.close()


def test_a_table_can_be_made_ready_before_it_is_asked(engine: TableEngine, villages: Any, tmp_path: Path) -> None:
    engine.prepare(villages.parquet)
    assert len(list((engine.tables.folder / "serving").glob("*.duckdb"))) == 1
    with pytest.raises(TableBroken):
        engine.prepare(tmp_path / "absent.parquet")


def test_two_engines_of_one_process_share_a_folder(tmp_path: Path, villages: Any) -> None:
    one, other = TableEngine(tmp_path / "tables"), TableEngine(tmp_path / "tables")
    assert _ask(one, villages, "_size=1").rows == _ask(other, villages, "_size=1").rows
    one.close()
    assert _ask(other, villages, "_size=2").total == 6
    other.close()


def test_the_folder_of_serving_files_keeps_its_limit(tmp_path: Path, make_table: Make) -> None:
    engine = TableEngine(tmp_path / "tables", disk_megabytes=1)
    rows = [[str(n * 7919 % 100_003), os.urandom(16).hex()] for n in range(8_000)]
    tables = [make_table({"n": "integer", "x": "string"}, [(str(k), "y"), *rows]) for k in range(8)]
    for number, table in enumerate(tables):
        assert _ask(engine, table, "_row=1").rows == ((number, "y"),)
    size = sum(path.stat().st_size for path in (tmp_path / "tables" / "serving").glob("*.duckdb"))
    assert size <= 2**20
    assert [_ask(engine, table, "_row=1&_columns=n").rows[0][0] for table in tables] == list(range(8))
    engine.close()


def test_many_threads_get_their_own_answers(engine: TableEngine, make_table: Make) -> None:
    tables = [make_table({"n": "integer"}, [(str(n * k),) for n in range(200)]) for k in range(1, 7)]

    def ask(turn: int) -> bool:
        k = turn % 6 + 1
        page = _ask(engine, tables[k - 1], f"n__ge={turn}&_sort=-n&_size=5")
        expected = [n * k for n in range(199, -1, -1) if n * k >= turn]
        return [row[0] for row in page.rows] == expected[:5] and page.total == len(expected)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(400)))


def test_more_tables_than_stay_open_can_be_asked(engine: TableEngine, make_table: Make, monkeypatch: Any) -> None:
    monkeypatch.setattr("datasets.query.tables.MOST_OPEN", 3)
    tables = [make_table({"n": "integer"}, [(str(k),)]) for k in range(7)]
    for _ in range(2):
        for k, table in enumerate(tables):
            assert _ask(engine, table, f"n={k}&_size={50 + k}").total == 1


def _child(folder: Path, parquet: Path, schema: dict[str, Any], answers: Any) -> None:
    engine = TableEngine(folder)
    total = engine.page(parquet, schema, TableQuery(where=(Filter("n", Operator.GE, ("500",)),))).total
    answers.put((os.getpid(), total))
    engine.close()


def test_processes_share_the_folder(tmp_path: Path, make_table: Make) -> None:
    table = make_table({"n": "integer"}, [(str(n),) for n in range(1_000)])
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    arguments = (tmp_path / "shared", table.parquet, table.schema, answers)
    children = [context.Process(target=_child, args=arguments) for _ in range(4)]
    for child in children:
        child.start()
    found = [answers.get(timeout=120) for _ in children]
    for child in children:
        child.join()
    assert {total for _, total in found} == {500}
    assert len(list((tmp_path / "shared" / "serving").glob("*.duckdb"))) == 1


def test_an_engine_used_before_a_fork_works_behind_it(engine: TableEngine, villages: Any) -> None:
    assert _ask(engine, villages, "").total == 6
    child = os.fork()
    if child == 0:  # pragma: no cover - another process
        try:
            os._exit(0 if _ask(engine, villages, "kecamatan=Kapas&_sort=-tahun").numbers == (2, 1) else 1)
        except BaseException:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    assert _ask(engine, villages, "kecamatan=Kapas").total == 2


def test_interrupting_one_question_leaves_the_others_alone(tmp_path: Path, villages: Any) -> None:
    engine = TableEngine(tmp_path / "tables", seconds=0.4)
    stop = threading.Event()
    failures: list[Exception] = []

    def keep_asking() -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            try:
                assert _ask(engine, villages, f"tahun__ge={turn}&_size=3").total in {0, 6, 5, 3, 1}
            except Exception as error:
                failures.append(error)

    asker = threading.Thread(target=keep_asking)
    asker.start()
    endless = Sql("SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = 7")
    for _ in range(3):
        with engine.tables.table(villages.parquet) as table, pytest.raises(TooSlow):
            table.ask(endless)
    stop.set()
    asker.join()
    assert failures == []
    engine.close()


def test_an_answer_is_given_again_without_asking(engine: TableEngine, villages: Any, monkeypatch: Any) -> None:
    first = _ask(engine, villages, "kecamatan=Kapas&_sort=-luas")
    monkeypatch.setattr("datasets.query.relation.Relation.ask", lambda *_: pytest.fail("asked again"))
    assert _ask(engine, villages, "_sort=-luas&kecamatan=Kapas") == first
    titled = {"fields": [field | {"title": field["name"].title()} for field in villages.schema["fields"]]}
    again = engine.page(villages.parquet, titled, first.query)
    assert again.rows == first.rows
    assert again.columns[0].title == "Kode"


def test_the_kept_answers_have_a_bound(tmp_path: Path, make_table: Make) -> None:
    engine = TableEngine(tmp_path / "tables", cached_megabytes=1)
    table = make_table({"x": "string"}, [("a" * 1_000,)] * 200)
    for size in range(1, 150):
        engine.page(table.parquet, table.schema, replace(TableQuery(), size=size))
    assert engine._answers._weight <= 2**20
    engine.close()


def test_a_number_kept_as_text_is_asked_as_text(engine: TableEngine, make_table: Make) -> None:
    table = make_table({"nik": "integer"}, [("9" * 40,), ("8" * 40,)])
    assert engine.shape(table.parquet, table.schema).column("nik").type == "string"
    assert _ask(engine, table, "nik__startswith=88").numbers == (2,)


def test_the_watch_forgets_what_has_ended(engine: TableEngine, villages: Any) -> None:
    for turn in range(50):
        _ask(engine, villages, f"tahun__ge={turn}")
    time.sleep(0.05)
    assert len(engine.tables.instance()._watch._due) < 200
