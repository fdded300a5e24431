"""Writing what comes in to a file: hashed and counted on the way, never more than allowed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the SHA-256 in hex and the number of bytes."""

    sha256: str
    size: int


def write_stream(chunks: Iterable[bytes], target: Path) -> Written:
    """Write `chunks` to `target`; a stream that breaks leaves no file behind."""
    digest, size = hashlib.sha256(), 0
    try:
        with target.open("xb") as out:
            for chunk in chunks:
                out.write(chunk)
                digest.update(chunk)
                size += len(chunk)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return Written(digest.hexdigest(), size)


def chunks_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file, piece by piece."""
    with path.open("rb") as source:
        while chunk := source.read(CHUNK):
            yield chunk


def free_name(folder: Path, filename: str) -> Path:
    """A path in `folder` for `filename`, made harmless and not yet taken; the ending is kept."""
    name = filename.replace("\\", "/").rpartition("/")[2].replace("\0", "").strip().lstrip(".") or "berkas"
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, dot + ending[:20]) if stem else (name, "")
    stem = stem.encode()[:150].decode(errors="ignore")
    target, number = folder / f"{stem}{ending}", 1
    while target.exists():
        number += 1
        target = folder / f"{stem}-{number}{ending}"
    return target
