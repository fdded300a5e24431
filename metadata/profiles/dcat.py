"""Datasets and catalogues in DCAT 3 with the terms that DCAT-AP 3 asks for; https://www.w3.org/TR/vocab-dcat-3/."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from metadata import frequencies, licenses
from metadata.profiles.dcat_terms import (
    DATA_THEMES,
    DCAT,
    DCT,
    EU,
    FOAF,
    FORMATS,
    HYDRA,
    IANA,
    INDONESIAN,
    LABEL,
    PREFIXES,
    PUBLIC,
    SKOS,
    SPDX,
    THEMES,
    VCARD,
)
from metadata.profiles.dcat_values import (
    DcatAgent,
    DcatCatalog,
    DcatConcept,
    DcatDataset,
    DcatFile,
    DcatPlace,
    DcatSeries,
    DcatVersion,
    HydraPage,
)

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

FORMS = {
    "jsonld": ("application/ld+json", "json-ld"),
    "ttl": ("text/turtle", "turtle"),
    "rdf": ("application/rdf+xml", "xml"),
}
"""The endings of addresses, their media types, and what rdflib calls the form."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_ADDRESSES = ' <>"{}|\\^`'


class Description:
    """A graph being filled; `text` writes it in one of the `FORMS`."""

    def __init__(self) -> None:
        from rdflib import Graph  # late: 0.3 s

        self.graph: Graph = Graph(bind_namespaces="core")
        self._known: dict[str, Node] = {}
        self._blanks = 0
        for prefix, namespace in PREFIXES.items():
            self.graph.bind(prefix, namespace)

    def text(self, form: str) -> str:
        """The whole in Turtle, JSON-LD or RDF/XML."""
        names = {**PREFIXES, "xsd": "http://www.w3.org/2001/XMLSchema#"}
        more: dict[str, Any] = {"context": names} if form == "jsonld" else {}
        written: bytes = self.graph.serialize(format=FORMS[form][1], encoding="utf-8", **more)
        return written.decode()

    def catalog(self, catalog: DcatCatalog, datasets: Iterable[str]) -> None:
        """The catalogue, with the addresses of datasets described beside it."""
        node = self._node(catalog.uri, f"{DCAT}Catalog")
        self._words(node, f"{DCT}title", catalog.title, "id")
        self._words(node, f"{DCT}description", catalog.description, "id")
        self._link(node, f"{FOAF}homepage", self._node(catalog.homepage, f"{FOAF}Document"))
        self._link(node, f"{DCT}publisher", self._agent(catalog.publisher))
        self._link(node, f"{DCT}language", self._node(INDONESIAN, f"{DCT}LinguisticSystem"))
        for scheme, title in (*((own, "Themes of the portal") for own in catalog.themes), (DATA_THEMES, "Data theme")):
            self._link(node, f"{DCAT}themeTaxonomy", scheme)
            self._words(self._node(scheme, f"{SKOS}ConceptScheme"), f"{DCT}title", title, "en")
        if catalog.modified:
            self._moment(node, f"{DCT}modified", catalog.modified)
        for service in catalog.services:
            known = self._node(service.uri, f"{DCAT}DataService")
            self._link(node, f"{DCAT}service", service.uri)
            self._words(known, f"{DCT}title", service.title, "en")
            self._link(known, f"{DCAT}endpointURL", service.endpoint)
            self._link(known, f"{DCAT}endpointDescription", service.description)
            self._link(known, f"{DCT}publisher", catalog.publisher.uri)
            if service.conforms_to:
                self._link(known, f"{DCT}conformsTo", self._node(service.conforms_to, f"{DCT}Standard"))
        for address in datasets:
            self._link(node, f"{DCAT}dataset", address)

    def page(self, page: HydraPage) -> None:
        """Hydra's paging: where this part stands, and the way to the others."""
        whole = self._node(page.collection, f"{HYDRA}Collection")
        self._plain(whole, f"{HYDRA}totalItems", page.total)
        self._link(whole, f"{HYDRA}view", page.uri)
        part = self._node(page.uri, f"{HYDRA}PartialCollectionView")
        for name in ("first", "previous", "next", "last"):
            address = getattr(page, name)
            if address:
                self._link(part, f"{HYDRA}{name}", address)

    def dataset(self, dataset: DcatDataset) -> None:
        """One dataset with its files, and its versions as far as they are given."""
        node = self._node(dataset.uri, f"{DCAT}Dataset")
        self._words(node, f"{DCT}title", dataset.title, "id")
        self._words(node, f"{DCT}description", dataset.description or dataset.title, "id")
        self._plain(node, f"{DCT}identifier", dataset.identifier)
        self._link(node, f"{DCT}publisher", self._agent(dataset.publisher))
        self._contact(node, dataset.publisher)
        self._moment(node, f"{DCT}issued", dataset.issued)
        self._moment(node, f"{DCT}modified", dataset.modified)
        self._link(node, f"{DCT}language", self._node(INDONESIAN, f"{DCT}LinguisticSystem"))
        self._link(node, f"{DCT}accessRights", self._node(PUBLIC, f"{DCT}RightsStatement"))
        self._link(node, f"{DCAT}landingPage", self._node(dataset.uri, f"{FOAF}Document"))
        self._plain(node, f"{DCAT}version", str(dataset.current.number))
        self._link(node, f"{DCAT}hasCurrentVersion", dataset.current.uri)
        self._rhythm(node, dataset.frequency)
        if dataset.series:
            self._series(node, dataset.series)
        for keyword in dataset.keywords:
            self._words(node, f"{DCAT}keyword", keyword, "id")
        for theme in dataset.themes:
            self._theme(node, theme)
        for place in dataset.places:
            self._link(node, f"{DCT}spatial", self._place(place))
        self._period(node, dataset.years)
        if dataset.provenance:
            statement = self._blank(node, f"{DCT}provenance", f"{DCT}ProvenanceStatement")
            self._words(statement, LABEL, dataset.provenance, "id")
        for address in dataset.sources:
            self._link(node, f"{DCT}source", address)
        for version in dataset.versions:
            self._version(node, dataset, version)
        for file in dataset.files:
            self._file(node, dataset, file)

    def _file(self, dataset: Node, described: DcatDataset, file: DcatFile) -> None:
        node = self._node(f"{file.address}#distribution", f"{DCAT}Distribution")
        self.graph.add((dataset, self._uri(f"{DCAT}distribution"), node))
        self._words(node, f"{DCT}title", file.title, "id")
        self._link(node, f"{DCAT}accessURL", file.address)
        self._link(node, f"{DCAT}downloadURL", file.address)
        self._link(node, f"{DCAT}mediaType", self._node(f"{IANA}{file.media_type}", f"{DCT}MediaType"))
        known = FORMATS.get(file.format.lower())
        if known:
            self._link(node, f"{DCT}format", self._node(f"{EU}file-type/{known}", f"{DCT}MediaTypeOrExtent"))
        self._moment(node, f"{DCT}issued", file.issued)
        self._license(node, described.license)
        if file.size is not None:
            self._typed(node, f"{DCAT}byteSize", str(file.size), "nonNegativeInteger")
        if file.sha256:
            checksum = self._blank(node, f"{SPDX}checksum", f"{SPDX}Checksum")
            self._link(checksum, f"{SPDX}algorithm", f"{SPDX}checksumAlgorithm_sha256")
            self._typed(checksum, f"{SPDX}checksumValue", file.sha256, "hexBinary")
        if file.schema:
            self._link(node, f"{DCT}conformsTo", self._node(file.schema, f"{DCT}Standard"))
        if described.service and file.format == "csv":
            self._link(node, f"{DCAT}accessService", described.service)

    def _license(self, node: Node, license_id: str) -> None:
        """An unstated licence is said to be unstated, never invented."""
        known = licenses.get(license_id)
        if known.url:
            self._link(node, f"{DCT}license", self._node(known.url, f"{DCT}LicenseDocument"))
        else:
            rights = self._blank(node, f"{DCT}rights", f"{DCT}RightsStatement")
            self._words(rights, LABEL, known.title.id, "id")
            self._words(rights, LABEL, known.title.en, "en")

    def _version(self, dataset: Node, described: DcatDataset, version: DcatVersion) -> None:
        self._link(dataset, f"{DCAT}hasVersion", version.uri)
        node = self._node(version.uri, f"{DCAT}Dataset")
        self._words(node, f"{DCT}title", f"{described.title} (versi {version.number})", "id")
        self._words(node, f"{DCT}description", version.change or described.description or described.title, "id")
        self._plain(node, f"{DCAT}version", str(version.number))
        self._moment(node, f"{DCT}issued", version.issued)
        self._link(node, f"{DCAT}isVersionOf", described.uri)
        self._link(node, f"{DCT}publisher", described.publisher.uri)
        older = next((other for other in described.versions if other.number == version.number - 1), None)
        if older:
            self._link(node, f"{DCAT}previousVersion", older.uri)

    def _series(self, dataset: Node, series: DcatSeries) -> None:
        node = self._node(series.uri, f"{DCAT}DatasetSeries")
        self._link(dataset, f"{DCAT}inSeries", series.uri)
        if series.previous:
            self._link(dataset, f"{DCAT}prev", series.previous)
        self._words(node, f"{DCT}title", series.title, "id")
        self._words(node, f"{DCT}description", series.description, "id")
        self._link(node, f"{DCT}publisher", self._agent(series.publisher))
        self._link(node, f"{DCAT}first", series.first)
        self._link(node, f"{DCAT}last", series.last)
        if (node, self._uri(f"{DCT}temporal"), None) not in self.graph:  # the first of its datasets has told it all
            self._period(node, series.years)
            self._rhythm(node, series.frequency)

    def _rhythm(self, node: Node, frequency: str | None) -> None:
        rhythm = frequencies.match(frequency)
        if rhythm:
            term = f"{frequencies.EU}{rhythm.eu_code}"
            self._link(node, f"{DCT}accrualPeriodicity", self._node(term, f"{DCT}Frequency"))

    def _theme(self, node: Node, theme: DcatConcept) -> None:
        known = self._node(theme.uri, f"{SKOS}Concept")
        self._words(known, f"{SKOS}prefLabel", theme.title, "id")
        self._words(known, f"{SKOS}prefLabel", theme.title_en, "en")
        self._link(known, f"{SKOS}inScheme", theme.scheme)
        self._link(node, f"{DCAT}theme", theme.uri)
        if theme.eu_theme:
            eu = self._node(f"{DATA_THEMES}/{theme.eu_theme}", f"{SKOS}Concept")
            self._words(eu, f"{SKOS}prefLabel", THEMES[theme.eu_theme], "en")
            self._link(eu, f"{SKOS}inScheme", DATA_THEMES)
            self._link(node, f"{DCAT}theme", eu)

    def _place(self, place: DcatPlace) -> Node:
        node = self._node(place.uri, f"{DCT}Location")
        self._plain(node, f"{DCT}identifier", place.code)
        self._words(node, f"{SKOS}prefLabel", place.name, "id")
        if place.bps:
            self._plain(node, f"{SKOS}notation", place.bps)
        return node

    def _period(self, node: Node, years: tuple[int | None, int | None]) -> None:
        first, last = years
        if first is None and last is None:
            return
        period = self._blank(node, f"{DCT}temporal", f"{DCT}PeriodOfTime")
        if first is not None:
            self._typed(period, f"{DCAT}startDate", f"{first:04d}-01-01", "date")
        if last is not None:
            self._typed(period, f"{DCAT}endDate", f"{last:04d}-12-31", "date")

    def _agent(self, agent: DcatAgent) -> Node:
        node = self._node(agent.uri, f"{FOAF}Agent")
        self._words(node, f"{FOAF}name", agent.name, "id")
        if agent.homepage:
            self._link(node, f"{FOAF}homepage", self._node(agent.homepage, f"{FOAF}Document"))
        return node

    def _contact(self, node: Node, agent: DcatAgent) -> None:
        card = self._blank(node, f"{DCAT}contactPoint", f"{VCARD}Organization")
        self._words(card, f"{VCARD}fn", agent.name, "id")
        if agent.email:
            self._link(card, f"{VCARD}hasEmail", f"mailto:{agent.email}")
        else:
            self._link(card, f"{VCARD}hasURL", agent.homepage or agent.uri)

    def _uri(self, address: str) -> Node:
        from rdflib import URIRef

        found = self._known.get(address)
        if found is None:
            safe = "".join(c if c not in _NOT_IN_ADDRESSES and ord(c) > 32 else f"%{ord(c):02X}" for c in address)
            found = self._known[address] = URIRef(safe)
        return found

    def _node(self, address: str, kind: str) -> Node:
        from rdflib import RDF

        node = self._uri(address)
        self.graph.add((node, RDF.type, self._uri(kind)))
        return node

    def _blank(self, node: Node, term: str, kind: str) -> Node:
        from rdflib import RDF, BNode

        self._blanks += 1  # numbered, so that the same data give the same bytes
        found = BNode(f"b{self._blanks:06d}")
        self.graph.add((node, self._uri(term), found))
        self.graph.add((found, RDF.type, self._uri(kind)))
        return found

    def _link(self, node: Node, term: str, target: str | Node) -> None:
        self.graph.add((node, self._uri(term), self._uri(target) if isinstance(target, str) else target))

    def _words(self, node: Node, term: str, text: str, language: str) -> None:
        from rdflib import Literal

        self.graph.add((node, self._uri(term), Literal(_printable(text), lang=language)))

    def _plain(self, node: Node, term: str, value: str | int) -> None:
        from rdflib import Literal

        self.graph.add((node, self._uri(term), Literal(value)))

    def _typed(self, node: Node, term: str, text: str, kind: str) -> None:
        from rdflib import XSD, Literal

        self.graph.add((node, self._uri(term), Literal(text, datatype=XSD[kind])))

    def _moment(self, node: Node, term: str, at: datetime) -> None:
        self._typed(node, term, at.isoformat(timespec="seconds"), "dateTime")


def _printable(text: str) -> str:
    """Without the control characters that XML cannot carry."""
    return _UNPRINTABLE.sub("", text)
