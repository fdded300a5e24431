"""Lists on the web: the links of an HTML page, the entries of an index in JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from datasets.columns import clean
from harvesters.protocols.foreign import at_pointer
from harvesters.wire.answers import AnswerUnreadable

MOST_LINKS = 20_000
_NAMES: dict[str, tuple[str, ...]] = {
    "url": ("url", "downloadUrl", "download_url", "href", "link", "file", "file_url", "path", "apiUrl"),
    "id": ("id", "slug", "kode", "identifier", "key"),
    "title": ("title", "judul", "name", "nama", "label"),
    "description": ("description", "deskripsi", "keterangan"),
    "updated": (),  # a mark is believed only when somebody says that it tells of every change
}
"""Under what names indexes have each, the likeliest first; the option `members` overrules."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file on a list: its absolute address and what the list says of it."""

    url: str
    title: str = ""
    id: str | None = None
    description: str | None = None
    updated: str | None = None


def links_of(content: bytes, location: str) -> Iterator[Entry]:
    """The links of a page in their order, at most 20,000; `<base>` is heeded. Raises `AnswerUnreadable`."""
    from lxml import etree, html  # late: only pages need it

    try:
        root = html.document_fromstring(content, parser=html.HTMLParser(no_network=True, huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise AnswerUnreadable(location=location, wanted="HTML", reason=str(error) or "kosong / empty") from error
    base = next((urljoin(location, one.get("href", "")) for one in root.iter("base")), location)
    for number, link in enumerate(root.iter("a", "area")):
        address = (link.get("href") or "").strip()
        if number >= MOST_LINKS:
            return
        if address and not address.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
            words = " ".join("".join(map(str, link.itertext())).split()) or str(link.get("title") or "")
            yield Entry(_joined(base, address), clean(words) or "")


def entries_of(value: Any, pointer: str, members: Mapping[Any, str], location: str) -> Iterator[Entry]:
    """The entries of an index: a list of objects, or of addresses, at `pointer`. Raises `AnswerUnreadable`."""
    listed = at_pointer(value, pointer)
    if isinstance(listed, dict):  # entries by id
        listed = [{"id": key, **one} for key, one in listed.items() if isinstance(one, dict)]
    if not isinstance(listed, list):
        raise AnswerUnreadable(location=location, wanted="JSON", reason=f"“{pointer or '/'}” bukan daftar / not a list")
    for one in listed:
        entry = {"url": one} if isinstance(one, str) else one if isinstance(one, dict) else {}
        said = {what: _first(entry, members.get(what)) or _any(entry, names) for what, names in _NAMES.items()}
        if address := said["url"]:
            yield Entry(
                url=_joined(location, address),
                title=said["title"] or "",
                id=said["id"],
                description=said["description"],
                updated=said["updated"],
            )


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:  # a broken address is told as such when it is followed
        return address


def _any(entry: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    return next((found for name in names if (found := _first(entry, name))), None)


def _first(entry: Mapping[str, Any], name: str | None) -> str | None:
    value = at_pointer(entry, name if name.startswith("/") else f"/{name}") if name else None
    return str(value).strip() or None if isinstance(value, str | int | float) else None
