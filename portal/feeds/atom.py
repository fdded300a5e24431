"""Atom feeds (RFC 4287): an entry for each dataset, as values in and text out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A dataset in a feed. `id` never changes, `enclosures` are (address, media type, bytes)."""

    id: str
    title: str
    address: str
    published: datetime
    updated: datetime
    author: str
    summary: str
    categories: tuple[str, ...] = ()
    enclosures: tuple[tuple[str, str, int | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed under `address`, about the page at `page`; `links` are (relation, address) to other parts of it."""

    address: str
    page: str
    title: str
    subtitle: str
    updated: datetime
    author: str
    entries: tuple[Entry, ...]
    links: Sequence[tuple[str, str]] = ()


def written(feed: Feed) -> str:
    """The document."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="{NAMESPACE}" xml:lang="id">',
        f"<id>{text(feed.address)}</id>",
        f"<title>{text(feed.title)}</title>",
        f"<subtitle>{text(feed.subtitle)}</subtitle>",
        f"<updated>{moment(feed.updated)}</updated>",
        f"<author><name>{text(feed.author)}</name></author>",
        f'<link rel="self" type="{MEDIA_TYPE}" href={attribute(feed.address)}/>',
        f'<link rel="alternate" type="text/html" href={attribute(feed.page)}/>',
        *(f'<link rel="{relation}" href={attribute(address)}/>' for relation, address in feed.links),
    ]
    for entry in feed.entries:
        lines += _entry(entry)
    return "\n".join([*lines, "</feed>", ""])


def text(value: str) -> str:
    """Text between tags, without what XML cannot carry."""
    return escape(_NOT_XML.sub("", value))


def attribute(value: str) -> str:
    """Text as an attribute, with its quotes."""
    return quoteattr(_NOT_XML.sub("", value))


def moment(at: datetime) -> str:
    """A moment as RFC 3339 has it."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _entry(entry: Entry) -> list[str]:
    lines = [
        "<entry>",
        f"<id>{text(entry.id)}</id>",
        f"<title>{text(entry.title)}</title>",
        f'<link rel="alternate" type="text/html" href={attribute(entry.address)}/>',
        f"<published>{moment(entry.published)}</published>",
        f"<updated>{moment(entry.updated)}</updated>",
        f"<author><name>{text(entry.author)}</name></author>",
        f"<summary>{text(entry.summary)}</summary>",
        *(f"<category term={attribute(category)}/>" for category in entry.categories),
    ]
    for address, media_type, size in entry.enclosures:
        length = f' length="{size}"' if size is not None else ""
        lines.append(f'<link rel="enclosure" type={attribute(media_type)} href={attribute(address)}{length}/>')
    return [*lines, "</entry>"]
