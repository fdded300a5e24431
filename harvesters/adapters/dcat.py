"""A DCAT catalogue: JSON-LD, RDF/XML, Turtle or data.json, page after page; its distributions are the files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import ClassVar
from urllib.parse import urldefrag, urljoin

from pydantic import BaseModel, ConfigDict, Field

from harvesters.adapter import (
    Evidence,
    FetchFailed,
    Missed,
    RemoteDataset,
    RemoteFile,
    RemoteOrganization,
    SourceUnavailable,
)
from harvesters.dcat import parsing as dcat_parsing
from harvesters.dcat import terms as dcat_terms
from harvesters.dcat import us as dcat_us
from harvesters.dcat.terms import Described, Distribution
from harvesters.protocols.links import filename_of, may_follow, shortened
from harvesters.secrets import Headers, fill
from harvesters.wire.answers import ask
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.hashes import check_bytes
from metadata.names import slug
from metadata.notices import Notice, declare
from metadata.terms import Bilingual

_ACCEPT = "application/ld+json, application/rdf+xml;q=0.9, text/turtle;q=0.8, application/json;q=0.7"
_NO_FILES = declare(
    "dcat.no_files",
    id="Dataset ini tidak memuat alamat unduhan (dcat:downloadURL) dalam katalog asalnya.",
    en="This dataset has no download address (dcat:downloadURL) in its catalogue.",
)


class LeadsAway(SourceUnavailable):
    """A catalogue goes on at a place that nobody has allowed."""

    code = "dcat.leads_away"
    text = Bilingual(
        id="Halaman katalog berikutnya ({location}) ada di alamat lain. Jika memang dikehendaki, tambahkan hostnya "
        "pada opsi “hosts”.",
        en="The next page of the catalogue ({location}) is at another address. If that is intended, add its host to "
        "the option “hosts”.",
    )


class DcatOptions(BaseModel):
    """`formats` are those wanted when a dataset comes in several (`csv` before all else); without them all are taken.

    `hosts` are others than the catalogue's own that further pages may be on, `pages` how many are read. `headers` are
    sent to the catalogue, not to where its files are.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    formats: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    pages: int = Field(default=1_000, ge=1, le=10_000)
    headers: Headers = {}


class DcatAdapter:
    """A dataset is known by its address in the graph, else by its identifier."""

    kind: ClassVar[str] = "dcat"
    Options: ClassVar[type[BaseModel]] = DcatOptions
    lists_changes: ClassVar[bool] = False
    fetches_at_once: ClassVar[bool] = True

    def __init__(
        self,
        location: str,
        options: DcatOptions,
        fetcher: Fetcher,
        *,
        since: datetime | None = None,  # noqa: ARG002 - DCAT has no asking for changes only
    ) -> None:
        self._location, self._options, self._fetcher = location.strip(), options, fetcher

    def discover(self) -> Iterator[RemoteDataset]:
        """Every dataset of every page, each once; a page that was read already, or one too many, ends it."""
        known: set[str] = set()
        read: set[str] = set()
        address: str | None = self._location
        while address is not None and len(read) < self._options.pages:
            if not may_follow(address, self._location, self._options.hosts):
                raise LeadsAway(location=address[:300])
            read.add(address)
            found, address = self._page(address, read)
            for one in found:
                if one.key not in known:
                    known.add(one.key)
                    yield self._dataset(one)

    def fetch(self, dataset: RemoteDataset, into: Path) -> Iterator[Evidence | Missed]:
        """Its distributions; one that leads to a page, to nothing or to other bytes than announced is `Missed`."""
        for file in dataset.files:
            try:
                evidence = self._fetcher.download(file, into)
                check_bytes(evidence.path, urldefrag(file.location).fragment.removeprefix("hash="), None, evidence.url)
                yield evidence
            except FetchFailed as fault:
                yield Missed(file, fault.notice)

    def _page(self, address: str, read: set[str]) -> tuple[list[Described], str | None]:
        """The datasets of one page, and the address of the next."""
        headers = {name: fill(value) for name, value in self._options.headers.items()}
        own = may_follow(address, self._location, ())
        value = dcat_parsing.parse(ask(self._fetcher, address, headers={"Accept": _ACCEPT, **(headers if own else {})}))
        if isinstance(value, dict):
            return list(dcat_us.datasets_of(value)), None
        following = [urljoin(address, one) for one in dcat_terms.next_pages(value)]
        return list(dcat_terms.datasets_in(value)), next((one for one in following if one not in read), None)

    def _dataset(self, one: Described) -> RemoteDataset:
        chosen = self._chosen(one.distributions)
        titles = Counter(each.title for each in chosen)
        files = tuple(_file(one.key, each, named=titles[each.title] == 1) for each in chosen)
        office = one.publisher
        return RemoteDataset(
            key=one.key,
            title=one.about.title or one.key,
            files=files,
            about=one.about,
            organization=RemoteOrganization(slug(office), office[:300]) if office else None,
            modified=one.modified,
            fault=None if files else Notice(_NO_FILES),
        )

    def _chosen(self, offered: tuple[Distribution, ...]) -> tuple[Distribution, ...]:
        """Those of the first wanted format that there is, else all; none twice."""
        once = tuple({each.url: each for each in offered}.values())
        for wanted in self._options.formats:
            if of_it := tuple(each for each in once if wanted.lower() in (each.format, _ending(each.url))):
                return of_it
        return once


def _file(dataset: str, each: Distribution, *, named: bool) -> RemoteFile:
    """The file of a distribution, known by its title where that is its alone, else by its address."""
    title = " ".join((each.title or "").split())
    return RemoteFile(
        key=shortened(f"{dataset}/{title if named and title else each.url}"),
        location=urldefrag(each.url).url + (f"#hash={each.hash}" if each.hash else ""),
        filename=filename_of(each.url, title, each.format),
        title=title or None,
        description=each.description,
        declared_format=each.format or None,
    )


def _ending(url: str) -> str:
    return filename_of(url).rpartition(".")[2].lower()
