"""What a question in SQL can reach: its own tables, and nothing else, whatever is written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasets.sql.check import FUNCTIONS, TABLE_FUNCTIONS, check
from datasets.sql.errors import (
    SqlRefused,
    SqlStopped,
)
from datasets.sql.sandbox import SqlAnswer, SqlSandbox

Make = Callable[..., Any]
CANARY = "kenari-4711"
CASES = int(os.environ.get("FUZZ_CASES", "1000"))


@pytest.fixture
def sandbox(tmp_path: Path) -> SqlSandbox:
    return SqlSandbox(tmp_path / "sql", seconds=8, megabytes=128, rows=100)


def _ask(sandbox: SqlSandbox, villages: Any, sql: str, **options: Any) -> SqlAnswer:
    return sandbox.ask({"desa": villages.parquet}, sql, **options)


REACHES = """
import json, os, socket, subprocess, sys
from pathlib import Path
from datasets.sql.confine import confine
own, other, work = map(Path, sys.argv[1:])
layers = confine(readable=[own], writable=work, seconds=20, megabytes=1500, disk_megabytes=1)
tries = {
    "own": lambda: own.read_bytes(),
    "other": lambda: other.read_bytes(),
    "passwd": lambda: open("/etc/passwd").read(),
    "environ": lambda: open("/proc/self/environ").read(),
    "list": lambda: os.listdir(other.parent),
    "write": lambda: (work / "a").write_text("x"),
    "write elsewhere": lambda: (other.parent / "b").write_text("x"),
    "write own": lambda: own.open("ab"),
    "large": lambda: (work / "c").write_bytes(bytes(3 * 2**20)),
    "socket": lambda: socket.socket(),
    "unix": lambda: socket.socketpair(),
    "link": lambda: os.symlink(other, work / "d"),
    "run": lambda: subprocess.run(["/bin/true"]),
    "kill": lambda: os.kill(os.getppid(), 0),
    "memory": lambda: bytearray(3 * 2**30),
}
found = {}
for name, attempt in tries.items():
    try:
        attempt()
        found[name] = True
    except (OSError, MemoryError):
        found[name] = False
print(json.dumps([layers, found]))
"""


def test_the_confined_process_reaches_its_own_files_and_nothing_else(tmp_path: Path) -> None:
    own, other, work = tmp_path / "own", tmp_path / "other" / "secret", tmp_path / "work"
    work.mkdir()
    other.parent.mkdir()
    own.write_text("own")
    other.write_text(CANARY)
    environment = {"PYTHONPATH": str(Path(__file__).parents[3]), "PATH": os.defpath}
    done = subprocess.run(
        [sys.executable, "-c", REACHES, str(own), str(other), str(work)],
        capture_output=True,
        check=True,
        env=environment,
        timeout=60,
    )
    layers, found = json.loads(done.stdout)
    if set(layers) != {"limits", "landlock", "seccomp"}:
        pytest.skip(f"this kernel only has {layers}")
    assert {name for name, reached in found.items() if reached} == {"own", "write"}


def test_the_functions_allowed_are_functions_and_do_not_reach_out() -> None:
    with duckdb.connect() as connection:
        rows = connection.execute("SELECT DISTINCT function_name, function_type FROM duckdb_functions()").fetchall()
    kinds: dict[str, set[str]] = {}
    for name, kind in rows:
        kinds.setdefault(name, set()).add(kind)
    built_in = {"between", "coalesce", "if", "ifnull", "grouping", "grouping_id", "unnest", "row", "nullif"}
    built_in |= {"current_date", "count_star"}
    unknown = {name for name in FUNCTIONS - built_in if name not in kinds}
    assert unknown == set()
    telling = ("read_", "duckdb_", "pragma_", "pg_", "json_", "current_s", "current_q", "get", "set", "write_", "query")
    assert not [name for name in FUNCTIONS if name.startswith(telling)]
    assert {"range", "generate_series", "unnest"} == TABLE_FUNCTIONS


PIECES = """
SELECT FROM WHERE GROUP BY ORDER LIMIT WITH x AS ( ) , ; * desa kode tahun 1 'a' '/etc/passwd' UNION ALL JOIN ON
read_text('/etc/passwd') read_csv('/etc/passwd') glob('/**') query('SELECT1') duckdb_settings() getenv('HOME')
current_setting('temp_directory') information_schema.tables duckdb_secrets() sqlite_master main.desa abs(1)
COPY TO '/tmp/x' ATTACH SET PRAGMA EXPLAIN DESCRIBE VALUES LATERAL unnest([1]) range(3) CASE WHEN THEN END IN EXISTS
count(*) max(kode) OVER () RECURSIVE FILTER QUALIFY PIVOT USING UNPIVOT TABLE SUMMARIZE -- /* */ " ' $1 ? { } [ ]
lambda columns('k.*') NOT NULL AT (VERSION=>1) MATERIALIZED SAMPLE 10% EXCLUDE REPLACE
"""
WORDS = st.sampled_from(PIECES.split())
FUNCTION_ROWS = duckdb.connect().execute("SELECT DISTINCT function_name FROM duckdb_functions()").fetchall()
FUNCTION_NAMES = st.sampled_from(sorted(row[0] for row in FUNCTION_ROWS))
SQL = st.one_of(
    st.lists(WORDS, min_size=1, max_size=14).map(" ".join),
    st.lists(WORDS, max_size=12).map(lambda words: "SELECT * FROM " + " ".join(words)),
    st.builds(
        "SELECT {}({}) FROM desa".format,
        FUNCTION_NAMES,
        st.sampled_from(["", "kode", "'/etc/passwd'"]),
    ),
    st.builds("SELECT * FROM {}({})".format, FUNCTION_NAMES, st.sampled_from(["", "'/etc/passwd'", "'desa'"])),
    st.text(max_size=30),
)


@pytest.fixture(scope="module")
def judge() -> Any:
    connection = duckdb.connect()
    connection.execute("CREATE VIEW desa AS SELECT 'x' AS kode, 2020 AS tahun")
    yield connection
    connection.close()


@given(sql=SQL)
@settings(max_examples=CASES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_written_either_only_computes_or_is_refused(judge: Any, sql: str) -> None:
    try:
        allowed = check(judge, sql, ["desa"])
    except SqlRefused as refusal:
        assert refusal.status == 400
        return
    judge.execute("BEGIN")
    try:
        plan = judge.execute(f"EXPLAIN {allowed}").fetchall()
    except duckdb.Error:
        return
    finally:
        judge.execute("ROLLBACK")
    shown = " ".join(str(cell) for row in plan for cell in row).upper()
    assert not [
        word for word in ("READ_CSV", "READ_TEXT", "GLOB", "DUCKDB_", "PASSWD ", "INFORMATION_SCHEMA") if word in shown
    ]


@given(sql=SQL)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_question_brings_back_what_it_should_not(
    sandbox: SqlSandbox, villages: Any, tmp_path: Path, sql: str
) -> None:
    (tmp_path / "rahasia.txt").write_text(CANARY)
    sql = sql.replace("/etc/passwd", str(tmp_path / "rahasia.txt")).replace("/**", f"{tmp_path}/**")
    try:
        answer = _ask(sandbox, villages, sql)
    except (SqlRefused, SqlStopped):
        return
    said = json.dumps([answer.rows, [column.name for column in answer.columns]])
    assert CANARY not in said
    assert "root:" not in said
