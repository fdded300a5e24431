"""An office's database on any engine, and the adapter that reads it, as tests use them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

from harvesters.adapter import Evidence, Missed, RemoteDataset
from harvesters.adapters.sql import SqlAdapter, SqlOptions
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.session import Limits

URL = "${SOURCE_DINSOS_URL}"


@dataclass
class Office:
    """An office's database: its address, and a way to change what is in it."""

    url: str
    run: Callable[[str], None]
    engine: str


def run_by_sqlite(path: Path, script: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.commit()
    connection.close()


def run_by_driver(url: str, script: str) -> None:
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
