"""Bytes that come with a call, or from the address that it names: in a folder of ours, with their hash, in no store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from datasets.clock import now
from metadata.errors import LumbungError
from portal.api.faults import Invalid
from portal.context import installation

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

_CHUNK = 1024 * 1024
_SECONDS = 60.0
"""For an address to be fetched while the caller waits; larger things are uploaded, or harvested from a source."""


@dataclass(frozen=True, slots=True)
class Bytes:
    """A file that has come in and is not kept yet."""

    path: Path
    filename: str
    sha256: str
    size: int
    url: str
    at: datetime

    @property
    def members(self) -> dict[str, object]:
        """What a manuscript's file says of its bytes."""
        return {
            "filename": self.filename,
            "sha256": self.sha256,
            "size": self.size,
            "url": self.url,
            "fetched_at": self.at,
            "exact": False,
            "types": {},
        }


def uploaded(file: FileStorage, work: Path) -> Bytes:
    """An upload. Raises `Invalid` for an empty one."""
    filename = _basename(file.filename or "berkas")
    taken = _written(file.stream, work, filename, f"upload:{filename}")
    if not taken.size:
        raise Invalid({"upload": ["The uploaded file is empty"]})
    return taken


def rows_written(path: Path, filename: str) -> Bytes:
    """A table that the portal has written itself."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return Bytes(path, filename, digest.hexdigest(), path.stat().st_size, f"datastore:{filename}", now())


def fetched(url: str, name: str, work: Path) -> Bytes:
    """The file at a public address, fetched under the guards of a harvest. Raises `Invalid` on `url`."""
    from harvesters.adapter import RemoteFile  # late: only who links needs the network
    from harvesters.wire.fetcher import Fetcher
    from harvesters.wire.session import Limits

    into = work / f"fetched-{hashlib.sha256(url.encode()).hexdigest()[:12]}"
    into.mkdir()
    most = installation().settings.max_file_megabytes * 1024**2
    fetcher = Fetcher(limits=Limits(body=most, total=_SECONDS, attempts=1))
    filename = _basename(url.partition("?")[0].rstrip("/").rpartition("/")[2] or name)
    try:
        got = fetcher.download(RemoteFile(name, url, filename), into)
    except LumbungError as fault:
        raise Invalid({"url": [fault.say("en")]}) from fault
    finally:
        fetcher.close()
    return Bytes(got.path, got.file.filename, got.sha256, got.size, got.url, got.fetched_at)


def fresh(came: Iterable[Bytes]) -> Mapping[str, Path]:
    """Where the bytes are, by their hash."""
    return {one.sha256: one.path for one in came}


def is_descriptor(filename: str, path: Path) -> bool:
    """Whether this is a `datapackage.json`, which the portal writes by itself for every version."""
    if filename.lower() != "datapackage.json" or path.stat().st_size > _CHUNK:
        return False
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and "resources" in found


def _written(stream: IO[bytes], work: Path, filename: str, url: str) -> Bytes:
    digest, size = hashlib.sha256(), 0
    path = work / f"upload-{len(list(work.iterdir()))}"
    with path.open("wb") as target:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return Bytes(path, filename, digest.hexdigest(), size, url, now())


def _basename(name: str) -> str:
    """The last part of a path of any system, without what cannot stand in a name."""
    last = name.replace("\\", "/").rpartition("/")[2].replace("\x00", "").strip()
    return "".join(letter for letter in last if letter.isprintable())[:200].strip(". ") or "berkas"
