"""The BPS adapter as tests use it: quick, without waiting, and its one table as rows."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from peers.bps_peer import BpsPeer, Variable

from harvesters.adapter import Evidence, Missed
from harvesters.adapters.bps import BpsAdapter, BpsOptions
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.pace import Pace
from harvesters.wire.session import Limits

QUICK = Limits(connect=1.0, idle=1.0, total=5.0, body=5_000_000, attempts=3, first_wait=0.01)


def adapter(bps: BpsPeer, **options: Any) -> BpsAdapter:
    fetcher = Fetcher(internal=[bps.url], limits=QUICK, pace=Pace(10_000), wait=lambda _seconds: None)
    said = {"domain": bps.domain, "static_tables": False, "publications": False, **options}
    return BpsAdapter(bps.location, BpsOptions.model_validate(said), fetcher)


def population(number: int = 31, *, years: range = range(119, 125), **members: Any) -> Variable:
    values = {(v, 0, y, 0): v + y for v in (3522010, 3522020) for y in years}
    return Variable(**{"number": number, "title": "Jumlah Penduduk", "values": values} | members)


def got(one: BpsAdapter, into: Path) -> Evidence | Missed:
    (dataset,) = one.discover()
    (found,) = one.fetch(dataset, into)
    return found


def rows(one: BpsAdapter, into: Path) -> list[dict[str, str]]:
    found = got(one, into)
    assert isinstance(found, Evidence), found
    return list(csv.DictReader(io.StringIO(found.path.read_text())))


def fault(one: BpsAdapter, into: Path) -> str:
    (dataset,) = one.discover()
    if dataset.fault is not None:
        return dataset.fault.code
    (found,) = one.fetch(dataset, into)
    return found.notice.code if isinstance(found, Missed) else "none"
