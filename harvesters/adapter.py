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
from metadata.reading.table import ReadHints
from metadata.terms import Bilingual

if TYPE_CHECKING:
    from harvesters.wire.fetcher import Fetcher

GROUP = "lumbung.adapters"


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of a remote dataset. `key` is stable at the source; `location` is a path or an address.

    `declared_format` is the source's claim, never trusted over the bytes; `hints` are a person's words on how to read.
    """

    key: str
    location: str
    filename: str
    title: str | None = None
    description: str | None = None
    declared_format: str | None = None
    hints: ReadHints = field(default_factory=ReadHints)


@dataclass(frozen=True, slots=True)
class RemoteOrganization:
    """The office that owns a dataset, as the source calls it."""

    name: str
    title: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class RemoteDataset:
    """One dataset that a source offers. (source, `key`) is its identity for ever; titles and addresses may change.

    `fingerprint` is a cheap mark of its present state (an ETag, a modification stamp, size and mtime): when it equals
    that of the last harvest the dataset is not fetched again. None means "always fetch and compare the bytes".
    `fault`, when set, says why this one cannot be taken now: it is reported as failed and not fetched.
    """

    key: str
    title: str
    files: tuple[RemoteFile, ...]
    about: About = field(default_factory=About)
    organization: RemoteOrganization | None = None
    modified: datetime | None = None
    fingerprint: str | None = None
    notices: tuple[Notice, ...] = ()
    fault: Notice | None = None


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


@dataclass(frozen=True, slots=True)
class Missed:
    """A file of a dataset that could not be had, while others perhaps could; `notice` says why."""

    file: RemoteFile
    notice: Notice


class Adapter(Protocol):
    """A kind of source system. Made with its location, validated options and the fetcher; `kind` is its entry point.

    `lists_changes` says that `discover` heeds `since` and leaves out what has not been modified after that moment;
    others are never given one. `discover` raises `SourceUnavailable` (or a fault of the fetcher) when the listing
    cannot be had: an empty iterator means "really nothing". `fetch` writes into the folder `into` and gives, for each
    file, its `Evidence` or that it was `Missed`; `FetchFailed` says the same of the dataset as a whole. An adapter that
    sets `fetches_at_once = True` may be asked for several datasets by several threads; others are spoken to in turn.
    """

    kind: ClassVar[str]
    Options: ClassVar[type[BaseModel]]
    lists_changes: ClassVar[bool]

    def __init__(self, location: str, options: Any, fetcher: Fetcher, *, since: datetime | None = None) -> None: ...

    def discover(self) -> Iterator[RemoteDataset]:
        """All datasets on offer, streamed."""
        ...

    def fetch(self, dataset: RemoteDataset, into: Path) -> Iterator[Evidence | Missed]:
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


class AdapterBroken(LumbungError):
    """An adapter is installed but cannot be loaded."""

    code = "adapter.broken"
    status = 500
    text = Bilingual(
        id="Adaptor “{kind}” terpasang tetapi tidak dapat dimuat: {reason}.",
        en="Adapter “{kind}” is installed but cannot be loaded: {reason}.",
    )


def kinds() -> tuple[str, ...]:
    """Every installed kind, from the entry point group `lumbung.adapters`, without loading them."""
    return tuple(sorted(entry_points(group=GROUP).names))


def adapter_class(kind: str) -> type[Adapter]:
    """The adapter of `kind`. Raises `UnknownAdapter` naming those that there are, `AdapterBroken`."""
    found = entry_points(group=GROUP, name=kind)
    if not found:
        raise UnknownAdapter(kind=kind, known=kinds())
    try:
        loaded: type[Adapter] = next(iter(found)).load()
    except (ImportError, AttributeError) as error:
        raise AdapterBroken(kind=kind, reason=str(error)) from error
    return loaded
