"""A DCAT catalogue that is a real graph, served page by page in each of its spellings."""

from __future__ import annotations

from typing import Any

from peers.http_peer import Exchange, HttpPeer
from rdflib import RDF, XSD, BNode, Graph, Literal, Namespace, URIRef

DCAT, DCT = Namespace("http://www.w3.org/ns/dcat#"), Namespace("http://purl.org/dc/terms/")
FOAF, VCARD = Namespace("http://xmlns.com/foaf/0.1/"), Namespace("http://www.w3.org/2006/vcard/ns#")
HYDRA, SPDX = Namespace("http://www.w3.org/ns/hydra/core#"), Namespace("http://spdx.org/rdf/terms#")
TYPES = {"json-ld": "application/ld+json", "xml": "application/rdf+xml", "turtle": "text/turtle"}


class DcatPeer(HttpPeer):
    """`portal.add("ipm", files={"ipm.csv": b"…"})`, then `portal.serve("xml", per_page=2)` gives the address."""

    def __init__(self) -> None:
        super().__init__()
        self.datasets: list[dict[str, Any]] = []

    def add(self, name: str, *, files: dict[str, bytes], **more: Any) -> None:
        """One dataset with its downloads; other members overrule the usual ones."""
        for file, content in files.items():
            self.on(f"/unduh/{name}/{file}", lambda x, content=content: x.reply(content))  # type: ignore[misc]
        self.datasets.append({"name": name, "title": name.title(), "files": files} | more)

    def serve(self, syntax: str, *, per_page: int = 100) -> str:
        """The catalogue in one syntax, so many datasets a page, the next page told by Hydra."""

        def answer(x: Exchange) -> None:
            page = int(dict(x.seen.query).get("page", "1"))
            graph = Graph()
            for one in self.datasets[(page - 1) * per_page : page * per_page]:
                self._describe(graph, one)
            if page * per_page < len(self.datasets):
                view = URIRef(f"{self.url}/katalog?page={page}")
                graph.add((view, HYDRA.next, URIRef(f"{self.url}/katalog?page={page + 1}")))
            x.reply(graph.serialize(format=syntax).encode(), Content_Type=TYPES[syntax])

        return self.on("/katalog", answer)

    def _describe(self, graph: Graph, one: dict[str, Any]) -> None:
        node = URIRef(f"{self.url}/dataset/{one['name']}")
        graph.add((node, RDF.type, DCAT.Dataset))
        graph.add((node, DCT["title"], Literal(one["title"], lang="id")))
        graph.add((node, DCT["title"], Literal("In English", lang="en")))
        graph.add((node, DCT.description, Literal("Keterangan.")))
        graph.add((node, DCT.identifier, Literal(one["name"])))
        graph.add((node, DCAT.keyword, Literal("penduduk")))
        graph.add((node, DCAT.theme, URIRef("http://contoh.test/tema/kependudukan")))
        graph.add(
            (node, DCT.accrualPeriodicity, URIRef("http://publications.europa.eu/resource/authority/frequency/ANNUAL"))
        )
        graph.add((node, DCT.modified, Literal("2025-01-02T03:04:05Z", datatype=XSD.dateTime)))
        publisher, period, contact = BNode(), BNode(), BNode()
        graph.add((node, DCT.publisher, publisher))
        graph.add((publisher, FOAF.name, Literal("Dinas Dukcapil")))
        graph.add((node, DCT.temporal, period))
        graph.add((period, DCAT.startDate, Literal("2023-01-01", datatype=XSD.date)))
        graph.add((period, DCAT.endDate, Literal("2023-12-31", datatype=XSD.date)))
        graph.add((node, DCAT.contactPoint, contact))
        graph.add((contact, RDF.type, VCARD.Individual))
        graph.add((contact, VCARD.fn, Literal("Budi Santoso")))
        for file in one["files"]:
            distribution = BNode()
            graph.add((node, DCAT.distribution, distribution))
            graph.add((distribution, DCAT.downloadURL, URIRef(f"{self.url}/unduh/{one['name']}/{file}")))
            graph.add((distribution, DCT["format"], Literal(file.rpartition(".")[2].upper())))
            graph.add((distribution, DCT.license, URIRef("http://creativecommons.org/licenses/by/4.0/")))
            if digest := one.get("sha256"):
                checksum = BNode()
                graph.add((distribution, SPDX.checksum, checksum))
                graph.add((checksum, SPDX.checksumValue, Literal(digest, datatype=XSD.hexBinary)))
