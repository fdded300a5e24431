"""SQL of strangers: what it may ask, and that it reaches nothing else."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from datasets.sql.errors import (
    FunctionNotAllowed,
    NotASelect,
    SqlBusy,
    SqlRefused,
    SqlStopped,
    SyntaxWrong,
    TableNotThere,
)
from datasets.sql.sandbox import SqlAnswer, SqlSandbox

Make = Callable[..., Any]


@pytest.fixture
def sandbox(tmp_path: Path) -> SqlSandbox:
    return SqlSandbox(tmp_path / "sql", seconds=8, megabytes=128, rows=100)


def _ask(sandbox: SqlSandbox, villages: Any, sql: str, **options: Any) -> SqlAnswer:
    return sandbox.ask({"desa": villages.parquet}, sql, **options)


def test_a_select_is_answered(sandbox: SqlSandbox, villages: Any) -> None:
    answer = _ask(
        sandbox,
        villages,
        """
        WITH banyak AS (SELECT kecamatan, sum(penduduk) AS jiwa, count(*) AS desa FROM desa GROUP BY ALL)
        SELECT *, rank() OVER (ORDER BY jiwa DESC) AS urutan FROM banyak WHERE kecamatan LIKE '%a%' ORDER BY jiwa DESC;
        -- selesai
        """,
    )
    assert [column.name for column in answer.columns] == ["kecamatan", "jiwa", "desa", "urutan"]
    assert answer.rows == (("Dander", 9050, 2, 1), ("Kapas", 7330, 2, 2), ("Balen", 4869, 2, 3))
    assert not answer.cut


def test_the_process_is_held_by_the_kernel(sandbox: SqlSandbox, villages: Any) -> None:
    layers = _ask(sandbox, villages, "SELECT 1").layers
    assert "limits" in layers
    if sys.platform == "linux":
        missing = {"landlock", "seccomp"} - set(layers)
        if missing:
            pytest.skip(f"this kernel has no {missing}")


def test_more_rows_than_allowed_are_cut_and_it_is_said(sandbox: SqlSandbox, villages: Any) -> None:
    answer = _ask(sandbox, villages, "SELECT * FROM range(1000)")
    assert (len(answer.rows), answer.cut) == (100, True)


def test_every_kind_of_value_can_be_shown(sandbox: SqlSandbox, villages: Any) -> None:
    sql = """
        SELECT 1.5::DECIMAL(10, 2), [1, 2], {'a': 1}, 'x'::BLOB, to_days(3), TIMESTAMPTZ '2024-01-01 07:00:00+07',
               170141183460469231731687303715884105727::HUGEINT, true, NULL, 'nan'::DOUBLE, DATE '2024-01-01'
    """
    row = _ask(sandbox, villages, sql).rows[0]
    assert row[:4] == ("1.50", "[1, 2]", "{'a': 1}", "x")
    assert row[5] == "2024-01-01 00:00:00+00"
    assert row[6:] == (2**127 - 1, True, None, "NaN", "2024-01-01")


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        ("SELECT 1; SELECT 2", NotASelect),
        ("DROP VIEW desa", NotASelect),
        ("INSERT INTO desa VALUES (1)", NotASelect),
        ("CREATE TABLE x AS SELECT 1", NotASelect),
        ("COPY desa TO '/tmp/x.csv'", NotASelect),
        ("ATTACH '/tmp/x.duckdb' AS x", NotASelect),
        ("SET memory_limit = '10GB'", NotASelect),
        ("PRAGMA version", NotASelect),
        ("INSTALL httpfs", NotASelect),
        ("CALL duckdb_settings()", NotASelect),
        ("EXPLAIN SELECT 1", NotASelect),
        ("SHOW TABLES", NotASelect),
        ("DESCRIBE desa", NotASelect),
        ("SELECT ?", NotASelect),
        ("SELECT $nama", NotASelect),
        ("", NotASelect),
        ("-- kosong", NotASelect),
        ("SELEC 1", SyntaxWrong),
        ("SELECT 'belum selesai", SyntaxWrong),
        ("SELECT " + "1 + " * 9_000 + "1", SyntaxWrong),
        ("SELECT * FROM '/etc/passwd'", TableNotThere),
        ('SELECT * FROM "/etc/passwd"', TableNotThere),
        ("SELECT * FROM tidak_ada", TableNotThere),
        ("SELECT * FROM information_schema.tables", TableNotThere),
        ("SELECT * FROM main.desa", TableNotThere),
        ("SELECT * FROM sqlite_master", TableNotThere),
        ("SELECT (SELECT count(*) FROM duckdb_tables)", TableNotThere),
        ("SELECT * FROM desa WHERE kode IN (SELECT sql FROM sqlite_master)", TableNotThere),
        ("SELECT * FROM read_csv('/etc/passwd')", FunctionNotAllowed),
        ("SELECT * FROM read_text('/etc/passwd')", FunctionNotAllowed),
        ("SELECT * FROM glob('/*')", FunctionNotAllowed),
        ("SELECT * FROM duckdb_settings()", FunctionNotAllowed),
        ("SELECT * FROM query('SELECT 1')", FunctionNotAllowed),
        ("SELECT * FROM query_table('desa')", FunctionNotAllowed),
        ("SELECT * FROM json_execute_serialized_sql('{}')", FunctionNotAllowed),
        ("SELECT current_setting('temp_directory')", FunctionNotAllowed),
        ("SELECT getenv('HOME')", FunctionNotAllowed),
        ("SELECT getvariable('x')", FunctionNotAllowed),
        ("SELECT list_transform([1], lambda x: current_setting('threads'))", FunctionNotAllowed),
        ("SELECT count(*) FILTER (WHERE version() = 'x') FROM desa", FunctionNotAllowed),
        ("SELECT sum(penduduk) OVER (ORDER BY current_query()) FROM desa", FunctionNotAllowed),
        ("SELECT system.main.abs(1)", FunctionNotAllowed),
        ("SELECT sleep_ms(1000)", FunctionNotAllowed),
        ("SELECT tidak_ada FROM desa", SqlRefused),
        ("SELECT kode + tahun FROM desa WHERE kode::INT > 'x'::INT", SqlRefused),
    ],
)
def test_anything_else_is_refused_in_words(
    sandbox: SqlSandbox, villages: Any, sql: str, error: type[SqlRefused]
) -> None:
    with pytest.raises(error) as caught:
        _ask(sandbox, villages, sql)
    assert caught.value.status == 400
    assert str(villages.parquet) not in caught.value.say("id")


def test_an_endless_question_is_ended(tmp_path: Path, villages: Any) -> None:
    sandbox = SqlSandbox(tmp_path / "sql", seconds=1)
    with pytest.raises(SqlStopped) as caught:
        _ask(sandbox, villages, "SELECT count(*) FROM range(10000000) a(x), range(10000000) b(y) WHERE x + y = 7")
    assert "1 detik" in caught.value.say("id")
    assert [path for path in sandbox.folder.iterdir() if path.is_dir()] == []


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT list(range || repeat('x', 500)) FROM range(20000000)",
        "SELECT repeat('x', 2000000000)",
        "SELECT length(string_agg(range::VARCHAR || repeat('y', 900), ',')) FROM range(5000000)",
        "WITH RECURSIVE t AS (SELECT 'x' AS a UNION ALL SELECT a || a FROM t) SELECT max(length(a)) FROM t",
        "SELECT " + "(" * 2_000 + "1" + ")" * 2_000,
    ],
)
def test_a_question_too_large_is_ended_or_refused(sandbox: SqlSandbox, villages: Any, sql: str) -> None:
    with pytest.raises((SqlStopped, SqlRefused)) as caught:
        _ask(sandbox, villages, sql)
    assert caught.value.status in {400, 422}
    assert _ask(sandbox, villages, "SELECT 1").rows == ((1,),)


def test_long_cells_are_cut(sandbox: SqlSandbox, villages: Any) -> None:
    answer = _ask(sandbox, villages, "SELECT repeat('x', 1000000), [repeat('y', 1000000)]")
    assert [len(str(cell)) for cell in answer.rows[0]] == [50_000, 50_000]


def test_a_question_can_be_cancelled_from_elsewhere(tmp_path: Path, villages: Any) -> None:
    sandbox = SqlSandbox(tmp_path / "sql", seconds=60)
    ended: list[BaseException] = []

    def ask() -> None:
        try:
            sql = "SELECT count(*) FROM range(10000000) a(x), range(10000000) b(y) WHERE x + y = 7"
            _ask(sandbox, villages, sql, ticket="abc123")
        except SqlStopped as error:
            ended.append(error)

    asker = threading.Thread(target=ask)
    asker.start()
    other = SqlSandbox(tmp_path / "sql")
    for _ in range(600):
        if other.cancel("abc123"):
            break
        time.sleep(0.05)
    asker.join(30)
    assert len(ended) == 1
    assert "dibatalkan" in ended[0].say("id")  # type: ignore[attr-defined]
    assert not other.cancel("abc123")
    assert not other.cancel("never")
    with pytest.raises(SqlRefused):
        other.cancel("../../etc/passwd")


def test_no_more_run_at_once_than_may(tmp_path: Path, villages: Any) -> None:
    sandbox = SqlSandbox(tmp_path / "sql", at_once=1, seconds=30)
    with sandbox._slot(), pytest.raises(SqlBusy) as caught:
        SqlSandbox(tmp_path / "sql", at_once=1).ask({"desa": villages.parquet}, "SELECT 1")
    assert caught.value.status == 503
    assert _ask(sandbox, villages, "SELECT 1").rows == ((1,),)


def test_tables_may_have_any_name(sandbox: SqlSandbox, villages: Any) -> None:
    name = 'a"b; DROP -- x'
    quoted = '"' + name.replace('"', '""') + '"'
    assert sandbox.ask({name: villages.parquet}, f"SELECT count(*) FROM {quoted}").rows == ((6,),)


def test_a_broken_table_is_said_to_be_broken(sandbox: SqlSandbox, tmp_path: Path) -> None:
    broken = tmp_path / "rusak.parquet"
    broken.write_bytes(b"PAR1" + b"x" * 100)
    with pytest.raises((SqlStopped, SqlRefused)) as caught:
        sandbox.ask({"data": broken}, "SELECT * FROM data")
    assert str(tmp_path) not in caught.value.say("id")
