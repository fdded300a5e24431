"""Datasets and catalogues in DCAT 3 with the terms that DCAT-AP 3 asks for; https://www.w3.org/TR/vocab-dcat-3/."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from metadata import frequencies, licenses
from metadata.profiles.dcat_values import (
    DcatAgent,
    DcatCatalog,
    DcatConcept,
    DcatDataset,
    DcatFile,
    DcatPlace,
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

DCAT = "http://www.w3.org/ns/dcat#"
DCT = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
VCARD = "http://www.w3.org/2006/vcard/ns#"
SPDX = "http://spdx.org/rdf/terms#"
ADMS = "http://www.w3.org/ns/adms#"
HYDRA = "http://www.w3.org/ns/hydra/core#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
PREFIXES = {"dcat": DCAT, "dct": DCT, "foaf": FOAF, "vcard": VCARD, "spdx": SPDX, "adms": ADMS, "hydra": HYDRA}

_EU = "http://publications.europa.eu/resource/authority/"
_IANA = "https://www.iana.org/assignments/media-types/"
_PUBLIC = f"{_EU}access-right/PUBLIC"
_INDONESIAN = f"{_EU}language/IND"
_NOT_IN_ADDRESSES = ' <>"{}|\\^`'
_EU_FORMATS = {"csv": "CSV", "xlsx": "XLSX", "xls": "XLS", "json": "JSON", "geojson": "GEOJSON", "pdf": "PDF"}
_EU_FORMATS |= {"parquet": "PARQUET", "zip": "ZIP", "ods": "ODS", "xml": "XML", "docx": "DOCX", "html": "HTML"}
_EU_FORMATS |= {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "txt": "TXT", "kml": "KML", "tsv": "TSV"}


class Description:
    """A graph being filled; `text` writes it in one of the `FORMS`."""

    def __init__(self) -> None:
        from rdflib import Graph  # late: 0.3 s

        self.graph: Graph = Graph(bind_namespaces="core")
        self._known: dict[str, Node] = {}
        self._blanks = 0
        for prefix, namespace in {**PREFIXES, "skos": SKOS}.items():
            self.graph.bind(prefix, namespace)

    def text(self, form: str) -> str:
        """The whole in Turtle, JSON-LD or RDF/XML."""
        names = {**PREFIXES, "skos": SKOS, "xsd": "http://www.w3.org/2001/XMLSchema#"}
        more: dict[str, Any] = {"context": names} if form == "jsonld" else {}
        written: bytes = self.graph.serialize(format=FORMS[form][1], encoding="utf-8", **more)
        return written.decode()

    def catalog(self, catalog: DcatCatalog, datasets: Iterable[str]) -> None:
        """The catalogue, with the addresses of datasets described beside it."""
        node = self._node(catalog.uri, f"{DCAT}Catalog")
        self._words(node, f"{DCT}title", catalog.title, "id")
        self._words(node, f"{DCT}description", catalog.description, "id")
        self._link(node, f"{FOAF}homepage", catalog.homepage)
        self._link(node, f"{DCT}publisher", self._agent(catalog.publisher))
        self._link(node, f"{DCT}language", _INDONESIAN)
        for scheme in (*catalog.themes, f"{_EU}data-theme"):
            self._link(node, f"{DCAT}themeTaxonomy", scheme)
            self._words(self._node(scheme, f"{SKOS}ConceptScheme"), f"{DCT}title", scheme.rsplit("/", 1)[-1], "en")
        if catalog.modified:
            self._moment(node, f"{DCT}modified", catalog.modified)
        for service in catalog.services:
            known = self._node(service.uri, f"{DCAT}DataService")
            self._link(node, f"{DCAT}service", service.uri)
            self._words(known, f"{DCT}title", service.title, "en")
            self._link(known, f"{DCAT}endpointURL", service.endpoint)
            self._link(known, f"{DCAT}endpointDescription", service.description)
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
        self._link(node, f"{DCT}language", _INDONESIAN)
        self._link(node, f"{DCT}accessRights", self._node(_PUBLIC, f"{DCT}RightsStatement"))
        self._link(node, f"{DCAT}landingPage", self._node(dataset.uri, f"{FOAF}Document"))
        self._plain(node, f"{DCAT}version", str(dataset.current.number))
        self._link(node, f"{DCAT}hasCurrentVersion", dataset.current.uri)
        rhythm = frequencies.match(dataset.frequency)
        if rhythm:
            term = f"{frequencies.EU}{rhythm.eu_code}"
            self._link(node, f"{DCT}accrualPeriodicity", self._node(term, f"{DCT}Frequency"))
        for keyword in dataset.keywords:
            self._words(node, f"{DCAT}keyword", keyword, "id")
        for theme in dataset.themes:
            self._theme(node, theme)
        for place in dataset.places:
            self._link(node, f"{DCT}spatial", self._place(place))
        self._period(node, dataset.years)
        if dataset.provenance:
            statement = self._blank(node, f"{DCT}provenance", f"{DCT}ProvenanceStatement")
            self._words(statement, "http://www.w3.org/2000/01/rdf-schema#label", dataset.provenance, "id")
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
        self._link(node, f"{DCAT}mediaType", self._node(f"{_IANA}{file.media_type}", f"{DCT}MediaType"))
        known = _EU_FORMATS.get(file.format.lower())
        if known:
            self._link(node, f"{DCT}format", self._node(f"{_EU}file-type/{known}", f"{DCT}MediaTypeOrExtent"))
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
            label = "http://www.w3.org/2000/01/rdf-schema#label"
            self._words(rights, label, known.title.id, "id")
            self._words(rights, label, known.title.en, "en")

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

    def _theme(self, node: Node, theme: DcatConcept) -> None:
        known = self._node(theme.uri, f"{SKOS}Concept")
        self._words(known, f"{SKOS}prefLabel", theme.title, "id")
        self._words(known, f"{SKOS}prefLabel", theme.title_en, "en")
        self._link(known, f"{SKOS}inScheme", theme.scheme)
        self._link(node, f"{DCAT}theme", theme.uri)
        if theme.eu_theme:
            self._link(node, f"{DCAT}theme", f"{_EU}data-theme/{theme.eu_theme}")

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
            self._link(node, f"{FOAF}homepage", agent.homepage)
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
    return "".join(
        c for c in text if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff")
    )
