"""What a source of kind sql cannot do: write, wait, overflow, tell its password, harm what is published."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from peers.sql_office import URL, Office, adapter, fault, filled, got, text
from pydantic import ValidationError
from sqlalchemy import make_url, select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Dataset
from datasets.models import Evidence as StoredEvidence
from harvesters.adapter import Missed
from harvesters.adapters.sql import SqlOptions
from harvesters.databases.session import DatabaseAddressMistaken, DatabaseUnreachable, reading
from harvesters.declared import SourceEntry
from harvesters.runs.reports import RunReport
from harvesters.runs.runner import harvest
from harvesters.secrets import SecretMissing
from harvesters.sources import add_source


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


def harvested(installation: Installation, table: str, **options: Any) -> RunReport:
    """The report of one harvest of one table."""
    entry = {
        "name": "dinsos",
        "kind": "sql",
        "location": "Basis data Dinsos",
        "organization": "Dinsos",
        "options": {"url": URL, "tables": [table], **options},
    }
    with installation.database.write() as session:
        add_source(session, SourceEntry.model_validate(entry), at=now())
    (report,) = harvest(installation, "dinsos")
    return report


def test_a_table_of_persons_is_held_and_not_a_byte_of_it_is_kept(
    office: Office, installation: Installation, home: Path
) -> None:
    persons = "".join(
        f"INSERT INTO warga VALUES ({n}, '35220145{n:02d}{n + 10:02d}0001', 'Rekaan Nomor {n}', 'Ngraho');"
        for n in range(10, 40)
    )
    office.run(
        "CREATE TABLE warga (id INTEGER PRIMARY KEY, nik VARCHAR(16), nama VARCHAR(50), desa VARCHAR(50));" + persons
    )
    (item,) = harvested(installation, "warga").items
    assert item.outcome.value == "held"
    with installation.database.read() as session:
        assert session.scalars(select(Dataset)).all() == []
    assert not any(b"Rekaan Nomor" in path.read_bytes() for path in home.rglob("*") if path.is_file())


def test_a_harvest_publishes_a_table_and_the_address_is_nowhere(
    office: Office, installation: Installation, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    filled(office)
    caplog.set_level(logging.DEBUG)

    def run() -> RunReport:
        return harvested(installation, "bantuan", watermarks={"bantuan": "id"})

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
