"""The catalogue for harvesters of OAI-PMH 2.0."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from build import AT
from flask.testing import FlaskClient
from rdflib import DCAT, RDF, Graph, URIRef

from datasets.installation import Installation
from datasets.models import Dataset
from datasets.withdraw import withdraw
from portal.feeds import oai_views

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"


def ask(public: FlaskClient, **arguments: str) -> ElementTree.Element:
    response = public.get("/oai", query_string=arguments)
    assert response.status_code == 200
    assert response.mimetype == "text/xml"
    return ElementTree.fromstring(response.get_data())


def identifiers(found: ElementTree.Element) -> list[str]:
    return [str(each.text) for each in found.iter(f"{OAI}identifier")]


def code(found: ElementTree.Element) -> str | None:
    error = found.find(f"{OAI}error")
    return None if error is None else error.get("code")


def test_the_repository_says_who_it_is(public: FlaskClient) -> None:
    found = ask(public, verb="Identify").find(f"{OAI}Identify")
    assert found is not None
    said = {each.tag.removeprefix(OAI): each.text for each in found}
    assert said["protocolVersion"] == "2.0"
    assert said["baseURL"] == "http://localhost/oai"
    assert said["granularity"] == "YYYY-MM-DDThh:mm:ssZ"
    assert said["deletedRecord"] == "persistent"
    assert said["earliestDatestamp"] == AT.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_records_carry_dublin_core(public: FlaskClient) -> None:
    found = ask(public, verb="ListRecords", metadataPrefix="oai_dc")
    records = list(found.iter(f"{OAI}record"))
    assert len(records) == 4
    first = records[0]
    assert [each.text for each in first.iter(f"{DC}title")] == ["Jumlah puskesmas menurut kecamatan"]
    assert [each.text for each in first.iter(f"{DC}creator")] == ["Dinas Kesehatan"]
    assert [each.text for each in first.iter(f"{DC}type")] == ["Dataset"]
    assert "2019/2024" in [each.text for each in first.iter(f"{DC}coverage")]
    assert {each.text for each in first.iter(f"{OAI}setSpec")} == {"organization:dinas-kesehatan", "theme:kesehatan"}
    address = "http://localhost/dataset/jumlah-puskesmas-menurut-kecamatan"
    assert address in [each.text for each in first.iter(f"{DC}identifier")]


def test_records_carry_the_whole_of_dcat(public: FlaskClient) -> None:
    offered = ask(public, verb="ListMetadataFormats")
    assert [each.text for each in offered.iter(f"{OAI}metadataPrefix")] == ["oai_dc", "dcat"]
    found = ask(public, verb="ListRecords", metadataPrefix="dcat")
    graph = Graph()
    for metadata in found.iter(f"{OAI}metadata"):
        graph.parse(data=ElementTree.tostring(metadata[0]), format="xml")
    datasets = set(graph.subjects(RDF.type, DCAT.Dataset))
    assert URIRef("http://localhost/dataset/kasus-demam-berdarah") in datasets
    assert len({each for each in datasets if "/v/" not in str(each)}) == 4
    assert set(graph.subjects(RDF.type, DCAT.Distribution))


def test_one_record_is_got_by_its_identifier(public: FlaskClient) -> None:
    listed = identifiers(ask(public, verb="ListIdentifiers", metadataPrefix="oai_dc"))
    assert len(listed) == len(set(listed)) == 4
    for identifier in listed:
        found = ask(public, verb="GetRecord", identifier=identifier, metadataPrefix="oai_dc")
        assert identifiers(found) == [identifier]
    assert code(ask(public, verb="ListMetadataFormats", identifier=listed[0])) is None
    assert code(ask(public, verb="ListSets")) is None


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
def test_a_long_list_goes_on_by_its_token(public: FlaskClient, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    monkeypatch.setattr(oai_views, "PAGE", 3)
    first = ask(public, verb=verb, metadataPrefix="oai_dc")
    token = next(first.iter(f"{OAI}resumptionToken"))
    assert (token.get("completeListSize"), token.get("cursor")) == ("4", "0")
    second = ask(public, verb=verb, resumptionToken=str(token.text))
    last = next(second.iter(f"{OAI}resumptionToken"))
    assert (last.text, last.get("cursor")) == (None, "3")
    seen = identifiers(first) + identifiers(second)
    assert len(seen) == len(set(seen)) == 4


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"set": "theme:kesehatan"}, 2),
        ({"set": "organization:dinas-pendidikan"}, 2),
        ({"set": "theme"}, 4),
        ({"from": "2025-03-16"}, 2),
        ({"until": "2025-03-15"}, 2),
        ({"from": "2025-03-15", "until": "2025-03-15"}, 1),
        ({"from": "2025-03-15T09:30:00Z", "until": "2025-03-15T09:30:00Z"}, 1),
        ({"from": "2025-03-15T09:30:01Z"}, 2),
    ],
)
def test_lists_are_narrowed_by_set_and_day(public: FlaskClient, asked: dict[str, str], count: int) -> None:
    assert len(identifiers(ask(public, verb="ListIdentifiers", metadataPrefix="oai_dc", **asked))) == count


def test_what_is_withdrawn_stays_as_deleted(public: FlaskClient, stocked: Installation) -> None:
    at = AT + timedelta(days=30)
    with stocked.database.write() as session:
        gone = session.query(Dataset).filter_by(slug="kasus-demam-berdarah").one()
        withdraw(session, gone, "Keliru.", at=at)
        uuid = gone.uuid
    found = ask(public, verb="ListRecords", metadataPrefix="oai_dc", **{"from": "2025-04-01"})
    header = next(found.iter(f"{OAI}header"))
    assert header.get("status") == "deleted"
    assert identifiers(found) == [f"oai:localhost:{uuid}"]
    assert list(found.iter(f"{OAI}metadata")) == []
    got = ask(public, verb="GetRecord", identifier=f"oai:localhost:{uuid}", metadataPrefix="oai_dc")
    assert next(got.iter(f"{OAI}header")).get("status") == "deleted"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "badVerb"),
        ("verb=Apa", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&apa=1", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
        ("verb=GetRecord&identifier=x&metadataPrefix=oai_dc", "idDoesNotExist"),
        ("verb=ListMetadataFormats&identifier=oai:localhost:x%00", "idDoesNotExist"),
        ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=kemarin", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2025-02-30", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2025-01-01&until=2025-01-01T00:00:00Z", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-01&until=2025-01-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=9999-12-31", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2099-01-01", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=apa", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=theme:tidak-ada", "noRecordsMatch"),
        ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=W10", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=x&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
    ],
)
def test_what_is_wrong_is_said_in_the_protocols_words(public: FlaskClient, query: str, expected: str) -> None:
    response: Any = public.get(f"/oai?{query}")
    assert response.status_code == 200
    found = ElementTree.fromstring(response.get_data())
    assert code(found) == expected
    told = found.find(f"{OAI}request")
    assert told is not None
    assert bool(told.attrib) == (expected not in ("badVerb", "badArgument"))


def test_a_form_does_as_well_as_an_address(public: FlaskClient) -> None:
    response = public.post("/oai", data={"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"})
    assert len(identifiers(ElementTree.fromstring(response.get_data()))) == 4
