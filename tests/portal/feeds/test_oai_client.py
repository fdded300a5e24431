"""A harvester that others keep takes the whole catalogue over OAI-PMH, page by page."""

from __future__ import annotations

import pytest
from oaipmh_scythe import Scythe
from oaipmh_scythe.exceptions import CannotDisseminateFormat, NoRecordsMatch

from portal.feeds import oai_views


def test_scythe_takes_every_record_in_both_formats(live: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oai_views, "PAGE", 3)
    with Scythe(f"{live}/oai") as scythe:
        assert scythe.identify().protocolVersion == "2.0"
        assert {each.metadataPrefix for each in scythe.list_metadata_formats()} == {"oai_dc", "dcat"}
        assert {"theme:kesehatan", "organization:dinas-kesehatan"} <= {each.setSpec for each in scythe.list_sets()}
        for prefix in ("oai_dc", "dcat"):
            records = list(scythe.list_records(metadata_prefix=prefix))
            assert len({each.header.identifier for each in records}) == len(records) == 4
        narrowed = list(scythe.list_identifiers(metadata_prefix="oai_dc", set_="theme:kesehatan"))
        assert len(narrowed) == 2
        one = scythe.get_record(identifier=narrowed[0].identifier, metadata_prefix="oai_dc")
        assert one.header.identifier == narrowed[0].identifier
        with pytest.raises(NoRecordsMatch):
            next(scythe.list_records(metadata_prefix="oai_dc", from_="2199-01-01"))
        with pytest.raises(CannotDisseminateFormat):
            next(scythe.list_records(metadata_prefix="marc21"))
