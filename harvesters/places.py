"""Where a source lies, at an address or on a disk, handled alike: opened, fetched, and looked beside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urljoin

from datasets.clock import now
from harvesters.adapter import Evidence, FetchFailed, RemoteFile
from harvesters.archives import safe_path
from harvesters.faults import AddressForbidden, FolderMissing, TooLargeToFetch
from harvesters.protocols.links import filename_of, may_follow
from harvesters.wire.addresses import clean_url
from harvesters.wire.evidence import chunks_of, free_name, write_stream
from harvesters.wire.fetcher import Fetcher


@dataclass(frozen=True, slots=True)
class Place:
    """`where` it is for whoever fetches, `path` its bytes at hand, `shown` for people; `mark` tells states apart."""

    where: str
    path: Path
    shown: str
    mark: str = ""

    @property
    def remote(self) -> bool:
        """Whether it is an address."""
        return "://" in self.where

    @property
    def name(self) -> str:
        """The last part of where it is, for want of a better name."""
        return self.where.partition("?")[0].rstrip("/").rpartition("/")[2]

    def inside(self, path: str) -> str | None:
        """A local path below the folder of this place, links followed; None for one that leads out of it."""
        folder = self.path.parent.resolve()
        target = (folder / path).resolve()
        return str(target) if target.is_relative_to(folder) else None

    def beside(self, path: str, hosts: tuple[str, ...]) -> str:
        """Where something is that is named from here. Raises `AddressForbidden`."""
        if self.remote:
            target: str | None = urljoin(self.where, path)
            if not may_follow(target or "", self.where, hosts):
                target = None
        else:
            safe = safe_path(path) if "://" not in path else None
            target = self.inside(safe) if safe else None
        if target is None:
            raise AddressForbidden(location=clean_url(path)[:300])
        return target


def open_place(fetcher: Fetcher, location: str, folder: Path, name: str) -> Place:
    """The bytes at a location, in `folder` when they had to be fetched; of a local folder its file `name`.

    Raises `FolderMissing`, `FetchFailed`.
    """
    if "://" in location:
        filename = filename_of(location, "", "json")
        got = fetcher.download(RemoteFile(location, location, filename), folder)
        return Place(location, got.path, clean_url(location), got.sha256)
    path = Path(location)
    path = path / name if path.is_dir() else path
    if not path.is_file():
        raise FolderMissing(location=str(path))
    stat = path.stat()
    return Place(str(path), path, path.name, f"{stat.st_size}:{stat.st_mtime_ns}")


def fetch_place(fetcher: Fetcher, file: RemoteFile, into: Path) -> Evidence:
    """The file at an address or a local path, copied into the folder `into`. Raises `FetchFailed`."""
    if "://" in file.location:
        return fetcher.download(file, into)
    path, target = Path(file.location), free_name(into, file.filename)
    try:
        if path.stat().st_size > fetcher.limits.body:
            raise TooLargeToFetch(location=path.name, megabytes=fetcher.limits.body // 1024**2)
        written = write_stream(chunks_of(path), target)
    except OSError as error:
        raise FetchFailed(location=path.name, reason=error.strerror or str(error)) from error
    return Evidence(file, target, written.sha256, written.size, f"file:{quote(path.name)}", now())
