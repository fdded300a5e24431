"""Databases of other offices: SQLite, PostgreSQL and MariaDB, each a real one, read and never changed."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mariadb_server
import pytest
from pydantic import ValidationError
from sqlalchemy import create_engine, make_url, select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Dataset
from datasets.models import Evidence as StoredEvidence
from harvesters import adapter as contract
from harvesters.adapter import Evidence, Missed, RemoteDataset
from harvesters.adapters.sql import SqlAdapter, SqlOptions
from harvesters.declared import SourceEntry
from harvesters.fetcher import Fetcher
from harvesters.reports import RunReport
from harvesters.runner import harvest
from harvesters.secrets import SecretMissing
from harvesters.session import Limits
from harvesters.sources import add_source
from harvesters.sql_rows import written
from harvesters.sql_session import DatabaseAddressMistaken, DatabaseUnreachable, reading
from metadata.reading.reader import read

URL = "${SOURCE_DINSOS_URL}"


@dataclass
class Office:
    """An office's database: its address, and a way to change what is in it."""

    url: str
    run: Callable[[str], None]
    engine: str


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres), "mariadb"])
def office(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    if request.param == "mariadb":
        server: mariadb_server.Server = request.getfixturevalue("mariadb")
        name = server.new_database()
        made = Office(server.url(name), lambda script: server.run(script, name), "mariadb")
    elif request.param == "sqlite":
        path = tmp_path / "kantor.sqlite"
        made = Office(f"sqlite:///{path}", lambda script: _sqlite(path, script), "sqlite")
    else:
        url = request.getfixturevalue("new_postgres")()
        made = Office(url, lambda script: _driver(url, script), "postgresql")
    monkeypatch.setenv("SOURCE_DINSOS_URL", made.url)
    return made


def _sqlite(path: Path, script: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.commit()
    connection.close()


def _driver(url: str, script: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execution_options(no_parameters=True).exec_driver_sql(script)
    engine.dispose()


def filled(office: Office) -> Office:
    """A table of aid with all that a table of an office has: codes, exact sums, days, texts with traps, gaps."""
    office.run(
        "CREATE TABLE bantuan (id INTEGER PRIMARY KEY, kode VARCHAR(20), nilai NUMERIC(20,2), tanggal DATE, "
        "keterangan VARCHAR(200), jumlah INTEGER);"
        "INSERT INTO bantuan VALUES (2, '0071', 12345678901234.56, '2024-02-29', 'baris\nkedua, \"kutip\"', 7);"
        "INSERT INTO bantuan VALUES (1, '0045', 0.10, '2023-12-31', '', 0);"
        "INSERT INTO bantuan VALUES (3, '0099', NULL, NULL, NULL, NULL);"
        "CREATE VIEW ringkas AS SELECT kode, jumlah FROM bantuan WHERE jumlah IS NOT NULL;"
    )
    return office


def adapter(**options: Any) -> SqlAdapter:
    body = options.pop("body", 5_000_000)
    said = {"url": URL, **options}
    return SqlAdapter("Basis data Dinsos", SqlOptions.model_validate(said), Fetcher(limits=Limits(body=body)))


def only(one: SqlAdapter) -> RemoteDataset:
    (dataset,) = one.discover()
    return dataset


def got(one: SqlAdapter, into: Path) -> Evidence | Missed:
    (found,) = one.fetch(only(one), into)
    return found


def text(one: SqlAdapter, into: Path) -> str:
    found = got(one, into)
    assert isinstance(found, Evidence), found.notice.say("en")
    return found.path.read_text()


def fault(one: SqlAdapter, into: Path) -> str:
    dataset = only(one)
    if dataset.fault is not None:
        return dataset.fault.code
    (found,) = one.fetch(dataset, into)
    return found.notice.code if isinstance(found, Missed) else "none"


def test_the_entry_point_finds_this_adapter() -> None:
    assert contract.adapter_class("sql") is SqlAdapter


def test_a_table_is_read_by_its_key_with_figures_exact_and_nothing_told_from_empty(
    office: Office, tmp_path: Path
) -> None:
    filled(office)
    nilai = "12345678901234.56" if office.engine != "sqlite" else "12345678901234.6"
    low = "0.10" if office.engine != "sqlite" else "0.1"
    found = text(adapter(tables=["bantuan"]), tmp_path)
    if office.engine == "sqlite":  # which keeps such sums as binary fractions
        found = found.replace("12345678901234.56", nilai)
    assert found == (
        "id,kode,nilai,tanggal,keterangan,jumlah\n"
        f'1,0045,{low},2023-12-31,"",0\n'
        f'2,0071,{nilai},2024-02-29,"baris\nkedua, ""kutip""",7\n'
        "3,0099,,,,\n"
    )


def test_types_are_those_of_the_database_and_codes_stay_codes(office: Office, tmp_path: Path) -> None:
    filled(office)
    found = got(adapter(tables=["bantuan"]), tmp_path)
    assert isinstance(found, Evidence)
    into = tmp_path / "read"
    into.mkdir()
    (table,) = read(found.path, filename=found.file.filename, into=into, hints=found.file.hints).tables
    types = {column.name: column.type for column in table.columns}
    assert (types["id"], types["kode"], types["nilai"], types["tanggal"]) == ("integer", "string", "number", "date")
    assert "0045" in table.path.read_text()


def test_views_and_questions_of_ones_own_are_read_too(office: Office, tmp_path: Path) -> None:
    filled(office)
    assert text(adapter(tables=["ringkas"]), tmp_path) == "kode,jumlah\n0045,0\n0071,7\n"
    query = {
        "name": "per-tahun",
        "title": "Bantuan per Tahun",
        "sql": "SELECT 'a:b 100%' AS tanda, COUNT(*) AS banyak FROM bantuan WHERE kode LIKE '00%';",
    }
    one = adapter(queries=[query])
    assert only(one).title == "Bantuan per Tahun"
    assert text(one, tmp_path) == "tanda,banyak\na:b 100%,3\n"


def test_without_a_key_the_same_rows_are_the_same_bytes(office: Office, tmp_path: Path) -> None:
    office.run(
        "CREATE TABLE a (x INTEGER, y VARCHAR(9)); INSERT INTO a VALUES (2, 'b'); INSERT INTO a VALUES (1, 'z');"
    )
    assert text(adapter(tables=["a"]), tmp_path) == "x,y\n1,z\n2,b\n"


def test_a_state_is_told_by_the_watermark_and_changes_with_it(office: Office) -> None:
    filled(office)
    one = adapter(tables=["bantuan"], watermarks={"bantuan": "id"})
    before = only(one).fingerprint
    assert before == only(one).fingerprint
    office.run("INSERT INTO bantuan (id, kode) VALUES (9, '1');")
    after = only(one).fingerprint
    office.run("DELETE FROM bantuan WHERE id = 1;")
    assert len({before, after, only(one).fingerprint, None}) == 4
    assert only(adapter(tables=["bantuan"])).fingerprint is None


def test_a_question_tells_its_state_by_a_question(office: Office) -> None:
    filled(office)
    query = {"name": "a", "title": "A", "sql": "SELECT kode FROM bantuan", "mark": "SELECT MAX(id) FROM bantuan"}
    before = only(adapter(queries=[query])).fingerprint
    office.run("INSERT INTO bantuan (id, kode) VALUES (9, '1');")
    assert len({None, before, only(adapter(queries=[query])).fingerprint}) == 3


def test_the_connection_cannot_write_whatever_it_is_told(office: Office) -> None:
    filled(office)
    for statement in ("DELETE FROM bantuan", "DROP TABLE bantuan", "CREATE TABLE b (x INTEGER)"):
        with reading(URL, seconds=5) as connection, pytest.raises(Exception, match=r"(?i)read.?only"):
            connection.exec_driver_sql(statement)
    with reading(URL, seconds=5) as connection:
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM bantuan").scalar() == 3


@pytest.mark.parametrize(
    "question",
    [
        "DELETE FROM a",
        "SELECT 1; DROP TABLE a",
        "SELECT * FROM a INTO OUTFILE '/tmp/a'",
        "SELECT /*! SLEEP(9) */ 1",
        "SELECT * FROM a FOR UPDATE",
        "",
    ],
)
def test_a_slip_in_a_question_is_told_when_it_is_made(question: str) -> None:
    with pytest.raises(ValidationError):
        SqlOptions(url=URL, queries=[{"name": "a", "title": "A", "sql": question}])  # type: ignore[list-item]


def test_nothing_is_taken_that_is_not_named() -> None:
    with pytest.raises(ValidationError, match="tables"):
        SqlOptions(url=URL)


def test_names_are_quoted_not_believed(office: Office, tmp_path: Path) -> None:
    filled(office)
    assert fault(adapter(tables=["bantuan; DROP TABLE bantuan"]), tmp_path) == "sql.no_such_table"
    assert fault(adapter(tables=["bantuan"], watermarks={"bantuan": "id) FROM bantuan --"}), tmp_path) == (
        "sql.no_such_column"
    )
    office.run('CREATE TABLE "order by" ("select" INTEGER);'.replace('"', "`" if office.engine == "mariadb" else '"'))
    assert text(adapter(tables=["order by"]), tmp_path) == "select\n"


def test_one_table_in_trouble_does_not_stop_the_others(office: Office) -> None:
    filled(office)
    wrong = {"name": "salah", "title": "Salah", "sql": "SELECT x FROM y", "mark": "SELECT tak_ada FROM bantuan"}
    one = adapter(tables=["tak_ada", "bantuan"], queries=[wrong, wrong | {"name": "salah-2"}])
    found = {dataset.key: dataset.fault.code if dataset.fault else None for dataset in one.discover()}
    assert found == {
        "tabel/tak_ada": "sql.no_such_table",
        "tabel/bantuan": None,
        "kueri/salah": "sql.query_failed",
        "kueri/salah-2": "sql.query_failed",
    }


def test_a_wrong_question_is_told_in_the_words_of_the_database(office: Office, tmp_path: Path) -> None:
    filled(office)
    found = got(adapter(queries=[{"name": "a", "title": "A", "sql": "SELECT tak_ada FROM bantuan"}]), tmp_path)
    assert isinstance(found, Missed)
    assert "tak_ada" in found.notice.say("id")
    assert list(tmp_path.glob("*.csv")) == []


def test_a_question_that_takes_too_long_is_ended(office: Office, tmp_path: Path) -> None:
    slow = {
        "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT COUNT(*) FROM n",
        "postgresql": "SELECT pg_sleep(30)",
        "mariadb": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 900) "
        "SELECT COUNT(*) FROM n p, n q, n r, n s WHERE p.x + q.x + r.x + s.x = 7",
    }[office.engine]
    office.run("CREATE TABLE a (x INTEGER);")
    one = adapter(queries=[{"name": "a", "title": "A", "sql": slow}], seconds=1)
    assert fault(one, tmp_path) == "sql.query_failed"
    assert list(tmp_path.glob("*.csv")) == []


def test_more_rows_or_bytes_than_allowed_are_none(office: Office, tmp_path: Path) -> None:
    filled(office)
    assert fault(adapter(tables=["bantuan"], rows=2), tmp_path) == "sql.too_many_rows"
    assert fault(adapter(tables=["bantuan"], body=60), tmp_path) == "fetch.too_large"
    assert list(tmp_path.glob("*.csv")) == []
    assert fault(adapter(tables=["bantuan"], rows=3), tmp_path) == "none"


def test_rows_are_read_as_they_come(office: Office, tmp_path: Path) -> None:
    if office.engine == "mariadb":
        pytest.skip("MariaDB makes the whole of a recursive question before it gives a row")
    office.run("CREATE TABLE a (x INTEGER);")
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"
    one = adapter(queries=[{"name": "a", "title": "A", "sql": endless}], rows=5_000, seconds=60)
    assert fault(one, tmp_path) == "sql.too_many_rows"


def test_words_of_the_tables_and_columns_become_the_description(office: Office) -> None:
    if office.engine == "sqlite":
        pytest.skip("SQLite keeps no comments")
    filled(office)
    if office.engine == "mariadb":
        office.run(
            "ALTER TABLE bantuan COMMENT 'Bantuan sosial';ALTER TABLE bantuan MODIFY jumlah INTEGER COMMENT 'Penerima';"
        )
    else:
        office.run("COMMENT ON TABLE bantuan IS 'Bantuan sosial'; COMMENT ON COLUMN bantuan.jumlah IS 'Penerima'")
    about = only(adapter(tables=["bantuan"])).about
    assert about.description == "Bantuan sosial"
    assert about.columns["jumlah"].description == "Penerima"


def test_the_habits_of_mysql_become_plain_values(
    mariadb: mariadb_server.Server, tmp_path: Path, monkeypatch: Any
) -> None:
    name = mariadb.new_database()
    monkeypatch.setenv("SOURCE_DINSOS_URL", mariadb.url(name))
    mariadb.run(
        "SET SESSION sql_mode = '';"
        "CREATE TABLE a (id INT PRIMARY KEY, hari DATE, saat DATETIME, ya TINYINT(1), pilihan ENUM('L','P'), "
        "isi BLOB, gambar BLOB, jam TIME, besar BIGINT UNSIGNED, mata VARCHAR(20) CHARACTER SET latin1);"
        "INSERT INTO a VALUES (1, '0000-00-00', '2024-01-02 03:04:05', 1, 'L', 'teks', 0xFF00, '08:30:00', "
        "18446744073709551615, 'café');"
        "INSERT INTO a VALUES (2, '2024-01-01', '0000-00-00 00:00:00', 0, '', NULL, '', '-01:00:00', 0, '😀');",
        name,
    )
    assert text(adapter(tables=["a"]), tmp_path) == (
        "id,hari,saat,ya,pilihan,isi,gambar,jam,besar,mata\n"
        "1,,2024-01-02T03:04:05,1,L,teks,,8:30:00,18446744073709551615,café\n"
        '2,2024-01-01,,0,"",,"","-1 day, 23:00:00",0,?\n'
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (float("nan"), ""),
        (float("inf"), ""),
        (1e-7, "0.0000001"),
        (True, "true"),
        ({"a": 1}, '"{""a"": 1}"'),
        (b"\xff", ""),
        ("a\0b", "ab"),
        (" a", '" a"'),
    ],
)
def test_every_value_has_one_form(value: Any, text: str) -> None:
    assert written(value)[1] == text


@pytest.mark.parametrize(
    "address",
    ["bukan alamat", "oracle+tak_ada://a:rahasia123@h/d", "mysql://a:rahasia123@[::1/d", "sqlite:////tak/ada.sqlite"],
)
def test_an_address_that_cannot_be_used_is_told_and_never_shown(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("SOURCE_DINSOS_URL", address)
    with pytest.raises((DatabaseAddressMistaken, DatabaseUnreachable)) as caught:
        list(adapter(tables=["a"]).discover())
    assert "SOURCE_DINSOS_URL" in caught.value.say("en")
    assert "rahasia123" not in caught.value.say("en") + repr(caught.value.__cause__)
    monkeypatch.delenv("SOURCE_DINSOS_URL")
    with pytest.raises(SecretMissing):
        list(adapter(tables=["a"]).discover())


def test_an_account_that_is_not_let_in_is_told_without_its_password(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    if office.engine == "sqlite":
        pytest.skip("SQLite has no accounts")
    wrong = make_url(office.url).set(password="sandisalah123")
    monkeypatch.setenv("SOURCE_DINSOS_URL", wrong.render_as_string(hide_password=False))
    with pytest.raises(DatabaseUnreachable) as caught:
        list(adapter(tables=["a"]).discover())
    assert "sandisalah123" not in caught.value.say("id") + repr(caught.value.__cause__)


def test_a_harvest_publishes_a_table_and_the_address_is_nowhere(
    office: Office, installation: Installation, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    filled(office)
    caplog.set_level(logging.DEBUG)

    def run() -> RunReport:
        options = {"url": URL, "tables": ["bantuan"], "watermarks": {"bantuan": "id"}}
        entry = {
            "name": "dinsos",
            "kind": "sql",
            "location": "Basis data Dinsos",
            "organization": "Dinsos",
            "options": options,
        }
        with installation.database.write() as session:
            add_source(session, SourceEntry.model_validate(entry), at=now())
        (report,) = harvest(installation, "dinsos")
        return report

    assert [item.outcome.value for item in run().items] == ["published"]
    with installation.database.read() as session:
        dataset = session.scalars(select(Dataset)).one()
        evidence = session.scalars(select(StoredEvidence)).one()
    assert (dataset.remote_key, evidence.url) == ("tabel/bantuan", "Basis data Dinsos#tabel/bantuan")
    assert [item.outcome.value for item in run().items] == ["unchanged"]
    office.run("INSERT INTO bantuan VALUES (4, '0100', 5, '2024-03-01', 'x', 1);")
    assert [item.outcome.value for item in run().items] == ["published"]
    if office.engine != "sqlite":
        secret = str(make_url(office.url).password)
        assert secret not in caplog.text
        assert all(secret.encode() not in path.read_bytes() for path in home.rglob("*") if path.is_file())
