"""Any REST API that speaks JSON, by declaration: a dataset for each entry of a list, its records page after page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote, unquote, urljoin

from pydantic import BaseModel

from datasets.clock import now
from harvesters.adapter import Evidence, FetchFailed, Missed, RemoteDataset, RemoteFile
from harvesters.faults import Refused, TooLargeToFetch
from harvesters.protocols.apiplan import JsonOptions, Listing
from harvesters.protocols.apirecords import Records, RecordsMoved
from harvesters.protocols.foreign import at_pointer
from harvesters.protocols.links import key_of, may_follow, shortened, title_of_link
from harvesters.secrets import fill
from harvesters.wire.answers import AnswerUnreadable, ask
from harvesters.wire.evidence import free_name, write_stream
from harvesters.wire.fetcher import Fetcher
from metadata.about import About

_YEAR = "tahun"
_READINGS = 3
"""How often records are read anew that change while they are read."""


class JsonAdapter:
    """Datasets are known by the ids that the API gives them, or that are given by hand."""

    kind: ClassVar[str] = "json"
    Options: ClassVar[type[BaseModel]] = JsonOptions
    lists_changes: ClassVar[bool] = False
    fetches_at_once: ClassVar[bool] = True

    def __init__(
        self,
        location: str,
        options: JsonOptions,
        fetcher: Fetcher,
        *,
        since: datetime | None = None,  # noqa: ARG002 - each API would ask for changes in its own way
    ) -> None:
        self._location, self._options, self._fetcher = location.strip(), options, fetcher

    def discover(self) -> Iterator[RemoteDataset]:
        """Those declared, then those that the API lists; without either the location itself is the one dataset."""
        known: set[str] = set()
        for dataset in self._offered():
            if dataset.key not in known:
                known.add(dataset.key)
                yield dataset

    def fetch(self, dataset: RemoteDataset, into: Path) -> Iterator[Evidence | Missed]:
        """All records of the dataset as one JSON list; half of them are none."""
        for file in dataset.files:
            try:
                yield self._gathered(file, into)
            except FetchFailed as fault:
                yield Missed(file, fault.notice)

    def _offered(self) -> Iterator[RemoteDataset]:
        for one in self._options.datasets:
            yield self._dataset(one.id, one.title, one.description, one.path or self._options.path)
        if self._options.listing is not None:
            yield from self._listed(self._options.listing)
        if not self._options.datasets and self._options.listing is None:
            title = title_of_link("", self._location.partition("?")[0].rstrip("/").rpartition("/")[2])
            yield self._dataset(key_of(self._location, self._location), title, None, self._options.path)

    def _listed(self, listing: Listing) -> Iterator[RemoteDataset]:
        headers = {name: fill(value) for name, value in self._options.headers.items()}
        answer = ask(self._fetcher, urljoin(self._location, listing.path), headers=headers)
        entries = at_pointer(answer.json(), listing.entries)
        if not isinstance(entries, list):
            reason = f"“{listing.entries or '/'}” bukan daftar / not a list"
            raise AnswerUnreadable(location=answer.location, wanted="JSON", reason=reason)
        for entry in entries:
            key, title = _text(entry, listing.id), _text(entry, listing.title)
            if key and title:
                template = self._options.path or ("{alamat}" if listing.address else "")
                address = _text(entry, listing.address)
                if address and not may_follow(urljoin(self._location, address), self._location, ()):
                    continue  # somebody else's data, which secrets of this source must not be sent to
                description = _text(entry, listing.description)
                yield self._dataset(
                    key, title, description, template, address=address, mark=_text(entry, listing.updated)
                )

    def _dataset(
        self,
        key: str,
        title: str,
        description: str | None,
        template: str,
        *,
        address: str | None = None,
        mark: str | None = None,
    ) -> RemoteDataset:
        plan = json.dumps([template, {"id": key, "alamat": address or ""}])
        file = RemoteFile(shortened(key), f"plan:{quote(plan)}", f"{key}.json", title=title, declared_format="json")
        about = About(title=title, description=description)
        return RemoteDataset(shortened(key), title, (file,), about, fingerprint=mark)

    def _gathered(self, file: RemoteFile, into: Path) -> Evidence:
        target = free_name(into, file.filename)
        for reading in range(1, _READINGS + 1):
            records = Records(self._location, self._options, self._fetcher)
            try:
                written = write_stream(self._as_list(self._records(file, records)), target)
                break
            except RecordsMoved:
                if reading == _READINGS:
                    raise
        return Evidence(
            file=file,
            path=target,
            sha256=written.sha256,
            size=written.size,
            url=records.asked,
            fetched_at=now(),
            headers={"content-type": "application/json"},
            status=200,
        )

    def _records(self, file: RemoteFile, records: Records) -> Iterator[dict[str, Any]]:
        template, values = json.loads(unquote(file.location.removeprefix("plan:")))
        if "{tahun}" not in template:
            yield from records.read(template, values)
            return
        for year in self._options.asked_years(now()):
            given = 0
            try:
                for record in records.read(template, {**values, _YEAR: str(year)}):
                    given += 1
                    yield record if _YEAR in record else {_YEAR: year, **record}
            except Refused as fault:
                young = year > now().year - self._options.may_lack
                if given or not young or fault.notice.params.get("status") != 404:
                    raise

    def _as_list(self, records: Iterator[dict[str, Any]]) -> Iterator[bytes]:
        """A JSON list, a record a line, never more than one file may have."""
        size, before = 0, b"[\n"
        for record in records:
            line = before + json.dumps(record, ensure_ascii=False).encode()
            size, before = size + len(line), b",\n"
            if size > self._fetcher.limits.body:
                raise TooLargeToFetch(location=self._location, megabytes=self._fetcher.limits.body // 1024**2)
            yield line
        yield (b"[" if before == b"[\n" else b"") + b"\n]\n"


def _text(entry: Any, member: str | None) -> str | None:
    value = at_pointer(entry, member if member.startswith("/") else f"/{member}") if member else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return " ".join(str(value).split())[:2_000] or None
