"""The whole folder of real files harvested: none crashes it, persons are held, answers that are errors are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Dataset, Resource, ResourceKind, SearchOutbox
from harvesters.declared import SourceEntry
from harvesters.runs.runner import harvest
from harvesters.sources import add_source

HELD = {
    "apbd_sipd/rak_belanja_diskominfo_2026.xlsx",  # a hidden sheet
    "opensid/contoh_penduduk_disamarkan.csv",
    "opensid/format_import_ddk_disamarkan.csv",
    "opensid/format_regsosek2022k_kepala_kolom.xlsx",
}
ANSWERS_THAT_ARE_ERRORS = {
    "bps_webapi/rec_data_list_not_available.json",
    "bps_webapi/rec_error_bad_key.json",
    "bps_webapi/rec_error_data_missing_th.json",
    "bps_webapi/rec_error_data_too_many_th.json",
    "bps_webapi/rec_error_waf_block_403.html",
}


@pytest.fixture
def filled(installation: Installation, shared_data: Path) -> Installation:
    entry = {
        "name": "data",
        "kind": "files",
        "location": str(shared_data),
        "organization": "Uji",
        "options": {"exclude": ["readme*", "*.bin"]},
    }
    with installation.database.write() as session:
        add_source(session, SourceEntry.model_validate(entry), at=now())
    return installation


def test_every_real_file_comes_to_its_end(filled: Installation, shared_data: Path) -> None:
    (report,) = harvest(filled, "data")
    outcomes = {item.key: item.outcome.value for item in report.items}
    files = [path for path in shared_data.rglob("*") if path.is_file() and path.suffix not in (".md", ".bin")]
    assert len(outcomes) == len(files)
    assert {key for key, outcome in outcomes.items() if outcome == "held"} == HELD
    assert {key for key, outcome in outcomes.items() if outcome == "failed"} == ANSWERS_THAT_ARE_ERRORS
    assert report.counts["published"] == len(files) - len(HELD) - len(ANSWERS_THAT_ARE_ERRORS)
    for item in report.items:
        assert not any(message.say("id") == message.code for message in item.messages), item
        assert "harvest.unexpected" not in {message.code for message in item.messages}
        assert all(message.say("id") and message.say("en") for message in item.messages)

    with filled.database.read() as session:
        published = session.scalar(select(func.count()).select_from(Dataset))
        tables = session.scalar(select(func.count()).where(Resource.kind == ResourceKind.TABLE))
        maps = session.scalars(select(Resource.raw_filename).where(Resource.kind == ResourceKind.MAP)).all()
        assert session.scalar(select(func.count()).select_from(SearchOutbox)) == 0
    assert published == report.counts["published"]
    assert set(maps) >= {"bojonegoro_kecamatan.geojson", "ruas_jalan_2022.kml"}
    assert tables is not None
    assert tables > len(files) / 2
    assert filled.search.state().documents == published

    (again,) = harvest(filled, "data")
    assert again.counts["published"] == 0
    assert again.counts["unchanged"] == published
    assert {item.key for item in again.items if item.outcome.value == "held"} == HELD
