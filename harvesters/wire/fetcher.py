"""The only code that opens an address: a file is fetched whole, within limits, and with what was said about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import sleep

from requests import PreparedRequest, Request, Response

from datasets.clock import now
from harvesters import faults
from harvesters.adapter import Evidence, RemoteFile
from harvesters.wire.addresses import clean_url, origin
from harvesters.wire.circuit import Circuit
from harvesters.wire.evidence import free_name, write_stream
from harvesters.wire.pace import Pace, Wait
from harvesters.wire.session import GuardedSession, Limits

AGENT = "Mozilla/5.0 (X11; Linux x86_64) Lumbung/0.1 (harvester)"
_KEPT_HEADERS = (
    "content-type",
    "content-length",
    "content-encoding",
    "content-disposition",
    "etag",
    "last-modified",
    "date",
)
_HTML = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script|title|meta)\b", re.I | re.S
)
_MAY_BE_HTML = ("html", "htm", "xls", "xhtml")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of an earlier harvest: where its bytes are, and what it was known by."""

    path: Path
    sha256: str
    size: int
    headers: Mapping[str, str]


Memory = Callable[[str], Kept | None]
"""What is kept of a (clean) address; it makes an unchanged file cost one conditional request."""


class Fetcher:
    """Opens addresses for one source.

    `internal` are origins (any url of them) that an administrator allows although they are not public. `session` may
    be handed to a client library: it has the same guards.
    """

    def __init__(
        self,
        *,
        internal: Iterable[str] = (),
        limits: Limits = Limits(),  # noqa: B008 - frozen
        pace: Pace | None = None,
        agent: str = AGENT,
        memory: Memory | None = None,
        wait: Wait = sleep,
        circuit: Circuit | None = None,
    ) -> None:
        self.limits = limits
        self._memory = memory or (lambda _url: None)
        self.session = GuardedSession(
            internal=frozenset(origin(url) for url in internal),
            limits=limits,
            pace=pace or Pace(),
            agent=agent,
            wait=wait,
            circuit=circuit,
        )

    def close(self) -> None:
        """Close the connections that were kept for the next request."""
        self.session.close()

    def kept(self, location: str) -> Kept | None:
        """What is kept of a location of an earlier harvest, whatever the protocol."""
        return self._memory(location)

    def download(self, file: RemoteFile, into: Path, *, headers: Mapping[str, str] | None = None) -> Evidence:
        """Fetch `file.location` into the folder `into`. Raises a `FetchFailed` that says what is wrong.

        A web page in the place of a data file is a failure, whatever its status; a 304 gives the kept bytes again. The
        evidence names the address that was asked for: where it redirected to today is nobody's promise.
        """
        url = clean_url(file.location)
        kept = self._memory(url)
        wanted = {"Accept": "*/*", **(headers or {}), **(_conditions(kept.headers) if kept else {})}
        request = self._prepared(file.location, wanted)

        def attempt() -> Evidence:
            with self.session.opened(request) as response:
                if response.status_code == 304 and kept is not None:
                    return _evidence(file, kept, url, status=304)
                return self._saved(file, response, into, url)

        return self.session.patiently(request, attempt, attempts=self.limits.attempts)

    def probe(self, location: str, *, headers: Mapping[str, str] | None = None) -> dict[str, str]:
        """What the server says of a file without sending it (by HEAD); nothing when it does not answer such questions.

        Raises a `FetchFailed` when it cannot be reached at all.
        """
        request = self.session.prepare_request(Request("HEAD", location, headers=dict(headers or {})))

        def attempt() -> dict[str, str]:
            with self.session.opened(request) as response:
                return _said(response) if response.status_code == 200 else {}

        return self.session.patiently(request, attempt, attempts=self.limits.attempts)

    def _prepared(self, location: str, headers: Mapping[str, str]) -> PreparedRequest:
        origin(location)  # refuses other schemes before anything is sent
        prepared: PreparedRequest = self.session.prepare_request(Request("GET", location, headers=dict(headers)))
        return prepared

    def _saved(self, file: RemoteFile, response: Response, into: Path, url: str) -> Evidence:
        if response.status_code != 200:
            raise faults.Refused(location=url, status=response.status_code)
        target = free_name(into, file.filename)
        written = write_stream(self.session.body(response, self.limits.body), target)
        if _is_page(target, file):
            target.unlink()
            raise faults.PageInsteadOfData(location=url)
        kept = Kept(target, written.sha256, written.size, _said(response))
        return _evidence(file, kept, url, status=200)


def stamp_of(said: Mapping[str, str]) -> str | None:
    """The mark by which a server tells states of a file apart: a strong ETag, else time with length, else None."""
    etag = said.get("etag", "")
    if etag and not etag.startswith("W/"):
        return etag
    modified, length = said.get("last-modified"), said.get("content-length")
    return f"{modified} {length}" if modified and length else None


def _said(response: Response) -> dict[str, str]:
    return {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}


def _evidence(file: RemoteFile, kept: Kept, url: str, *, status: int) -> Evidence:
    return Evidence(
        file=file,
        path=kept.path,
        sha256=kept.sha256,
        size=kept.size,
        url=url,
        fetched_at=now(),
        headers=dict(kept.headers),
        status=status,
    )


def _conditions(headers: Mapping[str, str]) -> dict[str, str]:
    pairs = {"If-None-Match": headers.get("etag"), "If-Modified-Since": headers.get("last-modified")}
    return {name: value for name, value in pairs.items() if value}


def _is_page(path: Path, file: RemoteFile) -> bool:
    """Whether the bytes are a web page though none was expected; `.xls` files that are HTML tables are data."""
    with path.open("rb") as opened:
        head = opened.read(1024 * 1024).lower()
    if not _HTML.match(head):
        return False
    endings = {file.filename.rpartition(".")[2].lower(), (file.declared_format or "").lower().lstrip(".")}
    return not endings & set(_MAY_BE_HTML) or b'type="password"' in head or b"<table" not in head
