"""Data Packages at an address or in a folder: a descriptor, a ZIP with one in it, or a catalogue of packages."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote, urljoin

from pydantic import BaseModel, ConfigDict

from datasets.clock import now
from harvesters import archives
from harvesters.adapter import Evidence, FetchFailed, Missed, RemoteDataset, RemoteFile, RemoteOrganization
from harvesters.packed import taken
from harvesters.places import Place, fetch_place, open_place
from harvesters.protocols import descriptors
from harvesters.protocols.descriptors import Listed, Part
from harvesters.protocols.links import filename_of, may_follow, shortened
from harvesters.protocols.package_index import DESCRIPTOR, catalogue_of, descriptor_of
from harvesters.wire.answers import AnswerUnreadable, parse_json
from harvesters.wire.evidence import free_name, write_stream
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.hashes import check_bytes
from metadata.errors import LumbungError
from metadata.names import slug
from metadata.notices import Notice, declare

_BAD_PATH = declare(
    "datapackage.bad_path",
    id="Sumber daya “{name}” menunjuk ke {path}, yang bukan berkas di dalam paket ini; tidak diambil.",
    en="Resource “{name}” points to {path}, which is no file of this package; it is not taken.",
)


class DatapackageOptions(BaseModel):
    """`hosts` are others than the package's own from which its resources may come (shell patterns)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hosts: tuple[str, ...] = ()


class DatapackageAdapter:
    """A package is known by the name in its descriptor. Sizes and hashes that it states are held against the bytes."""

    kind: ClassVar[str] = "datapackage"
    Options: ClassVar[type[BaseModel]] = DatapackageOptions
    lists_changes: ClassVar[bool] = False
    fetches_at_once: ClassVar[bool] = True

    def __init__(
        self,
        location: str,
        options: DatapackageOptions,
        fetcher: Fetcher,
        *,
        since: datetime | None = None,  # noqa: ARG002 - a package is read whole
    ) -> None:
        self._location, self._options, self._fetcher = location.strip(), options, fetcher

    def discover(self) -> Iterator[RemoteDataset]:
        """The package, or each one of a catalogue; one that cannot be opened is told while the others are given."""
        with tempfile.TemporaryDirectory(prefix="lumbung-") as folder:
            place = open_place(self._fetcher, self._location, Path(folder), DESCRIPTOR)
            content, member = descriptor_of(place, limit=self._fetcher.limits.body)
            value = parse_json(content, place.shown)
            entries = catalogue_of(value)
            if entries is None:
                yield self._dataset(value, place, content, member)
                return
            for number, (name, entry) in enumerate(entries, 1):
                key = name or (entry if isinstance(entry, str) else f"#{number}")
                try:
                    yield self._entry(key, entry, place, Path(folder))
                except LumbungError as fault:
                    yield RemoteDataset(shortened(key), key, (), fault=fault.notice)

    def fetch(self, dataset: RemoteDataset, into: Path) -> Iterator[Evidence | Missed]:
        """Its resources; one that is not what the descriptor says it is, is missed."""
        wholes: dict[str, Evidence] = {}
        for file in dataset.files:
            part = Part.unpacked(file.location)
            try:
                evidence = self._one(file, part, into, wholes)
                check_bytes(evidence.path, part.hash, part.size, evidence.url)
                yield evidence
            except FetchFailed as fault:
                yield Missed(file, fault.notice)

    def _entry(self, key: str, entry: Any, place: Place, folder: Path) -> RemoteDataset:
        if isinstance(entry, dict):  # the descriptor itself
            return self._dataset({"name": key, **entry}, place, json.dumps(entry).encode(), None)
        where = place.beside(str(entry), self._options.hosts)
        inner = open_place(self._fetcher, where, folder, DESCRIPTOR)
        content, member = descriptor_of(inner, limit=self._fetcher.limits.body)
        value = parse_json(content, inner.shown)
        if not isinstance(value, dict):
            raise AnswerUnreadable(location=inner.shown, wanted="Data Package", reason="bukan objek / not an object")
        return self._dataset({"name": key, **value}, inner, content, member)

    def _dataset(self, value: Any, place: Place, content: bytes, member: str | None) -> RemoteDataset:
        if not isinstance(value, dict) or not isinstance(value.get("resources"), list):
            reason = "tanpa “resources” / no “resources”"
            raise AnswerUnreadable(location=place.shown, wanted="Data Package", reason=reason)
        about, listed = descriptors.about_of(value), list(descriptors.resources_of(value))
        key = str(value.get("name") or value.get("id") or place.name)
        files, notices = [], []
        for one in listed:
            part = self._part(one, place, member)
            if part is None:
                shown = (one.path or "-")[:200]
                notices.append(Notice(_BAD_PATH, params={"name": one.name, "path": shown}))
            else:
                files.append(_file(key, one, part))
        publisher = descriptors.publisher_of(value)
        sure = all(one.hash or one.inline is not None for one in listed) or member is not None
        mark = hashlib.sha256(content + place.mark.encode()).hexdigest() if sure else None
        return RemoteDataset(
            key=shortened(key),
            title=about.title or key,
            files=tuple(files),
            about=about,
            organization=RemoteOrganization(slug(publisher), publisher) if publisher else None,
            fingerprint=mark,
            notices=tuple(notices),
            fault=None if files else next(iter(notices), Notice(_BAD_PATH, params={"name": key, "path": "-"})),
        )

    def _part(self, one: Listed, place: Place, member: str | None) -> Part | None:
        """Where a resource is; None for a path that leads out of the package or to a host that is not allowed."""
        if one.path is None:
            return Part(place.where, inline=json.dumps(one.inline)) if one.inline is not None else None
        if "://" in one.path:
            allowed = may_follow(one.path, place.where, self._options.hosts) if place.remote else False
            return Part(one.path, hash=one.hash, size=one.size) if allowed else None
        path = archives.safe_path(one.path)
        if path is None:
            return None
        if member is not None:
            folder = member.rpartition("/")[0]
            return Part(place.where, member=f"{folder}/{path}".lstrip("/"), hash=one.hash, size=one.size)
        where = urljoin(place.where, quote(path)) if place.remote else place.inside(path)
        return Part(where, hash=one.hash, size=one.size) if where else None

    def _one(self, file: RemoteFile, part: Part, into: Path, wholes: dict[str, Evidence]) -> Evidence:
        if part.inline is not None:
            target = free_name(into, file.filename)
            written = write_stream([part.inline.encode()], target)
            return Evidence(file, target, written.sha256, written.size, _shown(part), now(), status=200)
        if part.member is None:
            return fetch_place(self._fetcher, dataclasses.replace(file, location=part.where), into)
        if part.where not in wholes:
            wholes[part.where] = fetch_place(self._fetcher, RemoteFile(file.key, part.where, "paket.zip"), into)
        whole = wholes[part.where]
        found = archives.members(whole.path, whole.url, limit=self._fetcher.limits.body)
        member = next((one for one in found if one.path == part.member), None)
        if member is None:
            raise FetchFailed(location=f"{whole.url}#{part.member}", reason="tidak ada / not there")
        return taken(whole, member, file, into)


def _file(key: str, one: Listed, part: Part) -> RemoteFile:
    named = one.path or f"{one.name}.json"
    filename = filename_of(named, "", one.format or "csv")
    return RemoteFile(
        key=shortened(f"{key}/{one.name}"),
        location=part.packed(),
        filename=filename,
        title=one.title,
        description=one.description,
        declared_format=one.format or None,
        hints=one.hints,
    )


def _shown(part: Part) -> str:
    return part.where if "://" in part.where else f"file:{quote(Path(part.where).name)}"
