"""A file that an adapter puts together itself from many answers, as evidence: bounded, and none when it is empty."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from datasets.clock import now
from harvesters.adapter import Evidence, RemoteFile
from harvesters.faults import NothingCame, TooLargeToFetch
from harvesters.wire.evidence import free_name, write_stream


def gathered(file: RemoteFile, into: Path, chunks: Iterable[bytes], *, limit: int) -> Evidence:
    """Write `chunks` into the folder `into`; `file.location` must hold no secrets.

    Raises `TooLargeToFetch` beyond `limit` bytes and `NothingCame` for none at all, and leaves nothing behind then.
    """
    target = free_name(into, file.filename)
    written = write_stream(_bounded(chunks, file.location, limit), target)
    if not written.size:
        target.unlink()
        raise NothingCame(location=file.location)
    return Evidence(file, target, written.sha256, written.size, url=file.location, fetched_at=now(), status=200)


def as_csv(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The rows as CSV, UTF-8, a line at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for row in rows:
        writer.writerow(row)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def _bounded(chunks: Iterable[bytes], location: str, limit: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooLargeToFetch(location=location, megabytes=limit // 1024**2)
        yield chunk
