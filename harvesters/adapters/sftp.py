"""A folder behind SSH (SFTP): each file is a dataset, known by its path below the folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, ClassVar, Self
from urllib.parse import quote, unquote

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from harvesters.adapter import Evidence, FetchFailed, Missed, RemoteDataset, RemoteFile
from harvesters.faults import BeingWritten
from harvesters.folders import NEVER, fits, printable, title_of_name
from harvesters.gathered import gathered
from harvesters.protocols.links import shortened
from harvesters.protocols.remote_folder import NotListed, walk
from harvesters.secrets import SecretText, fill
from harvesters.wire.addresses import clean_url
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.sftp import Login, SftpEntry, SftpFolder, fingerprint, opened_folder, patiently

_HALF = ("*.filepart", "*.writing", "*.uploading", "*~")
"""Names that clients give to files under way, beside those of any folder."""


def _host_key(text: str) -> str:
    fingerprint(text)
    return text


class SftpOptions(BaseModel):
    """`host_key` is the server's key or its fingerprint, `user` the account; `password` or `key` name a secret.

    `key` is a private key as text. `pattern` and `exclude` are shell patterns on the name, or on the path below the
    folder when they contain `/`. `depth` is how many folders deep is looked.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    user: str = Field(min_length=1)
    host_key: Annotated[str, AfterValidator(_host_key)]
    password: SecretText | None = None
    key: SecretText | None = None
    pattern: tuple[str, ...] = ("*",)
    exclude: tuple[str, ...] = ("readme*",)
    depth: int = Field(default=8, ge=1, le=20)

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if (self.password is None) == (self.key is None):
            raise ValueError("password atau / or key, salah satu / one of them")
        return self


class SftpAdapter:
    """The location is `sftp://host/folder` (`sftp://host/~/folder` for one below the account's home)."""

    kind: ClassVar[str] = "sftp"
    Options: ClassVar[type[BaseModel]] = SftpOptions
    lists_changes: ClassVar[bool] = False

    def __init__(
        self,
        location: str,
        options: SftpOptions,
        fetcher: Fetcher,
        *,
        since: datetime | None = None,  # noqa: ARG002 - a folder cannot be asked for changes only
    ) -> None:
        self._location, self._options, self._fetcher = location.strip().rstrip("/"), options, fetcher

    def discover(self) -> Iterator[RemoteDataset]:
        """Every wanted file, folder by folder. A folder below the first that cannot be listed is told and passed by."""
        options = self._options
        with self._opened() as folder:
            for entry in walk(folder.entries, depth=options.depth, never=(*NEVER, *_HALF)):
                if isinstance(entry, NotListed):
                    yield entry.as_dataset()
                elif fits(entry.path, options.pattern, options.exclude):
                    yield self._dataset(entry)

    def fetch(self, dataset: RemoteDataset, into: Path) -> Iterator[Evidence | Missed]:
        """The file as it is now; one that changes while it is read is not taken."""
        limits = self._fetcher.limits
        for file in dataset.files:

            def attempt(file: RemoteFile = file) -> Evidence:
                with self._opened() as folder:
                    path = unquote(file.location[len(clean_url(self._location)) + 1 :], errors="surrogateescape")
                    before = folder.state(path)
                    with closing(folder.chunks(path, before.size or 0)) as chunks:
                        evidence = gathered(file, into, chunks, limit=limits.body)
                    if folder.state(path) != before or evidence.size != before.size:
                        evidence.path.unlink()
                        raise BeingWritten(location=file.filename)
                    return evidence

            try:
                yield patiently(self._fetcher, self._location, attempt)
            except FetchFailed as fault:
                yield Missed(file, fault.notice)

    @contextmanager
    def _opened(self) -> Iterator[SftpFolder]:
        options = self._options
        login = Login(
            user=options.user,
            host_key=options.host_key,
            password=fill(options.password) if options.password else None,
            key=fill(options.key).replace("\\n", "\n") + "\n" if options.key else None,
        )
        with opened_folder(self._fetcher, self._location, login) as folder:
            yield folder

    def _dataset(self, entry: SftpEntry) -> RemoteDataset:
        key, name = shortened(printable(entry.path)), printable(entry.path.rpartition("/")[2])
        where = f"{clean_url(self._location)}/{quote(entry.path, errors='surrogateescape')}"
        known = entry.size is not None and entry.modified is not None
        return RemoteDataset(
            key=key,
            title=title_of_name(name),
            files=(RemoteFile(key, where, name),),
            modified=datetime.fromtimestamp(entry.modified, UTC) if entry.modified is not None else None,
            fingerprint=entry.state if known else None,
        )
