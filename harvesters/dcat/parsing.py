"""From the bytes of a DCAT catalogue to a graph: JSON-LD, RDF/XML or Turtle, nothing of it fetched from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harvesters.wire.answers import Answer, AnswerUnreadable, refuse_declarations

if TYPE_CHECKING:
    from rdflib import Graph

LARGEST = 32 * 1024 * 1024
"""Bytes of one page of a catalogue; a graph takes some fifty times its text in memory."""

_CONTEXT: dict[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "spdx": "http://spdx.org/rdf/terms#",
    "schema": "http://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""What stands in for every context that a document only names: those of DCAT use these prefixes."""


def parse(answer: Answer) -> Any:
    """The value of a `data.json` (DCAT-US), else the graph. Raises `AnswerUnreadable`."""
    if len(answer.content) > LARGEST:
        raise AnswerUnreadable(location=answer.location, wanted="DCAT", reason=f"> {LARGEST // 1024**2} MB")
    start = answer.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"[") and not _is_turtle(answer):
        value = answer.json()
        return value if is_data_json(value) else _graph(_without_remote(value), "json-ld", answer)
    if start == b"<" and not _is_turtle(answer):
        if answer.is_page:
            raise AnswerUnreadable(location=answer.location, wanted="DCAT", reason="halaman web / a web page")
        refuse_declarations(answer.content, answer.location)
        return _graph(answer.content, "xml", answer)
    return _graph(answer.content, "turtle", answer)


def is_data_json(value: Any) -> bool:
    """Whether a JSON document is a `data.json` as the United States' portals have it, rather than JSON-LD."""
    listed = value.get("dataset") if isinstance(value, dict) else None
    return isinstance(listed, list) and "@graph" not in value and all(isinstance(one, dict) for one in listed)


def _is_turtle(answer: Answer) -> bool:
    """By its type or its first words: Turtle too may begin with `<` or `[`."""
    kind = str(answer.headers.get("Content-Type", "")).lower()
    head = answer.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    return (
        "turtle" in kind or (head.startswith(b"<http") and not head.startswith(b"<?xml")) or head.startswith(b"@prefix")
    )


def _graph(content: Any, syntax: str, answer: Answer) -> Graph:
    """The graph of bytes, or for JSON-LD of a value in which nothing is left to fetch."""
    from rdflib import Graph  # late: 0.2 s
    from rdflib.plugins.parsers.jsonld import to_rdf

    graph = Graph()
    try:
        if syntax == "json-ld":
            to_rdf(content, graph, base=answer.location)
        else:
            graph.parse(data=content, format=syntax, publicID=answer.location)
    except Exception as error:  # the parsers raise whatever they run into; all of it means the same here
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise AnswerUnreadable(location=answer.location, wanted=f"DCAT ({syntax})", reason=reason) from error
    return graph


def _without_remote(value: Any) -> Any:
    """JSON-LD in which nothing is left to fetch: contexts that are only named are replaced by ours, imports dropped."""
    if isinstance(value, list):
        return [_without_remote(one) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {key: _without_remote(one) for key, one in value.items() if key not in ("@context", "@import")}
    if "@context" in value:
        given = value["@context"] if isinstance(value["@context"], list) else [value["@context"]]
        kept["@context"] = [_CONTEXT if isinstance(one, str) else _without_remote(one) for one in given]
    return kept
