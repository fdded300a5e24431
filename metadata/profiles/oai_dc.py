"""A dataset in unqualified Dublin Core, as OAI-PMH asks of everyone: http://www.openarchives.org/OAI/2.0/oai_dc.xsd."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape

from metadata import licenses
from metadata.profiles.dcat_values import DcatDataset

NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def oai_dc(dataset: DcatDataset) -> str:
    """The `oai_dc:dc` element."""
    terms = "".join(f"<dc:{name}>{_text(value)}</dc:{name}>" for name, value in _terms(dataset))
    return (
        f'<oai_dc:dc xmlns:oai_dc="{NAMESPACE}" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="{NAMESPACE} {SCHEMA}">{terms}</oai_dc:dc>'
    )


def _terms(dataset: DcatDataset) -> Iterator[tuple[str, str]]:
    yield "title", dataset.title
    yield "creator", dataset.publisher.name
    yield "publisher", dataset.publisher.name
    for subject in (*(theme.title for theme in dataset.themes), *dataset.keywords):
        yield "subject", subject
    if dataset.description:
        yield "description", dataset.description
    yield "date", dataset.modified.date().isoformat()
    yield "type", "Dataset"
    for form in dict.fromkeys(file.media_type for file in dataset.files):
        yield "format", form
    yield "identifier", dataset.uri
    yield "identifier", dataset.current.uri
    yield "identifier", f"urn:uuid:{dataset.identifier}"
    for source in dataset.sources:
        yield "source", source
    yield "language", "id"
    for file in dataset.files:
        yield "relation", file.address
    for place in dataset.places:
        yield "coverage", place.name
    years = [str(year) for year in dict.fromkeys(dataset.years) if year is not None]
    if years:
        yield "coverage", "/".join(years)
    known = licenses.get(dataset.license)
    yield "rights", known.url or known.title.id


def _text(value: str) -> str:
    return escape(_NOT_XML.sub("", value))
