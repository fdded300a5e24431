"""Files of a folder: each file is a dataset, each folder with a `_dataset.toml` is one dataset of several files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict

from datasets.clock import now
from harvesters.adapter import Evidence, FetchFailed, RemoteDataset, RemoteFile
from harvesters.faults import BeingWritten, FolderMissing, TooLargeToFetch
from harvesters.folders import NEVER, is_data, is_wanted, key_below, matches, printable, title_of
from harvesters.sidecars import DATASET, FOLDER, Sidecar, folder_defaults, read_sidecar, sidecar_of, with_columns
from harvesters.wire.evidence import chunks_of, free_name, write_stream
from harvesters.wire.fetcher import Fetcher
from metadata.about import About
from metadata.errors import LumbungError
from metadata.notices import Notice, Place, declare

_UNREADABLE = declare(
    "files.unreadable",
    id="Folder atau berkas ini tidak dapat dibuka: {reason}. Periksa izinnya.",
    en="This folder or file cannot be opened: {reason}. Check its permissions.",
)
_ORPHAN = declare(
    "files.sidecar_without_file",
    id="Berkas keterangan ini tidak punya berkas data “{wanted}” di sebelahnya. Samakan namanya.",
    en="This sidecar has no data file “{wanted}” beside it. Make the names agree.",
)


class FilesOptions(BaseModel):
    """`pattern` and `exclude` are shell patterns on the name, or on the path below the folder when they contain `/`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pattern: tuple[str, ...] = ("*",)
    exclude: tuple[str, ...] = ("readme*",)
    recursive: bool = True


class FilesAdapter:
    """A folder, or a single file, on a disk that this machine can read."""

    kind: ClassVar[str] = "files"
    Options: ClassVar[type[BaseModel]] = FilesOptions
    lists_changes: ClassVar[bool] = False
    fetches_at_once: ClassVar[bool] = True

    def __init__(
        self,
        location: str,
        options: FilesOptions,
        fetcher: Fetcher,
        *,
        since: datetime | None = None,  # noqa: ARG002 - a folder is always listed whole
    ) -> None:
        self._given, self._options, self._limit = Path(location), options, fetcher.limits.body
        self._root = self._given.parent if self._given.is_file() else self._given

    def discover(self) -> Iterator[RemoteDataset]:
        """Every dataset, in the order of paths. What cannot be opened is named and passed over."""
        if self._given.is_file():
            yield self._file(self._given, self._defaults(self._root, About()))
        elif self._given.is_dir():
            yield from self._folder(self._given, About())
        else:
            raise FolderMissing(location=str(self._given))

    def fetch(self, dataset: RemoteDataset, into: Path) -> Iterator[Evidence]:
        """Copies of the files, each taken whole: a file that changes while it is copied is an error."""
        for file in dataset.files:
            path = Path(file.location)
            target = free_name(into, file.filename)
            try:
                before = path.stat()
                if before.st_size > self._limit:
                    raise TooLargeToFetch(location=file.key, megabytes=self._limit // 1024**2)
                written = write_stream(chunks_of(path), target)
                after = path.stat()
            except OSError as error:
                raise FetchFailed(location=file.key, reason=error.strerror or str(error)) from error
            if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                raise BeingWritten(location=file.key)
            yield Evidence(
                file=file,
                path=target,
                sha256=written.sha256,
                size=written.size,
                url=f"file:{quote(file.key)}",
                fetched_at=now(),
                headers={"last-modified": datetime.fromtimestamp(after.st_mtime, UTC).isoformat()},
            )

    def _folder(self, folder: Path, defaults: About) -> Iterator[RemoteDataset]:
        try:
            entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
            defaults = self._defaults(folder, defaults)
        except OSError as error:
            yield self._faulty(folder, Notice(_UNREADABLE, params={"reason": error.strerror or str(error)}))
            return
        except LumbungError as error:
            yield self._faulty(folder / FOLDER, error.notice)
            return
        if (folder / DATASET).is_file():
            yield self._together(folder, defaults)
            return
        for entry in entries:
            if self._is_data(entry):
                yield self._file(entry, defaults)
            elif (
                entry.is_dir() and not entry.is_symlink() and self._options.recursive and not matches(entry.name, NEVER)
            ):
                yield from self._folder(entry, defaults)
            elif _is_orphan(entry):
                wanted = entry.name.removesuffix(".toml")
                yield self._faulty(entry, Notice(_ORPHAN, Place(file=self._key(entry)), {"wanted": wanted}))

    def _file(self, path: Path, defaults: About) -> RemoteDataset:
        beside = sidecar_of(path)
        try:
            said = read_sidecar(beside, shown=self._key(beside)) if beside else Sidecar()
            about = said.about.over(defaults)
            title = said.about.title or title_of(path)
            return self._dataset(path, title, (self._remote(path, Sidecar(hints=said.hints)),), about)
        except OSError as error:
            return self._faulty(path, Notice(_UNREADABLE, params={"reason": error.strerror or str(error)}))
        except LumbungError as error:
            return self._faulty(path, error.notice)

    def _together(self, folder: Path, defaults: About) -> RemoteDataset:
        try:
            own = read_sidecar(folder / DATASET, shown=self._key(folder / DATASET))
            paths = [path for path in sorted(folder.rglob("*")) if self._is_data(path)]
            besides = [(path, sidecar_of(path)) for path in paths]
            said = {path: read_sidecar(beside, shown=self._key(beside)) for path, beside in besides if beside}
            files = tuple(self._remote(path, said.get(path, Sidecar())) for path in paths)
            about = with_columns(own.about.over(defaults), *(one.about for one in said.values()))
            return self._dataset(folder, own.about.title or title_of(folder), files, about)
        except OSError as error:
            return self._faulty(folder, Notice(_UNREADABLE, params={"reason": error.strerror or str(error)}))
        except LumbungError as error:
            return self._faulty(folder, error.notice)

    def _dataset(self, path: Path, title: str, files: tuple[RemoteFile, ...], about: About) -> RemoteDataset:
        stats = [(file.key, Path(file.location).stat()) for file in files]
        marks = [f"{key}:{one.st_size}:{one.st_mtime_ns}" for key, one in stats]
        marks.append(repr([(file.title, file.description, file.hints) for file in files]) + about.model_dump_json())
        return RemoteDataset(
            key=self._key(path),
            title=title,
            files=files,
            about=about,
            modified=datetime.fromtimestamp(max((one.st_mtime for _, one in stats), default=0), UTC),
            fingerprint=hashlib.sha256("\n".join(marks).encode()).hexdigest(),
        )

    def _remote(self, path: Path, said: Sidecar) -> RemoteFile:
        return RemoteFile(
            key=self._key(path),
            location=str(path),
            filename=printable(path.name),
            title=said.about.title,
            description=said.about.description,
            declared_format=path.suffix.lstrip(".").lower() or None,
            hints=said.hints,
        )

    def _faulty(self, path: Path, fault: Notice) -> RemoteDataset:
        return RemoteDataset(key=self._key(path), title=printable(path.name), files=(), fault=fault)

    def _defaults(self, folder: Path, outer: About) -> About:
        return folder_defaults(folder, shown=self._key(folder / FOLDER)).over(outer)

    def _is_data(self, path: Path) -> bool:
        return is_data(path, self._root) and is_wanted(path, self._root, self._options.pattern, self._options.exclude)

    def _key(self, path: Path) -> str:
        return key_below(path, self._root)


def _is_orphan(path: Path) -> bool:
    """A `NAME.EXT.toml` whose data file is missing; the folder's own files are not meant."""
    data = path.with_suffix("")
    return path.suffix == ".toml" and path.name not in (FOLDER, DATASET) and bool(data.suffix) and not data.exists()
