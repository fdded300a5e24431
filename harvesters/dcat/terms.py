"""What a DCAT graph says of its datasets (W3C DCAT 3, with the habits of DCAT-AP and CKAN), as plain values."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from harvesters.protocols.links import shortened
from metadata import licenses
from metadata.about import About, Contact
from metadata.names import slug

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

LONGEST = 20_000
_DCAT, _DCT = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/"
_FOAF, _VCARD = "http://xmlns.com/foaf/0.1/", "http://www.w3.org/2006/vcard/ns#"
_HYDRA = "http://www.w3.org/ns/hydra/core#"
_LABELS = (
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2000/01/rdf-schema#label",
    _DCT + "title",
    _FOAF + "name",
    _VCARD + "fn",
)
_LANGUAGES = ("id", "", "en")


@dataclass(frozen=True, slots=True)
class Distribution:
    """One file of a dataset; `hash` as in Data Packages."""

    url: str
    title: str | None = None
    description: str | None = None
    format: str = ""
    hash: str | None = None


@dataclass(frozen=True, slots=True)
class Described:
    """One dataset of a catalogue. `key` is its address or identifier, `publisher` the office's name."""

    key: str
    about: About
    distributions: tuple[Distribution, ...]
    publisher: str | None = None
    modified: datetime | None = None


def datasets_in(graph: Graph) -> Iterator[Described]:
    """Every `dcat:Dataset`, in the order of their keys."""
    from rdflib import RDF, URIRef  # late: 0.2 s

    found = (_described(graph, node) for node in set(graph.subjects(RDF.type, URIRef(_DCAT + "Dataset"))))
    yield from sorted(found, key=lambda one: one.key)


def next_pages(graph: Graph) -> list[str]:
    """The addresses of further pages (Hydra), sorted."""
    from rdflib import URIRef  # late: 0.2 s

    return sorted({str(one) for name in ("next", "nextPage") for one in graph.objects(None, URIRef(_HYDRA + name))})


def format_of(text: str) -> str:
    """A file ending for a format, a media type, or the address of either."""
    last = text.rstrip("/").rpartition("/media-types/")[2] if "/media-types/" in text else text
    ending = (
        mimetypes.guess_extension(last.partition(";")[0].strip()) if re.fullmatch(r"[\w.+-]+/[^/]+", last) else None
    )
    return re.sub(r"[^a-z0-9]", "", (ending or text.rstrip("/").rpartition("/")[2]).lower())[:8]


def moment(text: str | None) -> datetime | None:
    """A date or time of ISO 8601; UTC where no zone is said."""
    try:
        read = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


class _Speaker:
    """What the graph says of one node."""

    def __init__(self, graph: Graph, node: Node) -> None:
        self.graph, self.node = graph, node

    def nodes(self, *names: str) -> list[Any]:
        from rdflib import URIRef  # late: 0.2 s

        return sorted((one for name in names for one in self.graph.objects(self.node, URIRef(name))), key=str)

    def texts(self, name: str) -> list[str]:
        """Literals, or the labels of what is pointed to, else its address; the office's language first."""
        found = sorted(self.nodes(name), key=lambda one: _rank(getattr(one, "language", "")))
        return [text for one in found if (text := self.label(one))]

    def text(self, name: str) -> str | None:
        return next(iter(self.texts(name)), None)

    def label(self, node: Any) -> str:
        from rdflib import BNode, Literal  # late: 0.2 s

        if isinstance(node, Literal):
            return str(node).strip()[:LONGEST]
        labels = sorted(_Speaker(self.graph, node).nodes(*_LABELS), key=lambda one: _rank(getattr(one, "language", "")))
        own = "" if isinstance(node, BNode) else str(node)
        return next((str(one).strip()[:LONGEST] for one in labels if isinstance(one, Literal)), own)


def _described(graph: Graph, node: Node) -> Described:
    said = _Speaker(graph, node)
    publisher = said.text(_DCT + "publisher")
    title, identifier = said.text(_DCT + "title"), said.text(_DCT + "identifier")
    address = str(node) if re.match(r"(?:https?|urn):", str(node)) else None
    speakers = [_Speaker(graph, one) for one in said.nodes(_DCAT + "distribution")]
    distributions = [found for one in speakers if (found := _distribution(one))]
    stated = sorted(words for one in speakers if (words := _license(one)))
    periods = [_Speaker(graph, one) for one in said.nodes(_DCT + "temporal")]
    return Described(
        key=shortened(address or identifier or slug(title or "dataset")),
        about=About(
            title=" ".join(title.split())[:500] if title else None,
            description=said.text(_DCT + "description"),
            keywords=tuple(dict.fromkeys(said.texts(_DCAT + "keyword"))),
            themes=tuple(dict.fromkeys(_last(one) for one in said.texts(_DCAT + "theme"))),
            license=_license(said) or next(iter(stated), None),
            homepage=next((one for one in said.texts(_DCAT + "landingPage") if _is_address(one)), None),
            version=said.text(_DCAT + "version") or said.text("http://www.w3.org/2002/07/owl#versionInfo"),
            frequency=said.text(_DCT + "accrualPeriodicity"),
            period_start=min(filter(None, (_day(one, "startDate") for one in periods)), default=None),
            period_end=max(filter(None, (_day(one, "endDate") for one in periods)), default=None),
            contacts=tuple(sorted(_offices(graph, said), key=lambda one: one.title)),
        ),
        # nodes without an address come in any order: what is said of a dataset must not change with it
        distributions=tuple(sorted(distributions, key=lambda one: (one.url, one.title or ""))),
        publisher=publisher if publisher and not _is_address(publisher) else None,
        modified=moment(said.text(_DCT + "modified")),
    )


def _distribution(said: _Speaker) -> Distribution | None:
    form = format_of(said.text(_DCT + "format") or said.text(_DCAT + "mediaType") or "")
    address = said.text(_DCAT + "downloadURL") or (said.text(_DCAT + "accessURL") if form else None)
    if not address or not _is_address(address):
        return None
    sums = [_Speaker(said.graph, one) for one in said.nodes("http://spdx.org/rdf/terms#checksum")]
    digest = next((one.text("http://spdx.org/rdf/terms#checksumValue") for one in sums), None)
    return Distribution(address, said.text(_DCT + "title"), said.text(_DCT + "description"), form, digest)


def _license(said: _Speaker) -> str | None:
    for node in said.nodes(_DCT + "license"):
        for words in (str(node), said.label(node)):
            if known := licenses.match(words):
                return None if known.id == licenses.NOT_STATED else known.id
    return said.text(_DCT + "license")


def _offices(graph: Graph, said: _Speaker) -> Iterator[Contact]:
    """Contacts that are said to be organisations; persons are left out."""
    from rdflib import RDF, URIRef  # late: 0.2 s

    for node in said.nodes(_DCAT + "contactPoint"):
        kinds = {str(one) for one in graph.objects(node, RDF.type)}
        name = _Speaker(graph, node).text(_VCARD + "fn")
        if name and kinds & {_VCARD + "Organization", _VCARD + "Group"}:
            mail = next((str(one) for one in graph.objects(node, URIRef(_VCARD + "hasEmail"))), "")
            yield Contact(title=name[:300], email=mail.removeprefix("mailto:") or None)


def _day(said: _Speaker, name: str) -> str | None:
    text = said.text(_DCAT + name) or said.text(f"http://schema.org/{name}")
    return text[:10] if text and re.match(r"\d{4}", text) else None


def _rank(language: str | None) -> int:
    return _LANGUAGES.index(language or "") if (language or "") in _LANGUAGES else len(_LANGUAGES)


def _last(text: str) -> str:
    return re.split(r"[/#]", text.rstrip("/"))[-1] if _is_address(text) else text


def _is_address(text: str) -> bool:
    return re.match(r"https?://[^\s<>\"]+$", text) is not None
