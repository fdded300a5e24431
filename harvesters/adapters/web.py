"""Files behind HTTP: a single one, those that a page links to, those of an index in JSON; archives are looked into."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Literal
from urllib.parse import urldefrag, urljoin

from pydantic import BaseModel, ConfigDict

from harvesters.adapter import Evidence, FetchFailed, Missed, RemoteDataset, RemoteFile, SourceUnavailable
from harvesters.folders import matches
from harvesters.packed import unpacked
from harvesters.protocols import weblists
from harvesters.protocols.links import filename_of, key_of, may_follow, title_of_link
from harvesters.protocols.weblists import Entry
from harvesters.secrets import Headers, fill
from harvesters.wire.answers import ask
from harvesters.wire.fetcher import Fetcher, stamp_of
from metadata.about import About
from metadata.notices import Notice, declare
from metadata.terms import Bilingual

_ELSEWHERE = declare(
    "web.link_elsewhere",
    id="Tautan ini menuju alamat lain ({location}). Jika memang dikehendaki, tambahkan hostnya pada opsi “hosts”.",
    en="This link leads to another address ({location}). If that is intended, add its host to the option “hosts”.",
)


class NoLinks(SourceUnavailable):
    """A page or an index without a single link that fits."""

    code = "web.no_links"
    text = Bilingual(
        id="Tidak ada tautan yang cocok dengan pola {pattern} di {location}. Periksa alamat dan polanya; daftar yang "
        "dibuat oleh skrip di peramban tidak dapat dibaca.",
        en="No link at {location} fits the pattern {pattern}. Check the address and the pattern; a list that a script "
        "makes in the browser cannot be read.",
    )


class WebOptions(BaseModel):
    """What the location is, and which of its files are wanted.

    `lists`: `nothing` (the location is the file itself), `page` (HTML with links) or `index` (JSON). `pattern` and
    `exclude` are shell patterns on file names, or on addresses when they contain `/`; `hosts` are others than the
    location's own that links may lead to. `entries` is the pointer to the list in an index, `members` says under which
    names it has `url`, `id`, `title`, `description`, `updated`. `together` makes one dataset of all files. `unpack`
    looks into ZIP archives. `headers` may refer to secrets.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    lists: Literal["nothing", "page", "index"] = "nothing"
    pattern: tuple[str, ...] = ("*.csv", "*.xls", "*.xlsx", "*.ods", "*.json", "*.geojson", "*.kml", "*.zip")
    exclude: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    entries: str = ""
    members: dict[Literal["url", "id", "title", "description", "updated"], str] = {}
    together: bool = False
    unpack: bool = True
    headers: Headers = {}


class WebAdapter:
    """A dataset for each file, known by its path on the server (or its id in an index)."""

    kind: ClassVar[str] = "web"
    Options: ClassVar[type[BaseModel]] = WebOptions
    lists_changes: ClassVar[bool] = False
    fetches_at_once: ClassVar[bool] = True

    def __init__(
        self,
        location: str,
        options: WebOptions,
        fetcher: Fetcher,
        *,
        since: datetime | None = None,  # noqa: ARG002 - a page cannot be asked for changes only
    ) -> None:
        self._location, self._options, self._fetcher = location.strip(), options, fetcher

    def discover(self) -> Iterator[RemoteDataset]:
        """Each file that is listed and wanted; one listed twice is given once."""
        found: dict[str, RemoteDataset] = {}
        for entry in self._entries():
            dataset = self._dataset(entry)
            found.setdefault(dataset.key, dataset)
        if not found and self._options.lists != "nothing":
            raise NoLinks(location=self._location, pattern=self._options.pattern)
        if not self._options.together:
            yield from found.values()
        else:
            files = tuple(file for one in found.values() for file in one.files)
            title = title_of_link("", self._location.rstrip("/").rpartition("/")[2])
            faults = tuple(one.fault for one in found.values() if one.fault)
            yield RemoteDataset(key_of(self._location, self._location), title, files, notices=faults)

    def fetch(self, dataset: RemoteDataset, into: Path) -> Iterator[Evidence | Missed]:
        """Its files, and in the place of an archive the files in it."""
        for file in dataset.files:
            try:
                whole = self._fetcher.download(file, into, headers=self._headers())
                if self._options.unpack:
                    yield from unpacked(whole, into, self._wants, limit=self._fetcher.limits.body)
                else:
                    yield whole
            except FetchFailed as fault:
                yield Missed(file, fault.notice)

    def _entries(self) -> Iterator[Entry]:
        if self._options.lists == "nothing":
            yield Entry(self._location)
            return
        answer = ask(self._fetcher, self._location, headers=self._headers())
        if self._options.lists == "page":
            entries = weblists.links_of(answer.content, self._location)
        else:
            entries = weblists.entries_of(answer.json(), self._options.entries, self._options.members, self._location)
        for entry in entries:
            if self._wants(urldefrag(entry.url).url, filename_of(entry.url, entry.title)):
                yield entry

    def _wants(self, address: str, filename: str) -> bool:
        def hits(patterns: tuple[str, ...]) -> bool:
            return any(matches(address if "/" in one else filename, (one,)) for one in patterns)

        return hits(self._options.pattern) and not hits(self._options.exclude)

    def _dataset(self, entry: Entry) -> RemoteDataset:
        url = urljoin(self._location, urldefrag(entry.url).url)
        filename = filename_of(url, entry.title)
        key = entry.id or key_of(url, self._location)
        title = title_of_link(entry.title, filename)
        if not may_follow(url, self._location, self._options.hosts):
            return RemoteDataset(key, title, (), fault=Notice(_ELSEWHERE, params={"location": url[:300]}))
        said = title if title == " ".join(entry.title.split()) else None
        file = RemoteFile(key, url, filename, title=said, description=entry.description)
        return RemoteDataset(
            key=key,
            title=title,
            files=(file,),
            about=About(title=said, description=entry.description, homepage=self._home()),
            fingerprint=f"{entry.updated} {url}" if entry.updated else self._stamp(file),
        )

    def _home(self) -> str | None:
        return self._location if self._options.lists == "page" else None

    def _stamp(self, file: RemoteFile) -> str | None:
        """Archives are asked for their mark first: what is in them is kept, not they. Others are asked when fetched."""
        if not self._options.unpack or not file.filename.lower().endswith(".zip"):
            return None
        try:
            return stamp_of(self._fetcher.probe(file.location, headers=self._headers()))
        except FetchFailed:
            return None

    def _headers(self) -> dict[str, Any]:
        return {name: fill(value) for name, value in self._options.headers.items()}
