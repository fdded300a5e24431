"""A WebDAV folder's contents (RFC 4918) as values; paths that lead out of the folder do not exist."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from datasets.columns import clean
from harvesters.wire.answers import AnswerUnreadable, ask
from harvesters.wire.fetcher import Fetcher

if TYPE_CHECKING:
    from lxml.etree import _Element

_D = "{DAV:}"
_ASKED = (
    b'<?xml version="1.0"?><propfind xmlns="DAV:"><prop>'
    b"<resourcetype/><getetag/><getlastmodified/><getcontentlength/>"
    b"</prop></propfind>"
)


@dataclass(frozen=True, slots=True)
class DavEntry:
    """A file or folder by its path below the root (`a/b.csv`), with what the server says of its state."""

    path: str
    folder: bool
    etag: str | None = None
    modified: datetime | None = None
    size: int | None = None


def folder_url(root: str, path: str, *, folder: bool = False) -> str:
    """The address of a path below the root, whatever signs it has."""
    return root + quote(path) + ("/" if folder and path else "")


def list_folder(fetcher: Fetcher, root: str, path: str, headers: Mapping[str, str]) -> Iterator[DavEntry]:
    """What lies directly in the folder `path` below `root` (which ends in `/`), in the server's order.

    Raises `AnswerUnreadable`, `FetchFailed`.
    """
    asked = {**headers, "Depth": "1", "Content-Type": "application/xml"}
    answer = ask(fetcher, folder_url(root, path, folder=True), method="PROPFIND", headers=asked, data=_ASKED)
    tree = answer.xml()
    if tree.tag != f"{_D}multistatus":
        raise AnswerUnreadable(location=answer.location, wanted="WebDAV", reason=str(tree.tag)[:100])
    for response in tree.iterfind(f"{_D}response"):
        below = _below(root, response.findtext(f"{_D}href") or "")
        if below and posixpath.dirname(below) == path:
            yield _entry(below, response)


def tidy_root(location: str) -> str:
    """The location as a folder: without query, with one slash at its end."""
    parts = urlsplit(location.strip())
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/") + "/", "", ""))


def _below(root: str, href: str) -> str | None:
    """The decoded path of an href below the root; None for the root itself, other places, and tricks with dots."""
    try:
        path = unquote(urlsplit(urljoin(root, href.strip())).path)
    except ValueError:
        return None
    base = unquote(urlsplit(root).path)
    below = path.removeprefix(base).rstrip("/")
    if not path.startswith(base) or not below or posixpath.normpath(below) != below or below.startswith(("/", "..")):
        return None
    return clean(below)


def _entry(path: str, response: _Element) -> DavEntry:
    said = {
        prop.tag: prop
        for stat in response.iterfind(f"{_D}propstat")
        if " 200" in (stat.findtext(f"{_D}status") or " 200")
        for prop in stat.iterfind(f"{_D}prop/*")
    }

    def text(name: str) -> str:
        found = said.get(f"{_D}{name}")
        return (found.text or "").strip() if found is not None else ""

    kind = said.get(f"{_D}resourcetype")
    size = text("getcontentlength")
    return DavEntry(
        path=path,
        folder=kind is not None and kind.find(f"{_D}collection") is not None,
        etag=text("getetag") or None,
        modified=_moment(text("getlastmodified")),
        size=int(size) if size.isascii() and size.isdigit() and len(size) < 16 else None,
    )


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
