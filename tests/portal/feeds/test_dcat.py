"""The catalogue in DCAT, read by rdflib.

The rules are those of DCAT-AP 3's shapes as far as they concern what we say, asserted here one by one: pyshacl is not
among the packages of this project.
"""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from rdflib import DCTERMS, FOAF, RDF, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from shown_tables import BORDERS, POPULATION, REPORT, Shown
from small_catalogue import stock

from datasets.installation import Installation
from portal.app import create_app
from portal.feeds import dcat_views

DCAT = Namespace("http://www.w3.org/ns/dcat#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
FORMS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}
TYPES = {"ttl": "text/turtle", "jsonld": "application/ld+json", "rdf": "application/rdf+xml"}
# rdflib's own parser of JSON-LD still makes one.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
ROOT = "https://data.example.go.id"


def graph(public: FlaskClient, address: str) -> Graph:
    form = address.partition("?")[0].rpartition(".")[2]
    response = public.get(address)
    assert response.status_code == 200, response.get_data(as_text=True)[:500]
    assert response.mimetype == TYPES[form]
    text = response.get_data(as_text=True).replace(f"/catalog.{form}", "/catalog.ttl")  # each names its own pages
    return Graph().parse(data=text, format=FORMS[form])


@pytest.mark.parametrize("address", ["/catalog", f"/dataset/{POPULATION}", f"/dataset/{BORDERS}", f"/dataset/{REPORT}"])
def test_all_three_forms_say_the_same(shown: Shown, address: str) -> None:
    turtle = graph(shown.public, f"{address}.ttl")
    assert len(turtle) > 30
    assert isomorphic(turtle, graph(shown.public, f"{address}.jsonld"))
    assert isomorphic(turtle, graph(shown.public, f"{address}.rdf"))


def test_every_dataset_has_what_dcat_ap_demands_and_its_values_are_of_the_right_kind(shown: Shown) -> None:
    found = graph(shown.public, "/catalog.ttl")
    datasets = list(found.subjects(RDF.type, DCAT.Dataset))
    assert len(datasets) == 5
    for dataset in datasets:
        for term in (DCTERMS.title, DCTERMS.description):
            assert all(isinstance(value, Literal) and value.language for value in found.objects(dataset, term))
            assert found.value(dataset, term)
        assert (found.value(dataset, DCTERMS.publisher), RDF.type, FOAF.Agent) in found
        assert len(list(found.objects(dataset, DCTERMS.publisher))) == 1
        assert (found.value(dataset, DCAT.contactPoint), None, None) in found
        for term in (DCTERMS.issued, DCTERMS.modified):
            value = found.value(dataset, term)
            assert isinstance(value, Literal)
            assert value.datatype == XSD.dateTime
        assert found.value(dataset, DCAT.version)
        for theme in found.objects(dataset, DCAT.theme):
            assert isinstance(theme, URIRef)
        assert list(found.objects(dataset, DCAT.distribution))
    for name in found.subjects(RDF.type, FOAF.Agent):
        assert found.value(name, FOAF.name)


def test_every_file_can_be_fetched_and_has_the_size_and_hash_it_names(shown: Shown) -> None:
    import hashlib  # late: only here

    checked = 0
    found = graph(shown.public, "/catalog.ttl")
    for file in found.subjects(RDF.type, DCAT.Distribution):
        address = found.value(file, DCAT.accessURL)
        assert address is not None
        assert address == found.value(file, DCAT.downloadURL)
        assert found.value(file, DCAT.mediaType)
        assert found.value(file, DCTERMS.license) or found.value(file, DCTERMS.rights)
        body = shown.public.get(str(address).removeprefix(ROOT)).get_data()
        size, checksum = found.value(file, DCAT.byteSize), found.value(file, SPDX.checksum)
        if size is not None:
            assert (size.datatype, int(size)) == (XSD.nonNegativeInteger, len(body))  # type: ignore[union-attr, arg-type]
        value = found.value(checksum, SPDX.checksumValue)
        assert found.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
        assert str(value).lower() == hashlib.sha256(body).hexdigest()
        checked += 1
    assert checked >= 14


def test_a_dataset_tells_its_versions_rhythm_period_and_origin(shown: Shown) -> None:
    found = graph(shown.public, f"/dataset/{POPULATION}.ttl")
    dataset = URIRef(f"{ROOT}/dataset/{POPULATION}")
    versions = sorted(found.objects(dataset, DCAT.hasVersion))
    assert [str(version) for version in versions] == [f"{dataset}/v/1", f"{dataset}/v/2"]
    assert found.value(dataset, DCAT.hasCurrentVersion) == versions[1]
    assert found.value(versions[1], DCAT.previousVersion) == versions[0]
    assert found.value(versions[0], DCAT.isVersionOf) == dataset
    rhythm = found.value(dataset, DCTERMS.accrualPeriodicity)
    assert str(rhythm) == "http://publications.europa.eu/resource/authority/frequency/ANNUAL"
    period = found.value(dataset, DCTERMS.temporal)
    assert found.value(period, DCAT.startDate) == Literal("2020-01-01", datatype=XSD.date)
    assert found.value(period, DCAT.endDate) == Literal("2024-12-31", datatype=XSD.date)
    assert (found.value(dataset, DCTERMS.provenance), RDF.type, DCTERMS.ProvenanceStatement) in found
    assert str(found.value(dataset, DCAT.theme)).startswith((f"{ROOT}/group/", "http://publications.europa.eu/"))
    licences = {str(value) for value in found.objects(None, DCTERMS.license)}
    assert licences == {"https://creativecommons.org/licenses/by/4.0/"}
    for place in found.objects(dataset, DCTERMS.spatial):
        assert found.value(place, DCTERMS.identifier)
        assert found.value(place, SKOS.prefLabel)
    assert found.value(dataset, DCTERMS.spatial)


def test_a_licence_that_is_not_stated_is_not_invented(shown: Shown) -> None:
    found = graph(shown.public, f"/dataset/{REPORT}.ttl")
    assert list(found.objects(None, DCTERMS.license)) == []
    assert list(found.objects(None, DCTERMS.rights))


def test_pages_hold_together_and_each_dataset_stands_on_one(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock(installation)
    monkeypatch.setattr(dcat_views, "PAGE", 3)
    public = create_app(installation.settings, installation).test_client()
    first = graph(public, "/catalog.ttl")
    view = next(first.subjects(RDF.type, HYDRA.PartialCollectionView))
    assert first.value(None, HYDRA.view, view) == URIRef("http://localhost/catalog")
    assert str(first.value(None, HYDRA.totalItems, None) or next(first.objects(None, HYDRA.totalItems))) == "4"
    following = str(first.value(view, HYDRA.next))
    assert following == str(first.value(view, HYDRA.last)) == "http://localhost/catalog.ttl?page=2"
    second = graph(public, following.removeprefix("http://localhost"))
    assert second.value(URIRef(following), HYDRA.previous) == URIRef("http://localhost/catalog.ttl")
    seen = [set(part.objects(None, DCAT.dataset)) for part in (first, second)]
    assert (len(seen[0]), len(seen[1]), len(seen[0] & seen[1])) == (3, 1, 0)
    link = public.get("/catalog.ttl").headers.getlist("Link")
    assert '<http://localhost/catalog.ttl?page=2>; rel="next"' in link
    assert public.get("/catalog.ttl?page=3").status_code == 404
    assert public.get("/catalog.ttl?page=-1").status_code == 200


def test_an_empty_catalogue_is_one_too(empty: FlaskClient) -> None:
    found = graph(empty, "/catalog.ttl")
    assert list(found.subjects(RDF.type, DCAT.Catalog))
    assert list(found.objects(None, DCAT.dataset)) == []


@pytest.mark.parametrize(
    ("accept", "ending"),
    [
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/rdf+xml;q=0.9, text/html;q=0.5", "rdf"),
        ("text/html", None),
        ("*/*", None),
        ("", None),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", None),
        ("application/json", None),
        ("nonsense;;;q=x", None),
    ],
)
def test_each_client_gets_the_form_that_it_accepts(shown: Shown, accept: str, ending: str | None) -> None:
    response = shown.public.get(f"/dataset/{POPULATION}", headers={"Accept": accept})
    assert "Accept" in response.headers["Vary"]
    if ending is None:
        assert (response.status_code, response.mimetype) == (200, "text/html")
    else:
        assert (response.status_code, response.headers["Location"]) == (303, f"/dataset/{POPULATION}.{ending}")
    catalog = shown.public.get("/catalog", headers={"Accept": accept})
    assert catalog.headers["Location"] == ("/dataset" if ending is None else f"/catalog.{ending}")


def test_the_page_of_a_dataset_names_its_other_forms(shown: Shown) -> None:
    links = shown.public.get(f"/dataset/{POPULATION}").headers.getlist("Link")
    assert f'</dataset/{POPULATION}/datapackage.json>; rel="describedby"; type="application/json"' in links
    assert f'</dataset/{POPULATION}.ttl>; rel="alternate"; type="text/turtle"' in links


def test_who_has_the_catalogue_already_is_told_so_and_any_site_may_read_it(shown: Shown) -> None:
    for address in ("/catalog.ttl", f"/dataset/{POPULATION}.jsonld", f"/dataset/{POPULATION}.rdf"):
        first = shown.public.get(address)
        assert first.headers["Access-Control-Allow-Origin"] == "*"
        again = shown.public.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.get_data()) == (304, b"")


def test_what_is_not_there_is_not_found(shown: Shown) -> None:
    for address in ("/dataset/tidak-ada.ttl", "/catalog.xml", "/dataset/x.ttl/y", "/dataset/a%00b.ttl"):
        assert shown.public.get(address).status_code == 404
