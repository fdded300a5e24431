"""Tables that grow: only the rows after the watermark are read, and all of them when the kept ones do not add up."""

from __future__ import annotations

from pathlib import Path

import pytest
from peers.sql_office import URL, Office
from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Resource
from harvesters.adapter import Evidence
from harvesters.adapters import sql
from harvesters.adapters.sql import SqlAdapter, SqlOptions
from harvesters.declared import SourceEntry
from harvesters.runs.runner import harvest
from harvesters.sources import add_source
from harvesters.wire.fetcher import Fetcher, Kept

FIRST = (
    "CREATE TABLE log (id INTEGER PRIMARY KEY, ha NUMERIC(9,3), diubah TIMESTAMP NULL);"
    "INSERT INTO log VALUES (1, 1.5, '2024-01-01 08:00:00'), (2, NULL, '2024-01-02 08:00:00');"
)
NEW = "INSERT INTO log VALUES (3, 2.125, '2024-01-03 08:00:00');"


class Reader:
    """Reads the table again and again; what was read before is marked, so that one sees whether it was used."""

    def __init__(self, into: Path) -> None:
        self.into, self.kept = into, {}

    def read(self) -> tuple[list[str], bool]:
        options = SqlOptions.model_validate({"url": URL, "tables": ["log"], "watermarks": {"log": "diubah"}})
        one = SqlAdapter("Basis data", options, Fetcher(memory=self.kept.get))
        (dataset,) = one.discover()
        self.into = self.into / "x"
        self.into.mkdir()
        (found,) = one.fetch(dataset, self.into)
        assert isinstance(found, Evidence)
        lines = found.path.read_text().splitlines()
        assert found.file.hints.types.get("ha") in ("number", None)
        marked = self.into / "kept"
        marked.write_bytes(found.path.read_bytes().replace(b"1.5", b"9.9"))
        self.kept = {found.url: Kept(marked, found.sha256, found.size, found.headers)}
        used = any("9.9" in line for line in lines)
        return [line.partition(",")[0] for line in lines], used


@pytest.fixture
def reader(office: Office, tmp_path: Path) -> Reader:
    office.run(FIRST)
    made = Reader(tmp_path)
    assert made.read() == (["id", "1", "2"], False)
    return made


def test_of_a_table_that_has_grown_the_new_rows_alone_are_read(office: Office, reader: Reader) -> None:
    office.run(NEW)
    assert reader.read() == (["id", "1", "2", "3"], True)
    office.run(NEW.replace("(3,", "(4,").replace("01-03", "01-04"))
    assert reader.read() == (["id", "1", "2", "3", "4"], True)


@pytest.mark.parametrize(
    ("change", "rows"),
    [
        ("DELETE FROM log WHERE id = 1;", ["2", "3"]),
        ("UPDATE log SET diubah = '2024-01-09 08:00:00' WHERE id = 1;", ["2", "3", "1"]),
        ("INSERT INTO log VALUES (9, 1, '2024-01-02 08:00:00');", ["1", "2", "9", "3"]),
        ("INSERT INTO log VALUES (9, 1, '2023-12-31 08:00:00');", ["9", "1", "2", "3"]),
        ("ALTER TABLE log ADD catatan VARCHAR(9);", ["1", "2", "3"]),
    ],
)
def test_when_older_rows_changed_all_are_read_again(
    office: Office, reader: Reader, change: str, rows: list[str]
) -> None:
    office.run(NEW)
    office.run(change)
    assert reader.read() == (["id", *rows], False)


def test_a_row_without_a_watermark_and_a_new_month_make_it_read_whole(
    office: Office, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.run("INSERT INTO log VALUES (5, 1, NULL);")
    found, used = reader.read()
    assert (sorted(found), used) == (["1", "2", "5", "id"], False)
    assert reader.read()[1] is False
    office.run("DELETE FROM log WHERE id = 5;")
    assert reader.read() == (["id", "1", "2"], False)
    office.run(NEW)
    moment = now()
    other = moment.replace(year=moment.year + 1)
    monkeypatch.setattr(sql, "now", lambda: other)
    assert reader.read() == (["id", "1", "2", "3"], False)


def test_a_harvest_publishes_the_old_and_the_new_rows_as_one_table(office: Office, installation: Installation) -> None:
    office.run(FIRST)
    said = {"url": URL, "tables": ["log"], "watermarks": {"log": "diubah"}}
    entry = {"name": "log", "kind": "sql", "location": "Basis data", "organization": "Dinas", "options": said}
    with installation.database.write() as session:
        add_source(session, SourceEntry.model_validate(entry), at=now())
    assert [item.outcome.value for item in harvest(installation, "log")[0].items] == ["published"]
    office.run(NEW)
    assert [item.outcome.value for item in harvest(installation, "log")[0].items] == ["published"]
    with installation.database.read() as session:
        last = session.scalars(select(Resource).order_by(Resource.id.desc())).first()
    assert last is not None
    rows = installation.blobs.path(str(last.csv_sha256)).read_text().splitlines()
    assert [row.split(",")[:2] for row in rows] == [
        ["id", "ha"],
        *[["1", rows[1].split(",")[1]], ["2", ""], ["3", "2.125"]],
    ]
    assert float(rows[1].split(",")[1]) == 1.5
