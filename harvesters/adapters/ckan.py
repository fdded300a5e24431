"""A CKAN portal through its Action API: one dataset for each package, known by its name."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote, unquote, urlencode, urljoin, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from datasets.clock import now
from harvesters.adapter import Evidence, FetchFailed, Missed, RemoteDataset, RemoteFile, RemoteOrganization
from harvesters.faults import AddressForbidden, NotCkan, PortalRefuses
from harvesters.gathered import gathered
from harvesters.protocols.datastore import DatastoreRows, NoTable, RowsMoved
from harvesters.protocols.foreign import tidy
from harvesters.protocols.links import filename_of
from harvesters.secrets import SecretText, fill
from harvesters.wire.addresses import origin
from harvesters.wire.answers import ask
from harvesters.wire.evidence import free_name, write_stream
from harvesters.wire.fetcher import Fetcher
from metadata.notices import Notice, declare
from metadata.reading.table import ReadHints

_NO_FILES = declare(
    "ckan.no_files",
    id="Dataset ini tidak memuat berkas maupun angka di portal asalnya.",
    en="This dataset holds neither files nor figures on its portal.",
)
_VOLATILE = ("tracking_summary", "num_followers", "views_total", "views_recent")
_FIGURES = "angka.csv"
_IN_ITSELF = "data:text/csv;charset=utf-8,"  # RFC 2397
_ROWS = "/api/3/action/datastore_search?resource_id="
_READINGS = 3
"""How often a table is read anew that changes while it is read."""


class CkanOptions(BaseModel):
    """`organizations`, `groups` and `tags` narrow the listing (any of each, all three); `rows` is the page size.

    `token` names the secret that opens a portal which is not for everybody; `private` takes the datasets, too, that the
    portal shows only to its members. `datastore` takes the rows of the DataStore even where there is a file.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    organizations: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    rows: int = Field(default=100, ge=1, le=1000)
    token: SecretText | None = None
    private: bool = False
    datastore: bool = False


class CkanAdapter:
    """Datasets are recognised by package *name*: some portals delete and re-create a package at each publication."""

    kind: ClassVar[str] = "ckan"
    Options: ClassVar[type[BaseModel]] = CkanOptions
    lists_changes: ClassVar[bool] = True
    fetches_at_once: ClassVar[bool] = True

    def __init__(self, location: str, options: CkanOptions, fetcher: Fetcher, *, since: datetime | None = None) -> None:
        self._base = re.sub(r"/api(/\d+)?(/action)?$", "", location.strip().rstrip("/"))
        self._options, self._fetcher, self._since = options, fetcher, since

    def discover(self) -> Iterator[RemoteDataset]:
        """Every package on offer, page by page; a package listed twice while the list moves is given once."""
        start, known = 0, set()
        while True:
            count, packages = self._page(start)
            fresh = [one for one in packages if _key(one) not in known]
            for package in fresh:
                known.add(_key(package))
                if self._is_meant(package):
                    yield self._remote(package)
            start += len(packages)
            if not fresh or start >= count:  # an empty page, or one page again and again, ends it too
                return

    def fetch(self, dataset: RemoteDataset, into: Path) -> Iterator[Evidence | Missed]:
        """Its files; a link that leads to a page, to nothing or to trouble is `Missed`, and the others go on."""
        for file in dataset.files:
            try:
                if file.location.startswith(_IN_ITSELF):
                    yield self._figures(dataset, file, into)
                elif file.location.startswith(self._base + _ROWS):
                    yield self._rows(file, into)
                else:
                    yield self._fetcher.download(file, into, headers=self._headers(file.location))
            except FetchFailed as fault:
                yield Missed(file, fault.notice)

    def _rows(self, file: RemoteFile, into: Path) -> Evidence:
        """The rows of a DataStore table, read anew when it changes meanwhile; with the types that its fields have."""
        resource = unquote(file.location.removeprefix(self._base + _ROWS))
        for reading in range(1, _READINGS + 1):
            rows = DatastoreRows(self._search_rows, resource)
            try:
                with closing(rows.lines()) as lines:
                    evidence = gathered(file, into, lines, limit=self._fetcher.limits.body)
            except RowsMoved:
                if reading == _READINGS:
                    raise
            else:
                return replace(evidence, file=replace(file, hints=replace(file.hints, types=rows.types)))
        raise AssertionError

    def _search_rows(self, asked: Mapping[str, Any]) -> Any:
        url = f"{self._base}/api/3/action/datastore_search?{urlencode(asked)}"
        answer = ask(self._fetcher, url, headers=self._headers(url)).json(exact=True)
        if not isinstance(answer, dict) or answer.get("success") is not True:
            raise NoTable(location=str(asked["resource_id"]))
        return answer.get("result")

    def _headers(self, url: str) -> dict[str, str]:
        """The token for addresses of the portal itself, also by TLS; nothing for what its datasets only link to."""
        secured = re.sub(r"^http://([^/:]+)(?=/|$)", r"https://\1", self._base)
        try:
            own = origin(url) in (origin(self._base), origin(secured))
        except AddressForbidden:
            own = False
        return {"Authorization": fill(self._options.token)} if self._options.token and own else {}

    def _is_meant(self, package: Mapping[str, Any]) -> bool:
        """A dataset (no other kind of record), not deleted, and public unless private ones are wanted."""
        if package.get("type", "dataset") != "dataset" or package.get("state", "active") != "active":
            return False
        return self._options.private or not package.get("private")

    def _figures(self, dataset: RemoteDataset, file: RemoteFile, into: Path) -> Evidence:
        """The figures that stand in the package's record itself, as a file of their own."""
        target = free_name(into, file.filename)
        written = write_stream([unquote(file.location.removeprefix(_IN_ITSELF)).encode()], target)
        return Evidence(
            file=file,
            path=target,
            sha256=written.sha256,
            size=written.size,
            url=f"{self._base}/api/3/action/package_show?id={quote(dataset.key)}",
            fetched_at=now(),
            status=200,
        )

    def _page(self, start: int) -> tuple[int, list[dict[str, Any]]]:
        from ckanapi import RemoteCKAN  # late: 0.2 s
        from ckanapi.errors import CKANAPIError, NotAuthorized

        token = fill(self._options.token) if self._options.token else None
        portal = RemoteCKAN(self._base, apikey=token, get_only=True, session=self._fetcher.session)
        asked = {"q": "*:*", "rows": self._options.rows, "start": start, "sort": "id asc"}
        if self._options.private:
            asked["include_private"] = "true"
        if narrowed := self._filter():
            asked["fq"] = narrowed
        try:
            answer = portal.call_action("package_search", asked)
            count, packages = int(answer["count"]), answer["results"]
            return count, [tidy(one) for one in packages if isinstance(one, dict) and _key(one)]
        except NotAuthorized as error:
            raise PortalRefuses(location=self._base) from error
        except (CKANAPIError, KeyError, TypeError, ValueError, RecursionError) as error:
            raise NotCkan(location=self._base) from error

    def _filter(self) -> str:
        """A Solr filter of required terms, values quoted: `+organization:("a" OR "b") +metadata_modified:[… TO *]`."""
        chosen = self._options
        fields = {"organization": chosen.organizations, "groups": chosen.groups, "tags": chosen.tags}
        terms = [f"+{name}:({' OR '.join(map(_quoted, values))})" for name, values in fields.items() if values]
        if self._since is not None:
            terms.append(f"+metadata_modified:[{self._since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} TO *]")
        return " ".join(terms)

    def _remote(self, package: dict[str, Any]) -> RemoteDataset:
        from metadata.profiles.ckan import about_from_package, figures_as_csv  # late: only this kind needs it

        files = tuple(self._files(package))
        if figures := figures_as_csv(package):
            key, location = f"{_key(package)}/extras", _IN_ITSELF + quote(figures)
            files += (RemoteFile(key, location, _FIGURES, title=str(package.get("title") or "").strip() or None),)
        about = about_from_package(package)
        return RemoteDataset(
            key=_key(package),
            title=about.title or _key(package),
            files=files,
            about=about,
            organization=_organization(package.get("organization")),
            modified=_moment(package.get("metadata_modified")),
            fingerprint=None if any(_ROWS in file.location for file in files) else _fingerprint(package),
            fault=None if files else Notice(_NO_FILES),
        )

    def _files(self, package: Mapping[str, Any]) -> Iterator[RemoteFile]:
        for number, resource in enumerate(_dicts(package.get("resources"))):
            url = str(resource.get("url") or "").strip()
            name = str(resource.get("name") or "").strip()
            declared = str(resource.get("format") or "").strip().lower()
            filename = filename_of(url, name, declared)
            rows = _is_only_rows(resource, url) or (self._options.datastore and bool(resource.get("datastore_active")))
            if (not url and not rows) or filename.lower() == "datapackage.json":  # the portal's description of the rest
                continue
            file = RemoteFile(
                key=f"{_key(package)}/{name or number}",
                location=urljoin(self._base + "/", url),
                filename=filename,
                title=name or None,
                description=str(resource.get("description") or "").strip() or None,
                declared_format=declared or None,
            )
            yield self._as_rows(file, str(resource.get("id") or "")) if rows else file

    def _as_rows(self, file: RemoteFile, resource: str) -> RemoteFile:
        """The file as the rows of a DataStore table, which are written as CSV here."""
        stem = file.filename.rpartition(".")[0] or file.filename or "data"
        return replace(
            file,
            location=self._base + _ROWS + quote(resource),
            filename=f"{stem}.csv",
            declared_format="csv",
            hints=ReadHints(encoding="utf-8", delimiter=",", header_row=1, decimal="."),
        )


def _key(package: Mapping[str, Any]) -> str:
    return str(package.get("name") or package.get("id") or "")[:500]


def _is_only_rows(resource: Mapping[str, Any], url: str) -> bool:
    """Whether a resource has no file but only rows in the DataStore: made by the API, or its dump is all there is."""
    if not resource.get("id"):
        return False
    active = bool(resource.get("datastore_active"))
    return resource.get("url_type") == "datastore" or (active and (not url or "/datastore/dump/" in urlsplit(url).path))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _organization(value: Any) -> RemoteOrganization | None:
    if not isinstance(value, dict) or not value.get("name"):
        return None
    name = str(value["name"])
    return RemoteOrganization(name, str(value.get("title") or name), str(value.get("description") or "") or None)


def _moment(value: Any) -> datetime | None:
    """CKAN writes UTC without saying so."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _fingerprint(package: Mapping[str, Any]) -> str | None:
    """A mark of the whole record; None when a file lies outside the portal and may change without a word in it."""
    if any(resource.get("url_type") != "upload" for resource in _dicts(package.get("resources"))):
        return None
    steady = {key: value for key, value in package.items() if key not in _VOLATILE}
    return hashlib.sha256(json.dumps(steady, sort_keys=True, default=str).encode()).hexdigest()
