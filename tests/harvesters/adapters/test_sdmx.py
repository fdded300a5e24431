"""SDMX services: dataflows as tables with codes beside their words, against one that keeps the standard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from peers.sdmx_peer import SdmxPeer
from pydantic import ValidationError
from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Dataset, Version
from harvesters import adapter as contract
from harvesters.adapter import Evidence, FetchFailed, Missed
from harvesters.adapters.sdmx import SdmxAdapter, SdmxOptions
from harvesters.declared import SourceEntry
from harvesters.runs.runner import harvest
from harvesters.sources import add_source
from harvesters.wire.answers import AnswerUnreadable
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.pace import Pace
from harvesters.wire.session import Limits

QUICK = Limits(connect=1.0, idle=1.0, total=5.0, body=200_000, attempts=2, first_wait=0.01)
ROWS = [["3522", "2022", "69.59", "A"], ["3522", "2023", "70.85", "A"], ["3523", "2023", "NaN", "M"]]


@pytest.fixture
def sdmx() -> Iterator[SdmxPeer]:
    with SdmxPeer() as peer:
        peer.add("DF_IPM", "Indeks Pembangunan Manusia", ROWS)
        yield peer


def adapter(sdmx: SdmxPeer, **options: Any) -> SdmxAdapter:
    fetcher = Fetcher(internal=[sdmx.url], limits=QUICK, pace=Pace(1000), wait=lambda _seconds: None)
    return SdmxAdapter(sdmx.location, SdmxOptions.model_validate(options), fetcher)


def table(sdmx: SdmxPeer, into: Path, **options: Any) -> str:
    """The one table, or the code of what went wrong."""
    one = adapter(sdmx, **options)
    (dataset,) = one.discover()
    if dataset.fault is not None:
        return dataset.fault.code
    (found,) = one.fetch(dataset, into)
    if isinstance(found, Missed):
        assert list(into.iterdir()) == []
        return found.notice.code
    assert [path.name for path in into.iterdir()] == [found.path.name]
    return found.path.read_text()


def test_the_entry_point_finds_this_adapter() -> None:
    assert contract.adapter_class("sdmx") is SdmxAdapter


def test_figures_come_with_the_words_of_their_codes(sdmx: SdmxPeer, tmp_path: Path) -> None:
    assert table(sdmx, tmp_path) == (
        "REF_AREA,REF_AREA_LABEL,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n"
        "3522,Bojonegoro,2022,69.59,A\n"
        "3522,Bojonegoro,2023,70.85,A\n"
        "3523,Tuban,2023,,M\n"
    )


def test_a_dataflow_is_known_by_agency_and_id_and_described(sdmx: SdmxPeer) -> None:
    (dataset,) = adapter(sdmx).discover()
    assert (dataset.key, dataset.title) == ("BPS:DF_IPM", "Indeks Pembangunan Manusia")
    assert dataset.about.description == "Keterangan Indeks Pembangunan Manusia"
    assert dataset.about.columns["OBS_VALUE"].title == "Nilai"
    assert dataset.about.columns["REF_AREA_LABEL"].title == "Wilayah"


def test_dataflows_may_be_named_and_narrowed(sdmx: SdmxPeer, tmp_path: Path) -> None:
    sdmx.add("DF_LAIN", "Lain", ROWS)
    text = table(sdmx, tmp_path, dataflows=["BPS,DF_IPM,1.0"], start="2023", key="3522+3523")
    assert text.count("\n") == 3
    assert sdmx.seen[-1].path == "/rest/data/BPS,DF_IPM,1.0/3522+3523"
    assert {one.key for one in adapter(sdmx).discover()} == {"BPS:DF_IPM", "BPS:DF_LAIN"}


def test_without_words_nothing_but_the_figures_is_asked_for(sdmx: SdmxPeer, tmp_path: Path) -> None:
    text = table(sdmx, tmp_path, dataflows=["BPS,DF_IPM"], labels=False)
    assert text.startswith("REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n")
    assert len(sdmx.seen) == 1


def test_a_code_without_words_is_kept(sdmx: SdmxPeer, tmp_path: Path) -> None:
    sdmx.areas = {"3523": "Tuban"}
    assert "3522,,2022,69.59,A" in table(sdmx, tmp_path)


@pytest.mark.parametrize(
    "body",
    [b"<html>masuk</html>", b"{}", b"null", b'{"meta": 5}', b"\xff\xfe", b"", b'{"meta":{},"data":{"dataflows":[{}]}}'],
)
def test_a_listing_of_another_form_is_no_empty_listing(sdmx: SdmxPeer, body: bytes) -> None:
    sdmx.bodies["dataflow/all/all/latest"] = body
    with pytest.raises((AnswerUnreadable, FetchFailed)):
        list(adapter(sdmx).discover())


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"a,b\n1,2\n", "source.answer_unreadable"),
        (b'{"data": {}}', "source.answer_unreadable"),
        (b"", "source.answer_unreadable"),
        (b"<html>masuk</html>", "fetch.page_instead_of_data"),
        (b"DATAFLOW,REF_AREA,TIME_PERIOD,OBS_VALUE\nx,3522\n", "source.answer_unreadable"),
        (b"DATAFLOW,REF_AREA,TIME_PERIOD,OBS_VALUE\n" + b"x,3522,2023,1\n" * 20_000, "fetch.too_large"),
    ],
)
def test_figures_of_another_form_are_missed_and_nothing_is_left(
    sdmx: SdmxPeer, tmp_path: Path, body: bytes, code: str
) -> None:
    sdmx.bodies["data/BPS,DF_IPM,1.0/all"] = body
    assert table(sdmx, tmp_path) == code


def test_one_dataflow_without_a_structure_does_not_stop_the_others(sdmx: SdmxPeer) -> None:
    sdmx.add("DF_LAIN", "Lain", ROWS)
    sdmx.bodies["dataflow/BPS/DF_IPM/1.0"] = b"{}"
    found = {one.key: one.fault.code if one.fault else None for one in adapter(sdmx).discover()}
    assert found == {"BPS:DF_IPM": "source.answer_unreadable", "BPS:DF_LAIN": None}


@pytest.mark.parametrize("options", [{"dataflows": ["../x,y"]}, {"key": "a/b"}, {"start": "x"}, {"agency": "a/b"}])
def test_options_cannot_lead_to_another_path(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SdmxOptions.model_validate(options)


def test_a_harvest_publishes_a_dataflow(installation: Installation, sdmx: SdmxPeer) -> None:
    entry = {
        "name": "sdmx",
        "kind": "sdmx",
        "location": sdmx.location,
        "organization": "BPS",
        "options": {"internal": True, "requests_per_second": 100},
    }
    with installation.database.write() as session:
        add_source(session, SourceEntry.model_validate(entry), at=now())
    (report,) = harvest(installation, "sdmx")
    assert [item.outcome.value for item in report.items] == ["published"]
    with installation.database.read() as session:
        dataset = session.scalars(select(Dataset)).one()
        version = session.scalars(select(Version)).one()
    assert (dataset.title, dataset.year_from, dataset.year_to) == ("Indeks Pembangunan Manusia", 2022, 2023)
    fields = {one["name"]: (one["type"], one["title"]) for one in version.package["resources"][0]["schema"]["fields"]}
    assert fields["ref_area"] == ("string", "Kode Wilayah")
    assert fields["obs_value"] == ("number", "Nilai")
    (again,) = harvest(installation, "sdmx")
    assert [item.outcome.value for item in again.items] == ["unchanged"]


def test_evidence_names_the_address_of_the_figures(sdmx: SdmxPeer, tmp_path: Path) -> None:
    one = adapter(sdmx)
    (found,) = one.fetch(next(one.discover()), tmp_path)
    assert isinstance(found, Evidence)
    assert found.url == f"{sdmx.location}/data/BPS,DF_IPM,1.0/all"
