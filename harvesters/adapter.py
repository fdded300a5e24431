"""What an adapter is: discover what there is, fetch one. It yields values, owns nothing and knows no database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from pydantic import BaseModel

from metadata.about import About
from metadata.errors import LumbungError
from metadata.notices import Notice
from metadata.terms import Bilingual

if TYPE_CHECKING:
    from harvesters.fetcher import Fetcher

GROUP = "lumbung.adapters"


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of a remote dataset. `key` is stable at the source; `location` is a path or an address."""

    key: str
    location: str
    filename: str
    title: str | None = None
    description: str | None = None
    declared_format: str | None = None


@dataclass(frozen=True, slots=True)
class RemoteDataset:
    """One dataset that a source offers. (source, `key`) is its identity for ever; titles and addresses may change.

    `fingerprint` is a cheap mark of its present state (an ETag, a modification stamp, size and mtime): when it equals
    that of the last harvest the dataset is not fetched again. None means "always fetch and compare the bytes".
    """

    key: str
    title: str
    files: tuple[RemoteFile, ...]
    about: About = field(default_factory=About)
    organization: str | None = None
    modified: datetime | None = None
    fingerprint: str | None = None
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The bytes of one file as fetched, in `path`, with where and when and what the other side said.

    `url` and `headers` hold no secrets. `path` is read only: it may be a kept file of an earlier harvest (status 304).
    """

    file: RemoteFile
    path: Path
    sha256: str
    size: int
    url: str
    fetched_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None


class Adapter(Protocol):
    """A kind of source system. Made with its location, validated options and the fetcher; `kind` is its entry point.

    `since`, when given, allows `discover` to leave out what has not been modified after that moment; an adapter that
    cannot tell ignores it. `discover` raises `SourceUnavailable` (or a fault of the fetcher) when the listing cannot be
    had: an empty iterator means "really nothing". `fetch` writes into the folder `into` and raises `FetchFailed` for
    one dataset without harming the others.
    """

    kind: ClassVar[str]
    Options: ClassVar[type[BaseModel]]

    def __init__(self, location: str, options: Any, fetcher: Fetcher, *, since: datetime | None = None) -> None: ...

    def discover(self) -> Iterator[RemoteDataset]:
        """All datasets on offer, streamed."""
        ...

    def fetch(self, dataset: RemoteDataset, into: Path) -> Iterator[Evidence]:
        """The files of one dataset, written below `into`."""
        ...


class UnknownAdapter(LumbungError):
    """No adapter of that kind is installed."""

    code = "adapter.unknown"
    status = 422
    text = Bilingual(
        id="Jenis sumber “{kind}” tidak dikenal. Yang tersedia: {known}.",
        en="Source kind “{kind}” is not known. Available: {known}.",
    )


class SourceUnavailable(LumbungError):
    """The source cannot be listed now; what is published stays as it is."""

    code = "source.unavailable"
    status = 502
    text = Bilingual(
        id="Sumber di {location} tidak dapat dibaca: {reason}. Periksa alamat dan izinnya, lalu coba lagi.",
        en="The source at {location} cannot be read: {reason}. Check its address and permissions, then try again.",
    )


class FetchFailed(LumbungError):
    """One file could not be had; the others go on."""

    code = "source.fetch_failed"
    status = 502
    text = Bilingual(
        id="Berkas {location} tidak dapat diambil: {reason}.",
        en="File {location} could not be fetched: {reason}.",
    )


def adapters() -> dict[str, type[Adapter]]:
    """Every installed adapter by kind, found through the entry point group `lumbung.adapters`."""
    return {point.name: point.load() for point in entry_points(group=GROUP)}


def adapter_class(kind: str) -> type[Adapter]:
    """The adapter of `kind`. Raises `UnknownAdapter` naming those that there are."""
    known = adapters()
    if kind not in known:
        raise UnknownAdapter(kind=kind, known=tuple(sorted(known)))
    return known[kind]
