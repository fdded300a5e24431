"""Databases of other offices, each a real one: SQLite, PostgreSQL and MariaDB, every value as it is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mariadb_server
import pytest
from peers.sql_office import Office, adapter, filled, got, only, text

from harvesters import adapter as contract
from harvesters.adapter import Evidence
from harvesters.adapters.sql import SqlAdapter
from harvesters.databases.rows import written
from metadata.reading.child import read_safely
from metadata.reading.reader import read


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


def test_three_decimals_in_every_row_do_not_make_a_figure_a_thousand_times_greater(
    office: Office, tmp_path: Path
) -> None:
    office.run(
        "CREATE TABLE luas (x VARCHAR(9), ha NUMERIC(12,3)); INSERT INTO luas VALUES ('a', 1.234), ('b', 2.345);"
    )
    found = got(adapter(tables=["luas"]), tmp_path)
    assert isinstance(found, Evidence)
    (table,) = read_safely(found.path, filename="luas.csv", into=tmp_path / "read", hints=found.file.hints).tables
    assert table.path.read_text() == "x,ha\na,1.234\nb,2.345\n"


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
