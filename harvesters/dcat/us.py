"""`data.json` (DCAT-US 1.1), the catalogue of many self-made portals: the same values as from a graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from harvesters.dcat.terms import LONGEST, Described, Distribution, format_of, moment
from harvesters.protocols.foreign import at_pointer
from harvesters.protocols.links import shortened
from metadata import licenses
from metadata.about import About
from metadata.names import slug


def datasets_of(value: Mapping[str, Any]) -> Iterator[Described]:
    """Every dataset of a `data.json`. Contact points are left out: they are persons by its definition."""
    for one in _objects(value.get("dataset")):
        title = _text(one.get("title"))
        words = _text(one.get("license"))
        licence = licenses.match(words)
        start, _, end = (_text(one.get("temporal")) or "").partition("/")
        yield Described(
            key=shortened(_text(one.get("identifier")) or _text(one.get("@id")) or slug(title or "dataset")),
            about=About(
                title=" ".join(title.split())[:500] if title else None,
                description=_text(one.get("description")),
                keywords=_texts(one.get("keyword")),
                themes=_texts(one.get("theme")),
                license=licence.id if licence and licence.id != licenses.NOT_STATED else None if licence else words,
                homepage=_address(one.get("landingPage")),
                frequency=_text(one.get("accrualPeriodicity")),
                period_start=start[:10] if moment(start) else None,
                period_end=end[:10] if moment(end) else None,
            ),
            distributions=tuple(found for each in _objects(one.get("distribution")) if (found := _distribution(each))),
            publisher=_text(at_pointer(one, "/publisher/name")) or _text(one.get("publisher")),
            modified=moment(_text(one.get("modified"))),
        )


def _distribution(said: Mapping[str, Any]) -> Distribution | None:
    form = format_of(_text(said.get("format")) or _text(said.get("mediaType")) or "")
    address = _address(said.get("downloadURL")) or (_address(said.get("accessURL")) if form else None)
    return Distribution(address, _text(said.get("title")), _text(said.get("description")), form) if address else None


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return str(value).strip()[:LONGEST] or None if isinstance(value, str | int | float) else None


def _texts(value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(text for one in listed if (text := _text(one))))


def _address(value: Any) -> str | None:
    text = _text(value)
    return text if text and text.startswith(("http://", "https://")) else None
