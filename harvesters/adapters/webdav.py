"""A folder of Nextcloud, ownCloud or any WebDAV server: each file is a dataset, known by its path below the folder."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field

from harvesters.adapter import Evidence, FetchFailed, Missed, RemoteDataset, RemoteFile
from harvesters.folders import fits, title_of_name
from harvesters.protocols.dav import DavEntry, folder_url, list_folder, tidy_root
from harvesters.protocols.links import shortened
from harvesters.protocols.remote_folder import NotListed, walk
from harvesters.secrets import SecretText, fill
from harvesters.wire.fetcher import Fetcher

_SHARE = re.compile(r"^(?P<before>.*?)(?:/index\.php)?/s/(?P<token>[A-Za-z0-9_-]+)/?$")


class WebdavOptions(BaseModel):
    """`user` and `password` (a reference to the environment, best an app password) are not needed for a public share.

    `pattern` and `exclude` are shell patterns on the name, or on the path below the folder when they contain `/`.
    `depth` is how many folders deep is looked.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    user: str | None = None
    password: SecretText | None = None
    pattern: tuple[str, ...] = ("*",)
    exclude: tuple[str, ...] = ("readme*",)
    depth: int = Field(default=8, ge=1, le=20)


class WebdavAdapter:
    """The location is the folder's WebDAV address, or the address of a public share (`https://cloud…/s/TOKEN`)."""

    kind: ClassVar[str] = "webdav"
    Options: ClassVar[type[BaseModel]] = WebdavOptions
    lists_changes: ClassVar[bool] = False
    fetches_at_once: ClassVar[bool] = True

    def __init__(
        self,
        location: str,
        options: WebdavOptions,
        fetcher: Fetcher,
        *,
        since: datetime | None = None,  # noqa: ARG002 - WebDAV cannot be asked for changes only
    ) -> None:
        self._options, self._fetcher = options, fetcher
        self._root, self._share = _opened(location)

    def discover(self) -> Iterator[RemoteDataset]:
        """Every wanted file, folder by folder. A folder below the first that cannot be listed is told and passed by."""
        options = self._options
        for entry in walk(self._listed, depth=options.depth):
            if isinstance(entry, NotListed):
                yield entry.as_dataset()
            elif fits(entry.path, options.pattern, options.exclude):
                yield self._dataset(entry)

    def fetch(self, dataset: RemoteDataset, into: Path) -> Iterator[Evidence | Missed]:
        """The file as it is now; a page in its place, as clouds show for a login, is no data."""
        for file in dataset.files:
            try:
                yield self._fetcher.download(file, into, headers=self._headers())
            except FetchFailed as fault:
                yield Missed(file, fault.notice)

    def _listed(self, path: str) -> Iterator[DavEntry]:
        return list_folder(self._fetcher, self._root, path, self._headers())

    def _dataset(self, entry: DavEntry) -> RemoteDataset:
        name = entry.path.rpartition("/")[2]
        known = entry.etag or (entry.modified and entry.size is not None)
        state = f"{entry.etag or entry.modified} {entry.size}"
        file = RemoteFile(shortened(entry.path), folder_url(self._root, entry.path), name)
        return RemoteDataset(
            key=shortened(entry.path),
            title=title_of_name(name),
            files=(file,),
            modified=entry.modified,
            fingerprint=state if known else None,
        )

    def _headers(self) -> dict[str, str]:
        user, password = self._options.user or self._share, self._options.password
        if user is None:
            return {}
        word = base64.b64encode(f"{user}:{fill(password) if password else ''}".encode()).decode()
        return {"Authorization": f"Basic {word}", "X-Requested-With": "XMLHttpRequest"}


def _opened(location: str) -> tuple[str, str | None]:
    """The WebDAV root of a location, and the token of a public share, which is the user name there."""
    parts = urlsplit(location.strip())
    if found := _SHARE.match(parts.path):
        root = urlunsplit((parts.scheme, parts.netloc, found["before"] + "/public.php/webdav/", "", ""))
        return root, unquote(found["token"])
    return tidy_root(location), None
